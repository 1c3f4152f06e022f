#ifndef LATENT_ELEMENTWISE_H
#define LATENT_ELEMENTWISE_H

#include <stddef.h>

/// Functions of one number; `p` and `q` are the slope, or the lower and upper limit.
enum latent_unary_function {
  LATENT_NEGATE,
  LATENT_EXP,
  LATENT_LOG,
  LATENT_SQRT,
  LATENT_SQUARE,
  LATENT_RECIPROCAL,
  LATENT_ABSOLUTE,
  LATENT_SINE,
  LATENT_COSINE,
  LATENT_TANH,
  LATENT_SIGMOID,
  LATENT_SOFTPLUS,
  LATENT_RELU,
  LATENT_LEAKY_RELU,
  LATENT_ELU,
  LATENT_SILU,
  LATENT_GELU,
  LATENT_CLAMP
};

enum latent_binary_function {
  LATENT_ADD,
  LATENT_SUBTRACT,
  LATENT_MULTIPLY,
  LATENT_DIVIDE,
  LATENT_MINIMUM,
  LATENT_MAXIMUM,
  LATENT_GREATER
};

/// y = f(x); y may be x.
void latent_unary(
  enum latent_unary_function function, float p, float q, const float *x, float *y, size_t count);

/// dx = dy f', f' computed from `operand`: the function's argument, or its value for exp, sqrt,
/// reciprocal, tanh, sigmoid, relu and elu. dx may be dy or operand.
void latent_unary_gradient(
  enum latent_unary_function function, float p, float q, const float *dy, const float *operand,
  float *dx, size_t count);

/// y = x scale + offset; y may be x.
void latent_affine(float scale, float offset, const float *x, float *y, size_t count);

/// y = f(a, b); y may be a or b.
void latent_binary(
  enum latent_binary_function function, const float *a, const float *b, float *y, size_t count);

#endif
