#ifndef LATENT_WINOGRAD_H
#define LATENT_WINOGRAD_H

#include <stdbool.h>

#include "convolution.h"

// The convolutions of convolution.h by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray
// 2016): a quarter of the multiplications. Rounding errors are about ten times larger, and those of
// a place depend on all pixels of its tile, not on those under its kernel alone.

/// Whether minimal filtering can do a convolution and pays: 3x3, stride 1, one group, and enough
/// channels for the transforms to be a small part.
bool latent_winograd_serves(const struct latent_convolution *shape);

/// As `latent_convolution_forward`, where it serves.
void latent_winograd_forward(
  const struct latent_convolution *shape, const float *x, const float *w, const float *bias,
  float *y);

/// As `latent_convolution_transposed`, where it serves.
void latent_winograd_transposed(
  const struct latent_convolution *shape, const float *dy, const float *w, const float *bias,
  float *dx);

/// As `latent_convolution_weight_gradient`, where it serves.
void latent_winograd_weight_gradient(
  const struct latent_convolution *shape, const float *x, const float *dy, float *dw);

#endif
