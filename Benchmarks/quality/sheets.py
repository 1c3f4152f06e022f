"""Sheets to look at, at 100 %: what is hard in photographs, damaged, restored by another program,
by latent, and as it was."""

import numpy
from PIL import Image

import damage
import pictures
from peers import restorers
from report import Section

EXTENT = 256
GAP = 4
# Top and left of a square in a picture of Kodak24.
CROPS = {
    "sky": ("21", 20, 280), "skin": ("04", 180, 130), "hair": ("15", 60, 380),
    "foliage": ("13", 130, 250), "lettering": ("08", 230, 512)}


def run(context):
    section = Section()
    photographs = pictures.load(context.data, "kodak24")
    clean = {subject: photographs[name][top:top + EXTENT, left:left + EXTENT]
             for subject, (name, top, left) in CROPS.items() if name in photographs}
    for sigma in (25, 50):
        sheet(context, f"denoise-{sigma}", clean,
              {n: damage.noisy(p, sigma, n) for n, p in clean.items()}, "denoise",
              ["--sigma", sigma],
              lambda _, noisy: restorers.bm3d(noisy, sigma) if "cbm3d" in context.peers.runs
              else None)
    for kind in damage.MASKS:
        hidden = {n: damage.mask(kind, p.shape[:2], n) for n, p in clean.items()}
        sheet(context, f"inpaint-{kind}", clean,
              {n: damage.hollow(p, hidden[n]) for n, p in clean.items()}, "inpaint", hidden,
              lambda n, seen: restorers.biharmonic(seen, hidden[n]))
    for scale in (2, 4):
        sheet(context, f"upscale-{scale}", clean,
              {n: smaller(p, scale) for n, p in clean.items()}, "upscale", ["-s", scale],
              lambda _, small: restorers.bicubic(small, scale))
    return section


def smaller(picture, scale):
    extent = EXTENT // scale
    image = Image.fromarray(picture.astype(numpy.uint8))
    return numpy.asarray(image.resize((extent, extent), Image.Resampling.BICUBIC), numpy.float64)


def sheet(context, title, clean, damaged, command, options, peer):
    """One picture: a row for every subject; columns damaged, peer, each model, clean.

    options: of the command, or its masks by name.
    """
    columns = [damaged]
    columns.append({name: peer(name, picture) for name, picture in damaged.items()})
    for model in context.models:
        with context.workspace() as folder:
            files = {}
            for name, picture in damaged.items():
                array = command == "denoise"
                files[name] = folder / f"{name}.{'npy' if array else 'png'}"
                (pictures.write_array if array else pictures.write)(files[name], picture)
            files = dict(sorted(files.items()))
            arguments = options
            if isinstance(options, dict):
                (folder / "masks").mkdir()
                for name, hidden in options.items():
                    pictures.write(folder / "masks" / f"{name}.png", 255 * hidden)
                arguments = ["--mask", folder / "masks"]
            columns.append(context.latent.restored(
                command, model, folder / "restored", files, *arguments))
    columns.append(clean)
    columns = [column for column in columns if all(p is not None for p in column.values())]
    pitch = EXTENT + GAP
    canvas = numpy.full(
        (pitch * len(clean) - GAP, pitch * len(columns) - GAP, 3), 255, numpy.uint8)
    for row, name in enumerate(clean):
        for place, column in enumerate(columns):
            picture = column[name]
            times = EXTENT // picture.shape[0]
            if times > 1:
                picture = picture.repeat(times, 0).repeat(times, 1)
            canvas[row * pitch:row * pitch + EXTENT, place * pitch:place * pitch + EXTENT] = (
                restorers.eight_bit(picture))
    Image.fromarray(canvas).save(context.out / f"sheet-{title}.png")
    context.say(f"{context.out / f'sheet-{title}.png'}")
