"""Networks in PyTorch out of model files: the same weights, the same functions.

A model file is safetensors with the network's configuration as JSON in its metadata.
"""

import json

import torch
import torch.nn.functional as F
from safetensors import safe_open

ACTIVATIONS = {
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.1),
    "elu": F.elu,
    "silu": F.silu,
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
    "softplus": F.softplus,
}


class FileNetwork(torch.nn.Module):
    """The tensors of a model file as parameters, and its configuration."""

    def __init__(self, path):
        super().__init__()
        with safe_open(path, "pt") as file:
            self.configuration = json.loads(file.metadata()["configuration"])
            for name in file.keys():
                tensor = file.get_tensor(name).float()
                self.register_parameter(name.replace(".", "_"), torch.nn.Parameter(tensor))
        self.network = self.configuration["network"]
        self.activation = ACTIVATIONS[self.network["activation"]]
        self.channels = self.configuration["image"]["channels"]

    def weight(self, name):
        """By its name in the file, as "encoder.0.weight"."""
        return getattr(self, name.replace(".", "_"))

    def dense(self, name, x):
        return F.linear(x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"))

    def convolution(self, name, x, scale=None):
        weight = self.weight(f"{name}.weight")
        if scale is not None:
            weight = weight * self.weight(scale)
        return F.conv2d(x, weight, self.weight(f"{name}.bias"), padding=weight.shape[2] // 2)

    def block(self, name, x):
        hidden = self.activation(self.convolution(f"{name}.0", self.activation(x)))
        return x + self.convolution(f"{name}.1", hidden, scale=f"{name}.scale")


def architecture(path):
    """What the configuration of a model file calls its network."""
    with safe_open(path, "pt") as file:
        return json.loads(file.metadata()["configuration"])["network"]["architecture"]


def rate(mean, log_variance):
    """KL(N(mean, exp(log_variance)) || N(0, I)) of every row."""
    return 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).flatten(1).sum(1)
