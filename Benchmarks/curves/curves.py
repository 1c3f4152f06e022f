#!/usr/bin/env python3
"""Figure 2 of Auto-Encoding Variational Bayes: the bound against the training samples seen.

    curves.py LATENT --data FOLDER --out FOLDER [--samples N] [--write RESULTS.md]

Standard library only.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import time

BATCH = 100
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 330, 334, 60, 12, 40, 58
COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#666666"]


class Set:
    def __init__(self, title, training, validation, latents, options):
        self.title, self.training, self.validation = title, training, validation
        self.latents, self.options = latents, options

    def arguments(self, folder, latents, samples):
        files = [folder / self.training]
        if self.validation:
            files += ["--validation", folder / self.validation]
        else:
            files += ["--validation-share", "0.2"]
        return [*files, "--latents", latents, "--steps", samples // BATCH, "--batch-size", BATCH,
                "--optimizer", "adagrad", "--learning-rate", "0.02", "--weight-prior",
                *self.options, "--seed", "1"]


SETS = [
    Set("MNIST", "mnist/train-images-idx3-ubyte.gz", "mnist/t10k-images-idx3-ubyte.gz",
        [3, 5, 10, 20, 200], ["--hidden", "500", "--binarise"]),
    Set("Frey Face", "frey-faces/images-idx3-ubyte.gz", None, [2, 5, 10, 20],
        ["--hidden", "200", "--likelihood", "gaussian", "--mean", "sigmoid"]),
]


def train(latent, kind, folder, out, latents, samples):
    """The course of a run: points (samples, bound) in training and held out, and its seconds."""
    name = f"{kind.title.lower().replace(' ', '-')}-{latents}"
    model, log = out / f"{name}.safetensors", out / f"{name}.ndjson"
    command = [latent, "train", *kind.arguments(folder, latents, samples), "-o", model,
               "--log", log, "--log-every", max(1, samples // BATCH // 200),
               "--quiet", "--keep-checkpoint", "--resume"]
    done = subprocess.run([str(part) for part in command], check=False)
    if done.returncode != 0:
        sys.exit(f"curves.py: {name}: latent ended with {done.returncode}")
    return course(log)


def course(log):
    """Points (samples, bound) in training and held out, and the seconds, of a log of `latent train`."""
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    training = {row["step"] * BATCH: row["bound"] for row in rows if "bound" in row}
    held_out = {
        row["step"] * BATCH: row["validation_bound"] for row in rows if "validation_bound" in row}
    seconds = max(row["seconds"] for row in rows if "seconds" in row)
    return {"training": sorted(training.items()), "held_out": sorted(held_out.items()),
            "seconds": seconds}


def panel(title, runs, label):
    """Curves of runs by name; `label` makes of a name what stands beside its curve."""
    curves = [run[key] for run in runs.values() for key in ("training", "held_out")]
    last = max(x for curve in curves for x, _ in curve)
    first = min(
        10 ** math.floor(math.log10(max(min(x for x, _ in curve) for curve in curves)) + 1),
        last / 10)
    ends = [curve[-1][1] for curve in curves]
    low = min(y for curve in curves for x, y in curve if x >= first)
    low = max(low, min(ends) - 2 * (max(ends) - min(ends)) - 1)
    high = max(y for curve in curves for _, y in curve)

    def across(x):
        return LEFT + math.log(x / first) / math.log(last / first) * (WIDTH - LEFT - RIGHT)

    def up(y):
        share = (min(max(y, low), high) - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)

    parts = [f'<text x="{WIDTH / 2}" y="22" text-anchor="middle" font-size="14">{title}</text>',
             f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
             f'height="{HEIGHT - TOP - BOTTOM}" fill="none" stroke="#444444"/>']
    for exponent in range(math.ceil(math.log10(first)), math.floor(math.log10(last)) + 1):
        x = across(10**exponent)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
                     f"1e{exponent}</text>")
    step = 10 ** math.floor(math.log10(high - low))
    for factor in (0.5, 0.2):
        if (high - low) / step < 4:
            step *= factor
    for index in range(math.ceil(low / step), math.floor(high / step) + 1):
        y = up(index * step)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>'
                     f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
                     f"{index * step:g}</text>")
    for (latents, run), color in zip(runs.items(), COLORS):
        for key, dash in (("training", ' stroke-dasharray="5 3"'), ("held_out", "")):
            points = " ".join(
                f"{across(x):.1f},{up(y):.1f}" for x, y in run[key] if x >= first and y >= low)
            parts.append(f'<polyline fill="none" stroke="{color}"{dash} points="{points}"/>')
    for index, (latents, color) in enumerate(zip(runs, COLORS)):
        parts.append(f'<text x="{LEFT + 8}" y="{TOP + 17 + 15 * index}" fill="{color}">'
                     f"{label.format(latents)}</text>")
    return parts


def plot(results, label="{} latents"):
    width = WIDTH * len(results)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" '
        f'viewBox="0 0 {width} {HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{HEIGHT}" fill="#ffffff"/>']
    for index, (title, runs) in enumerate(results.items()):
        parts += [f'<g transform="translate({index * WIDTH} 0)">', *panel(title, runs, label), "</g>"]
    for up, line in ((22, "training samples seen"),
                     (8, "nats a picture: held out, and dashed in training")):
        parts.append(f'<text x="{width / 2}" y="{HEIGHT - up}" text-anchor="middle">{line}</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def table(results):
    lines = ["| | latents | training | held out | best held out, at | time |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for title, runs in results.items():
        for latents, run in runs.items():
            samples, best = max(run["held_out"], key=lambda point: point[1])
            lines.append(
                f"| {title} | {latents} | {run['training'][-1][1]:.1f} "
                f"| {run['held_out'][-1][1]:.1f} | {best:.1f}, {samples / 1e6:.2f}M "
                f"| {run['seconds'] / 60:.1f} min |")
    return "\n".join(lines)


def write(document, mark, text, name, picture):
    """Puts a text between a document's marks, and a picture beside it."""
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->"
    whole = document.read_text()
    if begin not in whole or end not in whole:
        sys.exit(f"{document}: expected the lines {begin.strip()} and {end}")
    head, rest = whole.split(begin, 1)
    document.write_text(f"{head}{begin}\n{text}\n\n{end}{rest.split(end, 1)[1]}")
    (document.parent / "images" / name).write_text(picture)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("latent", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--samples", type=int, default=2_000_000)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    results = {}
    for kind in SETS:
        runs = results[kind.title] = {}
        for latents in kind.latents:
            start = time.time()
            runs[latents] = train(
                options.latent, kind, options.data, options.out, latents, options.samples)
            print(f"{kind.title}, {latents} latents: {runs[latents]['held_out'][-1][1]:.2f} nats "
                  f"held out, {time.time() - start:.0f} s", file=sys.stderr, flush=True)
    picture, text = plot(results), table(results)
    (options.out / "bound-curves.svg").write_text(picture)
    print(text)
    if options.write:
        write(options.write, "bound curves",
              f"{text}\n\n`script/bound-curves --samples {options.samples}`",
              "bound-curves.svg", picture)


if __name__ == "__main__":
    main()
