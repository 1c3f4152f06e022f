"""What the workloads work on, made from the photographs in samples/ and seeds."""

import pathlib
import struct

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PHOTOGRAPHS = [ROOT / "samples" / "photographs" / name
               for name in ("astronaut.png", "chelsea.png", "coffee.png")]


def generator(seed=0):
    return numpy.random.Generator(numpy.random.PCG64(seed))


def photographs():
    """[H, W, 3] bytes each."""
    return [numpy.asarray(Image.open(path).convert("RGB")) for path in PHOTOGRAPHS]


def binary_digits(folder, count=10_000):
    """An IDX file of 28x28 pictures of zeros and 255s, and the same as [N, 1, 28, 28] in 0-1."""
    pixels = (generator().random((count, 28, 28)) < 0.2).astype(numpy.uint8)
    path = folder / "digits-idx3-ubyte"
    path.write_bytes(struct.pack(">IIII", 0x803, count, 28, 28) + (255 * pixels).tobytes())
    return path, pixels[:, None].astype(numpy.float32)


def crops(count, extent, seed=1):
    """Random squares out of the photographs, [N, 3, extent, extent] bytes."""
    random, pictures = generator(seed), photographs()
    squares = []
    for index in range(count):
        picture = pictures[index % len(pictures)]
        top = random.integers(picture.shape[0] - extent + 1)
        left = random.integers(picture.shape[1] - extent + 1)
        squares.append(picture[top:top + extent, left:left + extent].transpose(2, 0, 1))
    return numpy.stack(squares)


def folder_of_crops(folder, count, extent):
    """PNG files, and the same as [N, 3, extent, extent] in 0-1."""
    squares = crops(count, extent)
    target = folder / f"crops-{extent}"
    target.mkdir()
    for index, square in enumerate(squares):
        Image.fromarray(square.transpose(1, 2, 0)).save(target / f"{index:04}.png")
    return target, squares.astype(numpy.float32) / 255


def mosaic(height, width, seed=2):
    """A picture of any size out of pieces of the photographs, [height, width, 3] bytes."""
    extent = 160
    rows, columns = -(-height // extent), -(-width // extent)
    pieces = crops(rows * columns, extent, seed).transpose(0, 2, 3, 1)
    grid = pieces.reshape(rows, columns, extent, extent, 3).transpose(0, 2, 1, 3, 4)
    return grid.reshape(rows * extent, columns * extent, 3)[:height, :width]


def noisy(picture, sigma, seed=3):
    """[1, 3, H, W] on the scale 0-255, with Gaussian noise, neither clipped nor rounded."""
    noise = generator(seed).standard_normal(picture.shape, numpy.float32)
    return (picture + sigma * noise).transpose(2, 0, 1)[None].astype(numpy.float32).copy()


def folder_of_files(folder, kind, count, width, height, copies=1):
    """JPEG (quality 90) or PNG files of mosaics, each under as many names as there are copies."""
    target = folder / f"{kind}-{width}x{height}"
    target.mkdir()
    for index in range(count):
        picture = Image.fromarray(mosaic(height, width, seed=10 + index))
        options = {"quality": 90} if kind == "jpg" else {"compress_level": 6}
        path = target / f"{index}.{kind}"
        picture.save(path, **options)
        for copy in range(1, copies):
            (target / f"{index}-{copy}.{kind}").hardlink_to(path)
    return target
