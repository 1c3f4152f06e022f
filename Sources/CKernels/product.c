#include "variant.h"

struct product_job {
  const struct latent_variant *kernels;
  struct latent_block_product block;
  size_t rows, columns;
  size_t row_parts, column_parts;
};

/// The border below share `index` of `parts`, a multiple of `unit`.
static size_t border(size_t count, size_t parts, size_t index, size_t unit) {
  size_t units = (count + unit - 1) / unit;
  size_t at = units * index / parts * unit;
  return at < count ? at : count;
}

static void product_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct product_job *job = context;
  for (size_t index = begin; index < end; index++) {
    size_t i = index / job->column_parts, j = index % job->column_parts;
    job->kernels->product(
      &job->block, border(job->rows, job->row_parts, i, 6),
      border(job->rows, job->row_parts, i + 1, 6),
      border(job->columns, job->column_parts, j, job->kernels->panel),
      border(job->columns, job->column_parts, j + 1, job->kernels->panel));
  }
}

/// A grid of `parts` blocks whose packing costs least: every row of blocks packs B anew, every
/// column of blocks packs A anew.
static void choose_grid(struct product_job *job, size_t parts) {
  size_t best = 0;
  job->row_parts = 1;
  job->column_parts = parts;
  for (size_t rows = 1; rows <= parts; rows++) {
    if (parts % rows != 0) continue;
    size_t columns = parts / rows;
    // Tiles along the longest block, plus what packing costs in the same unit.
    size_t height = (job->rows + rows - 1) / rows, width = (job->columns + columns - 1) / columns;
    size_t tiles = (height + 5) / 6 * ((width + 15) / 16);
    size_t cost = tiles * 96 + width * 8 + height * (job->block.a_step == 1 ? 1 : 4);
    if (best == 0 || cost < best) {
      best = cost;
      job->row_parts = rows;
      job->column_parts = columns;
    }
  }
}

void latent_matrix_product(const struct latent_product *p) {
  struct product_job job = {
    .kernels = latent_kernels(),
    .block =
      {
        .depth = p->depth,
        .a = p->a,
        .a_row = p->transpose_a ? 1 : p->depth,
        .a_step = p->transpose_a ? p->rows : 1,
        .b = p->b,
        .b_row = p->transpose_b ? 1 : p->columns,
        .b_step = p->transpose_b ? p->depth : 1,
        .c = p->c,
        .c_row = p->columns,
        .accumulate = p->accumulate,
        .bias = p->bias,
      },
    .rows = p->rows,
    .columns = p->columns,
  };
  double work = (double)p->rows * (double)p->columns * (double)p->depth;
  size_t parts = work < 100000 ? 1 : (size_t)latent_threads();
  choose_grid(&job, parts);
  latent_parallel_for(parts, product_share, &job);
}
