#include "variant.h"

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t pieces(size_t count, size_t size) { return (count + size - 1) / size; }

/// Between the 36 matrices of `count` elements; the same as in the kernels.
static size_t matrix_pitch(size_t count) { return (count + 15) / 16 * 16 + 16; }

bool latent_winograd_serves(const struct latent_convolution *shape) {
  return shape->kernel_height == 3 && shape->kernel_width == 3 && shape->stride == 1
    && shape->dilation == 1 && shape->groups == 1 && shape->top <= 2 && shape->left <= 2
    && shape->channels >= 8 && shape->outputs >= 8
    && shape->channels * shape->outputs >= 512 && shape->images > 0 && shape->rows >= 4
    && shape->columns >= 4;
}

/// Settles the units of work, of at most about `most` tiles each and one for every thread where
/// that leaves eight tiles to each, and returns their number.
static size_t settle_units(struct latent_winograd *job, size_t most) {
  size_t down = pieces(job->rows, 4), across = pieces(job->columns, 4);
  size_t share = pieces(job->images * down * across, (size_t)latent_threads());
  most = smaller(most, share > 8 ? share : 8);
  job->block_images = smaller(most / (down * across), job->images);
  if (job->block_images > 0) {
    job->block_rows = down;
    job->block_columns = across;
  } else {
    job->block_images = 1;
    job->block_columns = pieces(across, pieces(across, most));
    job->block_rows = smaller(most / job->block_columns, down);
  }
  return pieces(job->images, job->block_images) * pieces(down, job->block_rows)
    * pieces(across, job->block_columns);
}

struct weights_job {
  const struct latent_variant *kernels;
  const float *weights;
  size_t row_pitch, column_pitch, rows, columns;
  bool turned;
  float *to;
};

static void weights_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct weights_job *job = context;
  job->kernels->winograd_weights(
    job->weights, job->row_pitch, job->column_pitch, job->turned, job->rows, job->columns, job->to,
    begin, end);
}

struct correlation_job {
  const struct latent_variant *kernels;
  struct latent_winograd winograd;
};

static void correlation_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct correlation_job *job = context;
  job->kernels->winograd(&job->winograd, begin, end);
}

/// Tiles of a unit: what one needs and gives is to stay in the second-level cache.
enum { forward_tiles = 32, gradient_tiles = 128 };

static void correlate(struct latent_winograd *winograd, struct weights_job *weights) {
  weights->kernels = latent_kernels();
  weights->rows = winograd->outputs;
  weights->columns = winograd->channels;
  weights->to = latent_scratch(2, 36 * matrix_pitch(weights->rows * weights->columns));
  latent_parallel_for(weights->rows, weights_share, weights);
  winograd->weights = weights->to;
  size_t units = settle_units(winograd, forward_tiles);
  struct correlation_job job = {weights->kernels, *winograd};
  latent_parallel_for(units, correlation_share, &job);
}

void latent_winograd_forward(
  const struct latent_convolution *shape, const float *x, const float *w, const float *bias,
  float *y) {
  struct weights_job weights = {
    .weights = w, .row_pitch = 9 * shape->channels, .column_pitch = 9, .turned = false};
  struct latent_winograd winograd = {
    .images = shape->images,
    .channels = shape->channels,
    .height = shape->height,
    .width = shape->width,
    .outputs = shape->outputs,
    .rows = shape->rows,
    .columns = shape->columns,
    .top = shape->top,
    .left = shape->left,
    .source = x,
    .bias = bias,
    .target = y,
  };
  correlate(&winograd, &weights);
}

void latent_winograd_transposed(
  const struct latent_convolution *shape, const float *dy, const float *w, const float *bias,
  float *dx) {
  struct weights_job weights = {
    .weights = w, .row_pitch = 9, .column_pitch = 9 * shape->channels, .turned = true};
  struct latent_winograd winograd = {
    .images = shape->images,
    .channels = shape->outputs,
    .height = shape->rows,
    .width = shape->columns,
    .outputs = shape->channels,
    .rows = shape->height,
    .columns = shape->width,
    .top = 2 - shape->top,
    .left = 2 - shape->left,
    .source = dy,
    .bias = bias,
    .target = dx,
  };
  correlate(&winograd, &weights);
}

struct gradient_job {
  const struct latent_variant *kernels;
  struct latent_winograd winograd;
  const float *dy;
  float *dw;
  float *sums;
  size_t parts, part_pitch, wide;
};

static void gradient_share(void *context, size_t begin, size_t end, int part) {
  const struct gradient_job *job = context;
  float *sums = job->sums + (size_t)part * job->part_pitch;
  job->kernels->winograd_gradient(&job->winograd, job->dy, sums, job->wide, begin, end);
}

static void gather_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct gradient_job *job = context;
  job->kernels->winograd_gather(
    job->sums, job->parts, job->part_pitch, job->winograd.outputs, job->winograd.channels,
    job->wide, job->dw, begin, end);
}

void latent_winograd_weight_gradient(
  const struct latent_convolution *shape, const float *x, const float *dy, float *dw) {
  struct gradient_job job = {
    .kernels = latent_kernels(),
    .winograd =
      {
        .images = shape->images,
        .channels = shape->channels,
        .height = shape->height,
        .width = shape->width,
        .outputs = shape->outputs,
        .rows = shape->rows,
        .columns = shape->columns,
        .top = shape->top,
        .left = shape->left,
        .source = x,
      },
    .dy = dy,
    .dw = dw,
  };
  job.wide = pieces(shape->channels, job.kernels->panel) * job.kernels->panel;
  job.part_pitch = 36 * matrix_pitch(shape->outputs * job.wide);
  size_t units = settle_units(&job.winograd, gradient_tiles);
  job.parts = (size_t)latent_shares(units);
  job.sums = latent_scratch(2, job.parts * job.part_pitch);
  latent_parallel_for(units, gradient_share, &job);
  latent_parallel_for(shape->outputs, gather_share, &job);
}
