"""Masks for holes and for lettering: strokes, marks like letters, boxes, borders, single pixels. All
rows are drawn at once: dots are put into a grid, then every dot grows to its breadth. As in
Sources/Datasets/Damage/Holes/MaskCanvas.swift and Drawing/StrokeGlyphs.swift.

A mask is `[N, 1, H, W]`, True where a pixel is hidden.
"""

import math

import torch
import torch.nn.functional as F

from draw import rows

LARGEST_BREADTH = 8
# The extents of a glyph's grid, and the blanks among what is drawn, to one of each glyph.
GLYPH_WIDTH, GLYPH_HEIGHT, BLANKS = 4, 6, 4
# The strokes of every mark, "x y z w" from (x, y) to (z, w), y downwards: capitals made of straight
# strokes, then a round small letter, an n, an r and a dot.
GLYPHS = [
    "0620 2046 1434", "0006 0040 0333 0646", "0006 0040 0333", "0006 4046 0343", "2026",
    "0006 0340 0346", "0006 0646", "0600 0023 2340 4046", "0600 0046 4640",
    "1030 3042 4244 4436 3616 1604 0402 0210", "0006 0030 3041 4133 3303",
    "4110 1002 0244 4436 3605", "0040 2026", "0026 2640", "0016 1622 2236 3640", "0046 0640",
    "0023 4023 2326", "0040 4006 0646", "1333 3344 4436 3616 1604 0413", "0306 0333 3344 4446",
    "1316 1433", "2626"]
STROKES = max(len(glyph.split()) for glyph in GLYPHS)


def glyph_table(device):
    """`[glyphs + BLANKS, STROKES, 4]`, and which of them are there, `[glyphs + BLANKS, STROKES]`."""
    table = torch.zeros(len(GLYPHS) + BLANKS, STROKES, 4)
    there = torch.zeros(len(GLYPHS) + BLANKS, STROKES, dtype=torch.bool)
    for index, glyph in enumerate(GLYPHS):
        for stroke, digits in enumerate(glyph.split()):
            table[index, stroke] = torch.tensor([float(digit) for digit in digits])
            there[index, stroke] = True
    return table.to(device), there.to(device)


def stamp(x, y, breadth, there, height, width):
    """Dots at `[N, D]` places, `breadth` `[N, D]` pixels wide, drawn where `there`: squares up to three
    pixels' breadth, discs beyond."""
    count = len(x)
    margin = LARGEST_BREADTH
    tall, wide = height + 2 * margin, width + 2 * margin
    mask = torch.zeros(count, 1, height, width, dtype=torch.bool, device=x.device)
    left = (x - breadth / 2).round().long() + margin
    top = (y - breadth / 2).round().long() + margin
    inside = there & (left >= 0) & (left < wide) & (top >= 0) & (top < tall)
    row = torch.arange(count, device=x.device)[:, None] * (tall * wide)
    for size in range(1, LARGEST_BREADTH + 1):
        # One number more takes the dots that are not drawn.
        place = torch.where(
            inside & (breadth == size), row + top * wide + left, count * tall * wide)
        corners = torch.zeros(count * tall * wide + 1, device=x.device)
        corners[place.flatten()] = 1
        corners = corners[:-1].view(count, 1, tall, wide)
        offsets = torch.arange(size, device=x.device) + 0.5 - size / 2
        disc = offsets[:, None] ** 2 + offsets ** 2 <= (size / 2) ** 2
        kernel = torch.ones_like(disc) if size <= 3 else disc
        # A pixel is covered by the dots whose corners stand above it and on its left.
        grown = F.conv2d(corners, kernel.float().flip(0, 1)[None, None], padding=size - 1)
        mask |= grown[:, :, margin:margin + height, margin:margin + width] > 0.5
    return mask


def strokes(count, height, width, draw):
    """One to six strokes a row: random walks, from straight scratches to scribbles."""
    longest = 2 * max(12, min(width, height))
    shape = (count, 6, longest)
    there = torch.arange(6, device=draw.device)[None, :, None] <= draw.integers(count, 1, 1, below=6)
    length = 12 + draw.integers(count, 6, 1, below=longest - 11)
    there = there & (torch.arange(longest, device=draw.device) < length)
    breadth = (1 + draw.integers(count, 6, 1, below=8)).expand(shape)
    bend = draw.uniform(count, 6, 1, high=0.3)
    turns = bend * (draw.uniform(*shape) + draw.uniform(*shape) - 1)
    direction = draw.uniform(count, 6, 1, high=2 * math.pi) + turns.cumsum(2)
    x = draw.uniform(count, 6, 1) * width + torch.cos(direction).cumsum(2)
    y = draw.uniform(count, 6, 1) * height + torch.sin(direction).cumsum(2)
    flat = [values.flatten(1) for values in (x, y, breadth, there)]
    return stamp(*flat, height, width)


def text(count, height, width, draw):
    """Lines of marks like letters, of one size a row, one to three pixels thin."""
    breadth = 1 + draw.integers(count, below=3)
    unit = 1 + draw.uniform(count) * breadth
    slope = draw.sometimes(count, share=0.25, low=-0.3, high=0.3)
    advance = GLYPH_WIDTH * unit + breadth + draw.uniform(count, low=1, high=3)
    leading = (GLYPH_HEIGHT * unit + breadth) * draw.uniform(count, low=1.2, high=2.2)
    rise = slope.abs() * width
    top = -draw.uniform(count) * leading - torch.where(slope > 0, rise, 0)
    # As many lines and columns as the smallest marks need.
    lines = math.ceil((height + 0.3 * width) / (1.2 * (GLYPH_HEIGHT + 1))) + 2
    columns = math.ceil(width / (GLYPH_WIDTH + 2)) + 2
    table, there = glyph_table(draw.device)
    glyph = draw.integers(count, lines, columns, below=len(table))
    left = (torch.arange(columns, device=draw.device) - draw.uniform(count, lines, 1)
            ) * advance[:, None, None]
    tops = top[:, None] + torch.arange(lines, device=draw.device) * leading[:, None]
    # [N, lines, columns, strokes, 4]
    parts = table[glyph] * unit[:, None, None, None, None]
    x0, y0, x1, y1 = (parts[..., index] for index in range(4))
    left, tops = left[..., None], tops[:, :, None, None]
    slope = slope[:, None, None, None]
    x0, x1 = left + x0, left + x1
    y0, y1 = tops + y0 + slope * x0, tops + y1 + slope * x1
    steps = math.ceil(GLYPH_HEIGHT * 4)
    share = torch.linspace(0, 1, steps + 1, device=draw.device)
    x = x0[..., None] + (x1 - x0)[..., None] * share
    y = y0[..., None] + (y1 - y0)[..., None] * share
    drawn = there[glyph][..., None].expand(x.shape)
    breadth = breadth.view(-1, 1, 1, 1, 1).expand(x.shape)
    flat = [values.flatten(1) for values in (x, y, breadth, drawn)]
    return stamp(*flat, height, width)


def inside(top, left, tall, wide, height, width):
    """`[N, 1, H, W]`: whether a pixel is in a row's box."""
    y = torch.arange(height, device=top.device).view(1, 1, -1, 1)
    x = torch.arange(width, device=top.device).view(1, 1, 1, -1)
    return ((y >= rows(top)) & (y < rows(top + tall)) & (x >= rows(left))
            & (x < rows(left + wide)))


def boxes(count, height, width, draw):
    """One or two boxes with sides of 8...40 pixels, at most 5/8 of the extents."""
    mask = torch.zeros(count, 1, height, width, dtype=torch.bool, device=draw.device)
    for box in range(2):
        sides = []
        for extent in (height, width):
            largest = max(1, min(40, extent * 5 // 8))
            smallest = min(8, largest)
            sides.append(smallest + draw.integers(count, below=largest - smallest + 1))
        tall, wide = sides
        top = draw.integers(count, below=height) - tall // 2
        left = draw.integers(count, below=width) - wide // 2
        drawn = inside(top, left, tall, wide, height, width)
        mask |= drawn if box == 0 else drawn & rows(draw.chance(count, share=0.5))
    return mask


def borders(count, height, width, draw):
    """One to three sides, 8...32 pixels deep, at most 3/8 of the extents."""
    sides = 1 + draw.integers(count, below=3)
    first = draw.integers(count, below=4)
    mask = torch.zeros(count, 1, height, width, dtype=torch.bool, device=draw.device)
    y = torch.arange(height, device=draw.device).view(1, 1, -1, 1)
    x = torch.arange(width, device=draw.device).view(1, 1, 1, -1)
    for side in range(4):
        extent = height if side % 2 == 0 else width
        largest = max(1, min(32, extent * 3 // 8))
        smallest = min(8, largest)
        depth = rows(smallest + draw.integers(count, below=largest - smallest + 1))
        part = [y < depth, x < depth, y >= height - depth, x >= width - depth][side]
        mask |= part & rows((side - first) % 4 < sides)
    return mask


def pixels(count, height, width, draw):
    """Every pixel with a probability of 0.1...0.95."""
    share = rows(draw.uniform(count, low=0.1, high=0.95))
    return draw.uniform(count, 1, height, width) < share


def show_one(mask, draw):
    """Shows a pixel of the rows of which all are hidden."""
    flat = mask.flatten(1)
    chosen = draw.integers(len(mask), 1, below=flat.shape[1])
    shown = flat.scatter(1, chosen, False)
    return torch.where(flat.all(1, keepdim=True), shown, flat).view(mask.shape)
