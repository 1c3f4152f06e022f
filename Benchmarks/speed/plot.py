"""Plots on logarithmic axes as SVG, written without a plotting library."""

import math

WIDTH, HEIGHT = 300, 280
LEFT, RIGHT, TOP, BOTTOM = 54, 14, 40, 40


def panels(series):
    """Side by side: a title and points (x, y) each, with a dashed line of proportion."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * len(series)}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH * len(series)} {HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH * len(series)}" height="{HEIGHT}" fill="#ffffff"/>']
    for index, (title, points) in enumerate(series):
        parts += [f'<g transform="translate({index * WIDTH} 0)">', *panel(title, points), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def panel(title, points):
    xs, ys = zip(*points)
    across = Axis(min(xs), max(xs), LEFT, WIDTH - RIGHT)
    up = Axis(min(ys), max(ys), HEIGHT - BOTTOM, TOP)
    frame = (f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" '
             f'height="{HEIGHT - TOP - BOTTOM}" fill="none" stroke="#444444"/>')
    parts = [f'<text x="{WIDTH / 2}" y="{TOP - 16}" text-anchor="middle">{title}</text>', frame]
    for value in across.ticks():
        x = across.place(value)
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#dddddd"/>'
                     f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
                     f'{label(value)}</text>')
    for value in up.ticks():
        y = up.place(value)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
                     f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
                     f'{label(value)}</text>')
    # Through the largest point, as far as the axes go.
    first = max(across.low, xs[-1] * up.low / ys[-1])
    parts.append(
        f'<path d="M{across.place(first):.1f} {up.place(first * ys[-1] / xs[-1]):.1f}'
        f'L{across.place(xs[-1]):.1f} {up.place(ys[-1]):.1f}" stroke="#888888" '
        'stroke-dasharray="5 4"/>')
    places = [(across.place(x), up.place(y)) for x, y in points]
    parts.append('<polyline fill="none" stroke="#1f5fa8" stroke-width="1.5" points="'
                 + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
    return parts + [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1f5fa8"/>'
                    for x, y in places]


class Axis:
    """Pixels from begin to end for values from low to high, with a little room."""

    def __init__(self, low, high, begin, end):
        self.low, self.high = low / 1.15, high * 1.15
        self.begin, self.end = begin, end

    def place(self, value):
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.begin + share * (self.end - self.begin)

    def ticks(self):
        """Powers of ten, with twos and fives between where these are few."""
        exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for steps in ([1], [1, 3], [1, 2, 5]):
            found = [step * 10.0**e for e in exponents for step in steps
                     if self.low <= step * 10.0**e <= self.high]
            if len(found) > 3:
                break
        return found


def label(value):
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e4 else f"{value:g}"
