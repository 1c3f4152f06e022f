// Convolution of 3x3 kernels by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray 2016,
// sections 4.1 to 4.3): 36 products for 16 places instead of 144.
//
// Tiles of 4x4 places see 6x6 pixels. Transformed pixels V, weights U and places M stand as 36
// matrices one after another, number 6 i + j for row i and column j of the transformed tile:
// M = U V each. The transforms work on eight tiles (or channels) at once, one in each lane.

typedef float eight __attribute__((vector_size(32)));
typedef float eight_at __attribute__((vector_size(32), aligned(4), may_alias));

/// Between the matrices: `count` floats and as many as keep the same places of neighboring
/// matrices out of the same set of the cache.
INLINE size_t winograd_pitch(size_t count) { return (count + 15) / 16 * 16 + 16; }

/// Four by four numbers within each half, transposed.
INLINE void transpose_halves(const eight r[4], eight to[4]) {
  eight a = __builtin_shufflevector(r[0], r[1], 0, 8, 1, 9, 4, 12, 5, 13);
  eight b = __builtin_shufflevector(r[2], r[3], 0, 8, 1, 9, 4, 12, 5, 13);
  eight c = __builtin_shufflevector(r[0], r[1], 2, 10, 3, 11, 6, 14, 7, 15);
  eight d = __builtin_shufflevector(r[2], r[3], 2, 10, 3, 11, 6, 14, 7, 15);
  to[0] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
  to[1] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  to[2] = __builtin_shufflevector(c, d, 0, 1, 8, 9, 4, 5, 12, 13);
  to[3] = __builtin_shufflevector(c, d, 2, 3, 10, 11, 6, 7, 14, 15);
}

/// to[j] has in lane l the number at `from[l] + offset + j`.
INLINE void load_four_columns(const float *const from[8], size_t offset, eight to[4]) {
  eight rows[4];
  for (int i = 0; i < 4; i++) {
    four low = *(const four_at *)(from[i] + offset), high = *(const four_at *)(from[i + 4] + offset);
    rows[i] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
  }
  transpose_halves(rows, to);
}

/// B^T of the paper: six pixels in a line.
INLINE void pixels_line(const eight d[6], eight to[6]) {
  eight even = d[4] - 4 * d[2], odd = d[3] - 4 * d[1];
  eight difference = d[4] - d[2], twice = 2 * (d[3] - d[1]);
  to[0] = 4 * d[0] - 5 * d[2] + d[4];
  to[1] = even + odd;
  to[2] = even - odd;
  to[3] = difference + twice;
  to[4] = difference - twice;
  to[5] = 4 * d[1] - 5 * d[3] + d[5];
}

/// A^T of the paper: four places in a line.
INLINE void places_line(const eight m[6], eight to[4]) {
  eight s1 = m[1] + m[2], d1 = m[1] - m[2], s2 = m[3] + m[4], d2 = m[3] - m[4];
  to[0] = m[0] + s1 + s2;
  to[1] = d1 + 2 * d2;
  to[2] = s1 + 4 * s2;
  to[3] = d1 + 8 * d2 + m[5];
}

/// A, the adjoint of `places_line`.
INLINE void places_line_adjoint(const eight y[4], eight to[6]) {
  eight even = y[0] + y[2], odd = y[1] + y[3];
  eight far_even = y[0] + 4 * y[2], far_odd = 2 * y[1] + 8 * y[3];
  to[0] = y[0];
  to[1] = even + odd;
  to[2] = even - odd;
  to[3] = far_even + far_odd;
  to[4] = far_even - far_odd;
  to[5] = y[3];
}

/// G of the paper: three weights in a line.
INLINE void weights_line(const eight g[3], eight to[6]) {
  eight outer = (g[0] + g[2]) * (1.0f / 6), inner = g[1] * (1.0f / 6);
  eight far_outer = g[0] * (1.0f / 24) + g[2] * (1.0f / 6), far_inner = g[1] * (1.0f / 12);
  to[0] = g[0] * 0.25f;
  to[1] = -outer - inner;
  to[2] = inner - outer;
  to[3] = far_outer + far_inner;
  to[4] = far_outer - far_inner;
  to[5] = g[2];
}

/// G^T, the adjoint of `weights_line`.
INLINE void weights_line_adjoint(const eight r[6], eight to[3]) {
  eight near = (r[1] + r[2]) * (1.0f / 6), far = r[3] + r[4];
  to[0] = r[0] * 0.25f - near + far * (1.0f / 24);
  to[1] = (r[2] - r[1]) * (1.0f / 6) + (r[3] - r[4]) * (1.0f / 12);
  to[2] = far * (1.0f / 6) - near + r[5];
}

/// Eight tiles of 6x6 pixels, the first pixel of each at `from[l]`, to V at `to`.
INLINE void transform_pixels(
  const float *const from[8], size_t row, float *to, size_t matrix) {
  eight lines[6][6];
  for (size_t i = 0; i < 6; i++) {
    eight pixels[8];
    load_four_columns(from, i * row, pixels);
    load_four_columns(from, i * row + 2, pixels + 2);
    pixels_line(pixels, lines[i]);
  }
  for (size_t j = 0; j < 6; j++) {
    eight column[6], results[6];
    for (size_t i = 0; i < 6; i++) column[i] = lines[i][j];
    pixels_line(column, results);
    for (size_t i = 0; i < 6; i++) *(eight_at *)(to + (6 * i + j) * matrix) = results[i];
  }
}

/// Eight tiles of M at `from` to 4x4 places: to[4 i + j] is row i, column j.
INLINE void transform_places(const float *from, size_t matrix, eight to[16]) {
  eight lines[4][6];
  for (size_t j = 0; j < 6; j++) {
    eight column[6], results[4];
    for (size_t i = 0; i < 6; i++) column[i] = *(const eight_at *)(from + (6 * i + j) * matrix);
    places_line(column, results);
    for (size_t i = 0; i < 4; i++) lines[i][j] = results[i];
  }
  for (size_t i = 0; i < 4; i++) places_line(lines[i], to + 4 * i);
}

/// The adjoint of `transform_places`: eight tiles of 4x4 numbers, the first of each at `from[l]`.
INLINE void transform_places_adjoint(
  const float *const from[8], size_t row, float *to, size_t matrix) {
  eight lines[4][6];
  for (size_t i = 0; i < 4; i++) {
    eight places[4];
    load_four_columns(from, i * row, places);
    places_line_adjoint(places, lines[i]);
  }
  for (size_t j = 0; j < 6; j++) {
    eight column[4], results[6];
    for (size_t i = 0; i < 4; i++) column[i] = lines[i][j];
    places_line_adjoint(column, results);
    for (size_t i = 0; i < 6; i++) *(eight_at *)(to + (6 * i + j) * matrix) = results[i];
  }
}

/// Whether eight tiles stand side by side, with all their places.
INLINE bool are_in_line(const struct latent_winograd *job, const struct winograd_tile *tiles) {
  struct winograd_tile first = tiles[0], last = tiles[7];
  return first.image == last.image && first.row == last.row && last.column == first.column + 28
    && first.row + 4 <= job->rows && last.column + 4 <= job->columns;
}

/// Writes eight tiles of 4x4 places of one output that stand side by side.
INLINE void write_tiles_in_line(
  const struct latent_winograd *job, const eight places[16], struct winograd_tile first,
  size_t output) {
  float *to = job->target
    + ((first.image * job->outputs + output) * job->rows + first.row) * job->columns
    + first.column;
  for (size_t i = 0; i < 4; i++, to += job->columns) {
    eight r[4];
    transpose_halves(places + 4 * i, r);
    *(eight_at *)to = __builtin_shufflevector(r[0], r[1], 0, 1, 2, 3, 8, 9, 10, 11);
    *(eight_at *)(to + 8) = __builtin_shufflevector(r[2], r[3], 0, 1, 2, 3, 8, 9, 10, 11);
    *(eight_at *)(to + 16) = __builtin_shufflevector(r[0], r[1], 4, 5, 6, 7, 12, 13, 14, 15);
    *(eight_at *)(to + 24) = __builtin_shufflevector(r[2], r[3], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/// Writes eight tiles of 4x4 places of one output.
INLINE void write_tiles(
  const struct latent_winograd *job, const eight places[16], const struct winograd_tile *tiles,
  size_t count, size_t output) {
  size_t plane = job->rows * job->columns;
  float *target = job->target + output * plane;
  for (size_t i = 0; i < 4; i++) {
    eight rows[4];
    transpose_halves(places + 4 * i, rows);
    for (size_t l = 0; l < count; l++) {
      if (tiles[l].row + i >= job->rows) continue;
      float *to = target + tiles[l].image * job->outputs * plane
        + (tiles[l].row + i) * job->columns + tiles[l].column;
      eight pair = rows[l % 4];
      four line = l < 4 ? __builtin_shufflevector(pair, pair, 0, 1, 2, 3)
                        : __builtin_shufflevector(pair, pair, 4, 5, 6, 7);
      if (tiles[l].column + 4 <= job->columns) {
        *(four_at *)to = line;
      } else {
        for (size_t j = 0; tiles[l].column + j < job->columns; j++) to[j] = line[j];
      }
    }
  }
}

/// The tiles of a unit of work; those of one image one after another.
static size_t winograd_tiles(
  const struct latent_winograd *job, size_t unit, struct winograd_tile *tiles) {
  size_t tiles_down = (job->rows + 3) / 4, tiles_across = (job->columns + 3) / 4;
  size_t blocks_across = (tiles_across + job->block_columns - 1) / job->block_columns;
  size_t blocks_down = (tiles_down + job->block_rows - 1) / job->block_rows;
  size_t left = unit % blocks_across * job->block_columns;
  size_t top = unit / blocks_across % blocks_down * job->block_rows;
  size_t first = unit / blocks_across / blocks_down * job->block_images;
  size_t count = 0;
  for (size_t image = first; image < smaller(first + job->block_images, job->images); image++) {
    for (size_t i = top; i < smaller(top + job->block_rows, tiles_down); i++) {
      for (size_t j = left; j < smaller(left + job->block_columns, tiles_across); j++)
        tiles[count++] = (struct winograd_tile){image, 4 * i, 4 * j};
    }
  }
  return count;
}

/// What a unit's tiles see, cut out of `channels` planes of each of its images at `source` with
/// zeros around; the slabs of the images follow one another. `offsets` says where each tile begins
/// in the first plane.
static struct slab winograd_slab(
  const struct winograd_tile *tiles, size_t count, size_t reach, const float *source,
  size_t channels, size_t height, size_t width, size_t top, size_t left, size_t *offsets) {
  struct winograd_tile first = tiles[0], last = tiles[count - 1];
  struct slab slab = slab_for(
    channels, 1, last.row - first.row + 4, last.column - first.column + 4, reach, reach);
  size_t zero = 0, images = last.image - first.image + 1, size = channels * slab_plane(&slab);
  float *elements = latent_scratch(0, (images - 1) * size + slab_count(&slab));
  for (size_t i = 0; i < images; i++) {
    slab.elements = elements + i * size;
    cut_slab(
      &slab, source + (first.image + i) * channels * height * width, height, width,
      (ptrdiff_t)first.row - (ptrdiff_t)top, (ptrdiff_t)first.column - (ptrdiff_t)left, 1, &zero,
      &zero);
  }
  slab.elements = elements;
  for (size_t p = 0; p < count; p++)
    offsets[p] = (tiles[p].image - first.image) * size
      + (tiles[p].row - first.row) * slab.columns + tiles[p].column - first.column;
  return slab;
}

static void winograd(const struct latent_winograd *job, size_t unit, size_t unit_end) {
  size_t channels = job->channels, outputs = job->outputs;
  size_t most = job->block_images * job->block_rows * job->block_columns;
  size_t wide = (most + PANEL - 1) / PANEL * PANEL;
  size_t pixels_pitch = winograd_pitch(channels * wide);
  size_t places_pitch = winograd_pitch(outputs * wide);
  size_t weights_pitch = winograd_pitch(channels * outputs);
  float *pixels = latent_scratch(1, 36 * (pixels_pitch + places_pitch));
  float *places = pixels + 36 * pixels_pitch;
  struct winograd_tile tiles[winograd_most_tiles];
  size_t offsets[winograd_most_tiles];
  for (; unit < unit_end; unit++) {
    size_t count = winograd_tiles(job, unit, tiles);
    struct slab slab = winograd_slab(
      tiles, count, 2, job->source, channels, job->height, job->width, job->top, job->left,
      offsets);
    for (size_t c = 0; c < channels; c++) {
      const float *plane = slab.elements + c * slab_plane(&slab);
      for (size_t p = 0; p < count; p += 8) {
        const float *from[8];
        for (size_t l = 0; l < 8; l++) from[l] = plane + offsets[smaller(p + l, count - 1)];
        float *to = pixels + p / PANEL * (PANEL * channels) + c * PANEL + p % PANEL;
        transform_pixels(from, slab.columns, to, pixels_pitch);
      }
    }
    size_t panels = (count + PANEL - 1) / PANEL;
    for (size_t m = 0; m < 36; m++) {
      for (size_t panel = 0; panel < panels; panel++) {
        for (size_t o = 0; o < outputs; o += TILE_ROWS) {
          struct tile_target target = {
            places + m * places_pitch + o * wide + panel * PANEL, wide, PANEL, false, NULL};
          tile(
            smaller(TILE_ROWS, outputs - o), channels,
            job->weights + m * weights_pitch + o * channels, channels, 1,
            pixels + m * pixels_pitch + panel * PANEL * channels, PANEL, &target);
        }
      }
    }
    for (size_t o = 0; o < outputs; o++) {
      float bias = job->bias ? job->bias[o] : 0;
      for (size_t p = 0; p < count; p += 8) {
        eight results[16];
        transform_places(places + o * wide + p, places_pitch, results);
        for (size_t i = 0; i < 16; i++) results[i] += bias;
        if (p + 8 <= count && are_in_line(job, tiles + p)) {
          write_tiles_in_line(job, results, tiles[p], o);
        } else {
          write_tiles(job, results, tiles + p, smaller(8, count - p), o);
        }
      }
    }
  }
}

/// U of the rows `row ..< row_end`: 3x3 weights of row r, column k at
/// `weights + r * row_pitch + k * column_pitch`, turned by half a circle where `turned`.
static void winograd_weights(
  const float *weights, size_t row_pitch, size_t column_pitch, bool turned, size_t rows,
  size_t columns, float *to, size_t row, size_t row_end) {
  size_t matrix = winograd_pitch(rows * columns);
  for (; row < row_end; row++) {
    for (size_t k = 0; k < columns; k += 8) {
      size_t count = smaller(8, columns - k);
      eight taps[9], lines[3][6];
      for (size_t l = 0; l < 8; l++) {
        const float *from =
          weights + row * row_pitch + smaller(k + l, columns - 1) * column_pitch;
        for (size_t t = 0; t < 9; t++) taps[t][l] = from[turned ? 8 - t : t];
      }
      for (size_t i = 0; i < 3; i++) weights_line(taps + 3 * i, lines[i]);
      for (size_t j = 0; j < 6; j++) {
        eight column[3], results[6];
        for (size_t i = 0; i < 3; i++) column[i] = lines[i][j];
        weights_line(column, results);
        for (size_t i = 0; i < 6; i++) {
          float *at = to + (6 * i + j) * matrix + row * columns + k;
          if (count == 8) {
            *(eight_at *)at = results[i];
          } else {
            for (size_t l = 0; l < count; l++) at[l] = results[i][l];
          }
        }
      }
    }
  }
}

/// The units' part of dU, to `sums`: 36 matrices of outputs x `wide` channels.
static void winograd_gradient(
  const struct latent_winograd *job, const float *dy, float *sums, size_t wide, size_t unit,
  size_t unit_end) {
  size_t channels = job->channels, outputs = job->outputs;
  size_t most = job->block_images * job->block_rows * job->block_columns;
  size_t deep = (most + 7) / 8 * 8 + 8;
  size_t pixels_pitch = winograd_pitch(most * wide);
  size_t places_pitch = winograd_pitch(outputs * deep);
  size_t sums_pitch = winograd_pitch(outputs * wide);
  float *pixels = latent_scratch(1, 36 * (pixels_pitch + places_pitch));
  float *places = pixels + 36 * pixels_pitch;
  struct winograd_tile tiles[winograd_most_tiles];
  size_t offsets[winograd_most_tiles];
  for (size_t first = unit; unit < unit_end; unit++) {
    size_t count = winograd_tiles(job, unit, tiles);
    const float *from[8];
    struct slab slab = winograd_slab(
      tiles, count, 2, job->source, channels, job->height, job->width, job->top, job->left,
      offsets);
    for (size_t c0 = 0; c0 < wide; c0 += 16) {
      for (size_t p = 0; p < count; p++) {
        for (size_t c = c0; c < smaller(c0 + 16, wide); c += 8) {
          for (size_t l = 0; l < 8; l++)
            from[l] = slab.elements + smaller(c + l, channels - 1) * slab_plane(&slab) + offsets[p];
          transform_pixels(from, slab.columns, pixels + p * wide + c, pixels_pitch);
        }
      }
    }
    slab = winograd_slab(
      tiles, count, 0, dy, outputs, job->rows, job->columns, 0, 0, offsets);
    for (size_t o = 0; o < outputs; o++) {
      const float *plane = slab.elements + o * slab_plane(&slab);
      for (size_t p = 0; p < count; p += 8) {
        for (size_t l = 0; l < 8; l++) from[l] = plane + offsets[smaller(p + l, count - 1)];
        transform_places_adjoint(from, slab.columns, places + o * deep + p, places_pitch);
      }
    }
    for (size_t m = 0; m < 36; m++) {
      for (size_t c = 0; c < wide; c += PANEL) {
        for (size_t o = 0; o < outputs; o += TILE_ROWS) {
          struct tile_target target = {
            sums + m * sums_pitch + o * wide + c, wide, PANEL, unit > first, NULL};
          tile(
            smaller(TILE_ROWS, outputs - o), count, places + m * places_pitch + o * deep, deep, 1,
            pixels + m * pixels_pitch + c, wide, &target);
        }
      }
    }
  }
}

/// dw of the outputs `output ..< output_end` from dU in `parts` parts.
static void winograd_gather(
  const float *sums, size_t parts, size_t part_pitch, size_t outputs, size_t channels, size_t wide,
  float *dw, size_t output, size_t output_end) {
  size_t matrix = winograd_pitch(outputs * wide);
  for (; output < output_end; output++) {
    for (size_t c = 0; c < channels; c += 8) {
      eight lines[6][3];
      for (size_t i = 0; i < 6; i++) {
        eight row[6];
        for (size_t j = 0; j < 6; j++) {
          const float *from = sums + (6 * i + j) * matrix + output * wide + c;
          row[j] = *(const eight_at *)from;
          for (size_t p = 1; p < parts; p++)
            row[j] += *(const eight_at *)(from + p * part_pitch);
        }
        weights_line_adjoint(row, lines[i]);
      }
      for (size_t j = 0; j < 3; j++) {
        eight column[6], results[3];
        for (size_t i = 0; i < 6; i++) column[i] = lines[i][j];
        weights_line_adjoint(column, results);
        for (size_t i = 0; i < 3; i++) {
          float *to = dw + (output * channels + c) * 9 + 3 * i + j;
          for (size_t l = 0; l < smaller(8, channels - c); l++) to[9 * l] = results[i][l];
        }
      }
    }
  }
}
