// Convolution without an expanded matrix: for a run of neighboring places, what one tap sees is
// a run of the slab, so the slab itself serves as the packed operand of the product.
//
// Places are counted through the slab's rows, ends of rows included; the sums that fall on those
// are left out when results are written.
//
// Where there are many outputs, a panel of what the taps see is copied together first: the lines of
// a slab are far apart. Weights are taken in blocks that stay in the second-level cache for all
// panels of a unit.

enum { tap_block = 320 };

/// Writes the sums of places `first ..< first + PANEL` of a tile.
static void write_places(
  const struct latent_correlation *job, const float *sums, size_t first, size_t pitch,
  size_t rows, size_t columns, size_t output, float *target) {
  size_t row = first / pitch, column = first % pitch, j = 0;
  size_t plane = job->target_height * job->target_width;
  while (j < PANEL && row < rows) {
    size_t run = smaller(pitch - column, PANEL - j);
    size_t valid = column < columns ? smaller(columns - column, run) : 0;
    float *line = target + row * job->target_stride * job->target_width
      + column * job->target_stride;
    for (size_t o = 0; o < job->group_outputs && valid > 0; o++) {
      const float *from = sums + o * PANEL + j;
      float *to = line + o * plane;
      float bias = job->bias ? job->bias[output + o] : 0;
      if (job->target_stride == 1) {
        if (valid == PANEL) {
          *(vector_at *)to = *(const vector_at *)from + bias;
          *(vector_at *)(to + LANES) = *(const vector_at *)(from + LANES) + bias;
        } else {
          for (size_t i = 0; i < valid; i++) to[i] = from[i] + bias;
        }
      } else {
        for (size_t i = 0; i < valid; i++) to[i * job->target_stride] = from[i] + bias;
      }
    }
    j += run;
    column = 0;
    row++;
  }
}

/// The sums of all outputs at `places` places, panel by panel: `[places / PANEL][outputs][PANEL]`.
static void sum_taps(
  const struct slab *slab, size_t places, const float *weights, size_t outputs, size_t depth,
  const size_t *offsets, float *panel, float *sums) {
  size_t block = piece(depth, tap_block, 4);
  bool pack = outputs > TILE_ROWS;
  for (size_t k0 = 0; k0 < depth; k0 += block) {
    size_t taps = smaller(block, depth - k0);
    for (size_t first = 0; first < places; first += PANEL) {
      const float *seen = slab->elements + first;
      for (size_t k = 0; pack && k < taps; k++) {
        const float *from = seen + offsets[k0 + k];
        *(vector_at *)(panel + k * PANEL) = *(const vector_at *)from;
        *(vector_at *)(panel + k * PANEL + LANES) = *(const vector_at *)(from + LANES);
      }
      size_t width = places - first > LANES ? PANEL : LANES;
      for (size_t o = 0; o < outputs; o += TILE_ROWS) {
        struct tile_target target = {
          sums + first * outputs + o * PANEL, PANEL, width, k0 > 0, NULL, NULL};
        const float *rows = weights + o * depth + k0;
        if (pack) {
          tile(smaller(TILE_ROWS, outputs - o), taps, rows, depth, 1, panel, PANEL, &target);
        } else {
          scattered_tile(outputs, taps, rows, depth, seen, offsets + k0, &target);
        }
      }
    }
  }
}

static void correlate(const struct latent_correlation *job, size_t unit, size_t unit_end) {
  size_t depth = job->group_channels * job->taps;
  size_t groups = job->shape->groups;
  size_t tiles_down = (job->rows + job->tile_rows - 1) / job->tile_rows;
  size_t tiles_across = (job->columns + job->tile_columns - 1) / job->tile_columns;
  size_t most = job->tile_rows * (job->tile_columns + job->slab_reach_columns) + PANEL;
  float *panel = latent_scratch(1, tap_block * PANEL + job->group_outputs * most + 2 * depth + 2);
  float *sums = panel + tap_block * PANEL;
  size_t *offsets = (size_t *)(void *)(sums + (job->group_outputs * most + 1) / 2 * 2);
  size_t offsets_pitch = 0, offsets_plane = 0;
  for (; unit < unit_end; unit++) {
    size_t across = unit % tiles_across, down = unit / tiles_across % tiles_down;
    size_t group = unit / tiles_across / tiles_down % groups;
    size_t image = unit / tiles_across / tiles_down / groups;
    size_t row = down * job->tile_rows, column = across * job->tile_columns;
    size_t rows = smaller(job->tile_rows, job->rows - row);
    size_t columns = smaller(job->tile_columns, job->columns - column);

    struct slab slab = slab_for(
      job->group_channels, job->stride, rows, columns, job->slab_reach_rows,
      job->slab_reach_columns);
    slab.elements = latent_scratch(0, slab_count(&slab));
    cut_slab(
      &slab,
      job->source
        + (image * job->source_channels + group * job->group_channels) * job->source_height
          * job->source_width,
      job->source_height, job->source_width, (ptrdiff_t)(row * job->stride) - job->top,
      (ptrdiff_t)(column * job->stride) - job->left, job->taps, job->tap_rows,
      job->tap_columns);
    if (offsets_pitch != slab.columns || offsets_plane != slab_plane(&slab)) {
      offsets_pitch = slab.columns;
      offsets_plane = slab_plane(&slab);
      for (size_t k = 0; k < depth; k++)
        offsets[k] = slab_offset(
          &slab, k / job->taps, job->tap_rows[k % job->taps], job->tap_columns[k % job->taps]);
    }

    size_t output = group * job->group_outputs;
    const float *weights = job->weights + output * depth;
    float *target = job->target
      + ((image * groups * job->group_outputs + output) * job->target_height
         + job->target_top + row * job->target_stride)
        * job->target_width
      + job->target_left + column * job->target_stride;
    size_t places = (rows - 1) * slab.columns + columns;
    sum_taps(&slab, places, weights, job->group_outputs, depth, offsets, panel, sums);
    for (size_t first = 0; first < places; first += PANEL)
      write_places(
        job, sums + first * job->group_outputs, first, slab.columns, rows, columns, output, target);
  }
}
