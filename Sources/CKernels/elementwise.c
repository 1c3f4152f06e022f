#include "variant.h"

// Threads share a loop in whole cache lines.
enum { line = 16 };

struct loop {
  const struct latent_variant *kernels;
  int function;
  float p, q;
  const float *a, *b;
  float *y;
  size_t count;
};

static void split(struct loop *loop, latent_share share) {
  loop->kernels = latent_kernels();
  size_t lines = (loop->count + line - 1) / line;
  if (loop->count < latent_small) {
    share(loop, 0, lines, 0);
  } else {
    latent_parallel_for(lines, share, loop);
  }
}

static size_t first(size_t begin) { return begin * line; }

static size_t length(const struct loop *loop, size_t begin, size_t end) {
  size_t last = end * line < loop->count ? end * line : loop->count;
  return last - begin * line;
}

static void unary_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct loop *l = context;
  size_t i = first(begin);
  l->kernels->unary(l->function, l->p, l->q, l->a + i, l->y + i, length(l, begin, end));
}

void latent_unary(
  enum latent_unary_function function, float p, float q, const float *x, float *y, size_t count) {
  struct loop loop = {.function = function, .p = p, .q = q, .a = x, .y = y, .count = count};
  split(&loop, unary_share);
}

static void gradient_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct loop *l = context;
  size_t i = first(begin);
  l->kernels->unary_gradient(
    l->function, l->p, l->q, l->a + i, l->b + i, l->y + i, length(l, begin, end));
}

void latent_unary_gradient(
  enum latent_unary_function function, float p, float q, const float *dy, const float *operand,
  float *dx, size_t count) {
  struct loop loop = {
    .function = function, .p = p, .q = q, .a = dy, .b = operand, .y = dx, .count = count};
  split(&loop, gradient_share);
}

static void affine_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct loop *l = context;
  size_t i = first(begin);
  l->kernels->affine(l->p, l->q, l->a + i, l->y + i, length(l, begin, end));
}

void latent_affine(float scale, float offset, const float *x, float *y, size_t count) {
  struct loop loop = {.p = scale, .q = offset, .a = x, .y = y, .count = count};
  split(&loop, affine_share);
}

static void binary_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct loop *l = context;
  size_t i = first(begin);
  l->kernels->binary(l->function, l->a + i, l->b + i, l->y + i, length(l, begin, end));
}

void latent_binary(
  enum latent_binary_function function, const float *a, const float *b, float *y, size_t count) {
  struct loop loop = {.function = function, .a = a, .b = b, .y = y, .count = count};
  split(&loop, binary_share);
}
