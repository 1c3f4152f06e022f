"""Models to train: begun anew or from a file, grown by residual blocks, written as the program's."""

import json
import math

import torch

from hierarchical import Network, blocks_by_level, parameter_shapes
from model_file import ModelFile, compact

ALIGNMENT = 16


def first_values(name, shape, generator):
    """As Sources/VAE/Models/Hierarchical/HierarchicalNetworks.swift begins: He et al. 2015 with gains of its own."""
    if name == "likelihood.log_variance":
        return torch.full(shape, -0.25)
    if name.endswith(".scale"):
        return torch.full(shape, 0.2)
    if name.endswith(".bias") or ".prior." in name or name in (
            "decoder.error.weight", "decoder.error.out.weight"):
        return torch.zeros(shape)
    parts = name.split(".")
    gain = 2.0 if parts[-2].isdigit() else 0.1 if ".posterior." in name else (
        0.02 if name.startswith("decoder.out") else 1.0)
    return torch.randn(shape, generator=generator) * math.sqrt(gain / math.prod(shape[1:]))


def new_configuration(side, widths, target_widths, latents, blocks):
    levels = range(len(widths))
    if not all(len(values) == len(widths) for values in (target_widths, latents)):
        raise ValueError("widths, target widths and latents: expected as many of one as of another")
    return {
        "image": {"channels": 3, "height": side, "width": side},
        "latents": sum(latents[level] * (side >> level + 1) ** 2 for level in levels),
        "network": {
            "architecture": "hierarchical", "widths": widths, "target_widths": target_widths,
            "latents": latents, "blocks": blocks, "activation": "leaky-relu",
            "conditional": True},
        "likelihood": {"family": "gaussian-shared"}}


def new_model(configuration, seed):
    generator = torch.Generator().manual_seed(seed)
    tensors = {name: first_values(name, shape, generator)
               for name, shape in parameter_shapes(configuration).items()}
    return ModelFile(tensors, {
        "format": "latent.vae", "format_version": "1", "configuration": compact(configuration)})


def checked(file, path):
    """Refuses what this trainer does not train."""
    configuration = file.configuration
    network = configuration["network"]
    if network["architecture"] != "hierarchical" or not network["conditional"]:
        raise ValueError(f"{path}: expected a conditional hierarchical model, found the architecture "
                         f"{network['architecture']}")
    if configuration["image"]["channels"] != 3:
        raise ValueError(f"{path}: expected a model of three channels, found "
                         f"{configuration['image']['channels']}")
    for name, shape in parameter_shapes(configuration).items():
        if name not in file.tensors:
            raise ValueError(f"{path}: expected the tensor {name}, which is missing")
        if tuple(file.tensors[name].shape) != shape:
            raise ValueError(f"{path}: {name}: expected the shape {list(shape)}, found "
                             f"{list(file.tensors[name].shape)}")
    return file


def grown(file, blocks, seed, path):
    """The same function with more residual blocks, one number a level: those that are new have a
    scale of 0 and so change nothing at first."""
    configuration = file.configuration
    before = blocks_by_level(configuration["network"])
    blocks = blocks * len(before) if len(blocks) == 1 else blocks
    if len(blocks) != len(before) or any(new < old for new, old in zip(blocks, before)):
        raise ValueError(f"{path}: expected {len(before)} numbers of blocks, none below {before}, "
                         f"found {blocks}")
    configuration["network"]["blocks"] = blocks if len(set(blocks)) > 1 else blocks[0]
    generator = torch.Generator().manual_seed(seed)
    tensors = dict(file.tensors)
    for name, shape in parameter_shapes(configuration).items():
        if name not in tensors:
            value = first_values(name, shape, generator)
            tensors[name] = torch.zeros(shape) if name.endswith(".scale") else value
    return ModelFile(tensors, {**file.metadata, "configuration": compact(configuration)})


def with_crop(file, side):
    """The configuration names the extents of the pieces that a model was trained on."""
    configuration = file.configuration
    stride = 1 << len(configuration["network"]["widths"])
    if side % stride != 0:
        raise ValueError(f"--crop: expected a multiple of {stride}, found {side}")
    latents = configuration["network"]["latents"]
    configuration["image"].update(height=side, width=side)
    configuration["latents"] = sum(
        count * (side >> level + 1) ** 2 for level, count in enumerate(latents))
    return ModelFile(file.tensors, {**file.metadata, "configuration": compact(configuration)})


class Weights:
    """A network's parameters by their names in the file, in the program's order."""

    def __init__(self, network):
        self.named = {name: network.weight(name)
                      for name in parameter_shapes(network.configuration)}
        self.all = list(self.named.values())

    def flat(self, tensors):
        """One tensor of all elements, each parameter's filled up to a multiple of ALIGNMENT."""
        parts = []
        for tensor in tensors:
            values = tensor.detach().float().contiguous().flatten().cpu()
            parts += [values, values.new_zeros(-len(values) % ALIGNMENT)]
        return torch.cat(parts)

    def unflattened(self, flat):
        """The inverse of `flat`, on the parameters' device and in their memory layout."""
        tensors, offset = [], 0
        for parameter in self.all:
            part = flat[offset:offset + parameter.numel()].view(parameter.shape)
            tensors.append(torch.empty_like(parameter.detach()).copy_(part))
            offset += -(-parameter.numel() // ALIGNMENT) * ALIGNMENT
        return tensors


def model_file(weights, tensors, start, history, half):
    """What is written: `tensors` under the weights' names, and what the file that the run began with
    held beside them, unchanged."""
    kind = torch.float16 if half else torch.float32
    result = {name: tensor for name, tensor in start.tensors.items()
              if name not in weights.named and not name.startswith("optimizer.")}
    for name, tensor in zip(weights.named, tensors):
        result[name] = tensor.detach().to("cpu", kind).contiguous()
    known = ("format", "format_version", "configuration")
    metadata = {name: value for name, value in start.metadata.items()
                if name not in ("training", "examples", "state")}
    metadata.update({name: start.metadata[name] for name in known}, history=compact(history))
    return ModelFile(result, metadata)


def network_of(file, device):
    network = Network(file).to(device)
    return network.to(memory_format=torch.channels_last)


