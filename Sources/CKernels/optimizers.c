#include <math.h>

#include "variant.h"

struct update {
  const struct latent_variant *kernels;
  float *weights;
  const float *gradients;
  float *first, *second;
  size_t count;
  float rate, root, beta1, beta2, epsilon, decay, keep;
};

enum { line = 16 };

static void split(struct update *update, latent_share share) {
  update->kernels = latent_kernels();
  size_t lines = (update->count + line - 1) / line;
  if (update->count < latent_small) {
    share(update, 0, lines, 0);
  } else {
    latent_parallel_for(lines, share, update);
  }
}

static size_t length(const struct update *update, size_t begin, size_t end) {
  size_t last = end * line < update->count ? end * line : update->count;
  return last - begin * line;
}

static void adam_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct update *u = context;
  size_t i = begin * line;
  u->kernels->adam(
    u->weights + i, u->gradients + i, u->first + i, u->second + i, length(u, begin, end), u->rate,
    u->root, u->beta1, u->beta2, u->epsilon, u->decay, u->keep);
}

void latent_adam(
  float *weights, const float *gradients, float *m, float *v, size_t count, float rate,
  float beta1, float beta2, float epsilon, float decay, float keep, long step) {
  struct update update = {
    .weights = weights, .gradients = gradients, .first = m, .second = v, .count = count,
    .rate = (float)(rate / (1 - pow(beta1, (double)step))),
    .root = (float)sqrt(1 - pow(beta2, (double)step)),
    .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon, .decay = decay, .keep = keep};
  split(&update, adam_share);
}

static void adamax_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct update *u = context;
  size_t i = begin * line;
  u->kernels->adamax(
    u->weights + i, u->gradients + i, u->first + i, u->second + i, length(u, begin, end), u->rate,
    u->beta1, u->beta2, u->epsilon, u->decay);
}

void latent_adamax(
  float *weights, const float *gradients, float *m, float *u, size_t count, float rate,
  float beta1, float beta2, float epsilon, float decay, long step) {
  struct update update = {
    .weights = weights, .gradients = gradients, .first = m, .second = u, .count = count,
    .rate = (float)(rate / (1 - pow(beta1, (double)step))), .beta1 = beta1, .beta2 = beta2,
    .epsilon = epsilon, .decay = decay};
  split(&update, adamax_share);
}

static void adagrad_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct update *u = context;
  size_t i = begin * line;
  u->kernels->adagrad(
    u->weights + i, u->gradients + i, u->first + i, length(u, begin, end), u->rate, u->epsilon,
    u->decay);
}

void latent_adagrad(
  float *weights, const float *gradients, float *sum, size_t count, float rate, float epsilon,
  float decay) {
  struct update update = {
    .weights = weights, .gradients = gradients, .first = sum, .count = count, .rate = rate,
    .epsilon = epsilon, .decay = decay};
  split(&update, adagrad_share);
}

static void sgd_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct update *u = context;
  size_t i = begin * line;
  u->kernels->sgd(
    u->weights + i, u->gradients + i, u->first ? u->first + i : NULL, length(u, begin, end),
    u->rate, u->beta1, u->decay);
}

void latent_sgd(
  float *weights, const float *gradients, float *velocity, size_t count, float rate,
  float momentum, float decay) {
  struct update update = {
    .weights = weights, .gradients = gradients, .first = velocity, .count = count, .rate = rate,
    .beta1 = momentum, .decay = decay};
  split(&update, sgd_share);
}

enum { lanes = 8, run = 4096 };

struct pass {
  const float *x;
  float *y;
  size_t count;
  float factor;
  double *sums;
};

/// Runs of fixed length, one after the other or shared out.
static void each_run(struct pass *pass, latent_share share) {
  size_t runs = (pass->count + run - 1) / run;
  if (pass->count < latent_small) {
    share(pass, 0, runs, 0);
  } else {
    latent_parallel_for(runs, share, pass);
  }
}

static size_t run_end(const struct pass *pass, size_t end) {
  return end * run < pass->count ? end * run : pass->count;
}

static void squares_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct pass *pass = context;
  for (size_t index = begin; index < end; index++) {
    size_t i = index * run, last = run_end(pass, index + 1);
    float sums[lanes] = {0};
    for (; i + lanes <= last; i += lanes) {
      for (int lane = 0; lane < lanes; lane++) sums[lane] += pass->x[i + lane] * pass->x[i + lane];
    }
    for (; i < last; i++) sums[0] += pass->x[i] * pass->x[i];
    double total = 0;
    for (int lane = 0; lane < lanes; lane++) total += (double)sums[lane];
    pass->sums[index] = total;
  }
}

double latent_sum_of_squares(const float *x, size_t count) {
  size_t runs = (count + run - 1) / run;
  struct pass pass = {
    .x = x, .count = count, .sums = (double *)(void *)latent_scratch(2, 2 * runs + 2)};
  each_run(&pass, squares_share);
  double total = 0;
  for (size_t index = 0; index < runs; index++) total += pass.sums[index];
  return total;
}

static void scale_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct pass *pass = context;
  float *y = pass->y, factor = pass->factor;
  size_t last = run_end(pass, end);
  for (size_t i = begin * run; i < last; i++) y[i] *= factor;
}

void latent_scale(float *x, size_t count, float factor) {
  struct pass pass = {.y = x, .count = count, .factor = factor};
  each_run(&pass, scale_share);
}

static void average_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct pass *pass = context;
  const float *x = pass->x;
  float *y = pass->y, rest = pass->factor;
  size_t last = run_end(pass, end);
  for (size_t i = begin * run; i < last; i++) y[i] += (x[i] - y[i]) * rest;
}

void latent_average(float *average, const float *weights, size_t count, float rest) {
  struct pass pass = {.x = weights, .y = average, .count = count, .factor = rest};
  each_run(&pass, average_share);
}
