"""Clean pictures that no camera took, drawn by rule: screens, line art, sprites, halftone. Each is
uint8-valued float64, [H, W, 3]; equal calls give equal pictures."""

import numpy
from PIL import Image, ImageDraw, ImageFont


def all_pictures():
    makers = [screen, dialog, terminal, line_art, sprite, comic, halftone, chart, bars, night]
    return {maker.__name__: numpy.asarray(maker(), numpy.float64) for maker in makers}


def canvas(color, size=(320, 240)):
    image = Image.new("RGB", size, color)
    return image, ImageDraw.Draw(image)


def text(draw, place, words, fill, size=12):
    draw.text(place, words, fill=fill, font=ImageFont.load_default(size))


def screen():
    image, draw = canvas((236, 236, 240))
    draw.rectangle((0, 0, 319, 22), fill=(52, 58, 70))
    for index, word in enumerate(["File", "Edit", "View", "Help"]):
        text(draw, (8 + 46 * index, 4), word, (230, 230, 230))
    for row in range(12):
        draw.rectangle((8, 32 + 16 * row, 311, 44 + 16 * row),
                       fill=(255, 255, 255) if row % 2 else (246, 248, 252))
        text(draw, (12, 31 + 16 * row), f"row {row}: a value of {row * 37 % 101}", (30, 30, 30), 11)
    return image


def dialog():
    image, draw = canvas((0, 120, 130))
    draw.rounded_rectangle((50, 50, 270, 180), 8, fill=(250, 250, 250), outline=(90, 90, 90))
    text(draw, (66, 66), "Save the changes?", (20, 20, 20), 16)
    for left, word in ((70, "Cancel"), (170, "Save")):
        draw.rounded_rectangle((left, 140, left + 80, 166), 5, fill=(225, 228, 235),
                               outline=(140, 140, 150))
        text(draw, (left + 18, 145), word, (20, 20, 60))
    return image


def terminal():
    image, draw = canvas((12, 12, 16))
    for row in range(15):
        text(draw, (6, 4 + 15 * row), f"$ make -j{row}  # step {row * row}",
             [(80, 220, 90), (220, 220, 220), (230, 180, 60)][row % 3])
    return image


def line_art():
    image, draw = canvas((255, 255, 255))
    for index in range(24):
        draw.line((10, 10 + 9 * index, 310, 230 - 9 * index), fill=(0, 0, 0), width=1)
    draw.ellipse((90, 50, 230, 190), outline=(0, 0, 0), width=2)
    draw.arc((30, 30, 290, 210), 20, 200, fill=(0, 0, 0), width=3)
    return image


def sprite():
    random = numpy.random.default_rng(5)
    palette = numpy.array([[0, 0, 0], [255, 255, 255], [200, 60, 40], [50, 110, 200],
                           [250, 200, 60], [40, 150, 70]])
    half = palette[random.integers(0, 6, (32, 16))]
    whole = numpy.concatenate([half, half[:, ::-1]], 1)
    return whole.repeat(6, 0).repeat(6, 1)


def comic():
    image, draw = canvas((250, 224, 130))
    draw.ellipse((40, 30, 170, 200), fill=(245, 190, 150), outline=(0, 0, 0), width=3)
    draw.polygon([(180, 210), (250, 60), (310, 215)], fill=(210, 50, 60), outline=(0, 0, 0))
    draw.ellipse((70, 80, 95, 105), fill=(255, 255, 255), outline=(0, 0, 0), width=2)
    draw.rounded_rectangle((170, 8, 312, 52), 12, fill=(255, 255, 255), outline=(0, 0, 0), width=2)
    text(draw, (186, 18), "Not again!", (0, 0, 0), 18)
    return image


def halftone():
    y, x = numpy.mgrid[0:240, 0:320]
    u, v = (x + y) / 9, (x - y) / 9
    distance = numpy.hypot(u - numpy.round(u), v - numpy.round(v))
    radius = 0.15 + 0.45 * x / 320
    return numpy.repeat(numpy.where(distance < radius, 0, 255)[..., None], 3, 2)


def chart():
    image, draw = canvas((255, 255, 255))
    for step in range(6):
        draw.line((40, 20 + 36 * step, 310, 20 + 36 * step), fill=(220, 220, 220))
        text(draw, (8, 13 + 36 * step), str(100 - 20 * step), (90, 90, 90), 11)
    heights = [60, 120, 90, 170, 40, 150]
    for index, height in enumerate(heights):
        draw.rectangle((50 + 42 * index, 200 - height, 80 + 42 * index, 200),
                       fill=[(66, 133, 244), (219, 68, 55), (244, 180, 0)][index % 3])
    return image


def bars():
    """A smooth scene between black bars."""
    y, x = numpy.mgrid[0:240, 0:320]
    scene = numpy.stack([90 + 60 * x / 320, 110 + 50 * y / 240, 150 - 40 * x / 320], 2).round()
    scene[:36] = scene[-36:] = 0
    return scene


def night():
    """Dark, with lamps."""
    y, x = numpy.mgrid[0:240, 0:320]
    scene = numpy.zeros((240, 320, 3)) + [6, 7, 12]
    for left, top in ((60, 80), (170, 50), (260, 130)):
        glow = numpy.exp(-((x - left) ** 2 + (y - top) ** 2) / 200)
        scene += glow[..., None] * [230, 200, 130]
    return numpy.clip(scene.round(), 0, 255)
