#!/usr/bin/env python3
"""Decodes latents with a one-hidden-layer model from nothing but its file and NumPy.

    latent encode IMAGE -m MODEL | decode_latent.py MODEL.safetensors OUT.npy

Reads vectors as text, one a line; writes float32 [N, C, H, W] in 0-1.
"""

import json
import sys

import numpy


def read_safetensors(path):
    """The metadata and the float32 tensors of a safetensors file."""
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    return metadata, {
        name: numpy.frombuffer(data[8 + length:][slice(*entry["data_offsets"])], "<f4").reshape(
            entry["shape"])
        for name, entry in header.items()}


metadata, tensors = read_safetensors(sys.argv[1])
configuration = json.loads(metadata["configuration"])
z = numpy.atleast_2d(numpy.loadtxt(sys.stdin, dtype=numpy.float32, delimiter="\t", ndmin=2))

hidden = numpy.tanh(z @ tensors["decoder.0.weight"].T + tensors["decoder.0.bias"])
x = hidden @ tensors["decoder.1.weight"].T + tensors["decoder.1.bias"]
image, likelihood = configuration["image"], configuration["likelihood"]
if likelihood["family"] == "bernoulli" or likelihood["mean"] == "sigmoid":
    x = 1 / (1 + numpy.exp(-x))
shape = (image["channels"], image["height"], image["width"])
numpy.save(sys.argv[2], x[:, :numpy.prod(shape)].reshape(len(z), *shape).astype(numpy.float32))
