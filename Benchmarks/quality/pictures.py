"""Test pictures from the data folder. A picture is float64 [H, W] or [H, W, 3], 0-255."""

import numpy
from PIL import Image


class DataError(Exception):
    pass


def read(path):
    """A picture file as it is: gray stays gray, color is RGB."""
    with Image.open(path) as image:
        return numpy.asarray(
            image.convert("L" if image.mode in ("L", "1", "LA") else "RGB"), numpy.float64)


def gray(picture):
    """The luma (BT.601) of a picture in color, rounded, as Pillow and JPEG have it."""
    image = Image.fromarray(picture.astype(numpy.uint8)).convert("L")
    return numpy.asarray(image, numpy.float64)


def load(data, name, limit=None):
    """The pictures of one set by name, in the order of their names.

    The set is a folder of PNGs; "kodak24/gray" are the lumas of "kodak24".
    """
    folder, _, variant = name.partition("/")
    files = sorted((data / folder).glob("*.png"))[:limit]
    if not files:
        raise DataError(f"{data / folder}: expected PNG files, found none; give --data the folder "
                        "that holds bsd68, kodak24, set5 and set14")
    pictures = {file.stem: read(file) for file in files}
    return {n: gray(p) for n, p in pictures.items()} if variant == "gray" else pictures


def shots(data, name, limit=None):
    """Files of single shots, and the means of many, by name: NAME_real and NAME_mean."""
    files = sorted((data / name).glob("*_real.*"))[:limit]
    if not files:
        raise DataError(f"{data / name}: expected files called *_real.*, found none")
    noisy = {file.stem: file for file in files}
    clean = {file.stem: read(file.with_name(file.name.replace("_real.", "_mean.")))
             for file in files}
    return noisy, clean


def pairs(data, name, scale, limit=None):
    """(small, large) pictures of a super-resolution set by name."""
    folder = data / name / f"x{scale}"
    files = sorted(folder.glob(f"*_SRF_{scale}_LR.png"))[:limit]
    if not files:
        raise DataError(f"{folder}: expected files called *_SRF_{scale}_LR.png, found none")
    return {
        file.stem.removesuffix(f"_SRF_{scale}_LR"): (
            read(file), read(file.with_name(file.name.replace("_LR.", "_HR."))))
        for file in files}


def write(path, picture):
    """A PNG of whole numbers 0-255."""
    Image.fromarray(picture.astype(numpy.uint8)).save(path)


def write_array(path, picture):
    """A .npy file as latent reads it: [H, W], or [1, 3, H, W] in color, float32."""
    if picture.ndim == 3:
        picture = picture.transpose(2, 0, 1)[None]
    numpy.save(path, numpy.ascontiguousarray(picture, numpy.float32))


def read_array(path):
    """A .npy file that latent wrote, as [N, H, W] or [N, H, W, 3]."""
    array = numpy.load(path).astype(numpy.float64)
    if array.ndim == 4:
        return array.transpose(0, 2, 3, 1)
    return array.reshape(-1, *array.shape[-2:])
