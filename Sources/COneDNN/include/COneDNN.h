#ifndef LATENT_ONEDNN_H
#define LATENT_ONEDNN_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Operations of oneDNN, bound to memory, behind functions that no exception leaves. All arrays are
// in C order; layouts that oneDNN likes better are made inside, in memory that all operations
// of a thread share. Layouts can stay as oneDNN likes them from one operation to the next once
// operands carry a description of their own beside their elements.

/// An operation ready to run; it belongs to one thread at a time.
typedef struct latent_onednn_operation latent_onednn_operation;

enum latent_onednn_status {
  LATENT_ONEDNN_OK,
  /// This oneDNN has no implementation for the shapes, or oneDNN is not compiled in.
  LATENT_ONEDNN_UNAVAILABLE,
  /// `message` says what oneDNN reported.
  LATENT_ONEDNN_FAILED
};

enum { latent_onednn_message_size = 256 };

/// The version of the library loaded, as "2.6.3"; NULL where oneDNN is not compiled in.
const char *latent_onednn_version(void);

/// c `[rows, columns]` = op(a) op(b) + bias: op transposes where asked, `bias` has `columns`
/// numbers or is NULL.
struct latent_onednn_product {
  size_t rows, columns, depth;
  bool transpose_a, transpose_b;
  /// Elements between the rows of a, b and c as they stand in memory.
  size_t a_pitch, b_pitch, c_pitch;
  const float *a, *b, *bias;
  float *c;
};

enum latent_onednn_status latent_onednn_make_product(
  const struct latent_onednn_product *product, latent_onednn_operation **operation,
  char message[latent_onednn_message_size]);

/// x `[images, channels, height, width]`, w `[outputs, channels/groups, kernel_height,
/// kernel_width]`, y `[images, outputs, rows, columns]`; `dilation` 1 is dense. `bias` is NULL or
/// added to the result of the forward (`[outputs]`) or transposed (`[channels]`) convolution.
struct latent_onednn_convolution {
  size_t images, channels, height, width;
  size_t outputs, kernel_height, kernel_width;
  size_t rows, columns;
  size_t stride, dilation, groups;
  size_t top, bottom, left, right;
  float *x, *w, *y;
  const float *bias;
};

/// y from x and w.
enum latent_onednn_status latent_onednn_make_convolution(
  const struct latent_onednn_convolution *convolution, latent_onednn_operation **operation,
  char message[latent_onednn_message_size]);

/// x from y and w: the adjoint in x.
enum latent_onednn_status latent_onednn_make_convolution_transposed(
  const struct latent_onednn_convolution *convolution, latent_onednn_operation **operation,
  char message[latent_onednn_message_size]);

/// w from x and y: the adjoint in w.
enum latent_onednn_status latent_onednn_make_convolution_weight_gradient(
  const struct latent_onednn_convolution *convolution, latent_onednn_operation **operation,
  char message[latent_onednn_message_size]);

/// Computes the result; returns when it is there.
enum latent_onednn_status latent_onednn_run(
  latent_onednn_operation *operation, char message[latent_onednn_message_size]);

void latent_onednn_free(latent_onednn_operation *operation);

/// What oneDNN chose, as "jit:avx2"; valid as long as the operation.
const char *latent_onednn_implementation(const latent_onednn_operation *operation);

/// How many operands and results a run copies into other layouts; `bytes` gets what it reads and
/// writes for that.
size_t latent_onednn_reorders(const latent_onednn_operation *operation, size_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
