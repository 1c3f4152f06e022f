"""Random numbers: the choices on the host, the fields of numbers on the device.

All of a draw depends on its seeds alone, so that a run that was resumed draws what it would have
drawn without the interruption.
"""

import numpy as np
import torch


class Draw:
    def __init__(self, device, *seeds):
        """seeds: whole numbers that are not negative, as the run's and the step's."""
        sequence = np.random.SeedSequence(seeds)
        self.device = torch.device(device)
        self.host = np.random.default_rng(sequence)
        self.generator = torch.Generator(self.device)
        self.generator.manual_seed(int(sequence.generate_state(1, np.uint64)[0] >> 1))

    def uniform(self, *shape, low=0.0, high=1.0):
        numbers = torch.rand(shape, generator=self.generator, device=self.device)
        return low + (high - low) * numbers

    def logarithmic(self, *shape, low, high):
        """Log-uniform."""
        return low * (high / low) ** self.uniform(*shape)

    def normal(self, *shape):
        return torch.randn(shape, generator=self.generator, device=self.device)

    def integers(self, *shape, below):
        """Whole numbers in 0..<below; `below` may be a tensor that goes with the shape."""
        return (self.uniform(*shape) * below).long()

    def chance(self, *shape, share):
        """True with a probability."""
        return self.uniform(*shape) < share

    def sometimes(self, *shape, share, low, high):
        """Uniform in low...high with a probability, or else 0."""
        return self.uniform(*shape, low=low, high=high) * self.chance(*shape, share=share)

    def noise_like(self, planes, gray):
        """Standard normal numbers `[N, 3, H, W]`, the same in all channels of gray rows."""
        noise = self.normal(*planes.shape)
        return torch.where(rows(gray), noise[:, :1], noise)


def rows(values):
    """`[N]` to `[N, 1, 1, 1]`."""
    return values.view(-1, 1, 1, 1)
