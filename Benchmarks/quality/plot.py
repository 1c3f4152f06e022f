"""Calibration plots as SVG, written without a plotting library."""

import math

SIZE = 420
MARGIN = 56


def calibration(bins, title):
    """Predicted deviation against the root mean square of the error, on logarithmic axes.

    bins: array [N, 2], on the 0-255 scale. A calibrated prediction lies on the diagonal.
    """
    values = [value for value in bins.ravel() if value > 0]
    low = math.floor(4 * math.log2(min(values))) / 4
    high = max(math.ceil(4 * math.log2(max(values))) / 4, low + 1)

    def place(value):
        """Pixels from the left; from the bottom too."""
        share = (math.log2(max(value, 2**low)) - low) / (high - low)
        return MARGIN + share * (SIZE - 2 * MARGIN)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" '
        f'viewBox="0 0 {SIZE} {SIZE}" font-family="sans-serif" font-size="12">',
        f'<rect width="{SIZE}" height="{SIZE}" fill="#ffffff"/>',
    ]
    end = SIZE - MARGIN
    for exponent in range(math.ceil(low), math.floor(high) + 1):
        tick = place(2.0**exponent)
        parts += [
            f'<path d="M{tick:.1f} {MARGIN}V{end}M{MARGIN} {SIZE - tick:.1f}H{end}" '
            'stroke="#dddddd"/>',
            f'<text x="{tick:.1f}" y="{end + 18}" text-anchor="middle">{2.0**exponent:g}</text>',
            f'<text x="{MARGIN - 8}" y="{SIZE - tick + 4:.1f}" text-anchor="end">'
            f'{2.0**exponent:g}</text>',
        ]
    parts += [
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIZE - 2 * MARGIN}" '
        f'height="{SIZE - 2 * MARGIN}" fill="none" stroke="#444444"/>',
        f'<path d="M{MARGIN} {end}L{end} {MARGIN}" stroke="#888888" stroke-dasharray="5 4"/>',
    ]
    points = [(place(x), SIZE - place(y)) for x, y in bins if x > 0 and y > 0]
    parts.append('<polyline fill="none" stroke="#1f5fa8" stroke-width="1.5" points="'
                 + " ".join(f"{x:.1f},{y:.1f}" for x, y in points) + '"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#1f5fa8"/>' for x, y in points]
    middle = SIZE / 2
    parts += [
        f'<text x="{middle}" y="{MARGIN - 20}" text-anchor="middle" font-size="14">{title}</text>',
        f'<text x="{middle}" y="{SIZE - 14}" text-anchor="middle">predicted deviation, of 255'
        '</text>',
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
        'root mean square of the error</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
