#!/usr/bin/env python3
"""Golden values for optimisers: torch.optim over a few steps with given gradients.

Needs torch; writes optimizers.json beside this script.
"""
import json
import math
import os

import torch

here = os.path.dirname(os.path.abspath(__file__))
start = [1.0, -2.0, 0.5, 3.0]
gradients = [[0.5 * math.sin(1.7 * step + 2.3 * i) * (i + 1) for i in range(4)] for step in range(8)]


def course(make):
    parameter = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([parameter])
    values = []
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        values.append(parameter.detach().tolist())
    return values


o = torch.optim
golden = {
    "start": start,
    "gradients": gradients,
    "rate": 0.05,
    "sgd": course(lambda p: o.SGD(p, lr=0.05)),
    "sgd_decay": course(lambda p: o.SGD(p, lr=0.05, weight_decay=0.1)),
    "momentum": course(lambda p: o.SGD(p, lr=0.05, momentum=0.9)),
    "adagrad": course(lambda p: o.Adagrad(p, lr=0.05, eps=1e-8)),
    "adam": course(lambda p: o.Adam(p, lr=0.05, betas=(0.9, 0.999), eps=1e-8)),
    "adam_decay": course(lambda p: o.Adam(p, lr=0.05, eps=1e-4, weight_decay=0.1)),
    "adamw": course(lambda p: o.AdamW(p, lr=0.05, eps=1e-8, weight_decay=0.1)),
    "adamax": course(lambda p: o.Adamax(p, lr=0.05, betas=(0.9, 0.999), eps=1e-8)),
}
with open(os.path.join(here, "optimizers.json"), "w") as file:
    json.dump(golden, file, indent=1)
    file.write("\n")
