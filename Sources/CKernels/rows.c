#include <stdbool.h>
#include <string.h>

#include "layout.h"
#include "threads.h"

struct rows_job {
  size_t above, below, start, rows, width;
  const float *first, *second;
  float *target;
};

static void stack_plane(const struct rows_job *job, size_t plane) {
  size_t width = job->width;
  size_t kept = job->start < job->above ? job->above - job->start : 0;
  if (kept > job->rows) kept = job->rows;
  float *target = job->target + plane * job->rows * width;
  if (kept > 0)
    memmove(
      target, job->first + (plane * job->above + job->start) * width,
      kept * width * sizeof(float));
  if (kept == job->rows) return;
  size_t skipped = job->start > job->above ? job->start - job->above : 0;
  memcpy(
    target + kept * width, job->second + (plane * job->below + skipped) * width,
    (job->rows - kept) * width * sizeof(float));
}

static void stack_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  for (size_t plane = begin; plane < end; plane++) stack_plane(context, plane);
}

void latent_stack_rows(
  size_t planes, size_t width, const float *first, size_t above, const float *second, size_t below,
  size_t start, size_t rows, float *target) {
  struct rows_job job = {above, below, start, rows, width, first, second, target};
  if (first != target || rows == above) {
    bool is_small = planes * rows * width < 32768;
    if (is_small)
      stack_share(&job, 0, planes, 0);
    else
      latent_parallel_for(planes, stack_share, &job);
  } else if (rows < above) {
    stack_share(&job, 0, planes, 0);
  } else {
    // Planes move apart: the last goes first.
    for (size_t plane = planes; plane-- > 0;) stack_plane(&job, plane);
  }
}
