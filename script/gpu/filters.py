"""What several kinds of damage do to planes `[N, C, H, W]`: filters, resampling, colors, rounding.

As in Sources/Datasets/Damage/Noise/PlaneFilter.swift, CameraDamage.swift (LumaChroma) and
Sources/Pictures/Resampling/Resampling.swift.
"""

import math

import torch
import torch.nn.functional as F

from draw import rows

# Y'CbCr of ITU-R BT.601 without offsets, as JPEG files have it.
LUMA = (0.299, 0.587, 0.114)


def eight_bit(planes):
    """The nearest of the 256 levels; what is outside 0...1 is clipped."""
    return (planes.clamp(0, 1) * 255).round() / 255


def luma(planes):
    """`[N, 1, H, W]`"""
    r, g, b = planes.unbind(1)
    return (LUMA[0] * r + LUMA[1] * g + LUMA[2] * b)[:, None]


def split_colors(planes):
    """Red, green and blue to luma and the two color differences."""
    y = luma(planes)[:, 0]
    return torch.stack([y, (planes[:, 2] - y) / 1.772, (planes[:, 0] - y) / 1.402], 1)


def join_colors(planes):
    y, blue, red = planes.unbind(1)
    r, b = y + 1.402 * red, y + 1.772 * blue
    return torch.stack([r, (y - LUMA[0] * r - LUMA[2] * b) / LUMA[1], b], 1)


def blur(planes, deviation, largest):
    """A Gaussian cut off at two and a half deviations, a deviation a row, `[N]` in pixels and none
    above `largest`; below 0.2 a row stays as it is. Beyond an edge planes are mirrored, the
    outermost pixels standing once."""
    count, channels, height, width = planes.shape
    radius = min(max(1, math.ceil(2.5 * largest)), height - 1, width - 1)
    places = torch.arange(-radius, radius + 1, device=planes.device, dtype=planes.dtype)
    deviations = deviation[:, None].clamp(min=0.2)
    taps = torch.exp(-places ** 2 / (2 * deviations ** 2))
    taps = taps * (places.abs() <= (2.5 * deviations).ceil().clamp(min=1))
    taps = torch.where(deviation[:, None] < 0.2, (places == 0).to(taps), taps)
    kernel = (taps / taps.sum(1, keepdim=True)).repeat_interleave(channels, 0)
    flat = planes.reshape(1, count * channels, height, width)
    flat = F.pad(flat, [radius] * 4, mode="reflect")
    flat = F.conv2d(flat, kernel[:, None, None, :], groups=count * channels)
    flat = F.conv2d(flat, kernel[:, None, :, None], groups=count * channels)
    return flat.view(planes.shape)


def cubic(x):
    """Keys's kernel with a = -0.5."""
    t = x.abs()
    near = (1.5 * t - 2.5) * t * t + 1
    far = ((-0.5 * t + 2.5) * t - 4) * t + 2
    return torch.where(t <= 1, near, torch.where(t < 2, far, torch.zeros_like(t)))


def resampling(scale, inputs, outputs, smallest):
    """Matrices `[N, outputs, inputs]` that change the scale along one axis, bicubic: pixel centers
    at half-integers, a kernel widened where it gets smaller, mirrored borders.

    scale: `[N]`, an output's extent over an input's, none below `smallest`."""
    scale = scale.double()[:, None, None]
    stretch = scale.clamp(max=1)
    reach = math.ceil(2 / min(1, smallest)) + 1
    places = torch.arange(-reach, inputs + reach, device=scale.device)
    centers = (torch.arange(outputs, device=scale.device)[None, :, None] + 0.5) / scale - 0.5
    weights = cubic((centers - places) * stretch)
    weights = weights / weights.sum(2, keepdim=True).clamp(min=1e-9)
    folded = places % (2 * inputs)
    folded = torch.where(folded < inputs, folded, 2 * inputs - 1 - folded)
    matrix = weights.new_zeros(len(scale), outputs, inputs)
    return matrix.index_add(2, folded, weights).float()


def resample(planes, matrix):
    """Planes in another size, by the same matrix along both axes."""
    matrix = matrix[:, None]
    return matrix @ planes @ matrix.transpose(2, 3)


def shifted(planes, top, left, height, width):
    """Planes with their edges repeated: row n begins `top[n]` above and `left[n]` beside."""
    count, channels, rows_there, columns_there = planes.shape
    y = (torch.arange(height, device=planes.device) - top[:, None]).clamp(0, rows_there - 1)
    x = (torch.arange(width, device=planes.device) - left[:, None]).clamp(0, columns_there - 1)
    planes = planes.gather(
        2, y[:, None, :, None].expand(count, channels, height, columns_there))
    return planes.gather(3, x[:, None, None, :].expand(count, channels, height, width))


def cut(planes, top, left, height, width):
    """The part of every row that begins at `top[n]`, `left[n]`."""
    return shifted(planes, -top, -left, height, width)


def where(condition, a, b):
    """By rows: condition `[N]`."""
    return torch.where(rows(condition), a, b)
