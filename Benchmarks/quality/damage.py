"""Seeded damage: what a picture gets depends on its name, the kind of damage and SEED alone."""

import zlib

import cv2
import numpy

SEED = 2026
MASKS = ["text", "scratches", "random50", "random80", "boxes"]
RANDOM = ["random50", "random80"]

_WORDS = (
    "the quick brown fox jumps over a lazy dog while seven wizards pack my box with five dozen "
    "liquor jugs and bright vixens leap on amazing heights below").split()
_FONTS = [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX]


def _random(kind, name):
    return numpy.random.Generator(
        numpy.random.PCG64([SEED, zlib.crc32(f"{kind} {name}".encode())]))


def noisy(picture, sigma, name):
    """With white Gaussian noise of deviation `sigma`, neither rounded nor clipped; float32."""
    noise = _random(f"noise {sigma:g}", name).normal(0, sigma, picture.shape)
    return (picture + noise).astype(numpy.float32)


def mask(kind, shape, name):
    """Bool [H, W], true where a pixel is hidden, of a kind in MASKS."""
    random = _random(kind, name)
    if kind.startswith("random"):
        return random.random(shape) < int(kind.removeprefix("random")) / 100
    canvas = numpy.zeros(shape, numpy.uint8)
    {"text": _text, "scratches": _scratches, "boxes": _boxes}[kind](canvas, random)
    return canvas > 127


def hollow(picture, hidden):
    """The picture with hidden pixels black."""
    return numpy.where(hidden if picture.ndim == 2 else hidden[:, :, None], 0, picture)


def _text(canvas, random):
    """Rows of words over the whole picture."""
    height, width = canvas.shape
    baseline = 0
    while baseline < height:
        font = _FONTS[random.integers(len(_FONTS))]
        size, thickness = random.uniform(0.5, 1), 1
        baseline += round(44 * size)
        x = int(random.integers(-20, 10))
        while x < width:
            word = _WORDS[random.integers(len(_WORDS))]
            cv2.putText(canvas, word, (x, baseline), font, size, 255, thickness)
            x += cv2.getTextSize(word + " ", font, size, thickness)[0][0]


def _scratches(canvas, random):
    """Straight and bent lines of 1 to 4 pixels."""
    height, width = canvas.shape
    for _ in range(round(height * width / 3000)):
        start = random.uniform(0, 1, 2) * (width, height)
        end = start + random.normal(0, 0.25, 2) * (width, height)
        bend = (start + end) / 2 + random.normal(0, 0.06, 2) * (width, height)
        t = numpy.linspace(0, 1, 24)[:, None]
        curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
        cv2.polylines(
            canvas, [numpy.rint(curve).astype(numpy.int32)], False, 255,
            int(random.integers(1, 5)))


def _boxes(canvas, random):
    """32x32 boxes, one for every 30,000 pixels."""
    height, width = canvas.shape
    for _ in range(max(round(height * width / 30_000), 1)):
        top = random.integers(0, max(height - 32, 1))
        left = random.integers(0, max(width - 32, 1))
        canvas[top:top + 32, left:left + 32] = 255
