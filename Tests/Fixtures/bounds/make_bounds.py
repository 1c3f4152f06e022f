#!/usr/bin/env python3
"""Golden values of bounds and densities by torch.distributions, in double precision.

    python3 Tests/Fixtures/bounds/make_bounds.py > Tests/Fixtures/bounds/bounds.json

A linear-Gaussian model x = W z + b + 0.5 noise, z of two dimensions whose posterior is correlated;
everything is rounded to a few binary digits first, so that single precision holds the same numbers.
Needs torch (2.x, CPU).
"""

import json
import math

import torch
from torch.distributions import (
    Categorical,
    Exponential,
    Gamma,
    Independent,
    Laplace,
    LogNormal,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
    StudentT,
    Weibull,
    kl_divergence,
)

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)


def rounded(x):
    return (x * 1024).round() / 1024


def numbers(x):
    return x.reshape(-1).tolist()


W = torch.tensor([[1.0, 0.75], [0.5, 0.75], [-0.25, 0.5], [0.75, 0.25]])
b = torch.tensor([0.5, 0.25, 0.75, 0.5])
s = 0.5
x = rounded(torch.randn(3, 2) @ W.T + b + s * torch.randn(3, 4))
marginal = MultivariateNormal(b, W @ W.T + s * s * torch.eye(4))
precision = torch.eye(2) + W.T @ W / (s * s)
covariance = precision.inverse()
means = (x - b) @ W @ covariance / (s * s)

result = {
    "weight": numbers(W), "bias": numbers(b), "deviation": s, "x": numbers(x),
    "log_marginal": numbers(marginal.log_prob(x)),
    "posterior_mean": numbers(means), "posterior_cholesky": numbers(torch.linalg.cholesky(covariance)),
    # The best factorised posterior has the same means and the precision's diagonal.
    "diagonal_log_variance": numbers(-precision.diagonal().log()),
    "diagonal_gap": 0.5 * (precision.diagonal().log().sum() - precision.logdet()).item(),
}

# The estimators on given draws of a given diagonal posterior.
mean = rounded(torch.randn(3, 2) * 0.5)
log_variance = rounded(torch.randn(3, 2) * 0.5 - 1)
noise = rounded(torch.randn(3, 6, 2))
mean.requires_grad_()
log_variance.requires_grad_()
prior = Independent(Normal(torch.zeros(2), torch.ones(2)), 1)
q = Independent(Normal(mean[:, None], (0.5 * log_variance[:, None]).exp()), 1)
z = mean[:, None] + (0.5 * log_variance[:, None]).exp() * noise
pixels = Independent(Normal(z @ W.T + b, s), 1)
log_likelihood = pixels.log_prob(x[:, None])
log_weights = log_likelihood + prior.log_prob(z) - q.log_prob(z)
rate = kl_divergence(
    Independent(Normal(mean, (0.5 * log_variance).exp()), 1), prior
)
result |= {
    "mean": numbers(mean), "log_variance": numbers(log_variance), "noise": numbers(noise),
    "rate": numbers(rate),
    "estimator_a": numbers(log_weights.mean(1)),
    "estimator_b": numbers(log_likelihood.mean(1) - rate),
    "iwae_2x3": numbers(log_weights.reshape(3, 2, 3).logsumexp(2) - math.log(3)),
}


def gradients(loss):
    return [numbers(g) for g in torch.autograd.grad(loss, [mean, log_variance], retain_graph=True)]


iwae = -(log_weights.reshape(3, 2, 3).logsumexp(2) - math.log(3)).mean()
# Tucker et al. 2019: q's parameters held fixed in the weights, normalised weights squared.
fixed_q = Independent(Normal(mean[:, None].detach(), (0.5 * log_variance[:, None]).exp().detach()), 1)
path = (log_likelihood + prior.log_prob(z) - fixed_q.log_prob(z)).reshape(3, 2, 3)
shares = path.softmax(2).detach()
dreg = -(shares**2 * path).sum() / 6
fixed_z = z.detach()
worth = (Independent(Normal(fixed_z @ W.T + b, s), 1).log_prob(x[:, None])
         + prior.log_prob(fixed_z) - q.log_prob(fixed_z)).detach()
score = -(worth * q.log_prob(fixed_z)).mean()
result["gradients"] = {
    "sgvb-a": gradients(-log_weights.mean()),
    "sgvb-b": gradients((rate[:, None] - log_likelihood).mean()),
    "iwae": gradients(iwae),
    "dreg": gradients(dreg),
    "score-function": gradients(score),
}

# Rates in closed form, of the encoder's outputs as the program reads them; prior N(0, 1), LogNormal(0, 1)
# or Exp(1). torch has no closed form of some: there 4,000,001 points of the inverse CDF.
first = torch.tensor([0.75, -0.5])
second = torch.tensor([-0.25, 0.5])
softplus = torch.nn.functional.softplus(first) + 0.1
u = (torch.arange(4_000_001) + 0.5) / 4_000_001


def expected(distribution, prior):
    """KL by the mean over a fine grid of quantiles."""
    z = distribution.icdf(u[:, None].expand(-1, 2))
    return (distribution.log_prob(z) - prior.log_prob(z)).mean(0).sum().item()


result["outputs"] = [numbers(first), numbers(second)]
result["rates"] = {
    "diagonal": kl_divergence(Normal(first, (0.5 * second).exp()), Normal(0.0, 1.0)).sum().item(),
    "laplace": expected(Laplace(first, second.exp()), Normal(0.0, 1.0)),
    "log-normal": kl_divergence(LogNormal(first, second.exp()), LogNormal(0.0, 1.0)).sum().item(),
    "gamma": kl_divergence(
        Gamma(softplus, second.exp()), Gamma(torch.ones(2), torch.ones(2))).sum().item(),
    "exponential": kl_divergence(Exponential(first.exp()), Exponential(torch.ones(2))).sum().item(),
    "weibull": expected(Weibull(second.exp(), softplus), Exponential(torch.ones(2))),
}
student = StudentT(5.0, first, second.exp())
grid = torch.linspace(-4000, 4000, 8_000_001)[:, None]
density = student.log_prob(grid)
result["rates"]["student-t"] = (
    (density.exp() * (density - Normal(0.0, 1.0).log_prob(grid))).sum(0) * 0.001).sum().item()
logistic = torch.distributions.TransformedDistribution(
    torch.distributions.Uniform(torch.zeros(2), torch.ones(2)),
    [torch.distributions.SigmoidTransform().inv,
     torch.distributions.AffineTransform(first, second.exp())])
points = first + second.exp() * (u.log() - (1 - u).log())[:, None]
result["rates"]["logistic"] = (
    (logistic.log_prob(points) - Normal(0.0, 1.0).log_prob(points)).mean(0).sum().item())

# A mixture of three Gaussians.
logits = torch.tensor([0.5, -0.25, 0.0])
centres = torch.tensor([[1.0, 0.5], [-1.0, 0.25], [0.5, -1.5]])
log_variances = torch.tensor([[-1.0, 0.0], [0.5, -2.0], [-0.5, -0.25]])
points = rounded(torch.randn(4, 2))
mixture = MixtureSameFamily(
    Categorical(logits=logits), Independent(Normal(centres, (0.5 * log_variances).exp()), 1))
result["mixture"] = {
    "logits": numbers(logits), "mean": numbers(centres), "log_variance": numbers(log_variances),
    "z": numbers(points), "log_density": numbers(mixture.log_prob(points)),
}
print(json.dumps(result, indent=1))
