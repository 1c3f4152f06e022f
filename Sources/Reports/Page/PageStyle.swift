/// How a page looks: in light and in dark, from the width of a telephone to that of a large screen.
enum PageStyle {
  static let text = """
    :root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4;
      --card: #f6f8fa; --good: #1a7f37; --bad: #b42318; --c0: #0b62d6; --c1: #c2560a; --c2: #1a7f37;
      --c3: #8b3fd1; --c4: #b3256e; --c5: #0e7c86; --c6: #7a6500; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #12161c; --ink: #e7edf3; --soft: #9aa7b4; --line: #323b46; --card: #1b212a;
        --good: #4cc76a; --bad: #ff7b6b; --c0: #63a9ff; --c1: #ffa057; --c2: #56d67a; --c3: #c297ff;
        --c4: #ff86c0; --c5: #4fd1d9; --c6: #e0c648; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    main { max-width: 1440px; margin: 0 auto; padding: 20px clamp(12px, 3vw, 40px) 40px; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 12px; overflow-wrap: anywhere; }
    h2 { font-size: 1.2rem; margin: 32px 0 12px; padding-top: 16px; border-top: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: 0 0 4px; }
    .verdict { margin: 0 0 16px; padding: 10px 14px; max-width: 70ch; border-left: 5px solid var(--soft);
      background: var(--card); border-radius: 0 6px 6px 0; }
    .verdict.good { border-color: var(--good); }
    .verdict.bad { border-color: var(--bad); }
    dl { display: grid; gap: 8px; margin: 0;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 150px), 1fr)); }
    dl div { background: var(--card); border-radius: 6px; padding: 8px 12px; min-width: 0; }
    dt { color: var(--soft); font-size: .82rem; }
    dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .charts { display: grid; gap: 24px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); }
    .charts > figure { max-width: 640px; }
    .sheets > figure { margin-bottom: 28px; }
    figure { margin: 0; min-width: 0; }
    figcaption { color: var(--soft); font-size: .88rem; max-width: 75ch; margin: 2px 0 8px; }
    .legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: .85rem; color: var(--soft); }
    .legend b { color: var(--ink); font-variant-numeric: tabular-nums; }
    .k { display: inline-block; width: 14px; height: 4px; border-radius: 2px; margin: 0 5px 3px 0;
      background: currentColor; }
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    svg svg { overflow: hidden; }
    svg text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
    svg text.l { fill: var(--ink); }
    .g { stroke: var(--line); stroke-width: 1; }
    .s { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
    circle { fill: currentColor; }
    .c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
    .c4 { color: var(--c4); } .c5 { color: var(--c5); } .c6 { color: var(--c6); }
    .bar { display: grid; grid-template-columns: 5.5em 1fr 8em; gap: 10px; align-items: center;
      font-size: .9rem; font-variant-numeric: tabular-nums; margin: 6px 0; }
    .track { display: block; height: 14px; border-radius: 7px; background: var(--line); overflow: hidden; }
    .track span { display: block; height: 100%; background: var(--c0); }
    .row { display: flex; flex-wrap: wrap; gap: 8px; }
    .list { display: grid; gap: 6px; }
    .list > div { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: center; min-width: 0; }
    .list span, .row span { color: var(--soft); font-size: .85rem; flex: 0 0 7em; display: block;
      font-variant-numeric: tabular-nums; }
    img { display: block; max-width: 100%; height: auto; border-radius: 2px; }
    img.p { image-rendering: pixelated; }
    footer { margin-top: 36px; color: var(--soft); font-size: .82rem; max-width: 80ch; }

    """
}
