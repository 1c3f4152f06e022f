#include <stdlib.h>
#include <string.h>

#include "variant.h"

/// Floats of input that one unit of work cuts out: half of a small second-level cache.
enum { slab_limit = 40000 };

/// Floats of sums that one unit of work collects before they are written.
enum { sums_limit = 40000 };

/// Floats of source and target that one unit of 1x1 kernels covers.
enum { panel_limit = 65536 };

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t pieces(size_t count, size_t size) { return (count + size - 1) / size; }

/// Even pieces of `count`, each at most `most`.
static size_t even(size_t count, size_t most) {
  return count == 0 ? 1 : pieces(count, pieces(count, most));
}

struct correlation_job {
  const struct latent_variant *kernels;
  struct latent_correlation correlation;
};

static void correlation_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct correlation_job *job = context;
  job->kernels->correlate(&job->correlation, begin, end);
}

/// Settles the tiles and runs the correlation.
static void run_correlation(struct latent_correlation *c) {
  if (c->rows == 0 || c->columns == 0 || c->shape->images == 0) return;
  size_t threads = (size_t)latent_threads();
  size_t planes = c->group_channels * c->stride * c->stride;
  c->tile_columns = even(c->columns, 128);
  size_t width = c->tile_columns + c->slab_reach_columns / c->stride;
  size_t reach = c->slab_reach_rows / c->stride;
  size_t most = slab_limit / (planes * width + 1);
  size_t rows = most > reach ? most - reach : 1;
  rows = smaller(rows, sums_limit / (c->group_outputs * width + 1));
  // A tile of few places wastes the ends of its last vectors, one of few rows cuts more twice.
  if (rows < 2) rows = 2;
  c->tile_rows = even(c->rows, smaller(rows, c->rows));
  size_t fixed = c->shape->images * c->shape->groups * pieces(c->columns, c->tile_columns);
  while (fixed * pieces(c->rows, c->tile_rows) < threads && c->tile_rows > 1)
    c->tile_rows = (c->tile_rows + 1) / 2;
  size_t units = fixed * pieces(c->rows, c->tile_rows);
  struct correlation_job job = {latent_kernels(), *c};
  double work = (double)c->shape->images * (double)(c->rows * c->columns)
    * (double)(c->shape->groups * c->group_outputs) * (double)(c->group_channels * c->taps);
  if (work < 100000) {
    correlation_share(&job, 0, units, 0);
  } else {
    latent_parallel_for(units, correlation_share, &job);
  }
}

struct pointwise_job {
  const struct latent_variant *kernels;
  struct latent_pointwise pointwise;
};

static void pointwise_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct pointwise_job *job = context;
  job->kernels->pointwise(&job->pointwise, begin, end);
}

/// Whether every place sees the pixel of its own place alone.
static bool is_pointwise(const struct latent_convolution *shape) {
  return shape->kernel_height == 1 && shape->kernel_width == 1 && shape->stride == 1
    && shape->groups == 1 && shape->top == 0 && shape->left == 0 && shape->rows == shape->height
    && shape->columns == shape->width;
}

/// Settles the blocks of places and computes.
static void run_pointwise(struct latent_pointwise pointwise) {
  struct pointwise_job job = {latent_kernels(), pointwise};
  struct latent_pointwise *p = &job.pointwise;
  if (p->images == 0 || p->places == 0 || p->outputs == 0) return;
  // A block is to stay in the second-level cache, with what is computed from it.
  size_t panel = job.kernels->panel, most = panel_limit / (p->inputs + p->outputs + 1);
  size_t panels = pieces(p->places, panel);
  p->block = panel * even(panels, smaller(most < 2 * panel ? 2 : most / panel, panels));
  size_t threads = (size_t)latent_threads();
  while (p->images * pieces(p->places, p->block) < threads && p->block > panel)
    p->block = panel * pieces(p->block / panel, 2);
  size_t units = p->images * pieces(p->places, p->block);
  double work = (double)(p->images * p->places) * (double)(p->inputs * p->outputs);
  if (work < 100000) {
    pointwise_share(&job, 0, units, 0);
  } else {
    latent_parallel_for(units, pointwise_share, &job);
  }
}

void latent_convolution_forward(
  const struct latent_convolution *shape, const float *x, const float *w, const float *bias,
  float *y) {
  if (is_pointwise(shape)) {
    run_pointwise((struct latent_pointwise){
      .images = shape->images, .inputs = shape->channels, .outputs = shape->outputs,
      .places = shape->rows * shape->columns, .source = x, .weights = w, .bias = bias,
      .target = y});
    return;
  }
  size_t kernel = shape->kernel_height * shape->kernel_width;
  size_t *taps = (size_t *)(void *)latent_scratch(3, 4 * kernel + 4);
  for (size_t t = 0; t < kernel; t++) {
    taps[t] = t / shape->kernel_width * shape->dilation;
    taps[kernel + t] = t % shape->kernel_width * shape->dilation;
  }
  struct latent_correlation c = {
    .shape = shape,
    .source = x,
    .source_channels = shape->channels,
    .source_height = shape->height,
    .source_width = shape->width,
    .group_channels = shape->channels / shape->groups,
    .group_outputs = shape->outputs / shape->groups,
    .stride = shape->stride,
    .top = (ptrdiff_t)shape->top,
    .left = (ptrdiff_t)shape->left,
    .slab_reach_rows = (shape->kernel_height - 1) * shape->dilation,
    .slab_reach_columns = (shape->kernel_width - 1) * shape->dilation,
    .taps = kernel,
    .tap_rows = taps,
    .tap_columns = taps + kernel,
    .rows = shape->rows,
    .columns = shape->columns,
    .weights = w,
    .bias = bias,
    .target = y,
    .target_height = shape->rows,
    .target_width = shape->columns,
    .target_stride = 1,
  };
  run_correlation(&c);
}

/// The taps along one axis that reach places congruent to `phase`: tap p reaches place q of the
/// phase from row q + shifts[i] of dy.
struct phase_taps {
  size_t count;
  size_t *kernel_index;
  ptrdiff_t *shifts;
  ptrdiff_t smallest, largest;
};

static void find_taps(
  struct phase_taps *taps, size_t phase, size_t kernel, size_t stride, size_t dilation,
  size_t before) {
  taps->count = 0;
  for (size_t p = 0; p < kernel; p++) {
    ptrdiff_t distance = (ptrdiff_t)(phase + before) - (ptrdiff_t)(p * dilation);
    if (distance % (ptrdiff_t)stride != 0) continue;
    ptrdiff_t shift = distance / (ptrdiff_t)stride;
    if (taps->count == 0 || shift < taps->smallest) taps->smallest = shift;
    if (taps->count == 0 || shift > taps->largest) taps->largest = shift;
    taps->kernel_index[taps->count] = p;
    taps->shifts[taps->count++] = shift;
  }
}

struct weight_turn {
  const struct latent_convolution *shape;
  const struct phase_taps *down, *across;
  const float *w;
  float *turned;
};

/// turned[group][channel][output][tap] = w[group output][channel][tap of the phase]
static void turn_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct weight_turn *job = context;
  const struct latent_convolution *shape = job->shape;
  size_t channels = shape->channels / shape->groups, outputs = shape->outputs / shape->groups;
  size_t kernel = shape->kernel_height * shape->kernel_width;
  size_t taps = job->down->count * job->across->count;
  for (size_t index = begin; index < end; index++) {
    size_t group = index / channels, c = index % channels;
    float *to = job->turned + index * outputs * taps;
    for (size_t o = 0; o < outputs; o++) {
      const float *from = job->w + ((group * outputs + o) * channels + c) * kernel;
      for (size_t i = 0; i < job->down->count; i++) {
        for (size_t j = 0; j < job->across->count; j++)
          *to++ = from[job->down->kernel_index[i] * shape->kernel_width
                       + job->across->kernel_index[j]];
      }
    }
  }
}

static void fill_phase(
  const struct latent_convolution *shape, const float *bias, float *dx, size_t top, size_t left) {
  for (size_t plane = 0; plane < shape->images * shape->channels; plane++) {
    float number = bias ? bias[plane % shape->channels] : 0;
    for (size_t row = top; row < shape->height; row += shape->stride) {
      float *line = dx + (plane * shape->height + row) * shape->width;
      for (size_t column = left; column < shape->width; column += shape->stride)
        line[column] = number;
    }
  }
}

// Pixels of dx with equal row and column modulo the stride see the same taps of dy, without gaps:
// each such phase is a correlation of stride 1.
void latent_convolution_transposed(
  const struct latent_convolution *shape, const float *dy, const float *w, const float *bias,
  float *dx) {
  if (is_pointwise(shape)) {
    float *turned = latent_scratch(2, shape->channels * shape->outputs);
    for (size_t o = 0; o < shape->outputs; o++) {
      for (size_t c = 0; c < shape->channels; c++)
        turned[c * shape->outputs + o] = w[o * shape->channels + c];
    }
    run_pointwise((struct latent_pointwise){
      .images = shape->images, .inputs = shape->outputs, .outputs = shape->channels,
      .places = shape->rows * shape->columns, .source = dy, .weights = turned, .bias = bias,
      .target = dx});
    return;
  }
  size_t s = shape->stride, kernel = shape->kernel_height * shape->kernel_width;
  size_t per_axis = shape->kernel_height + shape->kernel_width;
  size_t words = 2 * kernel + 2 * per_axis;
  size_t *memory = (size_t *)(void *)latent_scratch(3, 2 * words + 2);
  size_t *tap_rows = memory, *tap_columns = memory + kernel;
  size_t *axes = memory + 2 * kernel;
  struct phase_taps down = {
    .kernel_index = axes, .shifts = (ptrdiff_t *)(axes + shape->kernel_height)};
  struct phase_taps across = {
    .kernel_index = axes + 2 * shape->kernel_height,
    .shifts = (ptrdiff_t *)(axes + 2 * shape->kernel_height + shape->kernel_width)};
  for (size_t phase = 0; phase < s * s; phase++) {
    size_t top = phase / s, left = phase % s;
    if (top >= shape->height || left >= shape->width) continue;
    find_taps(&down, top, shape->kernel_height, s, shape->dilation, shape->top);
    find_taps(&across, left, shape->kernel_width, s, shape->dilation, shape->left);
    size_t taps = down.count * across.count;
    if (taps == 0) {
      fill_phase(shape, bias, dx, top, left);
      continue;
    }
    for (size_t t = 0; t < taps; t++) {
      tap_rows[t] = (size_t)(down.shifts[t / across.count] - down.smallest);
      tap_columns[t] = (size_t)(across.shifts[t % across.count] - across.smallest);
    }
    size_t outputs = shape->outputs / shape->groups;
    float *turned = latent_scratch(2, shape->channels * outputs * taps);
    struct weight_turn turn = {shape, &down, &across, w, turned};
    latent_parallel_for(shape->channels, turn_share, &turn);
    struct latent_correlation c = {
      .shape = shape,
      .source = dy,
      .source_channels = shape->outputs,
      .source_height = shape->rows,
      .source_width = shape->columns,
      .group_channels = outputs,
      .group_outputs = shape->channels / shape->groups,
      .stride = 1,
      .top = -down.smallest,
      .left = -across.smallest,
      .slab_reach_rows = (size_t)(down.largest - down.smallest),
      .slab_reach_columns = (size_t)(across.largest - across.smallest),
      .taps = taps,
      .tap_rows = tap_rows,
      .tap_columns = tap_columns,
      .rows = pieces(shape->height - top, s),
      .columns = pieces(shape->width - left, s),
      .weights = turned,
      .bias = bias,
      .target = dx,
      .target_height = shape->height,
      .target_width = shape->width,
      .target_stride = s,
      .target_top = top,
      .target_left = left,
    };
    run_correlation(&c);
  }
}

struct gradient_job {
  const struct latent_variant *kernels;
  const struct latent_convolution *shape;
  const float *x, *dy;
  float *dw;
  float *sums;
  size_t parts;
  size_t wide;       // outputs of a group, rounded up
  size_t sums_count;
  size_t tile_rows;
};

static void gradient_share(void *context, size_t begin, size_t end, int part) {
  const struct gradient_job *job = context;
  float *sums = job->sums + (size_t)part * job->sums_count;
  memset(sums, 0, job->sums_count * sizeof(float));
  job->kernels->weight_gradient(
    job->shape, job->x, job->dy, sums, job->tile_rows, begin, end);
}

static void gather_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct gradient_job *job = context;
  const struct latent_convolution *shape = job->shape;
  size_t outputs = shape->outputs / shape->groups;
  size_t depth = shape->channels / shape->groups * shape->kernel_height * shape->kernel_width;
  for (size_t output = begin; output < end; output++) {
    const float *from = job->sums + output / outputs * depth * job->wide + output % outputs;
    float *to = job->dw + output * depth;
    for (size_t k = 0; k < depth; k++) {
      float total = from[k * job->wide];
      for (size_t p = 1; p < job->parts; p++) total += from[p * job->sums_count + k * job->wide];
      to[k] = total;
    }
  }
}

void latent_convolution_weight_gradient(
  const struct latent_convolution *shape, const float *x, const float *dy, float *dw) {
  struct gradient_job job = {.kernels = latent_kernels(), .shape = shape, .x = x, .dy = dy, .dw = dw};
  size_t depth = shape->channels / shape->groups * shape->kernel_height * shape->kernel_width;
  size_t outputs = shape->outputs / shape->groups, panel = job.kernels->panel;
  if (shape->images == 0 || shape->rows == 0 || shape->columns == 0) {
    memset(dw, 0, shape->outputs * depth * sizeof(float));
    return;
  }
  job.wide = pieces(outputs, panel) * panel;
  job.sums_count = shape->groups * depth * job.wide;
  // A panel of dy is to stay in the first-level cache while all taps go over it.
  size_t most = smaller(256 / shape->columns, shape->rows);
  job.tile_rows = even(shape->rows, most == 0 ? 1 : most);
  size_t units = shape->images * pieces(shape->rows, job.tile_rows);
  job.parts = (size_t)latent_shares(units);
  job.sums = latent_scratch(2, job.parts * job.sums_count);
  latent_parallel_for(units, gradient_share, &job);
  latent_parallel_for(shape->outputs, gather_share, &job);
}
