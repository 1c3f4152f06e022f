#ifndef LATENT_BFLOAT16_H
#define LATENT_BFLOAT16_H

#include <stdbool.h>

#include "convolution.h"

// The convolutions of convolution.h with factors rounded to bfloat16 (8 bits of precision) and sums
// in single precision, by the matrix unit of the processor (AMX): a place depends on the pixels
// under its kernel alone.

/// Whether this processor multiplies matrices of bfloat16, and the system lets this process do so.
bool latent_bfloat16_is_available(void);

/// Whether the matrix unit can do a convolution and pays: stride 1, one group, enough channels.
bool latent_bfloat16_serves(const struct latent_convolution *shape);

/// As `latent_convolution_forward`, where it serves.
void latent_bfloat16_forward(
  const struct latent_convolution *shape, const float *x, const float *w, const float *bias,
  float *y);

/// As `latent_convolution_transposed`, where it serves.
void latent_bfloat16_transposed(
  const struct latent_convolution *shape, const float *dy, const float *w, const float *bias,
  float *dx);

/// As `latent_convolution_weight_gradient`, where it serves.
void latent_bfloat16_weight_gradient(
  const struct latent_convolution *shape, const float *x, const float *dy, float *dw);

#endif
