#!/usr/bin/env python3
"""Tables of gradient estimators and posteriors and a plot, from the measurement of the test suite.

    estimators.py MEASUREMENT.json --table RESULTS.md --plot VARIANCE.svg

The tables go between the comments `estimators` and `end of estimators` and between `posteriors` and
`end of posteriors` of the Markdown file.
"""

import argparse
import json
import math
import pathlib

WIDTH, HEIGHT, MARGIN, RIGHT = 640, 420, 64, 200
COLORS = ["#0072b2", "#d55e00", "#666666", "#e69f00", "#009e73"]


def table(rows):
    lines = [
        "| | estimator | bound | \\|mean gradient\\| | largest z against B | variance | times B's |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for state in dict.fromkeys(row["state"] for row in rows):
        single = [row for row in rows if row["state"] == state and row["count"] == 1
                  and not row["estimator"].startswith("iwae")]
        base = next(row["variance"] for row in single if row["estimator"] == "sgvb-b")
        for row in single:
            z = "" if row["estimator"] == "sgvb-b" else f"{row['largest_z']:.2f}"
            lines.append(
                f"| {state} | `{row['estimator']}` | {row['bound']:.2f} ± {row['bound_error']:.2f} "
                f"| {row['norm']:.2f} | {z} | {row['variance']:.4g} | {row['variance'] / base:.3g} |")
    return "\n".join(lines)


def posteriors(values):
    lines = [
        "| | nats | short of log p(x) |", "| --- | ---: | ---: |",
        f"| log p(x), exactly | {values['exact']:.4f} | |",
        f"| the best factorised Gaussian, exactly | {values['best_diagonal']:.4f} "
        f"| {values['exact'] - values['best_diagonal']:.4f} |",
    ]
    for row in values["fitted"]:
        lines.append(
            f"| `--posterior {row['name']}` | {row['bound']:.4f} "
            f"| {values['exact'] - row['bound']:.4f} |")
    return "\n".join(lines)


def plot(rows):
    """Total variance against draws of one gradient, of the trained model; both axes logarithmic."""
    rows = [row for row in rows if row["state"] == "trained"]
    counts = sorted({row["count"] for row in rows})
    low = math.floor(math.log10(min(row["variance"] for row in rows)))
    high = math.ceil(math.log10(max(row["variance"] for row in rows)))

    def x(count):
        return MARGIN + math.log2(count) / math.log2(counts[-1]) * (WIDTH - MARGIN - RIGHT)

    def y(variance):
        share = (math.log10(variance) - low) / (high - low)
        return HEIGHT - MARGIN - share * (HEIGHT - MARGIN - 24)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for exponent in range(low, high + 1):
        height = y(10.0**exponent)
        parts += [
            f'<path d="M{MARGIN} {height:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>',
            f'<text x="{MARGIN - 8}" y="{height + 4:.1f}" text-anchor="end">1e{exponent}</text>',
        ]
    for count in counts:
        parts.append(
            f'<text x="{x(count):.1f}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">{count}'
            "</text>")
    names = list(dict.fromkeys(row["estimator"] for row in rows))
    ends = []
    for name, color in zip(names, COLORS):
        line = [row for row in rows if row["estimator"] == name]
        path = "L".join(f"{x(row['count']):.1f} {y(row['variance']):.1f}" for row in line)
        parts.append(f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x(row["count"]):.1f}" cy="{y(row["variance"]):.1f}" r="3" '
            f'fill="{color}"/>' for row in line]
        ends.append([y(line[-1]["variance"]), name, color])
    ends.sort()
    for index in range(1, len(ends)):
        ends[index][0] = max(ends[index][0], ends[index - 1][0] + 15)
    for height, name, color in ends:
        parts.append(
            f'<text x="{WIDTH - RIGHT + 8}" y="{height + 4:.1f}" fill="{color}">{name}</text>')
    parts += [
        f'<text x="{(MARGIN + WIDTH - RIGHT) / 2}" y="{HEIGHT - 20}" text-anchor="middle">'
        "draws of one gradient (L, or K of iwae)</text>",
        f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">'
        "variance, summed over the components</text>",
        "</svg>\n",
    ]
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("measurement", type=pathlib.Path)
    parser.add_argument("--table", type=pathlib.Path, required=True)
    parser.add_argument("--plot", type=pathlib.Path, required=True)
    options = parser.parse_args()
    measurement = json.loads(options.measurement.read_text())
    rows = measurement["estimators"]
    text = options.table.read_text()
    for name, lines in [
        ("estimators", table(rows)), ("posteriors", posteriors(measurement["posteriors"]))]:
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        if begin not in text or end not in text:
            parser.error(f"{options.table}: expected the lines {begin.strip()} and {end}")
        head, rest = text.split(begin, 1)
        text = f"{head}{begin}\n{lines}\n\n`script/estimators`\n\n{end}{rest.split(end, 1)[1]}"
    options.table.write_text(text)
    options.plot.write_text(plot(rows))


if __name__ == "__main__":
    main()
