#ifndef LATENT_PRODUCT_H
#define LATENT_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

/// C = op(A) op(B) (+ C): C is `rows` x `columns`, op transposes where asked.
struct latent_product {
  size_t rows, columns, depth;
  /// `rows` x `depth`, or `depth` x `rows` where `transpose_a`.
  const float *a;
  /// `depth` x `columns`, or `columns` x `depth` where `transpose_b`.
  const float *b;
  float *c;
  bool transpose_a, transpose_b;
  /// Adds to what C holds (beta 1 instead of 0).
  bool accumulate;
  /// `columns` numbers added to every row, or NULL; not with `accumulate`.
  const float *bias;
};

void latent_matrix_product(const struct latent_product *product);

#endif
