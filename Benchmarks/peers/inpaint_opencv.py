#!/usr/bin/env python3
"""OpenCV's Telea and Navier-Stokes and scikit-image's biharmonic inpainting on the pictures that
make_inputs.py wrote: PSNR over the hidden pixels. Each OpenCV method with the radius, of those
given, that is best for it.

    inpaint_opencv.py FOLDER [--count 500] [--radius 3 4 5]
"""

import argparse
import pathlib

import cv2
import numpy
from skimage.restoration import inpaint_biharmonic

import images

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--count", type=int)
parser.add_argument("--radius", type=float, nargs="+", default=[3, 4, 5])
options = parser.parse_args()

clean = images.read(options.folder / "clean.npy", options.count)
masked = images.eight_bit(images.read(options.folder / "masked.npy", options.count))
mask = numpy.load(options.folder / "mask.npy")
hidden = (mask > 0).astype(numpy.uint8)

for name, method in {"Telea": cv2.INPAINT_TELEA, "Navier-Stokes": cv2.INPAINT_NS}.items():
    results = {}
    for radius in options.radius:
        filled = numpy.stack([
            cv2.inpaint(picture.astype(numpy.uint8), hidden, radius, method)
            for picture in masked])
        results[radius] = images.psnr(filled, clean, mask)
    best = max(results, key=lambda radius: results[radius].mean())
    images.report(f"{name}, radius {best:g}", results[best])

filled = numpy.stack([255 * inpaint_biharmonic(picture / 255, hidden > 0) for picture in masked])
images.report("biharmonic", images.psnr(filled, clean, mask))
