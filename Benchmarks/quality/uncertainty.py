"""Samples and uncertainty on BSD68 at sigma 25: the mean of 16 samples against the best single
estimate, and the samples' deviation against the error of their mean."""

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
    clean = context.pictures("bsd68")
    header = ["BSD68, σ 25, 16 samples", *[context.label(model) for model in context.models]]
    columns = [one_model(context, section, clean, model) for model in context.models]
    section.add(*table(header, [
        [label, *[column[label] for column in columns]] for label in columns[0]]))
    return section


def one_model(context, section, clean, model):
    """The figures of a model by their label; draws its calibration plot."""
    title = context.label(model)
    figures = {}
    deviations, errors = [], []
    with context.workspace() as folder:
        files = {}
        for name, picture in clean.items():
            files[name] = folder / f"{name}.npy"
            pictures.write_array(files[name], damage.noisy(picture, SIGMA, name))
        best = context.latent.restored("denoise", model, folder / "best", files, "--sigma", SIGMA)
        for name, picture in clean.items():
            stack, map_file = folder / "samples.npy", folder / "uncertainty.png"
            context.latent.run(
                "denoise", model, "--sigma", SIGMA, "--samples", SAMPLES, "--seed", 1,
                "--uncertainty", map_file, "-o", stack, files[name])
            samples = pictures.read_array(stack)
            levels = cv2.imread(str(map_file), cv2.IMREAD_UNCHANGED)
            if levels is None or levels.dtype != numpy.uint16 or levels.shape != picture.shape:
                raise ProgramError(
                    f"{map_file}: expected a 16-bit grey PNG of the picture's size")
            deviation = levels.astype(numpy.float64) * 255 / 65535
            error = numpy.abs(samples.mean(axis=0) - picture)
            deviations.append(deviation.ravel())
            errors.append(error.ravel())
            figures[name] = {
                "best": measure.psnr(best[name], picture),
                "mean": measure.psnr(samples.mean(axis=0), picture),
                "sample": mean([measure.psnr(sample, picture) for sample in samples]),
                "by pixel": measure.rank_correlation(deviation, error),
                "by block": measure.rank_correlation(
                    measure.pooled(deviation**2), measure.pooled(error**2)),
                "map": float(numpy.abs(samples.std(axis=0, ddof=1) - deviation).max()),
            }
    section.figures[title] = figures
    deviation, error = numpy.concatenate(deviations), numpy.concatenate(errors)
    bins = measure.calibration(deviation, error)
    section.figures[f"{title}, calibration"] = bins.round(4).tolist()
    svg = plot.calibration(bins, f"BSD68, sigma {SIGMA}, {SAMPLES} samples")
    context.write(f"calibration-{title}.svg", svg)

    keys = next(iter(figures.values()))
    average = {key: mean([f[key] for f in figures.values()]) for key in keys}
    section.goal(f"mean of {SAMPLES} samples above the best estimate, {title}",
                 average["mean"] - average["best"], -published.SAMPLES_LOSS)
    section.expect(f"the map is the deviation of the samples, {title} (off by at most "
                   f"{max(f['map'] for f in figures.values()):.3f} of 255)",
                   max(f["map"] for f in figures.values()) < 0.01)
    section.expect(f"samples differ, {title}", deviation.max() > 0)
    root = numpy.sqrt((deviation**2).mean())
    return {
        "PSNR of the best single estimate, dB": average["best"],
        f"PSNR of the mean of {SAMPLES} samples, dB": average["mean"],
        "PSNR of one sample, dB": average["sample"],
        "rank correlation of deviation and error, pixels": average["by pixel"],
        "rank correlation of deviation and error, 8x8 blocks": average["by block"],
        "root mean square of the deviation, of 255": float(root),
        "root mean square of the error, of 255": float(numpy.sqrt((error**2).mean())),
    }
