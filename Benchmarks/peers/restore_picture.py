#!/usr/bin/env python3
"""Denoises one picture as `latent denoise` does, from the start of a Python process to its end.

    restore_picture.py MODEL.safetensors NOISY.npy --sigma 25 -o OUT.npy [--threads N]

Arrays are [1, 3, H, W] on the 0-255 scale.
"""

import argparse

import numpy
import torch

from hierarchical import Network
from serve import Restoring

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("pictures")
parser.add_argument("-o", "--output", required=True)
parser.add_argument("--sigma", type=float, required=True)
parser.add_argument("--threads", type=int)
options = parser.parse_args()
options.compile = False
if options.threads:
    torch.set_num_threads(options.threads)
work = Restoring(Network(options.model), options)
work.run()
numpy.save(options.output, 255 * work.result.numpy())
