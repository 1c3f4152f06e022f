#!/usr/bin/env python3
"""PSNR of restored pictures: rounded and clipped to 8 bits, per picture, then the mean.

    psnr.py RESTORED CLEAN.npy [--mask MASK.npy]

Each is a .npy file [N, H, W] on the 0-255 scale or a folder of PNGs. With a mask, only over the
pixels where it is not 0.
"""

import argparse

import numpy

import images

parser = argparse.ArgumentParser()
parser.add_argument("restored")
parser.add_argument("clean")
parser.add_argument("--mask")
options = parser.parse_args()

restored, clean = images.read(options.restored), images.read(options.clean)
if restored.ndim == 4:
    restored = restored[:, 0]
if restored.shape != clean.shape:
    raise SystemExit(f"{options.restored}: shape {restored.shape}, but the clean pictures have "
                     f"{clean.shape}")
mask = numpy.load(options.mask) if options.mask else None
images.report(options.restored, images.psnr(restored, clean, mask))
