#!/usr/bin/env python3
"""The rate at which oneDNN multiplies large matrices: the measured limit of this machine.

    product.py [--extent 2048] [--repeats 10]

Calls the library that latent is linked with, without Python in between. Threads are OpenMP's
(OMP_NUM_THREADS). Prints the library's version and the median rate in GFLOP/s.
"""

import argparse
import ctypes
import ctypes.util
import statistics
import time

import numpy


class Version(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("major", "minor", "patch")]


def library():
    for name in ("libdnnl.so.3", "libdnnl.so.2", ctypes.util.find_library("dnnl")):
        try:
            return ctypes.CDLL(name)
        except (OSError, TypeError):
            continue
    raise SystemExit("product.py: expected oneDNN (libdnnl.so), found none")


parser = argparse.ArgumentParser()
parser.add_argument("--extent", type=int, default=2048)
parser.add_argument("--repeats", type=int, default=10)
options = parser.parse_args()

dnnl = library()
dnnl.dnnl_version.restype = ctypes.POINTER(Version)
version = dnnl.dnnl_version().contents
extent = options.extent
matrices = [numpy.random.default_rng(i).random((extent, extent), numpy.float32) for i in range(3)]
a, b, c = (matrix.ctypes.data_as(ctypes.c_void_p) for matrix in matrices)
n, one, zero = ctypes.c_int64(extent), ctypes.c_float(1), ctypes.c_float(0)
letter = ctypes.c_char(b"N")


def multiply():
    start = time.perf_counter()
    status = dnnl.dnnl_sgemm(letter, letter, n, n, n, one, a, n, b, n, zero, c, n)
    if status != 0:
        raise SystemExit(f"product.py: dnnl_sgemm failed with status {status}")
    return time.perf_counter() - start


multiply()
seconds = statistics.median(multiply() for _ in range(options.repeats))
print(f"{version.major}.{version.minor}.{version.patch} {2 * extent**3 / seconds * 1e-9:.2f}")
