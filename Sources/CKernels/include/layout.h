#ifndef LATENT_LAYOUT_H
#define LATENT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

enum { latent_max_rank = 12 };

/// Copies `extents[0] x ... x extents[rank - 1]` elements; the strides of source and target are in
/// elements, a source stride of 0 repeats. No two target elements coincide. Covers broadcasting,
/// permuting, slicing, joining, pixel shuffling and nearest-neighbor enlarging.
void latent_copy(
  int rank, const size_t *extents, const size_t *source_strides, const size_t *target_strides,
  const float *source, float *target);

/// Sums (or, with `maximum`, takes the largest of) x over the axes marked in `reduced`; y holds
/// the other axes in C order. The result does not depend on the number of threads.
void latent_reduce(
  bool maximum, int rank, const size_t *extents, const bool *reduced, const float *x, float *y);

/// Sums over squares: planes x (rows f) x (columns f) -> planes x rows x columns.
void latent_sum_pool(
  size_t planes, size_t rows, size_t columns, size_t f, const float *x, float *y);

/// Rows `start ..< start + rows` of two pictures, of `above` and `below` rows, the second below the first, plane by
/// plane. The target may be the first, never a part of it or the second.
void latent_stack_rows(
  size_t planes, size_t width, const float *first, size_t above, const float *second, size_t below,
  size_t start, size_t rows, float *target);

/// y = 0.
void latent_clear(float *y, size_t count);

#endif
