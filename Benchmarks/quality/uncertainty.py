"""Uncertainty: predicted and found deviation on BSD68 at sigma 15, 25 and 50 and in Kodak24's holes, and
the mean of 16 samples against the best single estimate."""

import cv2
import numpy

import damage
import measure
import pictures
import plot
import published
from program import ProgramError
from report import Section, mean, table

SIGMA = 25
SAMPLES = 16


def run(context):
    section = Section()
    models = {context.label(model): model for model in context.models}
    rows = []
    for title, model in models.items():
        section.figures[title] = {}
        for what, found in predictions(context, model):
            rows.append([f"{title}, {what}", *row(context, section, title, what, found)])
    section.add(*table(
        ["", "predicted, of 255", "found, of 255", "rank correlation, pixels",
         "rank correlation, 8x8 blocks"], rows))
    clean = context.pictures("bsd68")
    columns = [averaged(context, section, clean, title, model) for title, model in models.items()]
    section.add(*table([f"BSD68, σ {SIGMA}, {SAMPLES} samples", *models], [
        [label, *[column[label] for column in columns]] for label in columns[0]]))
    return section


def predictions(context, model):
    """(what, [(deviation, error) by picture]) of each kind of damage; errors are root mean squares over
    the channels."""
    clean = context.pictures("bsd68")
    for sigma in published.SIGMAS:
        with context.workspace() as folder:
            files = {}
            for name, picture in clean.items():
                files[name] = folder / f"{name}.npy"
                pictures.write_array(files[name], damage.noisy(picture, sigma, name))
            found = restored(context, "denoise", model, folder, files, "--sigma", sigma)
        yield f"BSD68, σ {sigma}", [
            (deviation, numpy.abs(result - clean[name]))
            for name, (result, deviation) in found.items()]
    clean = context.pictures("kodak24")
    for kind in damage.MASKS:
        with context.workspace() as folder:
            masks = folder / "masks"
            masks.mkdir()
            files, hidden = {}, {}
            for name, picture in clean.items():
                hidden[name] = damage.mask(kind, picture.shape[:2], name)
                files[name] = folder / f"{name}.png"
                pictures.write(files[name], damage.hollow(picture, hidden[name]))
                pictures.write(masks / f"{name}.png", 255 * hidden[name])
            found = restored(context, "inpaint", model, folder, files, "--mask", masks)
        yield f"Kodak24's holes, {kind}", [
            (deviation[hidden[name]],
             numpy.sqrt(((result - clean[name].astype(float))**2).mean(axis=2))[hidden[name]])
            for name, (result, deviation) in found.items()]


def restored(context, command, model, folder, files, *options):
    """Result and deviation of each file, on the scale 0-255."""
    maps = folder / "maps"
    maps.mkdir()
    results = context.latent.restored(
        command, model, folder / "results", files, *options, "--uncertainty", f"{maps}/")
    found = {}
    for name, result in results.items():
        levels = cv2.imread(str(maps / f"{name}.png"), cv2.IMREAD_UNCHANGED)
        if levels is None or levels.dtype != numpy.uint16 or levels.shape != result.shape[:2]:
            raise ProgramError(f"{maps}/{name}.png: expected a 16-bit gray PNG of the picture's size")
        found[name] = result.astype(float), levels * (255 / 65535)
    return found


def row(context, section, title, what, found):
    deviation = numpy.concatenate([d.ravel() for d, _ in found])
    error = numpy.concatenate([e.ravel() for _, e in found])
    predicted, measured = (float(numpy.sqrt((a**2).mean())) for a in (deviation, error))
    by_pixel = mean([measure.rank_correlation(d.ravel(), e.ravel()) for d, e in found])
    by_block = None
    if found[0][0].ndim == 2:
        by_block = mean([measure.rank_correlation(
            measure.pooled(d**2), measure.pooled(e**2)) for d, e in found])
    section.figures[title][what] = {
        "predicted": predicted, "found": measured, "by pixel": by_pixel, "by block": by_block}
    section.goal(f"{what}, {title}: predicted over found", predicted / measured,
                 1 - published.CALIBRATION)
    section.goal(f"{what}, {title}: predicted over found", predicted / measured,
                 1 + published.CALIBRATION, upwards=False)
    section.goal(f"{what}, {title}: rank correlation by pixel", by_pixel, published.RANK)
    bins = measure.calibration(deviation, error)
    section.figures[title][what]["calibration"] = bins.round(4).tolist()
    if what == f"BSD68, σ {SIGMA}":
        context.write(
            f"calibration-{title}.svg", plot.calibration(bins, f"BSD68, sigma {SIGMA}"))
    return predicted, measured, by_pixel, by_block


def averaged(context, section, clean, title, model):
    """The figures of a model's samples by their label."""
    figures = {}
    with context.workspace() as folder:
        files = {}
        for name, picture in clean.items():
            files[name] = folder / f"{name}.npy"
            pictures.write_array(files[name], damage.noisy(picture, SIGMA, name))
        best = context.latent.restored("denoise", model, folder / "best", files, "--sigma", SIGMA)
        for name, picture in clean.items():
            stack = folder / "samples.npy"
            context.latent.run("denoise", model, "--sigma", SIGMA, "--samples", SAMPLES,
                               "--seed", 1, "-o", stack, files[name])
            samples = pictures.read_array(stack)
            figures[name] = {
                "best": measure.psnr(best[name], picture),
                "mean": measure.psnr(samples.mean(axis=0), picture),
                "sample": mean([measure.psnr(sample, picture) for sample in samples]),
                "spread": float((samples.std(axis=0, ddof=1)**2).mean()),
            }
    section.figures[title]["samples"] = figures
    average = {key: mean([f[key] for f in figures.values()])
               for key in next(iter(figures.values()))}
    section.goal(f"mean of {SAMPLES} samples above the best estimate, {title}",
                 average["mean"] - average["best"], -published.SAMPLES_LOSS)
    section.expect(f"samples differ, {title}", average["spread"] > 0)
    return {
        "PSNR of the best single estimate, dB": average["best"],
        f"PSNR of the mean of {SAMPLES} samples, dB": average["mean"],
        "PSNR of one sample, dB": average["sample"],
        "root mean square of the samples' deviation, of 255": average["spread"]**0.5,
    }
