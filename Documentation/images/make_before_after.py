#!/usr/bin/env python3
"""Puts what script/demo wrote into before-after.png: before, after and the original of each job,
and below them the strip.

    script/demo && python3 Documentation/images/make_before_after.py
"""

import pathlib

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES, DEMO = ROOT / "samples/fashion", ROOT / "demo"
SCALE, GAP = 3, 8

rows = [
    [SAMPLES / f"{name}-noisy-100.png", DEMO / f"{name}-denoised.png", SAMPLES / f"{name}.png"]
    for name in ("ankle-boot", "dress")
] + [
    [SAMPLES / f"{name}-hidden.png", DEMO / f"{name}-filled.png", SAMPLES / f"{name}.png"]
    for name in ("pullover", "bag")
]


def enlarged(path):
    picture = Image.open(path).convert("RGB")
    return picture.resize((picture.width * SCALE, picture.height * SCALE), Image.Resampling.NEAREST)


strip = enlarged(DEMO / "boot-to-sneaker.png")
pictures = [[enlarged(path) for path in row] for row in rows]
side = pictures[0][0].width
# Two jobs beside each other in each of two lines.
width = max(6 * side + 7 * GAP, strip.width + 2 * GAP)
sheet = Image.new("RGB", (width, 2 * side + strip.height + 4 * GAP), "white")
for index, row in enumerate(pictures):
    line, half = divmod(index, 2)
    for column, picture in enumerate(row):
        x = (width - 6 * side - 5 * GAP) // 2 + (3 * half + column) * (side + GAP)
        sheet.paste(picture, (x, GAP + line * (side + GAP)))
sheet.paste(strip, ((width - strip.width) // 2, 2 * side + 3 * GAP))
sheet.save(pathlib.Path(__file__).parent / "before-after.png", optimize=True)
