"""The table of a benchmark, and what was to be reached."""

import re


def number(value):
    """Three digits that count."""
    if value is None:
        return "–"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def lines(rows, host, command):
    header = ["workload", "unit", "latent", "peer", "", "ratio", "pairs", "latent MiB", "peer MiB",
              "GFLOP/s", "of the limit", "convolutions, of the limit"]
    body = []
    for row in rows:
        rate, convolutions = row.gigaflops(), row.convolution_gigaflops()
        body.append([
            row.name, row.unit, number(row.median), number(row.peer_median), row.peer,
            number(row.ratio), str(len(row.theirs)) if row.theirs else "–", number(row.our_mebibytes), number(row.their_mebibytes),
            number(rate), share(rate, host), share(convolutions, host)])
    table = [header, ["---", "---", "---:", "---:", "---"] + ["---:"] * 7] + body
    source = (
        f"`{command}`; {host['processor']}, {host['threads']} of {host['cores']} cores, "
        f"{host['date']}; {host['latent']} ({host['commit']}), oneDNN {host['onednn']}, PyTorch "
        f"{host['torch']}, Pillow {host['pillow']}. Medians; the ratio is the median of the pairs' "
        "ratios, above 1 where latent is ahead. The limit, oneDNN's product of 2048x2048 "
        f"matrices: {host['limit_gigaflops']:.1f} GFLOP/s.")
    return ["| " + " | ".join(row) + " |" for row in table] + ["", source]


def share(rate, host):
    return "–" if rate is None else f"{100 * rate / host['limit_gigaflops']:.0f} %"


def inserted(text, body):
    """The text with lines between its marks; None where it has none."""
    pattern = re.compile(r"(<!-- benchmark -->\n).*?(<!-- end of benchmark -->)", re.DOTALL)
    block = "\n".join(body)
    result, count = pattern.subn(lambda match: f"{match[1]}\n{block}\n\n{match[2]}", text)
    return result if count else None


def goals(rows, limit):
    """Pairs of whether a goal is reached and what it is."""
    found = []

    def at_least(what, value, least):
        found.append((value >= least, f"{what}: {value:.2f}, expected at least {least:g}"))

    def at_most(what, value, most):
        found.append((value <= most, f"{what}: {value:.1f}, expected at most {most:g}"))

    for row in rows:
        if "step" in row.name and row.theirs or row.name.startswith("denoise 1 megapixel"):
            least = 5 if "with start-up" in row.name else 1.2 if "compiled" in row.peer else 1.5
            at_least(f"{row.name}, ratio to {row.peer}", row.ratio, least)
        if "step" in row.name and row.theirs:
            at_most(f"{row.name}, MiB", row.our_mebibytes, row.their_mebibytes)
        if row.convolution_gigaflops() and "step" in row.name:
            at_least(f"{row.name}, the convolutions' share of the limit",
                     row.convolution_gigaflops() / limit, 0.6)
        if row.peer == "Pillow":
            at_least(f"{row.name}, ratio to Pillow", row.ratio, 1)
        if row.name.startswith("waiting"):
            at_most(row.name, row.median, 2)
        if row.name == "latent --version":
            at_most(f"{row.name}, ms", row.median, 15)
        if row.name.startswith("encode one"):
            at_most(f"{row.name}, ms", row.median, 40)
        if row.name == "denoise 12 megapixels":
            at_most(f"{row.name}, MiB", row.our_mebibytes, 700)
    return found
