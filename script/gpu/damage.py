"""Mixtures of damage, drawn for a pool of pieces at once on the device: the same kinds and shares as
in Sources/Datasets/Damage/DamageMixture.swift and DamageSampler.swift. The numbers drawn are others,
their distributions the same.
"""

from dataclasses import dataclass, field

import torch

import camera
import grain
import holes
import masks
import pieces
from draw import rows
from filters import (
    blur, cut, eight_bit, join_colors, luma, resample, resampling, shifted, split_colors, where)
from hierarchical import BASIS, MAPS
from jpeg import compress_some

SEEN, LUMA_NOISE, CHROMA_NOISE, SCALE, JPEG = range(MAPS)
# What both noise maps are where the noise's level is unknown.
UNKNOWN = -0.1
# Noise levels on the scale 0...1.
LARGEST_LEVEL = 55 / 255
LARGEST_MASK_LEVEL = 25 / 255
# The share of pieces with hidden pixels whose seen pixels have light noise.
NOISY_MASK_SHARE = 0.12
# By how much color is smoothed where it is, in pixels.
COLOR_SMOOTHING = (0.4, 1.6)
# How far what is told of noise may be from the measured level: mean and deviation of the factor's
# logarithm. White noise is estimated well; that of files tends to be taken for less than it is.
WHITE_SPREAD = (0.03, 0.1)
FILE_SPREAD = (-0.2, 0.3)


@dataclass
class Mixture:
    # Probabilities of the kinds, which sum to one.
    shares: dict
    # Of pieces that are made gray, whatever their damage.
    gray: float = 0
    # Of noisy pieces that are rounded to 8 bits, as files are.
    rounded: float = 0
    # Of the bound's pieces that are hidden altogether.
    hidden: float = 0.5
    # Of pieces that are drawn over.
    drawn: float = 0
    # Of color pieces whose color is smoothed.
    smooth: float = 0
    # Of pieces with noise of a measured level that are told as UNKNOWN.
    unknown: float = 0


MIXTURES = {
    "photograph": Mixture({
        "gaussian_noise": 0.45, "signal_dependent_noise": 0.03, "gray_noise": 0.01, "jpeg": 0.05,
        "scale_2": 0.04, "scale_3": 0.02, "scale_4": 0.05, "random_pixels": 0.22, "strokes": 0.04,
        "text": 0.04, "boxes": 0.03, "borders": 0.02}, gray=1 / 6, rounded=0.15, smooth=0.7),
    "denoise": Mixture({
        "gaussian_noise": 0.48, "signal_dependent_noise": 0.02, "gray_noise": 0.01, "camera": 0.17,
        "grain": 0.07, "noise_then_jpeg": 0.04, "jpeg": 0.16, "impulses": 0.02, "none": 0.03},
        gray=1 / 4, rounded=0.3, hidden=0, drawn=0.08, smooth=0.7, unknown=0.08),
    "missing": Mixture({
        "scale_2": 0.15, "scale_3": 0.15, "scale_4": 0.12, "random_pixels": 0.28, "strokes": 0.08,
        "text": 0.08, "boxes": 0.05, "borders": 0.03, "gaussian_noise": 0.05, "jpeg": 0.01},
        gray=1 / 6, rounded=0.15, smooth=0.7),
    "noise": Mixture({"gaussian_noise": 1}),
}


@dataclass
class Pool:
    """Pieces of one kind, or of all: `[N, ...]`."""

    # What is to come out, `[N, 3, S, S]`.
    clean: torch.Tensor
    # `[N, 3, S, S]`
    observation: torch.Tensor
    # `[N, MAPS, S, S]`
    maps: torch.Tensor
    # `[N]`: rows whose three channels are equal.
    gray: torch.Tensor
    # Numbers of the kinds, on the host.
    kinds: object = field(default=None)

    @staticmethod
    def observed(clean, gray):
        maps = clean.new_zeros(len(clean), MAPS, *clean.shape[2:])
        maps[:, SEEN] = 1
        return Pool(clean, clean, maps, gray)

    def tell(self, channel, values):
        """values: `[N]`"""
        self.maps[:, channel] = values.view(-1, 1, 1)

    def tell_noise(self, level):
        """White noise, in gray rows the same in all channels; level: `[N]`."""
        self.tell(LUMA_NOISE, torch.where(self.gray, level * 3 ** 0.5, level))
        self.tell(CHROMA_NOISE, torch.where(self.gray, 0, level))

    def tell_measured(self, chosen, unknown_share, draw, spread=WHITE_SPREAD):
        """Tells the chosen rows the level of what the observation differs by, not quite exactly, as an
        estimate is; or that it is unknown."""
        count = len(chosen)
        noise = torch.einsum(
            "ij,njhw->nihw", BASIS.to(self.clean), self.observation - self.clean)
        squares = noise.square().mean((2, 3))
        factor = torch.exp(spread[0] + spread[1] * draw.normal(count))
        is_unknown = draw.chance(count, share=unknown_share)
        for channel, square in ((LUMA_NOISE, squares[:, 0]), (CHROMA_NOISE, squares[:, 1:].mean(1))):
            level = torch.where(is_unknown, UNKNOWN, factor * square.sqrt()).view(-1, 1, 1)
            self.maps[:, channel] = torch.where(
                chosen.view(-1, 1, 1), level, self.maps[:, channel])

    def add_noise(self, level, draw):
        self.observation = self.clean + rows(level) * draw.noise_like(self.clean, self.gray)
        self.tell_noise(level)

    def round_some(self, mixture, draw):
        """Where levels may be unknown those of rounded rows have to be measured."""
        chosen = draw.chance(len(self.clean), share=mixture.rounded)
        self.observation = where(chosen, eight_bit(self.observation), self.observation)
        if mixture.unknown > 0:
            self.tell_measured(chosen, mixture.unknown, draw)

    def save(self, mixture, draw, jpeg_share, qualities):
        """Makes the observation a file's: JPEG, whose quality is told more often than not, or
        rounding."""
        count = len(self.clean)
        chosen = draw.chance(count, share=jpeg_share)
        self.observation, quality = compress_some(
            eight_bit(self.observation), chosen, draw, qualities, subsampling=0.5)
        told = chosen & draw.chance(count, share=0.6)
        self.tell(JPEG, torch.where(told, (100 - quality) / 100, 0))
        self.tell_measured(torch.ones_like(chosen), mixture.unknown, draw, FILE_SPREAD)

    def hide(self, mask):
        """Hides pixels, `[N, 1, H, W]`, and fills them."""
        seen = 1 - mask.float()
        self.observation = holes.fill(self.observation, seen)
        self.maps[:, SEEN] = seen[:, 0]
        self.maps[:, LUMA_NOISE:CHROMA_NOISE + 1] *= seen


def gaussian_noise(pool, mixture, draw):
    pool.add_noise(draw.uniform(len(pool.clean), high=LARGEST_LEVEL), draw)
    pool.round_some(mixture, draw)


def gray_noise(pool, mixture, draw):
    """The same noise in all channels."""
    level = draw.uniform(len(pool.clean), high=LARGEST_LEVEL)
    noise = draw.normal(len(level), 1, *pool.clean.shape[2:])
    pool.observation = pool.clean + rows(level) * noise
    pool.tell(LUMA_NOISE, level * 3 ** 0.5)
    pool.round_some(mixture, draw)


def signal_dependent_noise(pool, mixture, draw):
    """Of the variance gain * x + offset^2 at a value x."""
    count = len(pool.clean)
    gain = rows(draw.logarithmic(count, low=0.0005, high=0.03))
    offset = rows(draw.uniform(count, low=1, high=15) / 255)

    def variance(planes):
        return gain * planes.clamp(0, 1) + offset ** 2

    pool.observation = pool.clean + variance(pool.clean).sqrt() * draw.noise_like(
        pool.clean, pool.gray)
    # The map is computed from the observation, as it has to be where there is nothing else, or not.
    source = where(draw.chance(count, share=0.5), pool.observation, pool.clean)
    level = variance(source).mean(1).sqrt()
    gray = pool.gray.view(-1, 1, 1)
    pool.maps[:, LUMA_NOISE] = torch.where(gray, level * 3 ** 0.5, level)
    pool.maps[:, CHROMA_NOISE] = torch.where(gray, 0, level)
    pool.round_some(mixture, draw)


def camera_noise(pool, mixture, draw):
    pool.clean, pool.observation = camera.expose(pool.clean, pool.gray, draw)
    pool.save(mixture, draw, 0.7, (60, 100))


def film_grain(pool, mixture, draw):
    pool.observation = grain.add_grain(pool.clean, pool.gray, draw)
    pool.save(mixture, draw, 0.6, (60, 100))


def noise_then_jpeg(pool, mixture, draw):
    pool.add_noise(draw.uniform(len(pool.clean), high=LARGEST_MASK_LEVEL), draw)
    pool.save(mixture, draw, 1, (50, 90))


def jpeg(pool, mixture, draw):
    count = len(pool.clean)
    every = torch.ones(count, dtype=torch.bool, device=draw.device)
    pool.observation, quality = compress_some(pool.clean, every, draw, (10, 95), subsampling=None)
    pool.tell(JPEG, (100 - quality) / 100)
    if mixture.unknown > 0:
        pool.tell_measured(draw.chance(count, share=0.5), mixture.unknown, draw)


def impulses(pool, mixture, draw):
    count = len(pool.clean)
    pool.add_noise(draw.uniform(count, high=LARGEST_MASK_LEVEL), draw)
    pool.observation = eight_bit(pool.observation)
    pool.tell_measured(torch.ones_like(pool.gray), mixture.unknown, draw)
    share = draw.logarithmic(count, low=1e-3, high=4e-2)
    pool.observation, hit = grain.add_impulses(pool.observation, pool.gray, share, draw)
    # Of those that are known one in twenty is overlooked.
    known = hit & rows(draw.chance(count, share=0.7)) & draw.chance(*hit.shape, share=0.95)
    pool.hide(known)


def no_damage(pool, mixture, draw):
    pool.tell_measured(torch.ones_like(pool.gray), mixture.unknown, draw)


def reduction(scale):
    """By a whole number and enlarged again, as a part of a picture whose extents the scale divides."""
    def reduce(pool, mixture, draw):
        count, _, height, width = pool.clean.shape
        # Of scales that divide the strides of networks a small pixel always begins with the piece.
        phases = 1 if scale & (scale - 1) == 0 else scale
        top, left = draw.integers(count, below=phases), draw.integers(count, below=phases)
        side = -(-(max(height, width) + phases - 1) // scale) * scale
        large = shifted(pool.clean, top, left, side, side)
        factor = torch.tensor([float(scale)], device=draw.device)
        small = eight_bit(resample(large, resampling(1 / factor, side, side // scale, 1 / scale)))
        large = resample(small, resampling(factor, side // scale, side, scale))
        pool.observation = cut(large, top, left, height, width)
        pool.tell(SCALE, torch.log2(factor).expand(count) / 2)
    return reduce


def hidden(shape):
    def hide(pool, mixture, draw):
        count, _, height, width = pool.clean.shape
        noisy = draw.chance(count, share=NOISY_MASK_SHARE)
        pool.add_noise(draw.uniform(count, high=LARGEST_MASK_LEVEL) * noisy, draw)
        rounded = draw.chance(count, share=mixture.rounded) & noisy
        pool.observation = where(rounded, eight_bit(pool.observation), pool.observation)
        if mixture.unknown > 0:
            pool.tell_measured(rounded, mixture.unknown, draw)
        pool.hide(masks.show_one(shape(count, height, width, draw), draw))
    return hide


KINDS = {
    "gaussian_noise": gaussian_noise, "signal_dependent_noise": signal_dependent_noise,
    "gray_noise": gray_noise, "jpeg": jpeg, "camera": camera_noise, "grain": film_grain,
    "noise_then_jpeg": noise_then_jpeg, "impulses": impulses, "none": no_damage,
    "scale_2": reduction(2), "scale_3": reduction(3), "scale_4": reduction(4),
    "random_pixels": hidden(masks.pixels), "strokes": hidden(masks.strokes),
    "text": hidden(masks.text), "boxes": hidden(masks.boxes), "borders": hidden(masks.borders),
}


def damage(clean, mixture, draw):
    """Damages pieces `[N, 3, S, S]` in 0...1, each by a kind that is drawn. Rows of one kind are drawn
    together and then stand where they stood."""
    count = len(clean)
    names = list(mixture.shares)
    kinds = draw.host.choice(len(names), size=count, p=list(mixture.shares.values()))
    gray = draw.chance(count, share=mixture.gray)
    clean = where(gray, eight_bit(luma(clean)).expand_as(clean), clean)
    clean = smoothed(clean, gray, mixture.smooth, draw)
    drawn = (draw.host.random(count) < mixture.drawn).nonzero()[0]
    if len(drawn):
        pieces.draw_over(clean, gray, drawn, draw)
    result = Pool(
        torch.empty_like(clean), torch.empty_like(clean),
        clean.new_empty(count, MAPS, *clean.shape[2:]), gray, kinds)
    for number, name in enumerate(names):
        chosen = (kinds == number).nonzero()[0]
        if len(chosen) == 0:
            continue
        index = torch.as_tensor(chosen, device=clean.device)
        part = Pool.observed(clean[index], gray[index])
        KINDS[name](part, mixture, draw)
        for target, source in ((result.clean, part.clean), (result.maps, part.maps),
                               (result.observation, part.observation)):
            target[index] = source
    return result


def smoothed(clean, gray, share, draw):
    """A share of the color rows with less fine color, as pictures have at the size that cameras make;
    the luma stays."""
    if share == 0:
        return clean
    count = len(clean)
    chosen = draw.chance(count, share=share) & ~gray
    low, high = COLOR_SMOOTHING
    planes = split_colors(clean)
    color = blur(planes[:, 1:], draw.uniform(count, low=low, high=high), high)
    smooth = join_colors(torch.cat([planes[:, :1], color], 1)).clamp(0, 1)
    return where(chosen, smooth, clean)


def hide_altogether(pool, chosen):
    """Observes nothing of the chosen rows, `[N]`."""
    pool.observation = where(chosen, torch.full_like(pool.observation, 0.5), pool.observation)
    pool.maps = where(chosen, torch.zeros_like(pool.maps), pool.maps)
