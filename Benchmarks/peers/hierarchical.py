"""The hierarchical, conditional network in PyTorch, from the same model file.

Usage: hierarchical.py MODEL.safetensors PICTURE... [--sigma 25]

Adds seeded Gaussian noise to each picture, restores it along the prior path, and prints the PSNR:
what `latent denoise` must reach on the same pixels. Needs torch, safetensors, numpy and Pillow.
"""

import argparse
import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from model_file import FileNetwork, rate

# The condition's maps (Sources/Datasets/Damage/ConditionMaps.swift).
MAPS = 5
BASIS = torch.tensor([[1, 1, 1], [1, 0, -1], [1, -2, 1]], dtype=torch.float32)
BASIS = BASIS / BASIS.norm(dim=1, keepdim=True)
# e of the objective (Sources/VAE/Training/TrainingObjective.swift): the mean squared error of 40 dB.
FLOOR = 1e-4
# Below the variance of any observed picture's own likelihood.
SMALLEST_VARIANCE = 1e-4


def blocks_by_level(network):
    """Residual blocks of every level from 1/2 downwards: `blocks` is one number, or one a level."""
    blocks = network["blocks"]
    return blocks if isinstance(blocks, list) else [blocks] * len(network["widths"])


def error_layers(network):
    """(name, outputs, inputs, kernel) of each layer that predicts the error."""
    layers, inputs = [], network["widths"][0]
    for index, width in enumerate(network.get("error_widths", [])):
        layers.append((f"decoder.error.{index}", width, inputs, 3 if index == 0 else 1))
        inputs = width
    last = ("decoder.error.out", 4, inputs, 1) if layers else ("decoder.error", 4, inputs, 3)
    return [*layers, last]


def parameter_shapes(configuration):
    """The shape of every tensor, by name, in the order in which the program lays them out."""
    network, channels = configuration["network"], configuration["image"]["channels"]
    widths, latents = network["widths"], network["latents"]
    blocks, shapes = blocks_by_level(network), {}

    def convolution(name, outputs, inputs, kernel):
        shapes[f"{name}.weight"] = (outputs, inputs, kernel, kernel)
        shapes[f"{name}.bias"] = (outputs,)

    def residual_blocks(name, level, width):
        for block in range(blocks[level]):
            convolution(f"{name}.{block}.0", width, width, 3)
            convolution(f"{name}.{block}.1", width, width, 3)
            shapes[f"{name}.{block}.scale"] = (width, 1, 1, 1)

    def bottom_up(name, inputs, widths):
        for level, width in enumerate(widths):
            convolution(f"{name}.{level}.in", width, 4 * inputs, 3 if level == 0 else 1)
            residual_blocks(f"{name}.{level}", level, width)
            inputs = width

    if network["conditional"]:
        bottom_up("observation", channels + MAPS, widths)
    bottom_up("target", channels, network["target_widths"])
    for level, width in enumerate(widths):
        name, target = f"decoder.{level}", network["target_widths"][level]
        residual_blocks(f"{name}.before", level, width)
        convolution(f"{name}.prior", 2 * latents[level], width, 1)
        convolution(f"{name}.posterior", 2 * latents[level], width + target, 1)
        convolution(f"{name}.latent", width, latents[level], 1)
        residual_blocks(f"{name}.after", level, width)
        if level > 0:
            convolution(f"{name}.up", 4 * widths[level - 1], width, 1)
    convolution("decoder.out", 4 * channels, widths[0], 3)
    if network.get("predicts_error"):
        for name, outputs, inputs, kernel in error_layers(network):
            convolution(name, outputs, inputs, kernel)
    shapes["likelihood.log_variance"] = (1,)
    return shapes


class Network(FileNetwork):
    def __init__(self, file):
        super().__init__(file)
        self.widths, self.blocks = self.network["widths"], blocks_by_level(self.network)
        self.latents = self.network["latents"]
        self.register_buffer("basis", BASIS.clone(), persistent=False)

    def is_parameter(self, name):
        if not hasattr(self, "shapes"):
            self.shapes = parameter_shapes(self.configuration)
        return name in self.shapes

    def opponent(self, x, inverse=False):
        """In single precision, whatever the convolutions have."""
        if self.channels == 1:
            return x.float()
        basis = self.basis.T if inverse else self.basis
        with torch.autocast(x.device.type, enabled=False):
            return torch.einsum("ij,njhw->nihw", basis, x.float())

    def bottom_up(self, name, x):
        """Features at 1/2, 1/4, 1/8 ..."""
        features = []
        for level in range(len(self.widths)):
            x = self.convolution(f"{name}.{level}.in", F.pixel_unshuffle(x, 2))
            for block in range(self.blocks[level]):
                x = self.block(f"{name}.{level}.{block}", x)
            features.append(x)
        return features

    def features(self, observation, maps):
        scaled = torch.cat([maps[:, :1], maps[:, 1:3] * 4, maps[:, 3:]], 1)
        return self.bottom_up(
            "observation", torch.cat([self.opponent(observation - 0.5), scaled], 1))

    def top_down(self, observation, features, latents):
        """latents: from level, the prior's mean and log variance and the state to a draw."""
        state = None
        for level in reversed(range(len(self.widths))):
            name = f"decoder.{level}"
            state = features[level] if state is None else state + features[level]
            for block in range(self.blocks[level]):
                state = self.block(f"{name}.before.{block}", state)
            prior = self.gaussian(f"{name}.prior", self.activation(state), level)
            state = state + self.convolution(f"{name}.latent", latents(level, *prior, state))
            for block in range(self.blocks[level]):
                state = self.block(f"{name}.after.{block}", state)
            if level > 0:
                up = self.convolution(f"{name}.up", self.activation(state))
                state = F.pixel_shuffle(up, 2)
        self.state = self.activation(state)
        residual = F.pixel_shuffle(self.convolution("decoder.out", self.state), 2)
        return observation + self.opponent(residual, inverse=True)

    def error_loss(self, difference):
        """What a model that predicts its error learns it by, after `top_down` along the prior path: no
        gradient goes into anything else."""
        if not self.network.get("predicts_error"):
            return 0.0
        layers, cells = error_layers(self.network), self.state.detach()
        for index, (name, *_) in enumerate(layers):
            cells = self.convolution(name, self.activation(cells) if index else cells)
        cells = cells.float()
        log_variance = 7 * torch.tanh(F.pixel_shuffle(cells, 2) / 7) - 7
        squares = difference.detach().float().square().mean(1, keepdim=True)
        return 0.5 * (squares * torch.exp(-log_variance) + log_variance).mean()

    def gaussian(self, name, x, level):
        """Mean and log variance, which is kept within -5...5."""
        mean, spread = self.convolution(name, x).float().split(self.latents[level], 1)
        return mean, 5 * torch.tanh(0.2 * spread)

    def decode(self, observation, maps, temperature=0):
        """The prior path, or with a temperature above 0 a draw of x's mean from p(x|y)."""
        def latents(level, mean, log_variance, state):
            if temperature == 0:
                return mean
            return mean + temperature * torch.exp(0.5 * log_variance) * torch.randn_like(mean)

        return self.top_down(observation, self.features(observation, maps), latents)

    def posterior_path(self, x, observation, features, noise=None):
        """E[x|z, y] along the posterior, and the rate of every row; noise: a tensor a level, or the
        posteriors' means are taken."""
        target = self.bottom_up("target", self.opponent(x - 0.5))
        rates = []

        def latents(level, prior_mean, prior_log_variance, state):
            joined = torch.cat([self.activation(state), self.activation(target[level])], 1)
            mean, log_variance = self.gaussian(f"decoder.{level}.posterior", joined, level)
            rates.append(rate(mean, log_variance))
            z = mean if noise is None else mean + torch.exp(0.5 * log_variance) * noise[level]
            return prior_mean + torch.exp(0.5 * prior_log_variance) * z

        return self.top_down(observation, features, latents), sum(rates)

    def reconstruct(self, x):
        """The mean along the posteriors' means of a picture of which nothing was observed."""
        observation = torch.full_like(x, 0.5)
        maps = x.new_zeros(x.shape[0], MAPS, *x.shape[2:])
        return self.posterior_path(x, observation, self.features(observation, maps))[0]

    def objective(self, x, observation, maps, noise, rate_weight=1.0, bound_weight=0.05):
        """The hybrid objective: the prior path on all rows, the bound on the first ones, those that
        have noise.

        Returns the loss, every row's squared error along the prior path, and the means of rate and
        distortion over the bound's rows in nats a picture (None with a bound_weight of 0)."""
        features = self.features(observation, maps)
        restored = self.top_down(
            observation, features, lambda level, mean, log_variance, state: mean)
        error = (restored - x).square().flatten(1).mean(1)
        prior_path = 0.5 * torch.log(error + FLOOR).mean()
        error_loss = self.error_loss(restored - x)
        if bound_weight == 0:
            return prior_path + error_loss, error.detach(), None, None

        rows = noise[0].shape[0]
        mean, rates = self.posterior_path(
            x[:rows], observation[:rows], [value[:rows] for value in features], noise)
        squares = (x[:rows] - mean).square()
        log_variance = self.weight("likelihood.log_variance") * 16
        shared = 0.5 * (squares * torch.exp(-log_variance) + log_variance
                        + math.log(2 * math.pi)).flatten(1).sum(1)
        own = 0.5 * x[0].numel() * (
            torch.log(squares.flatten(1).mean(1) + SMALLEST_VARIANCE) + 1 + math.log(2 * math.pi))
        seen = maps[:rows, 0].flatten(1).sum(1).clamp(0, 1)
        rate, distortion = rates.mean(), (seen * own + (1 - seen) * shared).mean()
        bound = (rate_weight * rate + distortion) / x[0].numel()
        loss = (1 - bound_weight) * prior_path + bound_weight * bound + error_loss
        return loss, error.detach(), rate.detach(), distortion.detach()

    def forward(self, x, observation, maps, noise, rate_weight=1.0, bound_weight=0.05):
        """The hybrid objective alone."""
        return self.objective(x, observation, maps, noise, rate_weight, bound_weight)[0]

    def noise(self, rows, height, width, generator=None):
        """Standard normal numbers for the levels' latents."""
        return [torch.randn(rows, latents, height >> level + 1, width >> level + 1,
                            generator=generator, device=self.basis.device)
                for level, latents in enumerate(self.latents)]


def aligned(pictures, levels):
    """[N, C, H, W] mirrored beyond the lower and the right edge, up to whole tiles of latent's
    convolutions by minimal filtering, which do the two finest levels."""
    multiple = max((4 if level < 2 else 1) << level + 1 for level in range(levels))

    def places(extent):
        place = torch.arange(extent + -extent % multiple) % (2 * extent)
        return torch.where(place < extent, place, 2 * extent - 1 - place)

    return pictures[:, :, places(pictures.shape[2])][:, :, :, places(pictures.shape[3])]


def denoise(network, picture, sigma, noise, samples):
    """`picture` and `noise` [C, H, W] on the scale 0...1, sigma 0...255."""
    gray = picture.shape[0] == 1
    noisy = picture + noise
    height, width = picture.shape[1:]
    padded = aligned(noisy[None], len(network.widths))
    maps = torch.zeros(1, MAPS, *padded.shape[2:])
    maps[:, 0] = 1
    level = sigma / 255
    if network.channels == 3 and gray:
        padded = padded.expand(-1, 3, -1, -1)
        maps[:, 1] = level * 3**0.5
    else:
        maps[:, 1] = level
        maps[:, 2] = level if network.channels == 3 else 0
    if samples:
        draws = [network.decode(padded, maps, temperature=1) for _ in range(samples)]
        result = sum(draws)[0, :, :height, :width] / samples
    else:
        result = network.decode(padded, maps)[0, :, :height, :width]
    return result.mean(0, keepdim=True) if gray else result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("pictures", nargs="+")
    parser.add_argument("--sigma", type=float, nargs="+", default=[15, 25, 50])
    parser.add_argument("--samples", type=int, default=0, help="the mean of so many draws")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    network = Network(arguments.model)
    for sigma in arguments.sigma:
        ratios = []
        for index, path in enumerate(arguments.pictures):
            pixels = np.asarray(Image.open(path), np.float32) / 255
            pixels = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
            noise = np.random.default_rng(index).normal(0, sigma / 255, pixels.shape)
            with torch.inference_mode():
                result = denoise(
                    network, torch.tensor(pixels), sigma, torch.tensor(noise, dtype=torch.float32),
                    arguments.samples)
            rounded = (result.clamp(0, 1) * 255).round().numpy() / 255
            ratios.append(-10 * np.log10(np.mean((rounded - pixels) ** 2)))
        print(f"sigma {sigma:g}: {np.mean(ratios):.3f} dB over {len(ratios)} pictures", flush=True)


if __name__ == "__main__":
    main()
