#!/usr/bin/env python3
"""Data-parallel training steps in PyTorch: DistributedDataParallel over gloo, one process a rank.

    mpirun -n 2 distributed.py MODEL.safetensors --pictures X.npy --batch-size N --steps N
           --master HOST:PORT [--network 10.87.0.0/24] [--threads N]

Every rank draws --batch-size pictures of its own. Rank 0 prints a line of JSON: {"seconds": [...]}, of a
step each. Rank and number of ranks are those that Open MPI's mpirun tells.
"""

import argparse
import ipaddress
import json
import os
import subprocess
import time

import torch
from torch.nn.parallel import DistributedDataParallel

from flat import Flat
from hierarchical import Network
from model_file import architecture
from serve import Training


def interface_within(network):
    """The name of the interface with an address in a network."""
    network = ipaddress.ip_network(network)
    lines = subprocess.run(["ip", "-o", "-4", "address"], capture_output=True, text=True, check=True)
    for line in lines.stdout.splitlines():
        _, name, _, address, *_ = line.split()
        if ipaddress.ip_interface(address).ip in network:
            return name
    raise SystemExit(f"no interface with an address in {network}")


def distributed(work):
    """The objective with its gradients averaged over the ranks. Parameters without a gradient are
    left out, for which DistributedDataParallel would wait."""
    work.objective(*work.batch()).backward()
    for parameter in work.network.parameters():
        parameter.requires_grad_(parameter.grad is not None)
        parameter.grad = None
    return DistributedDataParallel(work.network)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--pictures", required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--master", default="127.0.0.1:29511")
    parser.add_argument("--network", default="127.0.0.0/8")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    options.compile = False
    torch.set_num_threads(options.threads)
    rank = int(os.environ.get("OMPI_COMM_WORLD_RANK", 0))
    ranks = int(os.environ.get("OMPI_COMM_WORLD_SIZE", 1))
    os.environ["GLOO_SOCKET_IFNAME"] = interface_within(options.network)
    torch.distributed.init_process_group(
        "gloo", init_method=f"tcp://{options.master}", rank=rank, world_size=ranks)
    torch.manual_seed(rank)
    kind = Network if architecture(options.model) == "hierarchical" else Flat
    work = Training(kind(options.model), options)
    if ranks > 1:
        work.objective = distributed(work)
    seconds = []
    for _ in range(options.steps):
        start = time.perf_counter()
        work.run()
        seconds.append(time.perf_counter() - start)
    if rank == 0:
        print(json.dumps({"seconds": seconds}), flush=True)
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
