#include <math.h>
#include <string.h>

#include "variant.h"

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// Copies.

struct axis {
  size_t extent, source, target;
};

struct copy_job {
  int rank;                     // axes outside the innermost two
  struct axis axes[latent_max_rank];
  struct axis middle, inner;
  const float *source;
  float *target;
};

static void copy_line(struct axis axis, const float *from, float *to) {
  size_t n = axis.extent;
  if (axis.target == 1 && axis.source == 1) {
    memcpy(to, from, n * sizeof(float));
  } else if (axis.target == 1 && axis.source == 0) {
    float number = *from;
    for (size_t i = 0; i < n; i++) to[i] = number;
  } else if (axis.target == 1) {
    for (size_t i = 0; i < n; i++) to[i] = from[i * axis.source];
  } else if (axis.source == 1) {
    for (size_t i = 0; i < n; i++) to[i * axis.target] = from[i];
  } else {
    for (size_t i = 0; i < n; i++) to[i * axis.target] = from[i * axis.source];
  }
}

/// The innermost two axes, in squares where both would be walked across otherwise.
static void copy_plane(const struct copy_job *job, const float *from, float *to) {
  struct axis middle = job->middle, inner = job->inner;
  enum { square = 16 };
  // Shuffling pixels by two, and back: with strides that are known the loops become vectors.
  if (inner.source == 1 && inner.target == 2 && middle.target == 1 && middle.extent == 2) {
    const float *other = from + middle.source;
    for (size_t i = 0; i < inner.extent; i++) {
      to[2 * i] = from[i];
      to[2 * i + 1] = other[i];
    }
    return;
  }
  if (inner.source == 1 && inner.extent == 2 && middle.source == 2 && middle.target == 1) {
    float *other = to + inner.target;
    for (size_t i = 0; i < middle.extent; i++) {
      to[i] = from[2 * i];
      other[i] = from[2 * i + 1];
    }
    return;
  }
  if (inner.source == 1 && inner.target != 1 && middle.target == 1) {
    for (size_t i = 0; i < middle.extent; i += square) {
      size_t i_end = smaller(i + square, middle.extent);
      for (size_t j = 0; j < inner.extent; j += square) {
        size_t j_end = smaller(j + square, inner.extent);
        for (size_t b = j; b < j_end; b++) {
          for (size_t a = i; a < i_end; a++)
            to[a + b * inner.target] = from[a * middle.source + b];
        }
      }
    }
    return;
  }
  for (size_t i = 0; i < middle.extent; i++)
    copy_line(inner, from + i * middle.source, to + i * middle.target);
}

static void copy_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct copy_job *job = context;
  for (size_t index = begin; index < end; index++) {
    size_t rest = index, source = 0, target = 0;
    for (int axis = job->rank - 1; axis >= 0; axis--) {
      size_t at = rest % job->axes[axis].extent;
      rest /= job->axes[axis].extent;
      source += at * job->axes[axis].source;
      target += at * job->axes[axis].target;
    }
    copy_plane(job, job->source + source, job->target + target);
  }
}

/// Takes out the axis that is best walked last: contiguous on both sides, or in the target, or in
/// the source; of equals the longest.
static struct axis take(struct axis *axes, int *rank, bool (*suits)(struct axis)) {
  int best = -1;
  for (int i = 0; i < *rank; i++) {
    if (suits(axes[i]) && (best < 0 || axes[i].extent > axes[best].extent)) best = i;
  }
  if (best < 0) best = *rank - 1;
  struct axis axis = axes[best];
  for (int i = best; i + 1 < *rank; i++) axes[i] = axes[i + 1];
  (*rank)--;
  return axis;
}

static bool from_one(struct axis axis) { return axis.source == 1 && axis.extent > 1; }
static bool to_one(struct axis axis) { return axis.target == 1 && axis.extent > 1; }

void latent_copy(
  int rank, const size_t *extents, const size_t *source_strides, const size_t *target_strides,
  const float *source, float *target) {
  struct copy_job job = {.source = source, .target = target};
  size_t total = 1;
  // Axes that continue one another become one; those of extent 1 vanish.
  for (int i = 0; i < rank; i++) {
    struct axis axis = {extents[i], source_strides[i], target_strides[i]};
    total *= axis.extent;
    if (axis.extent == 1) continue;
    struct axis *last = job.rank > 0 ? &job.axes[job.rank - 1] : NULL;
    if (last && last->source == axis.extent * axis.source
        && last->target == axis.extent * axis.target) {
      last->extent *= axis.extent;
      last->source = axis.source;
      last->target = axis.target;
    } else {
      job.axes[job.rank++] = axis;
    }
  }
  if (total == 0) return;
  struct axis one = {1, 1, 1};
  bool both = job.rank > 0 && from_one(job.axes[job.rank - 1]) && to_one(job.axes[job.rank - 1]);
  // A line along the target's innermost axis is short after shuffling or enlarging pixels; the
  // source's innermost axis is then the longer one.
  struct axis inner = one, middle = one;
  if (job.rank > 0) {
    struct axis last = job.axes[job.rank - 1];
    bool has_source = false;
    for (int i = 0; i < job.rank; i++) has_source |= from_one(job.axes[i]);
    inner = both || !has_source || (last.source == 0 && last.extent >= 8)
      ? take(job.axes, &job.rank, to_one)
      : take(job.axes, &job.rank, from_one);
  }
  if (job.rank > 0) middle = take(job.axes, &job.rank, to_one);
  job.inner = inner;
  job.middle = middle;
  size_t planes = 1;
  for (int i = 0; i < job.rank; i++) planes *= job.axes[i].extent;
  if (planes < 2 && middle.extent > 1 && total >= latent_small
      && !(inner.source == 1 && inner.target != 1 && middle.target == 1)) {
    // One plane only: its lines are shared out instead.
    job.axes[0] = middle;
    job.rank = 1;
    job.middle = one;
    planes = middle.extent;
  }
  if (total < latent_small) {
    copy_share(&job, 0, planes, 0);
  } else {
    latent_parallel_for(planes, copy_share, &job);
  }
}

// Reductions.

struct reduce_job {
  const struct latent_variant *kernels;
  bool maximum;
  bool inner_reduced;
  size_t inner;                 // extent of the last axis
  int kept_rank, reduced_rank;  // axes before the last
  size_t kept_extent[latent_max_rank], kept_stride[latent_max_rank];
  size_t reduced_extent[latent_max_rank], reduced_stride[latent_max_rank];
  size_t reduced_count;
  const float *x;
  float *y;
};

static size_t offset_at(int rank, const size_t *extents, const size_t *strides, size_t index) {
  size_t offset = 0;
  for (int axis = rank - 1; axis >= 0; axis--) {
    offset += index % extents[axis] * strides[axis];
    index /= extents[axis];
  }
  return offset;
}

/// The last axis is reduced: one number from each line.
static void reduce_lines(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct reduce_job *job = context;
  for (size_t index = begin; index < end; index++) {
    const float *x = job->x + offset_at(job->kept_rank, job->kept_extent, job->kept_stride, index);
    double total = 0;
    float most = -INFINITY;
    for (size_t r = 0; r < job->reduced_count; r++) {
      const float *line =
        x + offset_at(job->reduced_rank, job->reduced_extent, job->reduced_stride, r);
      if (job->maximum) {
        float m = job->kernels->largest(line, job->inner);
        most = m > most ? m : most;
      } else {
        total += job->kernels->sum(line, job->inner);
      }
    }
    job->y[index] = job->maximum ? most : (float)total;
  }
}

enum { column_block = 256, row_block = 128 };

/// The last axis stays: lines are added up. Units are (kept index, block of columns).
static void reduce_columns(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct reduce_job *job = context;
  size_t blocks = (job->inner + column_block - 1) / column_block;
  for (size_t unit = begin; unit < end; unit++) {
    size_t index = unit / blocks, column = unit % blocks * column_block;
    size_t columns = smaller(column_block, job->inner - column);
    const float *x =
      job->x + offset_at(job->kept_rank, job->kept_extent, job->kept_stride, index) + column;
    float *y = job->y + index * job->inner + column;
    for (size_t j = 0; j < columns; j++) y[j] = job->maximum ? -INFINITY : 0;
    // Many lines are added up in blocks, which keeps rounding errors small.
    for (size_t r0 = 0; r0 < job->reduced_count; r0 += row_block) {
      size_t r_end = smaller(r0 + row_block, job->reduced_count);
      float sums[column_block];
      for (size_t j = 0; j < columns; j++) sums[j] = job->maximum ? -INFINITY : 0;
      for (size_t r = r0; r < r_end; r++) {
        const float *line =
          x + offset_at(job->reduced_rank, job->reduced_extent, job->reduced_stride, r);
        if (job->maximum) {
          job->kernels->larger_of(sums, line, columns);
        } else {
          job->kernels->add_to(sums, line, columns);
        }
      }
      if (job->maximum) {
        job->kernels->larger_of(y, sums, columns);
      } else {
        job->kernels->add_to(y, sums, columns);
      }
    }
  }
}

/// Everything into one number, in blocks of a fixed size.
enum { whole_block = 65536 };

static void reduce_blocks(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct reduce_job *job = context;
  for (size_t block = begin; block < end; block++) {
    size_t start = block * whole_block, n = smaller(whole_block, job->inner - start);
    job->y[block] = job->maximum ? job->kernels->largest(job->x + start, n)
                                 : job->kernels->sum(job->x + start, n);
  }
}

void latent_reduce(
  bool maximum, int rank, const size_t *extents, const bool *reduced, const float *x, float *y) {
  struct reduce_job job = {.kernels = latent_kernels(), .maximum = maximum, .x = x, .y = y};
  size_t merged[latent_max_rank], strides[latent_max_rank], total = 1, kept = 1;
  bool flags[latent_max_rank];
  int n = 0;
  for (int i = 0; i < rank; i++) {
    total *= extents[i];
    if (!reduced[i]) kept *= extents[i];
    if (extents[i] == 1) continue;
    if (n > 0 && flags[n - 1] == reduced[i]) {
      merged[n - 1] *= extents[i];
    } else {
      merged[n] = extents[i];
      flags[n++] = reduced[i];
    }
  }
  if (total == 0 || n == 0) {
    for (size_t i = 0; i < kept; i++) y[i] = total > 0 ? x[i] : maximum ? -INFINITY : 0;
    return;
  }
  size_t stride = 1;
  for (int i = n - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= merged[i];
  }
  job.inner_reduced = flags[n - 1];
  job.inner = merged[n - 1];
  job.reduced_count = 1;
  for (int i = 0; i < n - 1; i++) {
    if (flags[i]) {
      job.reduced_extent[job.reduced_rank] = merged[i];
      job.reduced_stride[job.reduced_rank++] = strides[i];
      job.reduced_count *= merged[i];
    } else {
      job.kept_extent[job.kept_rank] = merged[i];
      job.kept_stride[job.kept_rank++] = strides[i];
    }
  }
  if (n == 1 && job.inner_reduced && job.inner > whole_block) {
    size_t blocks = (job.inner + whole_block - 1) / whole_block;
    job.y = latent_scratch(2, blocks);
    latent_parallel_for(blocks, reduce_blocks, &job);
    double sum = 0;
    float most = -INFINITY;
    for (size_t i = 0; i < blocks; i++) {
      sum += job.y[i];
      most = job.y[i] > most ? job.y[i] : most;
    }
    *y = maximum ? most : (float)sum;
    return;
  }
  size_t units = job.inner_reduced
    ? kept
    : kept / job.inner * ((job.inner + column_block - 1) / column_block);
  latent_share share = job.inner_reduced ? reduce_lines : reduce_columns;
  if (total < latent_small) {
    share(&job, 0, units, 0);
  } else {
    latent_parallel_for(units, share, &job);
  }
}

// Squares.

struct pool_job {
  size_t rows, columns, f;
  const float *x;
  float *y;
};

static void pool_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct pool_job *job = context;
  size_t f = job->f, width = job->columns * f;
  for (size_t line = begin; line < end; line++) {
    const float *x = job->x + line * f * width;
    float *y = job->y + line * job->columns;
    if (f == 2) {
      for (size_t j = 0; j < job->columns; j++)
        y[j] = (x[2 * j] + x[2 * j + 1]) + (x[width + 2 * j] + x[width + 2 * j + 1]);
      continue;
    }
    for (size_t j = 0; j < job->columns; j++) {
      float sum = 0;
      for (size_t a = 0; a < f; a++) {
        for (size_t b = 0; b < f; b++) sum += x[a * width + j * f + b];
      }
      y[j] = sum;
    }
  }
}

void latent_sum_pool(
  size_t planes, size_t rows, size_t columns, size_t f, const float *x, float *y) {
  struct pool_job job = {rows, columns, f, x, y};
  size_t lines = planes * rows;
  if (lines * columns * f * f < latent_small) {
    pool_share(&job, 0, lines, 0);
  } else {
    latent_parallel_for(lines, pool_share, &job);
  }
}

static void clear_share(void *y, size_t begin, size_t end, int part) {
  (void)part;
  memset((float *)y + begin, 0, (end - begin) * sizeof(float));
}

void latent_clear(float *y, size_t count) {
  if (count < latent_small) {
    clear_share(y, 0, count, 0);
  } else {
    latent_parallel_for(count, clear_share, y);
  }
}
