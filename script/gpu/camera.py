"""What a camera does to light until a file lies on its card, for all rows at once: the same chain as
in Sources/Datasets/Damage/Noise/CameraDamage.swift and ColorFilterArray.swift.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from draw import rows
from filters import blur, join_colors, resample, resampling, split_colors, where

# A row whose sensor is larger than its picture is worked on at this many times the picture's extents.
LARGEST_SCALE = 2
# Deviations in pixels of what smooths a picture in the camera.
LARGEST_LUMA_SMOOTHING, LARGEST_CHROMA_SMOOTHING = 1.3, 3.5


@dataclass
class Camera:
    """One of `[N]` a row."""

    # Of the tone curve, v = light^(1 / gamma).
    gamma: torch.Tensor
    # `[N, 3]`: what a channel of light is multiplied by to become the picture's.
    gain: torch.Tensor
    # How many rows and columns, 0 or 1, the corner stands from a red pixel's.
    top: torch.Tensor
    left: torch.Tensor
    # Whether the mosaic is undone as Malvar, He and Cutler 2004 do it, or bilinearly.
    malvar: torch.Tensor
    # The variance of the noise per unit of light, and in the dark.
    shot: torch.Tensor
    read: torch.Tensor
    # Deviations in pixels.
    luma_smoothing: torch.Tensor
    chroma_smoothing: torch.Tensor
    # How much of what a blur of one pixel takes is added.
    sharpening: torch.Tensor
    # Gray rows have a sensor without filters.
    gray: torch.Tensor

    @staticmethod
    def random(gray, draw):
        count = len(gray)
        exposure = torch.exp(draw.uniform(count, low=-0.7, high=0.1))
        balance = torch.stack([
            draw.uniform(count, low=1.4, high=2.4), torch.ones_like(exposure),
            draw.uniform(count, low=1.3, high=2.2)], 1)
        balance = torch.where(gray[:, None], torch.ones_like(balance), balance)
        shot = draw.logarithmic(count, low=1e-4, high=2e-2)
        return Camera(
            gamma=draw.uniform(count, low=1.8, high=2.6), gain=balance / exposure[:, None],
            top=draw.integers(count, below=2), left=draw.integers(count, below=2),
            malvar=draw.chance(count, share=0.6), shot=shot,
            read=torch.exp(2.18 * torch.log(shot) + 1.2 + 0.26 * draw.normal(count)),
            luma_smoothing=draw.sometimes(count, share=0.7, low=0, high=LARGEST_LUMA_SMOOTHING),
            chroma_smoothing=draw.sometimes(count, share=0.8, low=0, high=LARGEST_CHROMA_SMOOTHING),
            sharpening=draw.sometimes(count, share=0.4, low=0, high=1), gray=gray)

    def expose(self, scene, draw):
        """`[N, 3, H, W]` in 0...1 to the pictures without noise and with it."""
        gain = self.gain[:, :, None, None]
        light = scene.clamp(1e-4, 1) ** rows(self.gamma) / gain
        filters = filter_array(self.top, self.left, *scene.shape[2:])
        sensor = where(self.gray, light, (light * filters).sum(1, keepdim=True).expand_as(light))
        sensor = sensor[:, :1]
        variance = rows(self.shot) * sensor + rows(self.read)
        noisy = sensor + draw.normal(*sensor.shape) * variance.sqrt()
        return self.develop(sensor, filters), self.develop(noisy, filters)

    def develop(self, sensor, filters):
        planes = demosaic(sensor, filters, self.malvar)
        planes = where(self.gray, sensor.expand_as(planes), planes)
        planes = (planes * self.gain[:, :, None, None]).clamp(0, 1) ** (1 / rows(self.gamma))
        planes = split_colors(planes)
        luma = blur(planes[:, :1], self.luma_smoothing, LARGEST_LUMA_SMOOTHING)
        chroma = blur(planes[:, 1:], self.chroma_smoothing, LARGEST_CHROMA_SMOOTHING)
        luma = luma + rows(self.sharpening) * (
            luma - blur(luma, torch.ones_like(self.sharpening), 1))
        return join_colors(torch.cat([luma, chroma], 1)).clamp(0, 1)


def filter_array(top, left, height, width):
    """`[N, 3, H, W]`: 1 in the plane that a place of a Bayer mosaic measures."""
    y = torch.arange(height, device=top.device)[None, :, None] + top[:, None, None]
    x = torch.arange(width, device=top.device)[None, None, :] + left[:, None, None]
    channel = y % 2 + x % 2
    return torch.stack([channel == index for index in range(3)], 1).float()


def demosaic(sensor, filters, malvar):
    """`[N, 1, H, W]` to `[N, 3, H, W]`, by the formulas of figure 2 of Malvar, He and Cutler 2004 where
    `malvar`, `[N]`, says so, and by the mean of the nearest neighbors elsewhere."""
    height, width = sensor.shape[2:]
    wide = F.pad(sensor, [2] * 4, mode="reflect")

    def at(dy, dx):
        return wide[:, :, 2 + dy:2 + dy + height, 2 + dx:2 + dx + width]

    beside, above = at(0, -1) + at(0, 1), at(-1, 0) + at(1, 0)
    far_beside, far_above = at(0, -2) + at(0, 2), at(-2, 0) + at(2, 0)
    diagonal = at(-1, -1) + at(-1, 1) + at(1, -1) + at(1, 1)
    choice = rows(malvar)

    def either(corrected, mean):
        return torch.where(choice, corrected, mean)

    green = either((4 * sensor + 2 * (beside + above) - far_beside - far_above) / 8,
                   (beside + above) / 4)
    # Of a green place: the color that its row holds, and the one that its column holds.
    row_color = either((5 * sensor + 4 * beside - diagonal - far_beside + far_above / 2) / 8,
                       beside / 2)
    column_color = either((5 * sensor + 4 * above - diagonal - far_above + far_beside / 2) / 8,
                          above / 2)
    opposite = either((6 * sensor + 2 * diagonal - 1.5 * (far_beside + far_above)) / 8,
                      diagonal / 4)
    is_red, is_green, is_blue = (filters[:, index:index + 1] > 0 for index in range(3))
    # The rows of red pixels: those in which a red one stands beside.
    is_red_row = is_red.any(3, keepdim=True)
    red = torch.where(is_red, sensor, torch.where(
        is_blue, opposite, torch.where(is_red_row, row_color, column_color)))
    blue = torch.where(is_blue, sensor, torch.where(
        is_red, opposite, torch.where(is_red_row, column_color, row_color)))
    return torch.cat([red, torch.where(is_green, sensor, green), blue], 1)


def expose(clean, gray, draw, scaled_share=0.25):
    """Takes pieces `[N, 3, S, S]` twice, without noise and with: `(clean, noisy)`. The sensors of some
    are up to twice as large in each direction."""
    count = len(clean)
    is_scaled = draw.host.random(count) < scaled_share
    results = [torch.empty_like(clean), torch.empty_like(clean)]
    for chosen in (~is_scaled, is_scaled):
        if not chosen.any():
            continue
        index = torch.as_tensor(chosen.nonzero()[0], device=clean.device)
        camera, scene = Camera.random(gray[index], draw), clean[index]
        if chosen is is_scaled:
            scale = draw.uniform(len(index), low=1, high=LARGEST_SCALE)
            side = scene.shape[2]
            scene = resample(scene, resampling(scale, side, LARGEST_SCALE * side, 1))
            down = resampling(1 / scale, LARGEST_SCALE * side, side, 1 / LARGEST_SCALE)
            pair = [resample(planes, down).clamp(0, 1) for planes in camera.expose(scene, draw)]
        else:
            pair = camera.expose(scene, draw)
        for result, planes in zip(results, pair):
            result[index] = planes
    return results
