"""Grain, blotches, lines and impulses, for all rows at once: as in Sources/Datasets/Damage/Noise/
GrainDamage.swift.
"""

import torch

from draw import rows
from filters import join_colors, resampling, where


def field(count, height, width, coarseness, draw):
    """Sums `[N, 1, H, W]` of fields of independent numbers, each enlarged by 1, 2, 4 and 8, of root
    mean square 1. coarseness: `[N]`, the largest weight of the enlarged ones."""
    total = 0
    for size in (1, 2, 4, 8):
        weight = draw.uniform(count) * (coarseness if size > 1 else 1) / (1 if size < 8 else 2)
        there = [extent // size + 2 for extent in (height, width)]
        numbers = draw.normal(count, 1, *there)
        if size > 1:
            for axis, extent in ((2, there[0]), (3, there[1])):
                matrix = resampling(
                    torch.tensor([float(size)], device=draw.device), extent, extent * size,
                    size)[0]
                numbers = torch.tensordot(numbers, matrix, ([axis], [1])).movedim(-1, axis)
        half = size // 2
        part = numbers[:, :, half:half + height, half:half + width]
        total = total + rows(weight) * part
    return total / total.square().mean((1, 2, 3), keepdim=True).sqrt().clamp(min=1e-9)


def add_grain(clean, gray, draw):
    """Noise that is correlated over pixels, of luma and of chroma, and depends on the signal; in a
    tenth of the rows every row or column of pixels has an offset too."""
    count, _, height, width = clean.shape
    luma = draw.logarithmic(count, low=1, high=14) / 255
    chroma = draw.logarithmic(count, low=1, high=16) / 255
    coarseness = draw.uniform(count), draw.uniform(count, high=1.5)
    noise = torch.cat([
        rows(luma) * field(count, height, width, coarseness[0], draw),
        rows(chroma) * field(count, height, width, coarseness[1], draw),
        rows(chroma) * field(count, height, width, coarseness[1], draw)], 1)
    lines = rows(draw.sometimes(count, share=0.1, low=0.5, high=4) / 255)
    offsets = where(
        draw.chance(count, share=0.5), draw.normal(count, 1, height, 1).expand(-1, -1, -1, width),
        draw.normal(count, 1, 1, width).expand(-1, -1, height, -1))
    noise = torch.cat([noise[:, :1] + lines * offsets, noise[:, 1:]], 1)
    noise = where(gray, noise[:, :1].expand_as(noise), join_colors(noise))
    power = rows(draw.uniform(count, low=-0.7, high=0.5))
    brightness = clean.mean(1, keepdim=True).clamp(min=0)
    return (clean + 0.5 ** -power * (brightness + 0.1) ** power * noise).clamp(0, 1)


def add_impulses(planes, gray, share, draw):
    """Single pixels that tell nothing, `share` `[N]` of them: hot, dead or of any value, in all
    channels or in one.

    Returns the planes and where they are, `[N, 1, H, W]`."""
    count, _, height, width = planes.shape
    shape = (count, 1, height, width)
    extremes = draw.chance(*shape, share=0.5).float()
    value = where(draw.chance(count, share=0.5), extremes, draw.uniform(*shape))
    hit = draw.uniform(*shape) < rows(share)
    own = draw.integers(*shape, below=3) == torch.arange(3, device=planes.device).view(1, 3, 1, 1)
    one_channel = draw.chance(count, share=0.5) & ~gray
    return torch.where(hit & (own | ~rows(one_channel)), value, planes), hit
