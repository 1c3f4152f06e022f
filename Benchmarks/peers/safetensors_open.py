#!/usr/bin/env python3
"""Opens a model with Python's safetensors package and lists what it holds.

    safetensors_open.py MODEL.safetensors
"""

import sys

import numpy
from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as file:
    for key, value in sorted((file.metadata() or {}).items()):
        print(f"{key}: {value}")
    for name in sorted(file.keys()):
        tensor = file.get_tensor(name)
        finite = "" if numpy.isfinite(tensor).all() else ", NOT FINITE"
        print(f"{name}: {tensor.dtype} {list(tensor.shape)}{finite}")
