#!/usr/bin/env python3
"""Encodes one picture as `latent encode` does, from the start of a Python process to its end.

    encode_picture.py MODEL.safetensors PICTURE.png
"""

import sys

import numpy
import torch
from PIL import Image

from flat import Flat

network = Flat(sys.argv[1])
pixels = numpy.asarray(Image.open(sys.argv[2]).convert("L"), numpy.float32) / 255
with torch.inference_mode():
    mean, _ = network.encode(torch.from_numpy(pixels)[None, None])
print("\t".join(str(number) for number in mean[0].tolist()))
