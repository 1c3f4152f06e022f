// Loops over the functions of one and two numbers.

// The result may be an operand itself, never shifted against it: `assume_safety` is what holds.
#define EACH(expression) \
  do { \
    _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < count; i++) { \
      expression; \
    } \
    return; \
  } while (0)

/// Sines of `count` numbers; those of large angles, which are rare, by the C library.
static void sines(
  const float *x, const float *factor, float *y, size_t count, uint32_t quarter, float sign) {
  enum { block = 256 };
  float results[block];
  for (size_t start = 0; start < count; start += block) {
    size_t n = count - start < block ? count - start : block;
    const float *in = x + start;
    bool large = false;
    for (size_t i = 0; i < n; i++) {
      results[i] = sine_of(in[i], quarter);
      large |= !(__builtin_fabsf(in[i]) <= LARGEST_ANGLE);
    }
    if (large) {
      for (size_t i = 0; i < n; i++) {
        if (!(__builtin_fabsf(in[i]) <= LARGEST_ANGLE))
          results[i] = quarter == 1 ? cosf(in[i]) : sinf(in[i]);
      }
    }
    if (factor) {
      for (size_t i = 0; i < n; i++) y[start + i] = sign * factor[start + i] * results[i];
    } else {
      memcpy(y + start, results, n * sizeof(float));
    }
  }
}

static void unary(int function, float p, float q, const float *x, float *y, size_t count) {
  switch ((enum latent_unary_function)function) {
  case LATENT_NEGATE: EACH(y[i] = -x[i]);
  case LATENT_EXP: EACH(y[i] = exponential(x[i]));
  case LATENT_LOG: EACH(y[i] = logarithm(x[i]));
  case LATENT_SQRT: EACH(y[i] = __builtin_elementwise_sqrt(x[i]));
  case LATENT_SQUARE: EACH(y[i] = x[i] * x[i]);
  case LATENT_RECIPROCAL: EACH(y[i] = 1.0f / x[i]);
  case LATENT_ABSOLUTE: EACH(y[i] = __builtin_fabsf(x[i]));
  case LATENT_SINE: sines(x, NULL, y, count, 0, 1); return;
  case LATENT_COSINE: sines(x, NULL, y, count, 1, 1); return;
  case LATENT_TANH: EACH(y[i] = hyperbolic_tangent(x[i]));
  case LATENT_SIGMOID: EACH(y[i] = logistic(x[i]));
  case LATENT_SOFTPLUS: EACH(y[i] = soft_plus(x[i]));
  case LATENT_RELU: EACH(y[i] = x[i] > 0 ? x[i] : 0);
  case LATENT_LEAKY_RELU: EACH(y[i] = x[i] > 0 ? x[i] : p * x[i]);
  case LATENT_ELU: EACH(y[i] = x[i] > 0 ? x[i] : exponential_minus_one(x[i]));
  case LATENT_SILU: EACH(y[i] = x[i] * logistic(x[i]));
  case LATENT_GELU: EACH(y[i] = gelu_value(x[i]));
  case LATENT_CLAMP: EACH(float v = x[i] < p ? p : x[i]; y[i] = v > q ? q : v);
  }
}

static void unary_gradient(
  int function, float p, float q, const float *dy, const float *operand, float *dx, size_t count) {
  const float *x = operand, *y = operand;
  switch ((enum latent_unary_function)function) {
  case LATENT_NEGATE: EACH(dx[i] = -dy[i]);
  case LATENT_EXP: EACH(dx[i] = dy[i] * y[i]);
  case LATENT_LOG: EACH(dx[i] = dy[i] / x[i]);
  case LATENT_SQRT: EACH(dx[i] = dy[i] * (0.5f / y[i]));
  case LATENT_SQUARE: EACH(dx[i] = dy[i] * (2.0f * x[i]));
  case LATENT_RECIPROCAL: EACH(dx[i] = dy[i] * (-y[i] * y[i]));
  case LATENT_ABSOLUTE: EACH(dx[i] = dy[i] * (x[i] > 0 ? 1.0f : x[i] < 0 ? -1.0f : 0.0f));
  case LATENT_SINE: sines(x, dy, dx, count, 1, 1); return;
  case LATENT_COSINE: sines(x, dy, dx, count, 0, -1); return;
  case LATENT_TANH: EACH(dx[i] = dy[i] * (1.0f - y[i] * y[i]));
  case LATENT_SIGMOID: EACH(dx[i] = dy[i] * (y[i] * (1.0f - y[i])));
  case LATENT_SOFTPLUS: EACH(dx[i] = dy[i] * logistic(x[i]));
  case LATENT_RELU: EACH(dx[i] = dy[i] * (y[i] > 0 ? 1.0f : 0.0f));
  case LATENT_LEAKY_RELU: EACH(dx[i] = dy[i] * (x[i] > 0 ? 1.0f : p));
  case LATENT_ELU: EACH(dx[i] = dy[i] * (y[i] > 0 ? 1.0f : y[i] + 1.0f));
  case LATENT_SILU: EACH(dx[i] = dy[i] * silu_derivative(x[i]));
  case LATENT_GELU: EACH(dx[i] = dy[i] * gelu_derivative(x[i]));
  case LATENT_CLAMP: EACH(dx[i] = dy[i] * (((x[i] > p) & (x[i] < q)) ? 1.0f : 0.0f));
  }
}

static void affine(float scale, float offset, const float *x, float *y, size_t count) {
  EACH(y[i] = x[i] * scale + offset);
}

static void binary(int function, const float *a, const float *b, float *y, size_t count) {
  switch ((enum latent_binary_function)function) {
  case LATENT_ADD: EACH(y[i] = a[i] + b[i]);
  case LATENT_SUBTRACT: EACH(y[i] = a[i] - b[i]);
  case LATENT_MULTIPLY: EACH(y[i] = a[i] * b[i]);
  case LATENT_DIVIDE: EACH(y[i] = a[i] / b[i]);
  case LATENT_MINIMUM: EACH(y[i] = a[i] < b[i] ? a[i] : b[i]);
  case LATENT_MAXIMUM: EACH(y[i] = a[i] > b[i] ? a[i] : b[i]);
  case LATENT_GREATER: EACH(y[i] = a[i] > b[i] ? 1.0f : 0.0f);
  }
}
