#!/usr/bin/env python3
"""Golden values for pixel likelihoods: log densities, means and variances.

PyTorch's distributions where it has them, SciPy or the definition in many digits (mpmath) otherwise.
Needs torch, scipy and mpmath; writes likelihoods.json beside this script.
"""
import json
import os

import mpmath
import numpy as np
import torch
from scipy import stats

mpmath.mp.dps = 50
here = os.path.dirname(os.path.abspath(__file__))
xs = [0.0, 1 / 255, 0.2, 127 / 255, 0.77, 254 / 255, 1.0]


def continuous_bernoulli(logit):
    """By torch away from 1/2, where it is exact, and by quadrature everywhere."""
    a = mpmath.mpf(logit)
    mass = mpmath.quad(lambda x: mpmath.e ** (a * x), [0, 0.5, 1])
    mean = mpmath.quad(lambda x: x * mpmath.e ** (a * x), [0, 0.5, 1]) / mass
    square = mpmath.quad(lambda x: x * x * mpmath.e ** (a * x), [0, 0.5, 1]) / mass
    densities = [float(a * x - mpmath.log(mass)) for x in xs]
    if 1 < abs(logit) < 15:
        d = torch.distributions.ContinuousBernoulli(
            logits=torch.tensor(logit, dtype=torch.float64))
        for x, density in zip(xs, densities):
            assert abs(float(d.log_prob(torch.tensor(x, dtype=torch.float64))) - density) < 1e-9
        assert abs(float(d.mean) - float(mean)) < 1e-9
        assert abs(float(d.variance) - float(square - mean * mean)) < 1e-9
    return {
        "logit": logit,
        "log_density": densities,
        "mean": float(mean),
        "variance": float(square - mean * mean),
    }


# Levels far from a location have masses as small as e^-2000, differences of numbers near 1.
@mpmath.workdps(1500)
def level_masses(location, log_scale):
    s = np.exp(log_scale)
    edges = (np.arange(255) + 0.5) / 255
    below = [mpmath.mpf(1) / (1 + mpmath.e ** ((location - mpmath.mpf(e)) / s)) for e in edges]
    below = [mpmath.mpf(0)] + below + [mpmath.mpf(1)]
    return [below[v + 1] - below[v] for v in range(256)]


def discretized_logistic(location, log_scale):
    assert abs(
        float(sum(level_masses(location, log_scale)[:101]))
        - stats.logistic.cdf(100.5 / 255, location, np.exp(log_scale))) < 1e-12
    masses = level_masses(location, log_scale)
    mean = sum(m * v for v, m in enumerate(masses)) / 255
    square = sum(m * v * v for v, m in enumerate(masses)) / 255 / 255
    return {
        "location": location,
        "log_scale": log_scale,
        "levels": [0, 1, 51, 127, 254, 255],
        "log_probability": [float(mpmath.log(masses[v])) for v in [0, 1, 51, 127, 254, 255]],
        "mean": float(mean),
        "variance": float(square - mean * mean),
    }


def mixture(logits, locations, log_scales):
    weights = np.exp(logits) / np.sum(np.exp(logits))
    parts = [level_masses(m, s) for m, s in zip(locations, log_scales)]
    masses = [sum(mpmath.mpf(w) * p[v] for w, p in zip(weights, parts)) for v in range(256)]
    mean = sum(m * v for v, m in enumerate(masses)) / 255
    square = sum(m * v * v for v, m in enumerate(masses)) / 255 / 255
    return {
        "logits": logits,
        "locations": locations,
        "log_scales": log_scales,
        "levels": [0, 1, 51, 127, 254, 255],
        "log_probability": [float(mpmath.log(masses[v])) for v in [0, 1, 51, 127, 254, 255]],
        "mean": float(mean),
        "variance": float(square - mean * mean),
    }


def pixel_mixture(logits, locations, log_scales, coefficients, pixels):
    """Salimans et al. 2017, section 2.2: green follows red, blue both; coefficients: green on red, blue on red,
    blue on green."""
    weights = np.exp(logits) / np.sum(np.exp(logits))

    def component(k, pixel):
        r, g, b = (mpmath.mpf(v) / 255 for v in pixel)
        m, s, (gr, br, bg) = locations[k], log_scales[k], coefficients[k]
        shifted = [m[0], m[1] + gr * (r - m[0]), m[2] + br * (r - m[0]) + bg * (g - m[1])]
        return mpmath.fprod(level_masses(a, c)[v] for a, c, v in zip(shifted, s, pixel))

    total = [sum(mpmath.mpf(w) * component(k, p) for k, w in enumerate(weights)) for p in pixels]
    return {
        "logits": logits, "locations": locations, "log_scales": log_scales,
        "coefficients": coefficients, "pixels": pixels,
        "log_probability": [float(mpmath.log(t)) for t in total],
    }


golden = {
    "x": xs,
    "continuous_bernoulli": [
        continuous_bernoulli(a) for a in
        [-40.0, -6.0, -1.5, -0.999, -0.1, 0.0, 1e-4, 0.3, 0.99, 1.01, 3.0, 12.0, 80.0]
    ],
    "discretized_logistic": [
        discretized_logistic(m, s) for m, s in
        [(0.5, -2.0), (0.2, -5.0), (0.0, -7.0), (1.0, -3.0), (1.1, -4.0), (-0.2, 0.5), (0.499, -7.6)]
    ],
    "discretized_logistic_mixture": [
        mixture([0.3, -1.0, 2.0], [0.1, 0.5, 0.95], [-3.0, -4.5, -2.0]),
    ],
    "pixel_mixture": [
        pixel_mixture(
            [0.3, -1.0], [[0.1, 0.5, 0.95], [0.4, 0.3, 0.2]],
            [[-3.0, -4.5, -2.0], [-4.0, -3.5, -5.0]], [[0.9, -0.4, 0.3], [0.5, 0.2, -0.7]],
            [[30, 130, 240], [100, 80, 50], [0, 255, 127], [255, 0, 255], [102, 76, 51]]),
    ],
}
with open(os.path.join(here, "likelihoods.json"), "w") as file:
    json.dump(golden, file, indent=1)
    file.write("\n")
