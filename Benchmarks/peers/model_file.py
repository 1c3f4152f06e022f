"""Networks in PyTorch out of model files: the same weights, the same functions.

A model file is safetensors with the network's configuration as JSON in its metadata.
"""

import json
import os
import pathlib
import tempfile
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save

ACTIVATIONS = {
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.1),
    "elu": F.elu,
    "silu": F.silu,
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
    "softplus": F.softplus,
}


@dataclass
class ModelFile:
    """What a model file holds: tensors by name, and metadata, strings by name."""

    tensors: dict
    metadata: dict

    @staticmethod
    def read(path):
        """Raises OSError or ValueError with the path first."""
        try:
            with safe_open(path, "pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}
                metadata = dict(file.metadata() or {})
        except FileNotFoundError:
            raise FileNotFoundError(f"{path}: no such file") from None
        except Exception as error:
            raise ValueError(f"{path}: expected a safetensors file ({error})") from None
        if metadata.get("format") != "latent.vae" or metadata.get("format_version") != "1":
            raise ValueError(
                f"{path}: expected a model of latent, format version 1, found the format "
                f"{metadata.get('format')!r}, version {metadata.get('format_version')!r}")
        return ModelFile(tensors, metadata)

    @property
    def configuration(self):
        return json.loads(self.metadata["configuration"])

    @property
    def history(self):
        return json.loads(self.metadata.get("history", "{}"))

    def write(self, path):
        """Under a temporary name first: a reader finds the old file or the new one."""
        replace_file(path, save(self.tensors, self.metadata))


def replace_file(path, data):
    """Writes bytes beside `path`, to the disk, and renames."""
    path = pathlib.Path(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def compact(value):
    """JSON on one line without spaces, as the metadata have it."""
    return json.dumps(value, separators=(",", ":"))


class FileNetwork(torch.nn.Module):
    """The tensors of a model file as parameters, and its configuration."""

    def __init__(self, file):
        """file: a path, or a ModelFile."""
        super().__init__()
        file = file if isinstance(file, ModelFile) else ModelFile.read(file)
        self.configuration = file.configuration
        for name, tensor in file.tensors.items():
            if self.is_parameter(name):
                parameter = torch.nn.Parameter(tensor.float().contiguous())
                self.register_parameter(name.replace(".", "_"), parameter)
        self.network = self.configuration["network"]
        self.activation = ACTIVATIONS[self.network["activation"]]
        self.channels = self.configuration["image"]["channels"]

    def is_parameter(self, name):
        """Whether a tensor of the file is one of this network's."""
        return True

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
