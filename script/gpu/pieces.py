"""Pieces that sets of photographs lack, drawn over crops: flat areas, gradients, lettering, line art,
screenshots, halftone, bars and frames. As in Sources/Datasets/Damage/Drawing/DrawnPiece.swift.
"""

import math

import torch

import masks
from draw import rows
from filters import blur, eight_bit, where


def paint(planes, color, share):
    """Mixes a color, `[N, 3, 1, 1]`, into planes; share: `[N, 1, H, W]` in 0...1."""
    return planes + share * (color - planes)


def colors(gray, draw):
    """Any color, black and white more often, `[N, 3, 1, 1]`."""
    count = len(gray)
    kind = draw.uniform(count)
    level = torch.where(
        kind < 0.2, 0.0, torch.where(kind < 0.4, 1.0, draw.uniform(count)))
    return where((kind < 0.6) | gray, rows(level).expand(-1, 3, 1, 1), repeated(
        draw.uniform(count, 3, 1, 1), gray))


def repeated(values, gray):
    """The first of three channels for all, in gray rows."""
    return where(gray, values[:, :1].expand_as(values), values)


def papers(gray, draw):
    """Mostly a light color."""
    count = len(gray)
    level = rows(draw.uniform(count, low=0.75, high=1))
    tint = repeated(draw.uniform(count, 3, 1, 1, low=-0.08, high=0.08), gray)
    return where(draw.chance(count, share=0.3), colors(gray, draw), (level + tint).clamp(max=1))


def inks(gray, draw):
    count = len(gray)
    return where(draw.chance(count, share=0.6), torch.zeros(count, 3, 1, 1, device=draw.device),
                 colors(gray, draw))


def grid(planes):
    height, width = planes.shape[2:]
    y = torch.arange(height, device=planes.device, dtype=torch.float32).view(1, 1, -1, 1)
    x = torch.arange(width, device=planes.device, dtype=torch.float32).view(1, 1, 1, -1)
    return y, x


def flat(planes, gray, draw):
    return colors(gray, draw).expand_as(planes)


def gradient(planes, gray, draw):
    count, _, height, width = planes.shape
    y, x = grid(planes)
    angle = rows(draw.uniform(count, high=2 * math.pi))
    place = (x / width - 0.5) * torch.cos(angle) + (y / height - 0.5) * torch.sin(angle)
    share = (0.5 + rows(draw.uniform(count, low=0.1, high=1)) * place).clamp(0, 1)
    return paint(flat(planes, gray, draw), colors(gray, draw), share)


def bars(planes, gray, draw):
    """Letterbox bars or a frame over what is there."""
    count, _, height, width = planes.shape
    y, x = grid(planes)
    depth = rows(2 + draw.integers(count, below=max(3, min(height, width) // 2) - 1))
    sides = rows(1 + draw.integers(count, below=15))
    covered = (((sides & 1 > 0) & (y < depth)) | ((sides & 2 > 0) & (x < depth))
               | ((sides & 4 > 0) & (y >= height - depth)) | ((sides & 8 > 0) & (x >= width - depth)))
    return paint(planes, colors(gray, draw), covered.float())


def halftone(planes, gray, draw):
    """Dots on a turned grid, whose size goes with the crop's brightness."""
    count = len(planes)
    y, x = grid(planes)
    pitch = 3 + draw.integers(count, below=7)
    angle = draw.uniform(count, high=math.pi / 2)
    c, s = rows(torch.cos(angle) / pitch), rows(torch.sin(angle) / pitch)
    u, v = x * c + y * s, y * c - x * s
    distance = ((u - u.round()) ** 2 + (v - v.round()) ** 2).sqrt()
    radius = ((1 - planes.mean(1, keepdim=True)).clamp(min=0) / math.pi).sqrt()
    softness = rows(draw.uniform(count, low=0.05, high=0.3))
    share = ((radius - distance) / softness + 0.5).clamp(0, 1)
    return paint(papers(gray, draw).expand_as(planes), inks(gray, draw), share)


def marks(planes, mask, gray, draw):
    """Marks of a mask in a color, sharp or with soft edges."""
    count = len(planes)
    share = blur(mask.float(), draw.sometimes(count, share=0.6, low=0.3, high=0.8), 0.8)
    return paint(planes, inks(gray, draw), share)


def lettering(planes, gray, draw):
    mask = masks.text(len(planes), *planes.shape[2:], draw)
    return marks(papers(gray, draw).expand_as(planes), mask, gray, draw)


def line_art(planes, gray, draw):
    mask = masks.strokes(len(planes), *planes.shape[2:], draw)
    return marks(papers(gray, draw).expand_as(planes), mask, gray, draw)


def panels(planes, gray, draw):
    """Panels with thin borders and lines of lettering, as on a screen."""
    count, _, height, width = planes.shape
    result = papers(gray, draw).expand_as(planes)
    panel_count = 1 + draw.integers(count, below=4)
    for panel in range(4):
        wide, tall = 8 + draw.integers(count, below=width - 7), 6 + draw.integers(
            count, below=height - 5)
        left = draw.integers(count, below=width) - wide // 2
        top = draw.integers(count, below=height) - tall // 2
        shown = rows(panel < panel_count)
        box = masks.inside(top, left, tall, wide, height, width) & shown
        inner = masks.inside(top + 1, left + 1, tall - 2, wide - 2, height, width) & shown
        result = paint(result, colors(gray, draw), box.float())
        result = paint(result, colors(gray, draw), (box & ~inner).float())
    text = masks.text(count, height, width, draw) & rows(draw.chance(count, share=0.7))
    return marks(result, text, gray, draw)


KINDS = [flat, gradient, bars, halftone, lettering, lettering, line_art, panels]


def draw_over(planes, gray, chosen, draw):
    """Draws over the chosen rows, a NumPy array of their numbers, in place; rounds them to 8 bits."""
    kinds = draw.host.integers(len(KINDS), size=len(chosen))
    for kind in range(len(KINDS)):
        index = torch.as_tensor(chosen[kinds == kind], device=planes.device)
        if len(index):
            planes[index] = eight_bit(KINDS[kind](planes[index], gray[index], draw))
