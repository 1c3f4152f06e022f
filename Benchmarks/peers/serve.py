#!/usr/bin/env python3
"""A PyTorch process that does one piece of work as often as it is asked to: script/benchmark starts
it beside latent, so that the two can take turns without starting Python anew.

    serve.py WORK MODEL.safetensors [--threads N] [--compile] [--batch-size N] [--pictures X.npy]
             [--sigma S] [--samples K]

WORK is step (one training step), restore (one picture, denoised) or importance (the
importance-weighted estimate of one picture). Pictures are [N, C, H, W]; 0-1, and 0-255 for restore.
Each line on standard input is a JSON object, each answer a line of JSON:

    {"run": 5}                        -> {"seconds": [...], "mebibytes": ...}
    {"reconstruct": "OUT.npy"}        -> {}    E[x|z] of the pictures
    {"encode": "OUT.npy"}             -> {}    mean and log variance, [2, N, D]
    {"restore": "OUT.npy"}            -> {}
    {"bound": 20}                     -> {"nats": ...}    the mean bound, of so many draws
    {"estimate": 10}                  -> {"nats": ...}    the mean of so many pictures' estimates
"""

import argparse
import json
import sys
import time

import numpy
import torch

from flat import Flat
from hierarchical import Network, aligned
from model_file import architecture

# Beyond this a picture is restored in squares, as latent does.
LARGEST = 1024
HALO = 64


def peak_mebibytes():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


class Training:
    """Steps of fused Adam; with the hierarchical network also clipping and an average of the
    weights, as latent's preset has them. Batches are drawn from pictures in memory."""

    def __init__(self, network, options):
        self.network = network
        self.objective = torch.compile(network) if options.compile else network
        self.optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, fused=True)
        self.pictures = torch.from_numpy(numpy.load(options.pictures))
        self.batch_size = options.batch_size
        self.is_conditional = isinstance(network, Network)
        if self.is_conditional:
            self.average = [parameter.detach().clone() for parameter in network.parameters()]

    def batch(self):
        x = self.pictures[torch.randint(len(self.pictures), (self.batch_size,))]
        if not self.is_conditional:
            return x, torch.randn(len(x), self.network.latents)
        maps = torch.zeros(len(x), 5, *x.shape[2:])
        maps[:, 0] = 1
        maps[:, 1:3] = 0.1
        observation = x + 0.1 * torch.randn_like(x)
        noise = self.network.noise(max(1, len(x) // 4), *x.shape[2:])
        return x, observation, maps, noise

    def run(self):
        loss = self.objective(*self.batch())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.is_conditional:
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1, foreach=True)
        self.optimizer.step()
        if self.is_conditional:
            torch._foreach_lerp_(
                self.average, [p.detach() for p in self.network.parameters()], 0.001)


class Restoring:
    """The prior path of a picture with noise of one level, in inference mode."""

    def __init__(self, network, options):
        self.network = network
        self.decode = torch.compile(network.decode) if options.compile else network.decode
        self.noisy = torch.from_numpy(numpy.load(options.pictures).astype(numpy.float32)) / 255
        self.level = options.sigma / 255
        self.result = None

    @torch.inference_mode()
    def run(self):
        height, width = self.noisy.shape[2:]
        if height * width <= LARGEST**2:
            self.result = self.restored(self.noisy)
            return
        self.result = torch.empty_like(self.noisy)
        for top in range(0, height, LARGEST):
            for left in range(0, width, LARGEST):
                y, x = max(top - HALO, 0), max(left - HALO, 0)
                tile = self.noisy[:, :, y:top + LARGEST + HALO, x:left + LARGEST + HALO]
                part = self.result[:, :, top:top + LARGEST, left:left + LARGEST]
                rows, columns = part.shape[2:]
                part.copy_(self.restored(tile)[
                    :, :, top - y:top - y + rows, left - x:left - x + columns])

    def restored(self, noisy):
        height, width = noisy.shape[2:]
        padded = aligned(noisy, len(self.network.widths))
        maps = torch.zeros(1, 5, *padded.shape[2:])
        maps[:, 0] = 1
        maps[:, 1] = self.level
        maps[:, 2] = self.level
        return self.decode(padded, maps)[:, :, :height, :width]


class Weighing:
    """The importance-weighted estimate of one picture after the other."""

    def __init__(self, network, options):
        self.estimate = (torch.compile(network.importance_weighted)
                         if options.compile else network.importance_weighted)
        self.pictures = torch.from_numpy(numpy.load(options.pictures))
        self.samples = options.samples
        self.next = 0

    @torch.inference_mode()
    def run(self):
        estimate = self.estimate(self.pictures[self.next:self.next + 1], self.samples)
        self.next = (self.next + 1) % len(self.pictures)
        return estimate


WORK = {"step": Training, "restore": Restoring, "importance": Weighing}


@torch.inference_mode()
def answer(request, network, work, pictures):
    if "reconstruct" in request:
        numpy.save(request["reconstruct"], network.reconstruct(pictures()).numpy())
    elif "encode" in request:
        numpy.save(request["encode"], torch.stack(network.encode(pictures())).numpy())
    elif "restore" in request:
        work.run()
        numpy.save(request["restore"], 255 * work.result.numpy())
    elif "bound" in request:
        x = pictures()
        draws = [float(network(x, torch.randn(len(x), network.latents)))
                 for _ in range(request["bound"])]
        return {"nats": -sum(draws) / len(draws)}
    elif "estimate" in request:
        estimates = [float(work.run()) for _ in range(request["estimate"])]
        return {"nats": sum(estimates) / len(estimates)}
    return {}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=WORK)
    parser.add_argument("model")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--batch-size", type=int, default=100)
    parser.add_argument("--pictures", required=True)
    parser.add_argument("--sigma", type=float, default=25)
    parser.add_argument("--samples", type=int, default=5000)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    kind = Network if architecture(options.model) == "hierarchical" else Flat
    network = kind(options.model)
    work = WORK[options.work](network, options)
    for line in sys.stdin:
        request = json.loads(line)
        if "run" in request:
            seconds = []
            for _ in range(request["run"]):
                start = time.perf_counter()
                work.run()
                seconds.append(time.perf_counter() - start)
            result = {"seconds": seconds, "mebibytes": peak_mebibytes()}
        else:
            result = answer(
                request, network, work, lambda: torch.from_numpy(numpy.load(options.pictures)))
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
