"""How cost grows with the work: restoring with the pixels, a training step with the batch, an epoch
with the data set. One SVG of three plots."""

import statistics

import numpy

import data
from measuring import Comparison, say
from plot import panels

EXTENTS = [128, 256, 512, 1024, 2048]
BATCHES = [25, 50, 100, 200, 400, 800]
COUNTS = [2_000, 4_000, 8_000, 16_000, 32_000]
SIGMA = 25
# What a point is the median of, at most.
MOST_REPEATS = 5


def run(context):
    series = [
        ("denoise: seconds against pixels", pixels(context)),
        ("AEVB step: milliseconds against pictures a batch", batches(context)),
        ("AEVB, one epoch: seconds against pictures", counts(context))]
    context.write("growth.svg", panels(series))
    rows = []
    for title, points in series:
        slope, start, error = fitted(points)
        rows.append(Comparison(
            f"growth, {title.split(':')[0]}: largest distance from a straight line", "%", "",
            ours=[100 * error], note=f"{start:.4g} + {slope:.4g} n; {points}"))
        say(f"{title}: {start:.4g} + {slope:.4g} n, off by at most {100 * error:.1f} %")
    return rows


def median(context, measure):
    return statistics.median(measure() for _ in range(min(context.pairs, MOST_REPEATS)))


def pixels(context):
    points = []
    for extent in EXTENTS:
        picture = context.folder / "noisy.npy"
        numpy.save(picture, data.noisy(data.mosaic(extent, extent), SIGMA))
        points.append((extent**2, median(context, lambda: context.latent.run(
            "denoise", picture, "-m", context.model, "--sigma", SIGMA,
            "-o", context.folder / "out.npy").seconds)))
    return points


def batches(context):
    digits, _ = data.binary_digits(context.folder)
    arguments = [digits, "--preset", "aevb", "--seed", 1, "--validation-share", 0]
    return [(batch, median(context, lambda: statistics.median(context.latent.train(
        context.folder, *arguments, "--batch-size", batch, steps=120, every=20)[0])))
        for batch in BATCHES]


def counts(context):
    points = []
    for count in COUNTS:
        digits, _ = data.binary_digits(context.folder, count)
        points.append((count, median(context, lambda: context.latent.run(
            "train", digits, "--preset", "aevb", "--seed", 1, "--epochs", 1,
            "--validation-share", 0, "-o", context.folder / "trained.safetensors",
            "--quiet").seconds)))
    return points


def fitted(points):
    """The line of least relative squares: its slope, where it starts, and the largest distance of a
    point from it, as a share of the point."""
    x, y = (numpy.array(column, float) for column in zip(*points))
    design = numpy.stack([x, numpy.ones_like(x)], 1) / y[:, None]
    slope, start = numpy.linalg.lstsq(design, numpy.ones_like(y), rcond=None)[0]
    return slope, start, float(abs((slope * x + start) / y - 1).max())
