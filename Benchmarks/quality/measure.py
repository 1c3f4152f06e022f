"""Figures of quality, by the protocols of the published tables."""

import numpy
from scipy.stats import rankdata


def eight_bit(picture):
    """Rounded and clipped to 0, 1, ... 255."""
    return numpy.clip(numpy.rint(picture), 0, 255)


def psnr(restored, clean, hidden=None):
    """PSNR in dB of the result rounded and clipped to 8 bits; with a mask, over the hidden pixels.

    A result without any error counts as one that is off by one gray level, 48.13 dB.
    """
    squares = (eight_bit(restored) - clean) ** 2
    error = (squares if hidden is None else squares[hidden]).mean()
    return float(10 * numpy.log10(255**2 / (error or 1)))


def luma(picture):
    """BT.601's Y, 16-235, of an RGB picture; a gray one is taken as it is."""
    if picture.ndim == 2:
        return picture
    return 16 + picture @ numpy.array([65.481, 128.553, 24.966]) / 255


def luma_psnr(restored, clean, border):
    """PSNR on Y of the result in 8 bits, `border` pixels on every side left out."""
    inner = (slice(border, -border), slice(border, -border))
    squares = (luma(eight_bit(restored)) - luma(clean))[inner] ** 2
    return float(10 * numpy.log10(255**2 / squares.mean()))


def rank_correlation(a, b):
    """Spearman's, ties sharing their mean rank."""
    return float(numpy.corrcoef(rankdata(a), rankdata(b))[0, 1])


def pooled(squares, block=8):
    """Root of the mean of each block x block square; what does not fill one is left out."""
    height, width = (extent // block * block for extent in squares.shape)
    blocks = squares[:height, :width].reshape(height // block, block, width // block, block)
    return numpy.sqrt(blocks.mean(axis=(1, 3)))


def calibration(deviation, error, bins=20):
    """Predicted deviation against the error found, in bins of equally many pixels.

    Returns an array [bins, 2]: root mean square of the predicted deviation, and of the error.
    """
    order = numpy.argsort(deviation, kind="stable")
    return numpy.array([
        [numpy.sqrt((deviation[part] ** 2).mean()), numpy.sqrt((error[part] ** 2).mean())]
        for part in numpy.array_split(order, bins)])
