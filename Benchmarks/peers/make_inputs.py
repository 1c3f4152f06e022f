#!/usr/bin/env python3
"""Writes what every program under comparison is given, so that all see the same pixels.

    make_inputs.py IMAGES FOLDER [--count 500] [--sigma 100] [--seed 0]

clean.npy   float32 [N, H, W], 0-255
noisy.npy   the same with Gaussian noise of standard deviation sigma, neither clipped nor rounded
mask.npy    float32 [H, W], 255 where a pixel is hidden: the lower half
masked.npy  clean.npy with hidden pixels 0
"""

import argparse
import pathlib

import numpy

import images

parser = argparse.ArgumentParser()
parser.add_argument("images", help="IDX file, .npy file or folder of PNGs")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--count", type=int, default=500)
parser.add_argument("--sigma", type=float, default=100)
parser.add_argument("--seed", type=int, default=0)
options = parser.parse_args()

clean = images.read(options.images, options.count)
noise = numpy.random.Generator(numpy.random.PCG64(options.seed)).normal(
    0, options.sigma, clean.shape)
mask = numpy.zeros(clean.shape[1:], numpy.float32)
mask[mask.shape[0] // 2:] = 255

options.folder.mkdir(parents=True, exist_ok=True)
for name, array in {
    "clean": clean, "noisy": clean + noise, "mask": mask,
    "masked": numpy.where(mask > 0, 0, clean),
}.items():
    numpy.save(options.folder / f"{name}.npy", array.astype(numpy.float32))
images.report("noisy", images.psnr(clean + noise, clean))
