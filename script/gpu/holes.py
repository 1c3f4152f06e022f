"""Fills hidden pixels from the seen ones around them, for all rows at once: push and pull through a
pyramid, smoothed on the way down, as in Sources/Datasets/Damage/Holes/HoleFilling.swift.
"""

import torch
import torch.nn.functional as F

LEVELS = 5
# The pixels' own level is the first.
SMOOTHED_LEVELS = 3
SWEEPS = 2


def sums(plane):
    """Of cells of two by two."""
    height, width = plane.shape[2:]
    plane = F.pad(plane, [0, width % 2, 0, height % 2])
    return 4 * F.avg_pool2d(plane, 2)


def moved(plane, dy, dx):
    """The neighbor's value at every place; 0 beyond an edge."""
    height, width = plane.shape[2:]
    return F.pad(plane, [1] * 4)[:, :, 1 + dy:1 + dy + height, 1 + dx:1 + dx + width]


def enlarged(values, known, height, width):
    """Bilinear between those of the four nearest coarse cells that have a value: the values, and
    where there is one."""
    total, weights = 0, 0
    y = torch.arange(height, device=values.device)
    x = torch.arange(width, device=values.device)
    values = F.pad(values * known, [1] * 4)
    known = F.pad(known, [1] * 4)
    near_rows, near_columns = y // 2 + 1, x // 2 + 1
    far_rows, far_columns = near_rows - 1 + 2 * (y % 2), near_columns - 1 + 2 * (x % 2)
    for rows, row_weight in ((near_rows, 0.75), (far_rows, 0.25)):
        for columns, column_weight in ((near_columns, 0.75), (far_columns, 0.25)):
            weight = row_weight * column_weight
            weights = weights + weight * known[:, :, rows][:, :, :, columns]
            total = total + weight * values[:, :, rows][:, :, :, columns]
    return total / weights.clamp(min=1e-9), (weights > 0).to(values)


def relax(values, known, filled):
    """Every filled cell becomes the mean of its known neighbors: first those whose row and column sum
    to an even number, then the others."""
    height, width = values.shape[2:]
    y = torch.arange(height, device=values.device)[:, None]
    x = torch.arange(width, device=values.device)
    sides = ((-1, 0), (1, 0), (0, -1), (0, 1))
    count = sum(moved(known, *side) for side in sides)
    for color in range(2):
        chosen = filled & ((y + x) % 2 == color) & (count > 0)
        total = sum(moved(values * known, *side) for side in sides)
        values = torch.where(chosen, total / count.clamp(min=1), values)
    return values


def fill(planes, seen):
    """planes: `[N, C, H, W]`; seen: `[N, 1, H, W]`, 0 where a pixel is hidden."""
    weights, values = [seen], [planes * seen]
    for _ in range(LEVELS):
        weights.append(sums(weights[-1]))
        values.append(sums(values[-1]))
    value = values[-1] / weights[-1].clamp(min=1e-9)
    known = (weights[-1] > 0).to(planes)
    for level in reversed(range(LEVELS)):
        own = weights[level] > 0
        above, above_known = enlarged(value, known, *values[level].shape[2:])
        value = torch.where(own, values[level] / weights[level].clamp(min=1e-9), above)
        known = torch.where(own, torch.ones_like(above_known), above_known)
        if level < SMOOTHED_LEVELS:
            for _ in range(SWEEPS):
                value = relax(value, known, ~own & (known > 0))
    return torch.where(known > 0, value, torch.full_like(value, 0.5))
