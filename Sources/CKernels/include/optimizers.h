#ifndef LATENT_OPTIMIZERS_H
#define LATENT_OPTIMIZERS_H

#include <stddef.h>

// Each updates `count` weights in one pass. `decay` adds the gradient of a Gaussian prior on the
// weights: g = gradient + decay weight, that is a penalty of decay/2 |weight|^2.

/// Adam (Kingma and Ba 2015, algorithm 1): m = beta1 m + (1 - beta1) g,
/// v = beta2 v + (1 - beta2) g^2, weight -= rate m' / (sqrt(v') + epsilon) with the bias-corrected
/// m' = m / (1 - beta1^step), v' = v / (1 - beta2^step); `step` counts from 1. Before that,
/// weight *= `keep`: 1, or what the decay of AdamW leaves (Loshchilov and Hutter 2019, algorithm 2).
void latent_adam(
  float *weights, const float *gradients, float *m, float *v, size_t count, float rate,
  float beta1, float beta2, float epsilon, float decay, float keep, long step);

/// Adamax (Kingma and Ba 2015, algorithm 2): m as in Adam, u = max(beta2 u, |g| + epsilon),
/// weight -= rate / (1 - beta1^step) m / u.
void latent_adamax(
  float *weights, const float *gradients, float *m, float *u, size_t count, float rate,
  float beta1, float beta2, float epsilon, float decay, long step);

/// Adagrad (Duchi, Hazan and Singer 2011): sum += g^2, weight -= rate g / (sqrt(sum) + epsilon).
void latent_adagrad(
  float *weights, const float *gradients, float *sum, size_t count, float rate, float epsilon,
  float decay);

/// Stochastic gradient descent: velocity = momentum velocity + g, weight -= rate velocity; with
/// `velocity` NULL, weight -= rate g.
void latent_sgd(
  float *weights, const float *gradients, float *velocity, size_t count, float rate,
  float momentum, float decay);

/// The sum of the squares of `count` numbers; the same whatever the number of threads.
double latent_sum_of_squares(const float *x, size_t count);

/// x *= factor.
void latent_scale(float *x, size_t count, float factor);

/// An exponential moving average: average += (weights - average) rest.
void latent_average(float *average, const float *weights, size_t count, float rest);

#endif
