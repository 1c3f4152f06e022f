// All kernels for the instruction set of the including file, which defines VARIANT, VARIANT_NAME,
// LANES (floats in a vector) and TILE_ROWS (rows of the product's register tile; its columns are
// two vectors).

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((vector_size(4 * LANES)));
typedef float vector_at __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef float four __attribute__((vector_size(16)));
typedef float four_at __attribute__((vector_size(16), aligned(4), may_alias));

#include "functions.h"
#include "elementwise.h"
#include "sums.h"
#include "optimizers.h"
#include "tile.h"
#include "product.h"
#include "slab.h"
#include "correlation.h"
#include "pointwise.h"
#include "weight_gradient.h"
#include "winograd.h"
#include "random.h"

const struct latent_variant VARIANT = {
  .name = VARIANT_NAME,
  .unary = unary,
  .unary_gradient = unary_gradient,
  .affine = affine,
  .binary = binary,
  .sum = sum,
  .largest = largest,
  .add_to = add_to,
  .larger_of = larger_of,
  .adam = adam,
  .adamax = adamax,
  .adagrad = adagrad,
  .sgd = sgd,
  .product = product,
  .correlate = correlate,
  .pointwise = pointwise,
  .weight_gradient = weight_gradient,
  .winograd = winograd,
  .winograd_weights = winograd_weights,
  .winograd_gradient = winograd_gradient,
  .winograd_gather = winograd_gather,
  .random_words = random_words,
  .panel = PANEL,
};
