#!/usr/bin/env python3
"""Checks that NumPy reads what `latent encode` writes and that `latent decode` reads what NumPy
writes, as text and as npy, and that all give the bytes that `latent reconstruct` gives.

    numpy_streams.py BINARY MODEL IMAGE [IMAGE...]
"""

import io
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy

binary, model, *pictures = sys.argv[1:]
failures = 0


def latent(*arguments, stdin=None):
    return subprocess.run(
        [binary, *arguments, "-m", model], input=stdin, stdout=subprocess.PIPE, check=True).stdout


def check(what, holds):
    global failures
    failures += not holds
    print(f"{'ok' if holds else 'FAILED'}: {what}")


def text(vectors):
    """A vector a line, decimals that read back exactly."""
    return "".join(
        "\t".join(numpy.format_float_positional(v, unique=True, trim="0") for v in row) + "\n"
        for row in vectors).encode()


def npy(vectors):
    buffer = io.BytesIO()
    numpy.save(buffer, vectors)
    return buffer.getvalue()


streams = {name: latent("encode", *pictures, "--format", name) for name in ("text", "npy", "ndjson")}
vectors = numpy.load(io.BytesIO(streams["npy"]))
vectors = vectors.reshape(len(pictures), -1)
from_text = numpy.loadtxt(io.BytesIO(streams["text"]), dtype=numpy.float32, delimiter="\t", ndmin=2)
from_json = numpy.array(
    [json.loads(line)["mean"] for line in streams["ndjson"].splitlines()], numpy.float32)
check("npy is float32", vectors.dtype == numpy.float32)
check("text reads back to the bits of npy", numpy.array_equal(vectors, from_text))
check("ndjson reads back to the bits of npy",
      numpy.array_equal(vectors, from_json.reshape(vectors.shape)))

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def decoded(stream):
        for old in folder.glob("decoded-*"):
            old.unlink()
        latent("decode", "-", "-o", str(folder / "decoded-%04d.png"), stdin=stream)
        return [file.read_bytes() for file in sorted(folder.glob("decoded-*"))]

    for index, picture in enumerate(pictures):
        latent("reconstruct", picture, "-o", str(folder / f"expected-{index:04d}.png"))
    expected = [file.read_bytes() for file in sorted(folder.glob("expected-*"))]
    for name, stream in streams.items():
        check(f"encode | decode as {name} gives what reconstruct gives", decoded(stream) == expected)
    check("decode reads NumPy's npy", decoded(npy(vectors)) == expected)
    check("decode reads text that NumPy wrote", decoded(text(vectors)) == expected)
    buffer = io.StringIO()
    numpy.savetxt(buffer, vectors, delimiter="\t")
    check("decode reads numpy.savetxt's text", decoded(buffer.getvalue().encode()) == expected)

sys.exit(1 if failures else 0)
