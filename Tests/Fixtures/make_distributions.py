"""Writes distributions.json: densities, distribution functions, moments and entropies by SciPy,
divergences by torch.distributions.

    pip install scipy torch
    python3 make_distributions.py
"""

import json
import math
import os

import numpy as np
import torch
import torch.distributions as td
from scipy import stats

HERE = os.path.dirname(os.path.abspath(__file__))

# By the names and in the order of the Swift types' parameters.
SCIPY = {
    "Gaussian": lambda m, s: stats.norm(m, s),
    "Laplace": lambda m, s: stats.laplace(m, s),
    "Logistic": lambda m, s: stats.logistic(m, s),
    "StudentT": lambda nu, m, s: stats.t(nu, m, s),
    "LogNormal": lambda m, s: stats.lognorm(s, scale=math.exp(m)),
    "Gamma": lambda a, b: stats.gamma(a, scale=1 / b),
    "Exponential": lambda b: stats.expon(scale=1 / b),
    "Weibull": lambda k, s: stats.weibull_min(k, scale=s),
    "Cauchy": lambda m, s: stats.cauchy(m, s),
    "Rayleigh": lambda s: stats.rayleigh(scale=s),
    "Pareto": lambda l, a: stats.pareto(a, scale=l),
    "Reciprocal": lambda a, b: stats.loguniform(a, b),
    "Gompertz": lambda a, b: stats.gompertz(a, scale=1 / b),
    "Gumbel": lambda m, s: stats.gumbel_r(m, s),
    "Erlang": lambda b: stats.gamma(3, scale=1 / b),
    "Uniform": lambda a, b: stats.uniform(a, b - a),
    "Triangular": lambda a, c, b: stats.triang((c - a) / (b - a), a, b - a),
    "Beta": lambda a, b: stats.beta(a, b),
    "ChiSquared": lambda nu: stats.chi2(nu),
    "FisherF": lambda a, b: stats.f(a, b),
}

CASES = [
    ("Gaussian", [0.4, 0.7]), ("Gaussian", [-3, 5]),
    ("Laplace", [-0.3, 0.8]), ("Logistic", [0.5, 0.6]),
    ("StudentT", [5, 0.3, 0.7]), ("StudentT", [300, 0.3, 0.7]), ("StudentT", [2.5, -1, 2]),
    ("LogNormal", [0.2, 0.6]), ("LogNormal", [-2, 1.5]),
    ("Gamma", [0.3, 1.5]), ("Gamma", [4.5, 2]), ("Gamma", [900, 30]),
    ("Exponential", [1.4]), ("Weibull", [1.6, 1.2]), ("Weibull", [0.6, 3]),
    ("Cauchy", [0.2, 0.6]), ("Rayleigh", [0.9]), ("Pareto", [1.2, 4.5]),
    ("Reciprocal", [0.4, 3]), ("Gompertz", [0.5, 1.3]), ("Gumbel", [0.3, 0.8]),
    ("Erlang", [1.5]), ("Uniform", [-0.5, 1.5]), ("Triangular", [-1, 0.25, 1.5]),
    ("Beta", [2.5, 1.5]), ("Beta", [0.4, 0.9]), ("ChiSquared", [3.4]), ("FisherF", [5.5, 7.5]),
]

TORCH = {
    "Gaussian": td.Normal, "Laplace": td.Laplace, "LogNormal": td.LogNormal, "Gamma": td.Gamma,
    "Exponential": td.Exponential, "Cauchy": td.Cauchy, "Pareto": td.Pareto,
    "Gumbel": td.Gumbel, "Uniform": td.Uniform, "Beta": td.Beta,
}

# (q, p): KL(q || p).
PAIRS = [
    (("Gaussian", [0.4, 0.7]), ("Gaussian", [-0.5, 1.3])),
    (("Laplace", [0.4, 0.7]), ("Gaussian", [-0.5, 1.3])),
    (("Laplace", [0.4, 0.7]), ("Laplace", [-0.5, 1.3])),
    (("Gaussian", [0.4, 0.7]), ("Laplace", [-0.5, 1.3])),
    (("Gumbel", [0.4, 0.7]), ("Gaussian", [-0.5, 1.3])),
    (("Gumbel", [0.4, 0.7]), ("Gumbel", [-0.5, 1.3])),
    (("Gaussian", [0.4, 0.7]), ("Gumbel", [-0.5, 1.3])),
    (("Exponential", [1.7]), ("Gumbel", [-0.5, 1.3])),
    (("Gamma", [2.3, 1.7]), ("Gumbel", [-0.5, 1.3])),
    (("Gamma", [2.3, 1.7]), ("Gamma", [0.8, 0.6])),
    (("Gamma", [2.3, 1.7]), ("Exponential", [0.6])),
    (("Gamma", [2.3, 1.7]), ("Gaussian", [-0.5, 1.3])),
    (("Exponential", [1.7]), ("Gamma", [0.8, 0.6])),
    (("Exponential", [1.7]), ("Exponential", [0.6])),
    (("Exponential", [1.7]), ("Gaussian", [0.5, 1.3])),
    (("LogNormal", [0.4, 0.7]), ("LogNormal", [-0.5, 1.3])),
    (("Cauchy", [0.4, 0.7]), ("Cauchy", [-0.5, 1.3])),
    (("Pareto", [1.5, 3.5]), ("Pareto", [1.2, 2.5])),
    (("Pareto", [1.5, 3.5]), ("Gamma", [2.3, 1.7])),
    (("Pareto", [1.5, 3.5]), ("Exponential", [1.7])),
    (("Pareto", [1.5, 3.5]), ("Gaussian", [-0.5, 1.3])),
    (("Uniform", [-0.5, 1.5]), ("Gaussian", [-0.5, 1.3])),
    (("Uniform", [-0.5, 1.5]), ("Uniform", [-1, 1.5])),
    (("Beta", [2.5, 1.5]), ("Beta", [0.8, 1.3])),
    (("Beta", [2.5, 1.5]), ("Gamma", [0.8, 0.6])),
    (("Beta", [2.5, 1.5]), ("Gaussian", [-0.5, 1.3])),
]


def number(x):
    x = float(x)
    return x if math.isfinite(x) else None


def density(family, parameters):
    d = SCIPY[family](*parameters)
    z = np.float32(d.ppf([0.001, 0.05, 0.3, 0.7, 0.95, 0.999]))
    inside = [x for x in z if np.isfinite(d.logpdf(float(x)))]
    mean, variance = d.stats("mv")
    return {
        "family": family,
        "parameters": parameters,
        "z": [float(x) for x in inside],
        "logDensity": [float(d.logpdf(float(x))) for x in inside],
        "cdf": [float(d.cdf(float(x))) for x in inside],
        "mean": number(mean),
        "variance": number(variance),
        "entropy": number(d.entropy()),
    }


def divergence(pair):
    def member(family, parameters):
        return TORCH[family](*[torch.tensor(x, dtype=torch.float64) for x in parameters])

    (q, a), (p, b) = pair
    return {
        "q": q, "qParameters": a, "p": p, "pParameters": b,
        "divergence": float(td.kl_divergence(member(q, a), member(p, b))),
    }


def multivariate():
    mean = [0.3, -1.2, 0.5]
    scale = [0.8, 1.4, 0.4]
    factor = [[9, 9, 9], [0.6, 9, 9], [-0.7, 1.1, 9]]
    lower = np.tril(np.array(factor), -1) + np.diag(scale)
    z = [1.0, 0.25, -0.5]
    q = td.MultivariateNormal(torch.tensor(mean), scale_tril=torch.tensor(lower))
    p = td.MultivariateNormal(torch.zeros(3).double(), torch.eye(3).double())
    a, b, x = [0.7, 2.5, 1.4], [1.5, 0.6, 3], [0.25, 0.5, 0.25]
    da, db = td.Dirichlet(torch.tensor(a).double()), td.Dirichlet(torch.tensor(b).double())
    return {
        "fullGaussian": {
            "mean": mean, "scale": scale, "factor": sum(factor, []), "z": z,
            "logDensity": float(stats.multivariate_normal(mean, lower @ lower.T).logpdf(z)),
            "entropy": float(q.entropy()),
            "divergenceFromStandard": float(td.kl_divergence(q, p)),
        },
        "dirichlet": {
            "concentration": a, "other": b, "z": x,
            "logDensity": float(stats.dirichlet(a).logpdf(x)),
            "entropy": float(stats.dirichlet(a).entropy()),
            "divergence": float(td.kl_divergence(da, db)),
        },
    }


torch.set_default_dtype(torch.float64)
fixture = {
    "densities": [density(*case) for case in CASES],
    "divergences": [divergence(pair) for pair in PAIRS],
    **multivariate(),
}
with open(os.path.join(HERE, "distributions.json"), "w") as file:
    json.dump(fixture, file, indent=1)
    file.write("\n")
