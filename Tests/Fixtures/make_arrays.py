"""Makes Tests/Fixtures/arrays/*.npz, as NumPy writes them: what StoredPicturesTests read.

Every array has pictures of 7x6 pixels (width x height). Number n, row y, column x and channel c of "gray" is
40 n + 6 y + x (+ 80 c where there are channels), modulo 256.
"""

from pathlib import Path

import numpy

folder = Path(__file__).parent / "arrays"
n, y, x = numpy.meshgrid(numpy.arange(5), numpy.arange(6), numpy.arange(7), indexing="ij")
levels = (40 * n + 6 * y + x) % 256
colors = numpy.stack([(levels + 80 * c) % 256 for c in range(3)], axis=-1)
alpha = numpy.where(x < 3, 255, 0)
labels = numpy.arange(5).reshape(5, 1)

stacks = {
    "gray": levels.astype(numpy.uint8),
    "wide": (levels * 257).astype(numpy.uint16),
    "share": (colors / 255).astype(numpy.float32),
    "planes": colors.transpose(0, 3, 1, 2).astype(numpy.float64),
    "labels": labels,
}
numpy.savez(folder / "stored.npz", **stacks)
numpy.savez_compressed(folder / "deflated.npz", **stacks)
numpy.savez_compressed(
    folder / "transparent.npz",
    rgba=numpy.concatenate([colors, alpha[..., None]], axis=-1).astype(numpy.uint8),
)
numpy.savez(folder / "labels.npz", labels=labels)
