#!/usr/bin/env python3
"""Standard variational autoencoders in PyTorch: what one gets from a tutorial or a library.

    standard_vae.py NETWORK TRAIN.npy TEST.npy --seconds N --out FOLDER [--latents N] [--threads N]

NETWORK is `pythae`, the default network and settings of that library (one hidden layer of 512 units, squared
error, Adam at 1e-4, batches of 64), or `convolutional`: four convolutions of stride 2 with batch normalization
(widths of 64, 128, 256, 512) and their mirror image, Adam at 1e-3. The pictures are uint8 arrays [N, H, W, C].

Writes reconstructions of the test pictures and samples as .npy, and prints one JSON object: bits per dimension
with 16 importance samples, PSNR in dB, active latents, and how much was trained. Pictures of more shades than
two are scored by the mass of a Gaussian within half a level of 8 bits, with the one variance that fits the
training pictures best (Rybkin et al. 2021, sigma-VAE, section 4); with --bernoulli by the Bernoulli likelihood.
"""

import argparse
import json
import math
import pathlib
import time

import numpy
import torch
from torch import nn
from torch.nn import functional


class Convolutional(nn.Module):
    """Shapes [N, C, H, W], latents [N, D]; H and W are even."""

    def __init__(self, shape, latents):
        super().__init__()
        channels, height, width = shape
        halvings = max(n for n in range(1, 5) if height % (1 << n) == 0 and width % (1 << n) == 0)
        widths = [64, 128, 256, 512][:halvings]
        self.grid = (widths[-1], height >> halvings, width >> halvings)
        layers, last = [], channels
        for wide in widths:
            layers += [nn.Conv2d(last, wide, 4, 2, 1), nn.BatchNorm2d(wide), nn.ReLU()]
            last = wide
        self.encoder = nn.Sequential(*layers, nn.Flatten())
        self.posterior = nn.Linear(math.prod(self.grid), 2 * latents)
        self.start = nn.Linear(latents, math.prod(self.grid))
        layers = []
        for wide in [*widths[-2::-1], channels]:
            layers += [nn.ConvTranspose2d(last, wide, 4, 2, 1), nn.BatchNorm2d(wide), nn.ReLU()]
            last = wide
        self.decoder = nn.Sequential(*layers[:-2])

    def encode(self, x):
        return self.posterior(self.encoder(x)).chunk(2, 1)

    def decode(self, z):
        return torch.sigmoid(self.decoder(self.start(z).unflatten(1, self.grid)))


class Pythae(nn.Module):
    """The network that pythae.models.VAE makes where it is given none."""

    def __init__(self, shape, latents):
        super().__init__()
        from pythae.models import VAE, VAEConfig

        self.model = VAE(VAEConfig(input_dim=shape, latent_dim=latents))
        self.shape = shape

    def encode(self, x):
        found = self.model.encoder(x)
        return found.embedding, found.log_covariance

    def decode(self, z):
        return self.model.decoder(z).reconstruction.reshape(-1, *self.shape)


def rate(mean, log_variance):
    """KL(q(z|x) || N(0, I)) per picture, in nats (AEVB, appendix B)."""
    return 0.5 * (mean**2 + log_variance.exp() - log_variance - 1).sum(1)


def draw(mean, log_variance):
    return mean + (0.5 * log_variance).exp() * torch.randn_like(mean)


def eight_bit_log_density(x, mean, deviation):
    """log of the mass within half a level, the first and the last level reaching to infinity."""
    half = 0.5 / 255
    normal = torch.distributions.Normal(0.0, 1.0)
    upper = torch.where(x > 1 - half, torch.inf, (x + half - mean) / deviation)
    lower = torch.where(x < half, -torch.inf, (x - half - mean) / deviation)
    mass = normal.cdf(upper) - normal.cdf(lower)
    # Far from the mean the mass underflows: there the density at the middle times the width stands for it.
    middle = normal.log_prob((x - mean) / deviation) - torch.log(deviation) - math.log(255)
    return torch.where(mass > 1e-6, mass.clamp_min(1e-12).log(), middle).flatten(1).sum(1)


def train(network, pictures, options):
    """Until the time is up; the reconstruction term is what the kind of network brings."""
    optimizer = torch.optim.Adam(network.parameters(), 1e-4 if options.network == "pythae" else 1e-3)
    begin, steps, seen = time.monotonic(), 0, 0
    network.train()
    while time.monotonic() - begin < options.seconds:
        for part in torch.randperm(len(pictures)).split(64):
            if len(part) == 1:
                continue
            x = pictures[part]
            mean, log_variance = network.encode(x)
            restored = network.decode(draw(mean, log_variance))
            if options.bernoulli:
                error = functional.binary_cross_entropy(restored, x, reduction="none").flatten(1).sum(1)
            elif options.network == "pythae":
                error = 0.5 * functional.mse_loss(restored, x, reduction="none").flatten(1).sum(1)
            else:
                squares = (restored - x).square()
                error = 0.5 * math.prod(x.shape[1:]) * torch.log(squares.mean()) * torch.ones(len(x))
            loss = (error + rate(mean, log_variance)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            steps, seen = steps + 1, seen + len(x)
            if time.monotonic() - begin >= options.seconds:
                break
    network.eval()
    return {"steps": steps, "epochs": seen / len(pictures)}


@torch.no_grad()
def measure(network, train_pictures, pictures, options):
    few = train_pictures[:1000]
    restored = network.decode(draw(*network.encode(few)))
    deviation = (restored - few).square().mean().sqrt()
    mean, log_variance = network.encode(pictures)
    weights = []
    for _ in range(16):
        z = draw(mean, log_variance)
        restored = network.decode(z)
        if options.bernoulli:
            density = -functional.binary_cross_entropy(
                restored, pictures, reduction="none").flatten(1).sum(1)
        else:
            density = eight_bit_log_density(pictures, restored, deviation)
        prior = -0.5 * z.square().sum(1)
        posterior = (-0.5 * ((z - mean).square() / log_variance.exp() + log_variance)).sum(1)
        weights.append(density + prior - posterior)
    nats = torch.logsumexp(torch.stack(weights), 0) - math.log(16)
    restored = network.decode(mean)
    levels = (restored.clamp(0, 1) * 255).round()
    squares = (levels - pictures * 255).square().flatten(1).mean(1)
    active = int((network.encode(pictures)[0].var(0) > 0.01).sum())
    return {
        "bits_per_dimension": -float(nats.mean()) / math.log(2) / math.prod(pictures.shape[1:]),
        "psnr": float((10 * torch.log10(255**2 / squares.clamp_min(1e-3))).mean()),
        "active": active,
        "latents": options.latents,
        "parameters": sum(p.numel() for p in network.parameters()),
    }, levels


def planes(path):
    return torch.from_numpy(numpy.load(path)).permute(0, 3, 1, 2).contiguous().float() / 255


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("network", choices=["pythae", "convolutional"])
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--latents", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bernoulli", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    pictures, test = planes(options.train), planes(options.test)
    shape = tuple(pictures.shape[1:])
    network = (Pythae if options.network == "pythae" else Convolutional)(shape, options.latents)
    course = train(network, pictures, options)
    figures, levels = measure(network, pictures, test, options)
    options.out.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        drawn = (network.decode(torch.randn(24, options.latents)).clamp(0, 1) * 255).round()
    for name, found in (("restored", levels[:24]), ("samples", drawn)):
        numpy.save(options.out / f"{name}.npy", found.permute(0, 2, 3, 1).numpy().astype(numpy.uint8))
    print(json.dumps({**figures, **course}))


if __name__ == "__main__":
    main()
