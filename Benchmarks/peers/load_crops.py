#!/usr/bin/env python3
"""Pictures a second that Pillow reads from a folder, with a process for each core.

    load_crops.py FOLDER --count N [--processes N] [--crop 64 | --size 64]

--crop decodes a picture and cuts a random square out of it; --size brings it to a square (Pillow's
draft mode, then a bicubic reduction). Prints the number; starting the processes does not count.
"""

import argparse
import multiprocessing
import pathlib
import random
import time

import numpy
from PIL import Image


def crop(path, extent):
    with Image.open(path) as image:
        image = image.convert("RGB")
        left = random.randrange(image.width - extent + 1)
        top = random.randrange(image.height - extent + 1)
        return numpy.asarray(image.crop((left, top, left + extent, top + extent)))


def resize(path, extent):
    with Image.open(path) as image:
        image.draft("RGB", (2 * extent, 2 * extent))
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        return numpy.asarray(image.convert("RGB").resize(
            (extent, extent), Image.Resampling.BICUBIC, (left, top, left + side, top + side)))


def call(job):
    kind, path, extent = job
    return {"crop": crop, "size": resize}[kind](path, extent).nbytes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--crop", type=int)
    parser.add_argument("--size", type=int)
    options = parser.parse_args()
    files = sorted(options.folder.iterdir())
    kind, extent = ("crop", options.crop) if options.crop else ("size", options.size)
    jobs = [(kind, files[index % len(files)], extent) for index in range(options.count)]
    with multiprocessing.Pool(options.processes) as pool:
        pool.map(call, jobs[:options.processes])
        start = time.perf_counter()
        pool.map(call, jobs, chunksize=1)
        print(f"{options.count / (time.perf_counter() - start):.6g}")


if __name__ == "__main__":
    main()
