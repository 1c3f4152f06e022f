// The register tile that products and convolutions are made of: up to TILE_ROWS rows by one or
// two vectors of columns, summed over the depth with everything in registers.

#define PANEL (2 * LANES)

/// Where the tile's sums go.
struct tile_target {
  float *c;
  size_t c_row;
  size_t columns;         // how many of the tile's columns exist
  bool accumulate;
  const float *bias;      // one number a column, or NULL
  const float *row_bias;  // one number a row, or NULL
};

/// Stores `rows` lines of PANEL sums each of which the target has a part.
static __attribute__((noinline)) void store_part(
  int rows, const float *lines, const struct tile_target *target) {
  for (int i = 0; i < rows; i++, lines += PANEL) {
    float *c = target->c + (size_t)i * target->c_row;
    for (size_t j = 0; j < target->columns; j++) {
      float sum = lines[j] + (target->bias ? target->bias[j] : 0)
        + (target->row_bias ? target->row_bias[i] : 0);
      c[j] = target->accumulate ? c[j] + sum : sum;
    }
  }
}

// Runs `BODY` for every sum of a tile, at `to`. Loops over sums are unrolled throughout: where one
// is not, all sums live in memory.
#define EACH_SUM(TO, ROW, BODY) \
  do { \
    float *row_start = (TO); \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++, row_start += (ROW)) { \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++) { \
        vector_at *to = (vector_at *)(row_start + v * LANES); \
        vector sum = sums[i][v]; \
        BODY; \
      } \
    } \
  } while (0)

INLINE void store_tile(
  int rows, int vectors, vector sums[TILE_ROWS][2], const struct tile_target *target) {
  if (target->columns != (size_t)(vectors * LANES)) {
    float lines[TILE_ROWS * PANEL];
    EACH_SUM(lines, PANEL, *to = sum);
    store_part(rows, lines, target);
  } else if (target->bias || target->row_bias) {
    EACH_SUM(target->c, target->c_row, {
      if (target->bias) sum += *(const vector_at *)(target->bias + v * LANES);
      if (target->row_bias) sum += target->row_bias[i];
      *to = target->accumulate ? *to + sum : sum;
    });
  } else if (target->accumulate) {
    EACH_SUM(target->c, target->c_row, *to += sum);
  } else {
    EACH_SUM(target->c, target->c_row, *to = sum);
  }
}

/// Row i of A, of which the upper three have a pointer of their own: going from row to row by
/// adding, all six in one chain, takes as long as the products.
INLINE float row_of(const float *low, const float *high, size_t a_row, int i) {
  return i < 3 ? low[(size_t)i * a_row] : high[(size_t)(i - 3) * a_row];
}

/// `a + 3 * a_row`, of which the compiler does not know that.
INLINE const float *upper_rows(const float *a, size_t a_row) {
  const float *high = a + 3 * a_row;
  __asm__("" : "+r"(high));
  return high;
}

/// B at `b + k * b_row`, A at `a + i * a_row + k * a_step`.
INLINE void tile_of(
  int rows, int vectors, size_t depth, const float *a, size_t a_row, size_t a_step,
  const float *b, size_t b_row, const struct tile_target *target) {
  vector sums[TILE_ROWS][2] = {0};
  const float *high = rows > 3 ? upper_rows(a, a_row) : a;
  for (size_t k = 0; k < depth; k++) {
    vector b0 = *(const vector_at *)b, b1 = b0;
    if (vectors > 1) b1 = *(const vector_at *)(b + LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      float number = row_of(a, high, a_row, i);
      sums[i][0] += number * b0;
      if (vectors > 1) sums[i][1] += number * b1;
    }
    a += a_step;
    high += a_step;
    b += b_row;
  }
  store_tile(rows, vectors, sums, target);
}

/// B at `b + offsets[k]`, A at `a + i * a_row + k`.
INLINE void scattered_tile_of(
  int rows, int vectors, size_t depth, const float *a, size_t a_row, const float *b,
  const size_t *offsets, const struct tile_target *target) {
  vector sums[TILE_ROWS][2] = {0};
  for (size_t k = 0; k < depth; k++) {
    const float *at = b + offsets[k];
    vector b0 = *(const vector_at *)at, b1 = b0;
    if (vectors > 1) b1 = *(const vector_at *)(at + LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      float number = a[(size_t)i * a_row + k];
      sums[i][0] += number * b0;
      if (vectors > 1) sums[i][1] += number * b1;
    }
  }
  store_tile(rows, vectors, sums, target);
}

/// Row i of A starts at `a + offsets[i]` and is made of `lines` runs of `run` elements that are
/// `pitch` apart; B is a packed panel of lines * run rows.
INLINE void run_tile_of(
  int rows, int vectors, size_t lines, size_t run, size_t pitch, const float *a,
  const size_t *offsets, const float *b, const struct tile_target *target) {
  vector sums[TILE_ROWS][2] = {0};
  const float *starts[TILE_ROWS];
  for (int i = 0; i < rows; i++) starts[i] = a + offsets[i];
  for (size_t line = 0; line < lines; line++) {
    for (size_t k = 0; k < run; k++) {
      vector b0 = *(const vector_at *)b, b1 = b0;
      if (vectors > 1) b1 = *(const vector_at *)(b + LANES);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        float number = starts[i][k];
        sums[i][0] += number * b0;
        if (vectors > 1) sums[i][1] += number * b1;
      }
      b += PANEL;
    }
    for (int i = 0; i < rows; i++) starts[i] += pitch;
  }
  store_tile(rows, vectors, sums, target);
}

// One function for each number of rows and vectors, and the choice between them.

#define EACH_TILE(CASE) \
  CASE(1, 1) CASE(2, 1) CASE(3, 1) CASE(4, 1) CASE(5, 1) CASE(6, 1) \
  CASE(1, 2) CASE(2, 2) CASE(3, 2) CASE(4, 2) CASE(5, 2) CASE(6, 2)

#define TILE(R, V) \
  static __attribute__((noinline)) void tile_##R##_##V( \
    size_t depth, const float *a, size_t a_row, size_t a_step, const float *b, size_t b_row, \
    const struct tile_target *target) { \
    tile_of(R, V, depth, a, a_row, a_step, b, b_row, target); \
  } \
  static __attribute__((noinline)) void scattered_tile_##R##_##V( \
    size_t depth, const float *a, size_t a_row, const float *b, const size_t *offsets, \
    const struct tile_target *target) { \
    scattered_tile_of(R, V, depth, a, a_row, b, offsets, target); \
  } \
  static __attribute__((noinline)) void run_tile_##R##_##V( \
    size_t lines, size_t run, size_t pitch, const float *a, const size_t *offsets, \
    const float *b, const struct tile_target *target) { \
    run_tile_of(R, V, lines, run, pitch, a, offsets, b, target); \
  }
EACH_TILE(TILE)
#undef TILE

#define CHOICE(R, V) case (V - 1) * TILE_ROWS + R:

static void tile(
  size_t rows, size_t depth, const float *a, size_t a_row, size_t a_step, const float *b,
  size_t b_row, const struct tile_target *target) {
  int vectors = target->columns > LANES ? 2 : 1;
  switch ((vectors - 1) * TILE_ROWS + (int)rows) {
#define CASE(R, V) \
  CHOICE(R, V) tile_##R##_##V(depth, a, a_row, a_step, b, b_row, target); \
  return;
    EACH_TILE(CASE)
#undef CASE
  }
}

static void scattered_tile(
  size_t rows, size_t depth, const float *a, size_t a_row, const float *b,
  const size_t *offsets, const struct tile_target *target) {
  int vectors = target->columns > LANES ? 2 : 1;
  switch ((vectors - 1) * TILE_ROWS + (int)rows) {
#define CASE(R, V) \
  CHOICE(R, V) scattered_tile_##R##_##V(depth, a, a_row, b, offsets, target); \
  return;
    EACH_TILE(CASE)
#undef CASE
  }
}

static void run_tile(
  size_t rows, size_t lines, size_t run, size_t pitch, const float *a, const size_t *offsets,
  const float *b, const struct tile_target *target) {
  int vectors = target->columns > LANES ? 2 : 1;
  switch ((vectors - 1) * TILE_ROWS + (int)rows) {
#define CASE(R, V) \
  CHOICE(R, V) run_tile_##R##_##V(lines, run, pitch, a, offsets, b, target); \
  return;
    EACH_TILE(CASE)
#undef CASE
  }
}
