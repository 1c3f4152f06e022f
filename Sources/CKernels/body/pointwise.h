// 1x1 convolutions as products. A block of places of all inputs is packed into panels once, line by
// line of the source; the weights of each output go over them.

/// Units are (image, block of places).
static void pointwise(const struct latent_pointwise *job, size_t unit, size_t unit_end) {
  size_t inputs = job->inputs, places = job->places;
  size_t blocks = (places + job->block - 1) / job->block;
  float *panels = latent_scratch(0, inputs * job->block);
  for (; unit < unit_end; unit++) {
    size_t image = unit / blocks, begin = unit % blocks * job->block;
    size_t count = smaller(job->block, places - begin);
    const float *source = job->source + image * inputs * places + begin;
    float *target = job->target + image * job->outputs * places + begin;
    for (size_t c = 0; c < inputs; c++) {
      const float *line = source + c * places;
      for (size_t p = 0; p < count; p += PANEL) {
        float *to = panels + p * inputs + c * PANEL;
        size_t columns = smaller(PANEL, count - p);
        if (columns == PANEL) {
          *(vector_at *)to = *(const vector_at *)(line + p);
          *(vector_at *)(to + LANES) = *(const vector_at *)(line + p + LANES);
        } else {
          for (size_t j = 0; j < PANEL; j++) to[j] = j < columns ? line[p + j] : 0;
        }
      }
    }
    // Outputs one after another: their planes are far apart, and each is written line by line.
    for (size_t o = 0; o < job->outputs; o += TILE_ROWS) {
      for (size_t p = 0; p < count; p += PANEL) {
        struct tile_target tile_target = {
          target + o * places + p, places, smaller(PANEL, count - p), false, NULL,
          job->bias ? job->bias + o : NULL};
        tile(
          smaller(TILE_ROWS, job->outputs - o), inputs, job->weights + o * inputs, inputs, 1,
          panels + p * inputs, PANEL, &tile_target);
      }
    }
  }
}
