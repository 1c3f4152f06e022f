#ifndef LATENT_VARIANT_H
#define LATENT_VARIANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/CKernels.h"

/// A product over rows and columns of which one thread computes a block. Element (i, k) of A is
/// `a[i * a_row + k * a_step]`, element (k, j) of B `b[k * b_row + j * b_step]`.
struct latent_block_product {
  size_t depth;
  const float *a;
  size_t a_row, a_step;
  const float *b;
  size_t b_row, b_step;
  float *c;
  size_t c_row;
  bool accumulate;
  const float *bias;
};

/// A cross-correlation of stride 1 of `channels` planes, cut out of zero-padded input, that a
/// forward or transposed convolution is made of.
struct latent_correlation {
  const struct latent_convolution *shape;
  const float *source;
  size_t source_channels;             // of one image of the source
  size_t source_height, source_width;
  size_t group_channels;              // channels of the source in one group
  size_t group_outputs;
  size_t stride;                      // between places, in the source
  ptrdiff_t top, left;                // first tap of the first place is at (-top, -left)
  size_t slab_reach_rows, slab_reach_columns;  // farthest tap from the first
  size_t taps;                        // per channel
  const size_t *tap_rows, *tap_columns;
  size_t rows, columns;               // places
  const float *weights;               // [groups][group_outputs][group_channels taps]
  const float *bias;
  float *target;
  size_t target_height, target_width;
  size_t target_stride, target_top, target_left;
  size_t tile_rows, tile_columns;     // places that one unit of work covers
};

/// A tile of 4x4 places: its image, and where its first place stands.
struct winograd_tile {
  size_t image, row, column;
};

/// A cross-correlation of stride 1 with 3x3 weights, by tiles of 4x4 places.
struct latent_winograd {
  size_t images, channels, height, width;   // of the source
  size_t outputs, rows, columns;            // of the target
  size_t top, left;                         // zeros above and left of the source
  const float *source;
  const float *weights;                     // transformed
  const float *bias;
  float *target;
  size_t block_images, block_rows, block_columns;  // tiles that one unit of work covers
};

/// 1x1 convolutions: each image of the target is a product of the weights and its source.
struct latent_pointwise {
  size_t images, inputs, outputs, places;
  const float *source;
  const float *weights;                     // [outputs][inputs]
  const float *bias;
  float *target;
  size_t block;                             // places that one unit of work covers
};

enum { winograd_most_tiles = 160 };

/// The kernels compiled for one instruction set.
struct latent_variant {
  const char *name;
  void (*unary)(int, float, float, const float *, float *, size_t);
  void (*unary_gradient)(int, float, float, const float *, const float *, float *, size_t);
  void (*affine)(float, float, const float *, float *, size_t);
  void (*binary)(int, const float *, const float *, float *, size_t);
  float (*sum)(const float *, size_t);
  float (*largest)(const float *, size_t);
  void (*add_to)(float *, const float *, size_t);
  void (*larger_of)(float *, const float *, size_t);
  void (*adam)(
    float *, const float *, float *, float *, size_t, float, float, float, float, float, float,
    float);
  void (*adamax)(
    float *, const float *, float *, float *, size_t, float, float, float, float, float);
  void (*adagrad)(float *, const float *, float *, size_t, float, float, float);
  void (*sgd)(float *, const float *, float *, size_t, float, float, float);
  void (*product)(
    const struct latent_block_product *, size_t row, size_t row_end, size_t column,
    size_t column_end);
  void (*correlate)(const struct latent_correlation *, size_t unit, size_t unit_end);
  void (*pointwise)(const struct latent_pointwise *, size_t unit, size_t unit_end);
  void (*weight_gradient)(
    const struct latent_convolution *, const float *x, const float *dy, float *sums,
    size_t tile_rows, size_t unit, size_t unit_end);
  void (*winograd)(const struct latent_winograd *, size_t unit, size_t unit_end);
  void (*winograd_weights)(
    const float *weights, size_t row_pitch, size_t column_pitch, bool turned, size_t rows,
    size_t columns, float *to, size_t row, size_t row_end);
  void (*winograd_gradient)(
    const struct latent_winograd *, const float *dy, float *sums, size_t wide, size_t unit,
    size_t unit_end);
  void (*winograd_gather)(
    const float *sums, size_t parts, size_t part_pitch, size_t outputs, size_t channels,
    size_t wide, float *dw, size_t output, size_t output_end);
  void (*random_words)(uint64_t, uint64_t, uint64_t, uint32_t *, size_t);
  size_t panel;                       // columns of a tile of the product
};

extern const struct latent_variant latent_variant_baseline;
#if defined(__x86_64__)
extern const struct latent_variant latent_variant_avx2;
extern const struct latent_variant latent_variant_avx512;
#endif

/// The best one for this processor.
const struct latent_variant *latent_kernels(void);

/// At least `count` floats, aligned to 64 bytes, that belong to the calling thread until it asks
/// for the same `slot` again.
float *latent_scratch(int slot, size_t count);

enum {
  latent_scratch_slots = 4,
  /// Below this many elements one thread does an elementwise loop alone.
  latent_small = 16384
};

#endif
