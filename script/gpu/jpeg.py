"""What saving as JPEG does to planes, on the device: libjpeg's tables, its subsampling with smooth
enlargement, its rounding. Only the entropy coding is left out, which loses nothing.
"""

import math

import torch

from draw import rows
from filters import cut, shifted

# ITU-T T.81, annex K.1, in rows of eight.
LUMA_TABLE = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99]
CHROMA_TABLE = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99] + [99] * 32

# A half, for rounding, and what rounding errors may have taken from it.
HALF = 0.5 + 1e-4


def tables(quality, device):
    """Of luma and of chroma, `[N, 2, 8, 8]`, for qualities of 1...100 `[N]`."""
    base = torch.tensor([LUMA_TABLE, CHROMA_TABLE], device=device).view(1, 2, 8, 8)
    quality = quality.long().view(-1, 1, 1, 1)
    scale = torch.where(quality < 50, 5000 // quality.clamp(min=1), 200 - 2 * quality)
    return ((base * scale + 50) // 100).clamp(1, 255).float()


def cosines(device):
    """The orthonormal DCT of eight numbers, `[8, 8]`."""
    k = torch.arange(8, device=device, dtype=torch.float64)
    matrix = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) / 2
    matrix[0] /= math.sqrt(2)
    return matrix.float()


def quantize(plane, table):
    """`[N, H, W]` of 0...255 with whole blocks, by tables `[N, 8, 8]`, and back."""
    count, height, width = plane.shape
    matrix = cosines(plane.device)
    blocks = plane.view(count, height // 8, 8, width // 8, 8).transpose(2, 3) - 128
    table = table[:, None, None]
    coefficients = matrix @ blocks @ matrix.T
    # libjpeg rounds a half away from zero here and up at the end; flat areas have many.
    steps = coefficients / table
    coefficients = steps.sign() * torch.floor(steps.abs() + HALF) * table
    blocks = matrix.T @ coefficients @ matrix
    plane = blocks.transpose(2, 3).reshape(count, height, width)
    return torch.floor(plane + 128 + HALF).clamp(0, 255)


def halve(plane):
    """As libjpeg rounds: up and down in turn, by columns."""
    sums = plane[:, 0::2, 0::2] + plane[:, 0::2, 1::2] + plane[:, 1::2, 0::2] + plane[:, 1::2, 1::2]
    bias = 1 + torch.arange(sums.shape[2], device=plane.device) % 2
    return torch.floor((sums + bias) / 4)


def double(plane):
    """libjpeg's "fancy" upsampling: three quarters of the nearest sample, one of the next."""
    def neighbors(values, axis):
        first, last = values.narrow(axis, 0, 1), values.narrow(axis, values.shape[axis] - 1, 1)
        inner = values.shape[axis] - 1
        before = torch.cat([first, values.narrow(axis, 0, inner)], axis)
        after = torch.cat([values.narrow(axis, 1, inner), last], axis)
        return 3 * values + before, 3 * values + after

    tall = torch.stack(neighbors(plane, 1), 2).flatten(1, 2)
    left, right = neighbors(tall, 2)
    return torch.stack([torch.floor((left + 8) / 16), torch.floor((right + 7) / 16)], 3).flatten(2)


def code(planes, quality, subsampled):
    """`[N, 3, H, W]` in 0...1 to what is decoded; extents are multiples of 16.

    subsampled: `[N]`, whether color has half the resolution."""
    table = tables(quality, planes.device)
    r, g, b = (planes.clamp(0, 1) * 255).round().unbind(1)

    def whole(value, half=0.5):
        return torch.floor(value + half)

    # libjpeg rounds a half down here.
    half = 0.5 - 1e-4
    y = whole(0.299 * r + 0.587 * g + 0.114 * b)
    differences = [whole(128 - 0.168735892 * r - 0.331264108 * g + 0.5 * b, half),
                   whole(128 + 0.5 * r - 0.418687589 * g - 0.081312411 * b, half)]
    y = quantize(y, table[:, 0])
    whole_planes = [quantize(plane.clamp(0, 255), table[:, 1]) for plane in differences]
    half_planes = [double(quantize(halve(plane.clamp(0, 255)), table[:, 1]))
                   for plane in differences]
    choice = subsampled.view(-1, 1, 1)
    blue, red = (torch.where(choice, half, full) - 128
                 for half, full in zip(half_planes, whole_planes))
    result = torch.stack([
        whole(y + 1.402 * red), whole(y - 0.344136286 * blue - 0.714136286 * red),
        whole(y + 1.772 * blue)], 1)
    return result.clamp(0, 255) / 255


def compress(planes, quality, subsampled, top, left):
    """Codes pieces that stand `top` and `left` pixels, `[N]` each, from the corner of a block."""
    height, width = planes.shape[2:]
    tall, wide = ((extent + 15 + 15) // 16 * 16 for extent in (height, width))
    coded = code(shifted(planes, top, left, tall, wide), quality, subsampled)
    return cut(coded, top, left, height, width)


def compress_some(planes, chosen, draw, qualities, subsampling):
    """Saves the chosen rows, `[N]`, with a quality of a range and a phase of any; subsampled with a
    probability, or where the number is None up to quality 90 as latent saves.

    Returns the planes and the qualities, `[N]`, 0 where a row was not saved."""
    count = len(planes)
    quality = qualities[0] + draw.integers(count, below=qualities[1] - qualities[0] + 1)
    subsampled = quality <= 90 if subsampling is None else draw.chance(count, share=subsampling)
    block = torch.where(subsampled, 16, 8)
    top, left = draw.integers(count, below=block), draw.integers(count, below=block)
    coded = compress(planes, quality, subsampled, top, left)
    return torch.where(rows(chosen), coded, planes), quality * chosen
