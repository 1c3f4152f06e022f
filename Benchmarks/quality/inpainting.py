"""Holes of five kinds in Kodak24, gray and in color: PSNR over the hidden pixels."""

import damage
import measure
import pictures
import published
from report import Section, mean, table

TITLES = {"text": "text", "scratches": "scratches", "random50": "50 % random",
          "random80": "80 % random", "boxes": "32x32 boxes"}
LABELS = {"telea": "Telea (OpenCV)", "navier-stokes": "Navier-Stokes (OpenCV)",
          "biharmonic": "biharmonic (scikit-image)",
          "frequency-selective": "frequency-selective, fast (OpenCV contrib)"}


def run(context):
    section = Section()
    for set_name, title in {"kodak24/gray": "Kodak24, gray", "kodak24": "Kodak24, color"}.items():
        clean = context.pictures(set_name)
        rows = {method: [label] for method, label in LABELS.items()}
        own = {contender: [f"**latent {contender.title}**"] for contender in context.contenders}
        margins = {contender: [f"above the best of them, {contender.title}"]
                   for contender in context.contenders}
        for kind in damage.MASKS:
            found = context.peers.inpainted(set_name, clean, kind)
            section.figures[f"{set_name}, {kind}"] = found
            theirs = {method: mean(figures) if len(figures) == len(clean) else None
                      for method, figures in found.items()}
            for method, row in rows.items():
                row.append(theirs.get(method))
            best = None if None in theirs.values() else max(theirs.values())
            for contender in context.contenders:
                figures = filled(context, section, set_name, clean, kind, contender)
                section.figures[f"{set_name}, {kind}, {contender.title}"] = figures
                own[contender].append(mean(figures))
                margin = None if best is None else mean(figures) - best
                margins[contender].append(margin)
                section.goal(
                    f"{set_name}, {kind}, {contender.title} above the best peer", margin,
                    published.INPAINT_MARGIN[kind])
        section.add(*table(
            [title, *[TITLES[kind] for kind in damage.MASKS]],
            [*rows.values(), *own.values(), *margins.values()]))
    return section


def filled(context, section, set_name, clean, kind, contender):
    """PSNR by picture."""
    with context.workspace() as folder:
        masks = folder / "masks"
        masks.mkdir()
        files, hidden = {}, {}
        for name, picture in sorted(clean.items()):
            hidden[name] = damage.mask(kind, picture.shape[:2], name)
            files[name] = folder / f"{name}.png"
            pictures.write(files[name], damage.hollow(picture, hidden[name]))
            pictures.write(masks / f"{name}.png", 255 * hidden[name])
        results = context.latent.restored(
            "inpaint", contender.model, folder / "filled", files, *contender.options,
            "--mask", masks)
    kept = all((results[n] == clean[n])[~hidden[n]].all() for n in clean)
    section.expect(
        f"{set_name}, {kind}, {contender.title}: seen pixels come back bit for bit", kept)
    return {n: measure.psnr(r, clean[n], hidden[n]) for n, r in results.items()}
