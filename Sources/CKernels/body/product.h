// Blocked matrix product (Goto and van de Geijn 2008): a block of B that the second-level cache
// holds is packed into panels, tiles of A run down each panel.

/// Four rows of four at `from`, `pitch` apart, transposed.
INLINE void transpose_four(const float *from, size_t pitch, float *to, size_t to_pitch) {
  four r0 = *(const four_at *)from, r1 = *(const four_at *)(from + pitch);
  four r2 = *(const four_at *)(from + 2 * pitch), r3 = *(const four_at *)(from + 3 * pitch);
  four a = __builtin_shufflevector(r0, r1, 0, 4, 1, 5);
  four b = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
  four c = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
  four d = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  *(four_at *)to = __builtin_shufflevector(a, b, 0, 1, 4, 5);
  *(four_at *)(to + to_pitch) = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  *(four_at *)(to + 2 * to_pitch) = __builtin_shufflevector(c, d, 0, 1, 4, 5);
  *(four_at *)(to + 3 * to_pitch) = __builtin_shufflevector(c, d, 2, 3, 6, 7);
}

/// to[k * width + j] = from[j * pitch + k] for j < columns <= width, zero for the rest.
static void pack_transposed(
  const float *from, size_t pitch, size_t depth, size_t columns, size_t width, float *to) {
  size_t j = 0;
  for (; j + 4 <= columns; j += 4) {
    const float *line = from + j * pitch;
    size_t k = 0;
    for (; k + 4 <= depth; k += 4) transpose_four(line + k, pitch, to + k * width + j, width);
    for (; k < depth; k++) {
      for (size_t i = 0; i < 4; i++) to[k * width + j + i] = line[i * pitch + k];
    }
  }
  for (; j < width; j++) {
    for (size_t k = 0; k < depth; k++)
      to[k * width + j] = j < columns ? from[j * pitch + k] : 0;
  }
}

/// to[k * width + j] = from[k * pitch + j] for j < columns <= width, zero for the rest.
static void pack_rows(
  const float *from, size_t pitch, size_t depth, size_t columns, size_t width, float *to) {
  if (columns == PANEL && width == PANEL) {
    for (size_t k = 0; k < depth; k++, from += pitch, to += PANEL) {
      *(vector_at *)to = *(const vector_at *)from;
      *(vector_at *)(to + LANES) = *(const vector_at *)(from + LANES);
    }
    return;
  }
  if (columns == TILE_ROWS && width == TILE_ROWS) {
    for (size_t k = 0; k < depth; k++, from += pitch, to += TILE_ROWS)
      memcpy(to, from, TILE_ROWS * sizeof(float));
    return;
  }
  for (size_t k = 0; k < depth; k++, from += pitch, to += width) {
    for (size_t j = 0; j < columns; j++) to[j] = from[j];
    for (size_t j = columns; j < width; j++) to[j] = 0;
  }
}

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// The size of equal pieces of `count`, each at most `most`, rounded up to `unit`.
INLINE size_t piece(size_t count, size_t most, size_t unit) {
  if (count == 0) return unit;
  size_t pieces = (count + most - 1) / most;
  size_t size = (count + pieces - 1) / pieces;
  return (size + unit - 1) / unit * unit;
}

/// Sum of products of two contiguous lines.
INLINE float dot(const float *a, const float *b, size_t count) {
  vector s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  size_t i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES) {
    s0 += *(const vector_at *)(a + i) * *(const vector_at *)(b + i);
    s1 += *(const vector_at *)(a + i + LANES) * *(const vector_at *)(b + i + LANES);
    s2 += *(const vector_at *)(a + i + 2 * LANES) * *(const vector_at *)(b + i + 2 * LANES);
    s3 += *(const vector_at *)(a + i + 3 * LANES) * *(const vector_at *)(b + i + 3 * LANES);
  }
  vector s = (s0 + s1) + (s2 + s3);
  float sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += s[lane];
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}

enum {
  depth_block = 320,   // a panel of B and a strip of A stay in the first-level cache
  row_block = 144,     // a block of A stays in the second-level cache
  column_block = 768,
  few_rows = 3         // below or at this, packing B costs more than it brings
};

static void product_of_few_rows(
  const struct latent_block_product *p, size_t row, size_t row_end, size_t column,
  size_t column_end) {
  for (size_t j = column; j < column_end; j++) {
    for (size_t i = row; i < row_end; i++) {
      float *c = p->c + i * p->c_row + j;
      float sum = dot(p->a + i * p->a_row, p->b + j * p->b_step, p->depth);
      if (p->bias) sum += p->bias[j];
      *c = p->accumulate ? *c + sum : sum;
    }
  }
}

static void product(
  const struct latent_block_product *p, size_t row, size_t row_end, size_t column,
  size_t column_end) {
  if (row >= row_end || column >= column_end) return;
  bool rows_of_b = p->b_step == 1;
  if (row_end - row <= few_rows && p->a_step == 1 && p->b_row == 1) {
    product_of_few_rows(p, row, row_end, column, column_end);
    return;
  }
  size_t ks = piece(p->depth, depth_block, 4), js = piece(column_end - column, column_block, PANEL);
  bool pack_a = p->a_step != 1;
  float *panels = latent_scratch(0, ks * js);
  float *strips = pack_a ? latent_scratch(1, ks * (row_block + TILE_ROWS)) : NULL;
  for (size_t j0 = column; j0 < column_end; j0 += js) {
    size_t j1 = smaller(j0 + js, column_end);
    for (size_t k0 = 0; k0 == 0 || k0 < p->depth; k0 += ks) {
      size_t depth = smaller(ks, p->depth - k0);
      for (size_t j = j0; j < j1; j += PANEL) {
        size_t columns = smaller(PANEL, j1 - j);
        const float *b = p->b + k0 * p->b_row + j * p->b_step;
        float *panel = panels + (j - j0) * ks;
        if (rows_of_b) {
          pack_rows(b, p->b_row, depth, columns, PANEL, panel);
        } else {
          pack_transposed(b, p->b_step, depth, columns, PANEL, panel);
        }
      }
      for (size_t i0 = row; i0 < row_end; i0 += row_block) {
        size_t i1 = smaller(i0 + row_block, row_end);
        if (pack_a) {
          for (size_t i = i0; i < i1; i += TILE_ROWS)
            pack_rows(
              p->a + i * p->a_row + k0 * p->a_step, p->a_step, depth,
              smaller(TILE_ROWS, i1 - i), TILE_ROWS, strips + (i - i0) * ks);
        }
        for (size_t j = j0; j < j1; j += PANEL) {
          for (size_t i = i0; i < i1; i += TILE_ROWS) {
            struct tile_target target = {
              p->c + i * p->c_row + j, p->c_row, smaller(PANEL, j1 - j), p->accumulate || k0 > 0,
              p->bias && k0 == 0 ? p->bias + j : NULL};
            size_t rows = smaller(TILE_ROWS, i1 - i);
            const float *panel = panels + (j - j0) * ks;
            if (pack_a) {
              tile(rows, depth, strips + (i - i0) * ks, 1, TILE_ROWS, panel, PANEL, &target);
            } else {
              tile(
                rows, depth, p->a + i * p->a_row + k0, p->a_row, 1, panel, PANEL, &target);
            }
          }
        }
      }
    }
  }
}
