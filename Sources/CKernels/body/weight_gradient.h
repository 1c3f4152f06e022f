// The gradient of a convolution's weights. For a strip of rows of one image, dw^T (taps x
// outputs) grows by a product whose left operand is the slab itself, each tap a shifted view, and
// whose right operand is dy, transposed into panels.

/// Units are (image, strip of `tile_rows` rows). `sums` is [groups][taps][outputs rounded up to
/// whole panels] and is added to.
static void weight_gradient(
  const struct latent_convolution *shape, const float *x, const float *dy, float *sums,
  size_t tile_rows, size_t unit, size_t unit_end) {
  size_t groups = shape->groups;
  size_t channels = shape->channels / groups, outputs = shape->outputs / groups;
  size_t kernel = shape->kernel_height * shape->kernel_width, depth = channels * kernel;
  size_t wide = (outputs + PANEL - 1) / PANEL * PANEL;
  size_t plane = shape->rows * shape->columns;
  size_t strips = (shape->rows + tile_rows - 1) / tile_rows;
  size_t reach_rows = (shape->kernel_height - 1) * shape->dilation;
  size_t reach_columns = (shape->kernel_width - 1) * shape->dilation;
  size_t panel_count = tile_rows * shape->columns * PANEL;
  float *panel = latent_scratch(1, panel_count + 2 * (depth + 2 * kernel) + 2);
  size_t *offsets = (size_t *)(void *)(panel + panel_count);
  size_t *tap_rows = offsets + depth, *tap_columns = tap_rows + kernel;
  for (size_t t = 0; t < kernel; t++) {
    tap_rows[t] = t / shape->kernel_width * shape->dilation;
    tap_columns[t] = t % shape->kernel_width * shape->dilation;
  }
  for (; unit < unit_end; unit++) {
    size_t image = unit / strips, row = unit % strips * tile_rows;
    size_t rows = smaller(tile_rows, shape->rows - row);
    struct slab slab = slab_for(
      channels, shape->stride, rows, shape->columns, reach_rows, reach_columns);
    slab.elements = latent_scratch(0, slab_count(&slab));
    for (size_t k = 0; k < depth; k++)
      offsets[k] = slab_offset(&slab, k / kernel, tap_rows[k % kernel], tap_columns[k % kernel]);
    for (size_t group = 0; group < groups; group++) {
      cut_slab(
        &slab,
        x + (image * shape->channels + group * channels) * shape->height * shape->width,
        shape->height, shape->width, (ptrdiff_t)(row * shape->stride) - (ptrdiff_t)shape->top,
        -(ptrdiff_t)shape->left, kernel, tap_rows, tap_columns);
      for (size_t o = 0; o < outputs; o += PANEL) {
        size_t columns = smaller(PANEL, outputs - o);
        pack_transposed(
          dy + (image * shape->outputs + group * outputs + o) * plane + row * shape->columns,
          plane, rows * shape->columns, columns, PANEL, panel);
        for (size_t k = 0; k < depth; k += TILE_ROWS) {
          struct tile_target target = {
            sums + (group * depth + k) * wide + o, wide, columns > LANES ? PANEL : LANES, true,
            NULL};
          run_tile(
            smaller(TILE_ROWS, depth - k), rows, shape->columns, slab.columns, slab.elements,
            offsets + k, panel, &target);
        }
      }
    }
  }
}
