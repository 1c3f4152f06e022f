#!/usr/bin/env python3
"""Puts what script/demo made of photographs into photographs.png, before above, after below, and into
real.png, before on the left, pixel by pixel.

    script/demo && python3 Documentation/images/make_photographs.py
"""

import pathlib

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES, DEMO = ROOT / "samples/photographs", ROOT / "demo"
HEIGHT, GAP = 200, 8

jobs = [
    (SAMPLES / "chelsea-noisy-25.png", DEMO / "chelsea-denoised.png"),
    (SAMPLES / "coffee-scratched.png", DEMO / "coffee-repaired.png"),
    (SAMPLES / "astronaut-small.png", DEMO / "astronaut-large.png"),
]

columns = []
for before, after in jobs:
    after = Image.open(after).convert("RGB")
    before = Image.open(before).convert("RGB")
    # A small picture is shown as large as its result, pixel by pixel.
    before = before.resize(after.size, Image.Resampling.NEAREST)
    left, top = (after.width - min(after.width, 300)) // 2, (after.height - HEIGHT) // 2
    box = (left, top, left + min(after.width, 300), top + HEIGHT)
    columns.append((before.crop(box), after.crop(box)))
width = sum(before.width for before, _ in columns) + GAP * (len(columns) - 1)
sheet = Image.new("RGB", (width, 2 * HEIGHT + GAP), "white")
x = 0
for before, after in columns:
    sheet.paste(before, (x, 0))
    sheet.paste(after, (x, HEIGHT + GAP))
    x += before.width + GAP
sheet.save(pathlib.Path(__file__).parent / "photographs.png", optimize=True)

halves = [Image.open(path).convert("RGB").crop((120, 50, 420, 350))
          for path in (SAMPLES / "hopper.jpg", DEMO / "hopper-denoised.png")]
pair = Image.new("RGB", (2 * 300 + GAP, 300), "white")
for number, half in enumerate(halves):
    pair.paste(half, (number * (300 + GAP), 0))
pair.save(pathlib.Path(__file__).parent / "real.png", optimize=True)
