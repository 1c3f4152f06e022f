// A piece of zero-padded input, cut out so that convolutions need no bounds checks.
//
// With stride s the rows and columns are dealt to s * s planes, so that what neighboring places
// see through one tap lies side by side: row u, column v of channel c stands in plane
// (c, u mod s, v mod s) at row u / s, column v / s.

struct slab {
  size_t channels, stride;
  size_t rows, columns;   // of one plane
  float *elements;
};

INLINE size_t slab_plane(const struct slab *slab) { return slab->rows * slab->columns; }

/// Where a tap sees channel c at the first place.
INLINE size_t slab_offset(const struct slab *slab, size_t c, size_t row, size_t column) {
  size_t s = slab->stride;
  return ((c * s + row % s) * s + column % s) * slab_plane(slab) + row / s * slab->columns
    + column / s;
}

/// Elements of a slab, with what the last vector may read beyond.
INLINE size_t slab_count(const struct slab *slab) {
  return slab->channels * slab->stride * slab->stride * slab_plane(slab) + 2 * PANEL;
}

/// The planes for `places` rows and columns whose farthest taps are `reach` away from the first.
INLINE struct slab slab_for(
  size_t channels, size_t stride, size_t place_rows, size_t place_columns, size_t reach_rows,
  size_t reach_columns) {
  struct slab slab = {
    channels, stride, place_rows + reach_rows / stride, place_columns + reach_columns / stride,
    NULL};
  return slab;
}

/// `count` elements from `source` at `start`, `start + step` ..., zeros outside 0 ..< limit.
INLINE void cut_line(
  const float *source, ptrdiff_t start, size_t step, size_t limit, float *to, size_t count) {
  size_t i = 0;
  for (; i < count && start < 0; i++, start += (ptrdiff_t)step) to[i] = 0;
  if ((size_t)start < limit) {
    size_t inside = (limit - (size_t)start + step - 1) / step;
    size_t end = i + inside < count ? i + inside : count;
    if (step == 1) {
      memcpy(to + i, source + start, (end - i) * sizeof(float));
    } else {
      const float *from = source + start;
      for (size_t j = i; j < end; j++, from += step) to[j] = *from;
    }
    i = end;
  }
  for (; i < count; i++) to[i] = 0;
}

/// Cuts the slab whose first element is row `top`, column `left` of each channel of `source`;
/// planes that no tap looks at are left as they are.
static void cut_slab(
  const struct slab *slab, const float *source, size_t height, size_t width, ptrdiff_t top,
  ptrdiff_t left, size_t taps, const size_t *tap_rows, const size_t *tap_columns) {
  size_t s = slab->stride;
  for (size_t phase = 0; phase < s * s; phase++) {
    size_t u = phase / s, v = phase % s;
    bool wanted = false;
    for (size_t t = 0; t < taps; t++) wanted |= tap_rows[t] % s == u && tap_columns[t] % s == v;
    if (!wanted) continue;
    for (size_t c = 0; c < slab->channels; c++) {
      const float *plane = source + c * height * width;
      float *to = slab->elements + (c * s * s + phase) * slab_plane(slab);
      for (size_t r = 0; r < slab->rows; r++, to += slab->columns) {
        ptrdiff_t row = top + (ptrdiff_t)(r * s + u);
        if (row < 0 || row >= (ptrdiff_t)height) {
          memset(to, 0, slab->columns * sizeof(float));
        } else {
          cut_line(
            plane + (size_t)row * width, left + (ptrdiff_t)v, s, width, to, slab->columns);
        }
      }
    }
  }
  memset(
    slab->elements + slab->channels * s * s * slab_plane(slab), 0, 2 * PANEL * sizeof(float));
}
