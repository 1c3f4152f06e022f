#!/usr/bin/env python3
"""Time of a training step of AEVB in PyTorch: 784-500-20, tanh, Bernoulli, batch 100, estimator B.

    aevb_step.py [--threads N] [--steps 1000] [--compile] [--seconds-only]

Adam is the fused one. Prints the median time of a step; batches are drawn from 10,000 pictures in
memory, as a training loop would.
"""

import argparse
import statistics
import time

import torch
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int)
parser.add_argument("--steps", type=int, default=1000)
parser.add_argument("--compile", action="store_true")
parser.add_argument("--seconds-only", action="store_true", help="print only the number")
options = parser.parse_args()
if options.threads:
    torch.set_num_threads(options.threads)
torch.manual_seed(0)

PIXELS, HIDDEN, LATENTS, BATCH = 784, 500, 20, 100


class Autoencoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(PIXELS, HIDDEN)
        self.mean = torch.nn.Linear(HIDDEN, LATENTS)
        self.log_variance = torch.nn.Linear(HIDDEN, LATENTS)
        self.decoder_hidden = torch.nn.Linear(LATENTS, HIDDEN)
        self.logits = torch.nn.Linear(HIDDEN, PIXELS)

    def forward(self, x, noise):
        """The negative bound of a batch, per picture, in nats."""
        h = torch.tanh(self.hidden(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * noise
        logits = self.logits(torch.tanh(self.decoder_hidden(z)))
        distortion = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        rate = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        return (rate + distortion) / BATCH


model = Autoencoder()
bound = torch.compile(model) if options.compile else model
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
data = (torch.rand(10_000, PIXELS) < 0.2).float()


def step():
    x = data[torch.randint(len(data), (BATCH,))]
    loss = bound(x, torch.randn(BATCH, LATENTS))
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()


for _ in range(50):
    step()
times = []
for _ in range(options.steps):
    start = time.perf_counter()
    step()
    times.append(time.perf_counter() - start)
median = statistics.median(times)
if options.seconds_only:
    print(f"{median:.9f}")
else:
    print(f"PyTorch {torch.__version__}, {'compiled' if options.compile else 'eager'}, "
          f"{torch.get_num_threads()} threads: {1e3 * median:.3f} ms a step, "
          f"{BATCH / median:,.0f} images/s")
