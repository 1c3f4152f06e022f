"""Packs pictures into one file that is small enough to be carried to another machine: a zip archive of
lossless WebP files. Where they are too many for the limit, the same share of every picture is cut
off around its middle: what is left is as sharp and as clean as it was.
"""

import argparse
import io
import math
import pathlib
import zipfile

from PIL import Image

from model_file import replace_file
from pictures import LARGE, halved, read

# Of a picture's extent; less would leave too little of the smallest pictures.
SMALLEST_SHARE = 0.3


def encoded(picture, share):
    height, width = picture.shape[:2]
    tall, wide = (max(64, round(extent * share)) for extent in (height, width))
    top, left = max(0, (height - tall) // 2), max(0, (width - wide) // 2)
    file = io.BytesIO()
    part = picture[top:top + tall, left:left + wide]
    Image.fromarray(part).save(file, "WEBP", lossless=True, quality=50, method=4)
    return file.getvalue()


def archive(files):
    """Equal contents give equal bytes: no time is written."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as target:
        for name, data in files:
            target.writestr(zipfile.ZipInfo(name), data)
    return result.getvalue()


def main(arguments):
    parser = argparse.ArgumentParser(prog="train-on-gpu pack", description=__doc__)
    parser.add_argument("pictures", nargs="+", help="files, folders and packs")
    parser.add_argument("-o", "--output", required=True, help="NAME.zip")
    parser.add_argument("--limit", type=float, default=50, metavar="MB", help="10^6 bytes; default 50")
    parser.add_argument("--keep-large", action="store_true",
                        help=f"without it pictures of more than {LARGE} pixels are halved, which "
                        "takes off their own grain and artifacts")
    options = parser.parse_args(arguments)
    pictures = []
    for name, picture in read(options.pictures, 64):
        is_large = max(picture.shape[:2]) > LARGE and not options.keep_large
        pictures.append((pathlib.Path(name).stem, halved(picture) if is_large else picture))
    if not pictures:
        raise ValueError(f"{options.pictures[0]}: no picture of at least 64x64 pixels")
    limit, share = options.limit * 1e6, 1.0
    while True:
        files = [(f"{index:04}-{name}.webp", encoded(picture, share))
                 for index, (name, picture) in enumerate(pictures)]
        data = archive(files)
        if len(data) <= limit:
            break
        share *= math.sqrt(limit / len(data)) * 0.99
        if share < SMALLEST_SHARE:
            raise ValueError(f"{options.output}: {len(pictures)} pictures are too many for "
                             f"{options.limit:g} MB; give fewer, or a larger --limit")
    replace_file(options.output, data)
    print(f"{options.output}: {len(files)} pictures, {len(data) / 1e6:.1f} MB, lossless, "
          f"{share:.0%} of every side")
    return 0
