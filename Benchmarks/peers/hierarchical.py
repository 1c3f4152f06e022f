"""The hierarchical, conditional network in PyTorch, from the same model file.

Usage: hierarchical.py MODEL.safetensors PICTURE... [--sigma 25]

Adds seeded Gaussian noise to each picture, restores it along the prior path, and prints the PSNR:
what `latent denoise` must reach on the same pixels. Needs torch, safetensors, numpy and Pillow.
"""

import argparse
import json

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors import safe_open

BASIS = torch.tensor([[1, 1, 1], [1, 0, -1], [1, -2, 1]], dtype=torch.float32)
BASIS = BASIS / BASIS.norm(dim=1, keepdim=True)


ACTIVATIONS = {
    "relu": F.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.1),
    "silu": F.silu,
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
}


class Network:
    def __init__(self, path):
        with safe_open(path, "pt") as file:
            self.configuration = json.loads(file.metadata()["configuration"])
            self.weights = {name: file.get_tensor(name).float() for name in file.keys()}
        network = self.configuration["network"]
        self.widths, self.blocks = network["widths"], network["blocks"]
        self.latents = network["latents"]
        self.activation = ACTIVATIONS[network["activation"]]
        self.channels = self.configuration["image"]["channels"]

    def convolution(self, name, x, scale=None):
        weight = self.weights[f"{name}.weight"]
        if scale is not None:
            weight = weight * self.weights[scale]
        return F.conv2d(x, weight, self.weights[f"{name}.bias"], padding=weight.shape[2] // 2)

    def block(self, name, x):
        hidden = self.activation(self.convolution(f"{name}.0", self.activation(x)))
        return x + self.convolution(f"{name}.1", hidden, scale=f"{name}.scale")

    def opponent(self, x, inverse=False):
        if self.channels == 1:
            return x
        basis = BASIS.T if inverse else BASIS
        return torch.einsum("ij,njhw->nihw", basis, x)

    def decode(self, observation, maps, temperature=0):
        """The prior path, or with a temperature above 0 a draw of x's mean from p(x|y)."""
        scaled = torch.cat([maps[:, :1], maps[:, 1:3] * 4, maps[:, 3:]], 1)
        x = torch.cat([self.opponent(observation - 0.5), scaled], 1)
        features = []
        for level in range(len(self.widths)):
            x = self.convolution(f"observation.{level}.in", F.pixel_unshuffle(x, 2))
            for block in range(self.blocks):
                x = self.block(f"observation.{level}.{block}", x)
            features.append(x)
        state = None
        for level in reversed(range(len(self.widths))):
            name = f"decoder.{level}"
            state = features[level] if state is None else state + features[level]
            for block in range(self.blocks):
                state = self.block(f"{name}.before.{block}", state)
            prior = self.convolution(f"{name}.prior", self.activation(state))
            z, spread = prior.split(self.latents[level], 1)
            if temperature > 0:
                deviation = torch.exp(0.5 * 5 * torch.tanh(0.2 * spread))
                z = z + temperature * deviation * torch.randn_like(z)
            state = state + self.convolution(f"{name}.latent", z)
            for block in range(self.blocks):
                state = self.block(f"{name}.after.{block}", state)
            if level > 0:
                up = self.convolution(f"{name}.up", self.activation(state))
                state = F.pixel_shuffle(up, 2)
        residual = F.pixel_shuffle(self.convolution("decoder.out", self.activation(state)), 2)
        return observation + self.opponent(residual, inverse=True)


def denoise(network, picture, sigma, noise, samples):
    """`picture` and `noise` [C, H, W] on the scale 0...1, sigma 0...255."""
    grey = picture.shape[0] == 1
    noisy = picture + noise
    height, width = picture.shape[1:]
    stride = 1 << len(network.widths)
    bottom, right = -height % stride, -width % stride
    padded = F.pad(noisy[None], (0, right, 0, bottom), mode="replicate")
    maps = torch.zeros(1, 5, *padded.shape[2:])
    maps[:, 0] = 1
    level = sigma / 255
    if network.channels == 3 and grey:
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
    return result.mean(0, keepdim=True) if grey else result


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
