"""Time and memory: one megapixel in color against CBM3D and FFDNet in alternation, and 100
megapixels."""

import pathlib
import statistics
import sys

import numpy
from PIL import Image

import damage
import pictures
import published
from program import timed
from report import Section, table

RESTORE = pathlib.Path(__file__).parent.parent / "peers" / "restore.py"
SIGMA = 25


def megapixel(context, extent=1024):
    """A square of four photographs' corners."""
    half = extent // 2
    corners = [picture[:half, :half] for picture in pictures.load(
        context.data, "kodak24", 4).values()]
    return numpy.concatenate([numpy.concatenate(corners[:2], 1), numpy.concatenate(corners[2:], 1)])


def run(context):
    section = Section()
    clean = megapixel(context)
    runs = {}
    with context.workspace() as folder:
        noisy = damage.noisy(clean, SIGMA, "megapixel")
        numpy.save(folder / "peer.npy", noisy)
        pictures.write_array(folder / "noisy.npy", noisy)
        hidden = damage.mask("random50", clean.shape[:2], "megapixel")
        pictures.write(folder / "hollow.png", damage.hollow(clean, hidden))
        pictures.write(folder / "mask.png", 255 * hidden)
        pictures.write(folder / "small.png", clean[::2, ::2])
        for number in range(context.rounds):
            context.say(f"round {number + 1} of {context.rounds}")
            for contender in context.contenders:
                tasks = {"denoise --sigma 25": ["denoise", "--sigma", SIGMA, "noisy.npy"]}
                if not contender.options:
                    tasks |= {
                        "denoise, sigma estimated": ["denoise", "noisy.npy"],
                        "inpaint": ["inpaint", "--mask", folder / "mask.png", "hollow.png"],
                        "upscale -s 2": ["upscale", "-s", 2, "small.png"]}
                for label, (command, *options, file) in tasks.items():
                    found = context.latent.run(
                        command, contender.model, *contender.options, *options, folder / file,
                        "-o", folder / "out.png")
                    runs.setdefault(f"latent {contender.title}: {label}", []).append(found)
            if "cbm3d" in context.peers.runs:
                found = timed([sys.executable, RESTORE, "bm3d", folder / "peer.npy",
                               "-o", folder / "out.npy", "--sigma", str(SIGMA)])
                found.seconds = float(found.output)
                runs.setdefault("CBM3D", []).append(found)
            if "ffdnet" in context.peers.runs:
                found = timed([sys.executable, RESTORE, "ffdnet", folder / "peer.npy",
                               "-o", folder / "out.npy", "--sigma", str(SIGMA)])
                found.seconds = float(found.output)
                runs.setdefault("FFDNet (PyTorch)", []).append(found)
    seconds = {name: statistics.median(run.seconds for run in each) for name, each in runs.items()}
    peaks = {name: max(run.mebibytes for run in each) for name, each in runs.items()}
    section.figures = {"seconds": seconds, "peak MiB": peaks}
    section.add(*table(
        ["one megapixel (1024x1024) in color", "seconds, median", "peak memory, MiB",
         "CBM3D takes times as long"],
        [[name, seconds[name], f"{peaks[name]:.0f}",
          seconds["CBM3D"] / seconds[name] if "CBM3D" in seconds else None] for name in runs]))
    for name in runs:
        if name.startswith("latent"):
            section.goal(f"peak MiB, {name}", peaks[name], published.PEAK_MEBIBYTES, upwards=False)
        if name.endswith("--sigma 25") and "CBM3D" in seconds:
            section.goal(f"CBM3D's time over that of {name}", seconds["CBM3D"] / seconds[name],
                         published.SPEED_RATIO)
        if name.endswith("--sigma 25") and "FFDNet (PyTorch)" in seconds:
            section.goal(
                f"FFDNet's time over that of {name}", seconds["FFDNet (PyTorch)"] / seconds[name],
                published.FFDNET_SPEED_RATIO)
    return section


EXTENTS = [(1000, 1000), (2000, 2000), (3000, 4000), (6000, 8000), (10_000, 10_000)]


def large(context):
    """Pictures of 1 to 100 megapixels, from one square repeated: time for a megapixel, and memory."""
    section = Section()
    clean = megapixel(context)
    noisy = numpy.clip(numpy.rint(damage.noisy(clean, SIGMA, "large")), 0, 255).astype(numpy.uint8)
    rows = []
    with context.workspace() as folder:
        for height, width in EXTENTS:
            times = (-(-height // clean.shape[0]), -(-width // clean.shape[1]), 1)
            Image.fromarray(numpy.tile(noisy, times)[:height, :width]).save(
                folder / "large.png", compress_level=1)
            size = height * width / 1e6
            for model in context.models:
                found = context.latent.run(
                    "denoise", model, "--sigma", SIGMA, folder / "large.png", "-o",
                    folder / "out.png")
                rows.append([f"latent {context.label(model)}", f"{width}x{height}",
                             f"{found.seconds:.1f}", f"{found.seconds / size:.2f}",
                             f"{found.mebibytes:.0f}"])
                if size == 100:
                    section.goal(f"peak MiB at 100 megapixels, {context.label(model)}",
                                 found.mebibytes, published.LARGE_PEAK_MEBIBYTES, upwards=False)
    section.add(*table(["denoise", "pixels", "seconds", "seconds a megapixel", "peak MiB"], rows))
    return section
