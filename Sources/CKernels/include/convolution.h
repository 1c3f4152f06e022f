#ifndef LATENT_CONVOLUTION_H
#define LATENT_CONVOLUTION_H

#include <stddef.h>

/// Extents of x `[images, channels, height, width]`, w `[outputs, channels/groups, kernel_height,
/// kernel_width]` and y `[images, outputs, rows, columns]`; zeros above and left of x (those below
/// and right follow from the extents of y).
struct latent_convolution {
  size_t images, channels, height, width;
  size_t outputs, kernel_height, kernel_width;
  size_t rows, columns;
  size_t stride, dilation, groups;
  size_t top, left;
};

/// y = x cross-correlated with w, plus bias `[outputs]` unless NULL.
void latent_convolution_forward(
  const struct latent_convolution *shape, const float *x, const float *w, const float *bias,
  float *y);

/// dx = the adjoint in x, plus bias `[channels]` unless NULL.
void latent_convolution_transposed(
  const struct latent_convolution *shape, const float *dy, const float *w, const float *bias,
  float *dx);

/// dw = the adjoint in w.
void latent_convolution_weight_gradient(
  const struct latent_convolution *shape, const float *x, const float *dy, float *dw);

#endif
