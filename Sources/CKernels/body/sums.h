// Sums and maxima of contiguous elements.

/// In vectors of four partial sums, blocks of which are added up in double precision.
static float sum(const float *x, size_t count) {
  enum { block = 4096 };
  double total = 0;
  for (size_t start = 0; start < count; start += block) {
    size_t n = count - start < block ? count - start : block, i = 0;
    const float *in = x + start;
    vector s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
      s0 += *(const vector_at *)(in + i);
      s1 += *(const vector_at *)(in + i + LANES);
      s2 += *(const vector_at *)(in + i + 2 * LANES);
      s3 += *(const vector_at *)(in + i + 3 * LANES);
    }
    for (; i + LANES <= n; i += LANES) s0 += *(const vector_at *)(in + i);
    vector s = (s0 + s1) + (s2 + s3);
    float partial = 0;
    for (int lane = 0; lane < LANES; lane++) partial += s[lane];
    for (; i < n; i++) partial += in[i];
    total += partial;
  }
  return (float)total;
}

static float largest(const float *x, size_t count) {
  float lanes[LANES], m = -INFINITY;
  size_t i = 0;
  for (int lane = 0; lane < LANES; lane++) lanes[lane] = -INFINITY;
  for (; i + LANES <= count; i += LANES) {
    for (int lane = 0; lane < LANES; lane++)
      lanes[lane] = x[i + lane] > lanes[lane] ? x[i + lane] : lanes[lane];
  }
  for (int lane = 0; lane < LANES; lane++) m = lanes[lane] > m ? lanes[lane] : m;
  for (; i < count; i++) m = x[i] > m ? x[i] : m;
  return m;
}

static void add_to(float *y, const float *x, size_t count) {
  EACH(y[i] += x[i]);
}

static void larger_of(float *y, const float *x, size_t count) {
  EACH(y[i] = x[i] > y[i] ? x[i] : y[i]);
}
