#!/usr/bin/env python3
"""Makes the sample pictures anew, byte for byte, with the same package versions.

    apt-get install dataset-fashion-mnist
    pip install numpy Pillow matplotlib scikit-image==0.26.0
    python3 samples/make_samples.py [FOLDER]

Noise is Gaussian, added on the 0-255 scale, then rounded and clipped to 8 bits.
"""

import gzip
import pathlib
import shutil
import sys

import matplotlib
import numpy
import skimage
from PIL import Image, ImageDraw, ImageFont

FASHION = pathlib.Path("/usr/share/datasets/fashion-mnist")
PHOTOGRAPHS = pathlib.Path(skimage.__file__).parent / "data"
PORTRAIT = pathlib.Path(matplotlib.get_data_path()) / "sample_data/grace_hopper.jpg"
# Places in the test set.
CLOTHES = {
    "ankle-boot": 28, "bag": 30, "cardigan": 10, "coat": 14, "dress": 13, "pullover": 54,
    "sandal": 8, "shirt": 7, "shoulder-bag": 31, "sneaker": 12, "trousers": 2, "t-shirt": 19,
}
# name: (file, box to cut out or None, longest side); all CC0 or public domain.
CUTS = {
    "camera": ("camera.png", None, 256),
    "chelsea": ("chelsea.png", None, 300),
    "coffee": ("coffee.png", None, 300),
    "astronaut": ("astronaut.png", (96, 0, 352, 256), 256),
    "cell": ("cell.png", (230, 130, 550, 450), 320),
}


def save(array, path):
    Image.fromarray(array).save(path, optimize=True)


def noisy(array, sigma, seed):
    noise = numpy.random.Generator(numpy.random.PCG64(seed)).normal(0, sigma, array.shape)
    return numpy.clip(numpy.rint(array + noise), 0, 255).astype(numpy.uint8)


def fashion(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(FASHION / "t10k-images-idx3-ubyte.gz") as file:
        pictures = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
    mask = numpy.zeros((28, 28), numpy.uint8)
    mask[14:] = 255
    save(mask, folder / "mask-lower-half.png")
    for seed, (name, index) in enumerate(CLOTHES.items()):
        save(pictures[index], folder / f"{name}.png")
        if name in ("ankle-boot", "pullover", "dress", "bag"):
            save(noisy(pictures[index], 100, seed), folder / f"{name}-noisy-100.png")
            save(numpy.where(mask > 0, 128, pictures[index]).astype(numpy.uint8),
                 folder / f"{name}-hidden.png")


def photographs(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, (file, box, side)) in enumerate(CUTS.items()):
        picture = Image.open(PHOTOGRAPHS / file)
        if box:
            picture = picture.crop(box)
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        array = numpy.asarray(picture)
        save(array, folder / f"{name}.png")
        if name in ("camera", "chelsea"):
            save(noisy(array, 25, seed), folder / f"{name}-noisy-25.png")


def scratched(folder):
    """Lettering and scratches over a photograph, and the mask that hides them."""
    picture = Image.open(folder / "coffee.png")
    mask = Image.new("L", picture.size)
    draw = ImageDraw.Draw(mask)
    font = ImageFont.load_default(size=22)
    for line, text in enumerate(["written over the whole picture,", "line by line, in letters"]):
        draw.text((8 + 20 * line, 30 + 95 * line), text, fill=255, font=font)
    random = numpy.random.Generator(numpy.random.PCG64(5))
    for _ in range(7):
        points = [tuple(random.uniform((0, 0), picture.size)) for _ in range(2)]
        draw.line(points, fill=255, width=int(random.integers(1, 4)))
    mask = numpy.asarray(mask.point(lambda level: 255 if level > 64 else 0))
    damaged = numpy.asarray(picture).copy()
    damaged[mask > 0] = (255, 255, 255)
    save(mask, folder / "coffee-mask.png")
    save(damaged, folder / "coffee-scratched.png")


def small(folder):
    picture = Image.open(folder / "astronaut.png")
    half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BICUBIC)
    save(numpy.asarray(half), folder / "astronaut-small.png")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    fashion(target / "fashion")
    photographs(target / "photographs")
    scratched(target / "photographs")
    small(target / "photographs")
    shutil.copyfile(PORTRAIT, target / "photographs/hopper.jpg")
