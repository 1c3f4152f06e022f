// Functions of one number, written so that loops over them vectorize: no branches, no tables, no
// library calls. The polynomials are weighted least-squares fits, iterated towards the minimax
// one, of the functions named at them.

INLINE float from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

INLINE uint32_t to_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

/// Adding and taking away 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
#define ROUNDER 12582912.0f

/// x - n log 2 for the nearest integer n, written to `n`; |result| <= log 2 / 2.
INLINE float reduce_exp(float x, int32_t *n) {
  float shifted = x * 1.442695041f + ROUNDER;
  float whole = shifted - ROUNDER;
  *n = (int32_t)(to_bits(shifted) - to_bits(ROUNDER));
  return (x - whole * 0.693359375f) - whole * -2.12194440055e-4f;
}

/// (exp(r) - 1 - r) / r^2 on [-log 2 / 2, log 2 / 2].
INLINE float exp_tail(float r) {
  float p = 1.991852445e-04f;
  p = p * r + 1.394617665e-03f;
  p = p * r + 8.333264106e-03f;
  p = p * r + 4.166626851e-02f;
  p = p * r + 1.666666686e-01f;
  return p * r + 5.000000078e-01f;
}

INLINE float power_of_two(int32_t n) { return from_bits((uint32_t)(n + 127) << 23); }

INLINE float exponential(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  int32_t n;
  float r = reduce_exp(x, &n);
  float y = exp_tail(r) * (r * r) + r + 1.0f;
  // Two factors, so that neither leaves the range where the result is subnormal or infinite.
  int32_t half = n >> 1;
  return y * power_of_two(half) * power_of_two(n - half);
}

/// exp(x) - 1 for x <= 0.
INLINE float exponential_minus_one(float x) {
  x = x > 0 ? 0 : x;
  x = x < -40.0f ? -40.0f : x;
  int32_t n;
  float r = reduce_exp(x, &n);
  float scale = power_of_two(n);
  return (exp_tail(r) * (r * r) + r) * scale + (scale - 1.0f);
}

/// e log 2 + log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)).
INLINE float logarithm_of_parts(float f, float e) {
  // (log(1 + f) - f + f^2 / 2) / f^3
  float p = 6.915424500e-02f;
  p = p * f + -1.178983521e-01f;
  p = p * f + 1.187296549e-01f;
  p = p * f + -1.238434307e-01f;
  p = p * f + 1.421865888e-01f;
  p = p * f + -1.666925115e-01f;
  p = p * f + 2.000222658e-01f;
  p = p * f + -2.499998659e-01f;
  p = p * f + 3.333331044e-01f;
  float y = p * f * (f * f) + e * -2.12194440055e-4f - 0.5f * (f * f);
  return (y + f) + e * 0.693359375f;
}

INLINE float logarithm(float x) {
  float small = x < FLT_MIN ? 8388608.0f : 1.0f;
  float e = x < FLT_MIN ? -23.0f : 0.0f;
  uint32_t bits = to_bits(x * small);
  // 0x3f3504f3 is sqrt(1/2): the mantissa goes to [sqrt(1/2), sqrt(2)).
  uint32_t offset = bits - 0x3f3504f3u;
  e += (float)((int32_t)offset >> 23);
  float y = logarithm_of_parts(from_bits((offset & 0x007fffffu) + 0x3f3504f3u) - 1.0f, e);
  y = x == 0 ? -INFINITY : y;
  y = x < 0 ? NAN : y;
  y = x == INFINITY ? INFINITY : y;
  return x != x ? x : y;
}

/// log(1 + t) for 0 <= t <= 1: the logarithm of the rounded sum, corrected for the rounding.
INLINE float logarithm_of_one_plus(float t) {
  float u = 1.0f + t;
  bool upper = u >= 1.41421354f;
  float whole = logarithm_of_parts((upper ? 0.5f * u : u) - 1.0f, upper ? 1.0f : 0.0f);
  return whole + (t - (u - 1.0f)) / u;
}

INLINE float hyperbolic_tangent(float x) {
  float size = __builtin_fabsf(x);
  float t = x * x;
  // (tanh(x) / x - 1) / x^2
  float p = -5.603913786e-03f;
  p = p * t + 2.055171920e-02f;
  p = p * t + -5.371410728e-02f;
  p = p * t + 1.333115281e-01f;
  p = p * t + -3.333327208e-01f;
  float near = p * t * x + x;
  float far = __builtin_copysignf(1.0f - 2.0f / (exponential(2.0f * size) + 1.0f), x);
  float y = size < 0.625f ? near : far;
  return x != x ? x : y;
}

INLINE float logistic(float x) {
  float e = exponential(-__builtin_fabsf(x));
  return (x >= 0 ? 1.0f : e) / (1.0f + e);
}

INLINE float soft_plus(float x) {
  float positive = x < 0 ? 0 : x;
  return positive + logarithm_of_one_plus(exponential(-__builtin_fabsf(x)));
}

/// Where the reduction of `sine` and `cosine` to [-pi/4, pi/4] stays accurate.
#define LARGEST_ANGLE 8192.0f

/// sin(x + quarter * pi / 2).
INLINE float sine_of(float x, uint32_t quarter) {
  float shifted = x * 0.636619772f + ROUNDER;
  float whole = shifted - ROUNDER;
  uint32_t q = to_bits(shifted) + quarter;
  float r = ((x - whole * 1.5703125f) - whole * 4.8351287841796875e-4f) - whole * 3.1391647865e-7f;
  float t = r * r;
  // (sin(r) / r - 1) / r^2
  float s = 2.718237270e-06f;
  s = s * t + -1.983932714e-04f;
  s = s * t + 8.333329362e-03f;
  s = s * t + -1.666666664e-01f;
  s = s * t * r + r;
  // (cos(r) - 1 + r^2 / 2) / r^4
  float c = -2.720954796e-07f;
  c = c * t + 2.479951177e-05f;
  c = c * t + -1.388888372e-03f;
  c = c * t + 4.166666662e-02f;
  c = c * (t * t) - 0.5f * t + 1.0f;
  float y = q & 1 ? c : s;
  return from_bits(to_bits(y) ^ (q & 2) << 30);
}

/// sqrt(2 / pi) (x + 0.044715 x^3)
INLINE float gelu_argument(float x) { return 0.79788456f * (x + 0.044715f * x * x * x); }

INLINE float gelu_value(float x) {
  return 0.5f * x * (1.0f + hyperbolic_tangent(gelu_argument(x)));
}

INLINE float gelu_derivative(float x) {
  float t = hyperbolic_tangent(gelu_argument(x));
  return 0.5f * (1.0f + t)
    + 0.5f * x * (1.0f - t * t) * 0.79788456f * (1.0f + 0.134145f * x * x);
}

INLINE float silu_derivative(float x) {
  float s = logistic(x);
  return s * (1.0f + x * (1.0f - s));
}
