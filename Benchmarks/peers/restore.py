#!/usr/bin/env python3
"""One of the other programs on one picture, and the seconds it took without start-up and files.

    restore.py bm3d NOISY.npy -o OUT.npy --sigma 25
    restore.py ffdnet NOISY.npy -o OUT.npy --sigma 25 --threads 2     (random weights: for its time)
    restore.py telea PICTURE.npy -o OUT.npy --mask MASK.npy [--radius 3]
    restore.py navier-stokes PICTURE.npy -o OUT.npy --mask MASK.npy [--radius 3]
    restore.py biharmonic PICTURE.npy -o OUT.npy --mask MASK.npy
    restore.py bicubic PICTURE.npy -o OUT.npy --scale 2

Arrays are [H, W] or [H, W, 3] on the 0-255 scale; masks [H, W], not 0 where a pixel is hidden.
"""

import argparse
import time

import numpy

import restorers

parser = argparse.ArgumentParser()
parser.add_argument(
    "method", choices=["bm3d", "ffdnet", "telea", "navier-stokes", "biharmonic", "bicubic"])
parser.add_argument("picture")
parser.add_argument("-o", "--output", required=True)
parser.add_argument("--sigma", type=float, help="on the 0-255 scale")
parser.add_argument("--mask")
parser.add_argument("--threads", type=int, help="of PyTorch; default: all cores")
parser.add_argument("--radius", type=float, default=3)
parser.add_argument("--scale", type=int, choices=[2, 3, 4])
options = parser.parse_args()

needed = {"bm3d": "sigma", "ffdnet": "sigma", "bicubic": "scale"}.get(options.method, "mask")
if getattr(options, needed) is None:
    parser.error(f"{options.method} needs --{needed}")

picture = numpy.load(options.picture).astype(numpy.float64)
hidden = numpy.load(options.mask) != 0 if options.mask else None
arguments = {
    "bm3d": (options.sigma,), "ffdnet": (options.sigma,), "bicubic": (options.scale,), "biharmonic": (hidden,),
    "telea": (hidden, options.radius), "navier-stokes": (hidden, options.radius),
}[options.method]
restore = getattr(restorers, options.method.replace("-", "_"))
# Imports and what is made once are not timed, nor is a first run, which is slower.
if options.method == "bm3d":
    import bm3d  # noqa: F401
elif options.method == "ffdnet":
    import torch

    if options.threads:
        torch.set_num_threads(options.threads)
    restore = restore()
    restore(picture, options.sigma)
start = time.monotonic()
result = restore(picture, *arguments)
print(f"{time.monotonic() - start:.3f}")
numpy.save(options.output, result.astype(numpy.float32))
