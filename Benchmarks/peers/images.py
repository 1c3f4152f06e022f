"""What the comparing scripts share: reading pictures, and PSNR.

Pictures are float32 arrays [N, H, W] on the 0-255 scale.
"""

import gzip
import pathlib
import struct

import numpy


def read(path, count=None):
    """The first `count` pictures of an IDX file (plain or gzip), a .npy file or a folder of PNGs."""
    path = pathlib.Path(path)
    if path.is_dir():
        from PIL import Image

        files = sorted(path.glob("*.png"))[:count]
        return numpy.stack([numpy.asarray(Image.open(f).convert("L")) for f in files]).astype(
            numpy.float32)
    if path.suffix == ".npy":
        return numpy.load(path)[:count].astype(numpy.float32)
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    magic, *shape = struct.unpack(">IIII", data[:16])
    if magic != 0x803:
        raise SystemExit(f"{path}: not an IDX file of pictures (magic {magic:#x})")
    return numpy.frombuffer(data, numpy.uint8, offset=16).reshape(shape)[:count].astype(
        numpy.float32)


def eight_bit(pictures):
    """Rounded and clipped to 0, 1, ... 255."""
    return numpy.clip(numpy.rint(pictures), 0, 255)


def psnr(pictures, clean, mask=None):
    """PSNR of each picture in dB, over the pixels where `mask` is not 0.

    A picture that is right in every pixel counts as one that is off by one gray level everywhere,
    48.13 dB, so that the mean stays finite.
    """
    squares = (eight_bit(pictures) - eight_bit(clean)) ** 2
    pixels = numpy.ones(clean.shape[1:], bool) if mask is None else mask > 0
    error = squares[:, pixels].mean(axis=1, dtype=numpy.float64)
    return 10 * numpy.log10(255**2 / numpy.where(error == 0, 1, error))


def report(name, values):
    print(f"{name}: {values.mean():.2f} dB over {len(values)} pictures "
          f"(standard error {values.std(ddof=1) / len(values) ** 0.5:.2f})", flush=True)
