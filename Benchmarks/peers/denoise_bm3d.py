#!/usr/bin/env python3
"""BM3D on the pictures that make_inputs.py wrote.

    denoise_bm3d.py FOLDER --sigma 100 [--count 500] [-o OUT.npy]
"""

import argparse
import pathlib

import bm3d
import numpy

import images

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--sigma", type=float, required=True, help="on the 0-255 scale")
parser.add_argument("--count", type=int)
parser.add_argument("-o", "--output", help="write the restored pictures here")
options = parser.parse_args()

clean = images.read(options.folder / "clean.npy", options.count)
noisy = images.read(options.folder / "noisy.npy", options.count)
restored = numpy.stack([
    255 * numpy.squeeze(bm3d.bm3d(picture / 255, options.sigma / 255)) for picture in noisy])
images.report("noisy", images.psnr(noisy, clean))
images.report("BM3D", images.psnr(restored, clean))
if options.output:
    numpy.save(options.output, restored.astype(numpy.float32))
