#include "include/bfloat16.h"

#include <stdint.h>
#include <string.h>

#include "variant.h"

#if defined(__x86_64__) && defined(__linux__)

#include <cpuid.h>
#include <immintrin.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

// Both operands are cut into tiles of 16 rows of 64 bytes. A padded image is one sequence of places,
// row after row with the padding between them: the pixel under a tap of the kernel stands at a fixed
// distance from the place. Places of the padding are computed too, and left out of the result.

enum {
  /// Places, or outputs, of a tile.
  side = 16,
  /// Channels, or places, that one product of tiles sums over.
  depth = 32,
  tile_bytes = 1024,
  /// Bytes of input that one unit of work converts: half of a second-level cache.
  slab_limit = 524288,
  /// Products of tiles between two visits to the same sums.
  chunk_steps = 16,
};

#define AMX __attribute__((target("amx-tile,amx-bf16,avx512f,avx512vl,avx512bw,avx512dq,avx512bf16")))

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t pieces(size_t count, size_t size) { return (count + size - 1) / size; }

static size_t up(size_t count, size_t size) { return pieces(count, size) * size; }

static bool available;
static pthread_once_t ask_once = PTHREAD_ONCE_INIT;

__attribute__((target("xsave"))) static bool system_keeps_tiles(void) {
  return (__builtin_ia32_xgetbv(0) & 0x600e6) == 0x600e6;
}

static void ask(void) {
  unsigned a, b, c, d, a1, b1, c1, d1, a0, b0, c0, d0;
  if (!__get_cpuid(1, &a0, &b0, &c0, &d0) || !(c0 >> 27 & 1)) return;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !__get_cpuid_count(7, 1, &a1, &b1, &c1, &d1))
    return;
  bool tiles = (d >> 22 & 1) && (d >> 24 & 1);
  bool vectors = (b >> 16 & 1) && (b >> 17 & 1) && (b >> 30 & 1) && (b >> 31 & 1) && (a1 >> 5 & 1);
  if (!tiles || !vectors || !system_keeps_tiles()) return;
  // Linux gives the memory for tiles to processes that ask (ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA).
  available = syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}

bool latent_bfloat16_is_available(void) {
  pthread_once(&ask_once, ask);
  return available;
}

struct tile_configuration {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
};

AMX static void configure(void) {
  struct tile_configuration configuration = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    configuration.row_bytes[t] = 64;
    configuration.rows[t] = side;
  }
  _tile_loadconfig(&configuration);
}

/// A convolution of stride 1: forward, or transposed with inputs and outputs exchanged.
struct correlation {
  size_t images, channels, height, width, outputs, rows, columns;
  size_t kernel_height, kernel_width, top, left;
  const float *source, *bias;
  float *target;
  const uint16_t *weights;  // [output blocks][taps][channel blocks][16 outputs][32 channels]
  size_t pitch;             // places from one row to the next
  size_t band;              // rows that one unit of work computes
};

static size_t taps_of(const struct correlation *c) { return c->kernel_height * c->kernel_width; }

struct pack {
  const struct correlation *c;
  const float *w;
  size_t output_pitch, channel_pitch;
  bool turned;
  uint16_t *to;
};

/// 16 weights of an output, from channel `first` on, zeros where there are no more.
AMX static __m512 some_weights(const struct pack *job, size_t output, size_t first, size_t tap) {
  size_t channels = job->c->channels;
  if (output >= job->c->outputs || first >= channels) return _mm512_setzero_ps();
  size_t left = channels - first;
  __mmask16 mask = left >= side ? 0xffff : (__mmask16)((1u << left) - 1);
  __m512i steps = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  __m512i places = _mm512_mullo_epi32(steps, _mm512_set1_epi32((int)job->channel_pitch));
  const float *from = job->w + output * job->output_pitch + first * job->channel_pitch + tap;
  return _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, places, from, 4);
}

/// Weights in the order of the tiles, a block of outputs at a time.
AMX static void pack_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct pack *job = context;
  size_t taps = taps_of(job->c), blocks = pieces(job->c->channels, depth);
  for (size_t block = begin; block < end; block++) {
    uint16_t *to = job->to + block * taps * blocks * side * depth;
    for (size_t t = 0; t < taps; t++) {
      size_t tap = job->turned ? taps - 1 - t : t;
      for (size_t k = 0; k < blocks; k++) {
        for (size_t o = 0; o < side; o++) {
          __m512 low = some_weights(job, block * side + o, k * depth, tap);
          __m512 high = some_weights(job, block * side + o, k * depth + side, tap);
          _mm512_storeu_si512(to, (__m512i)_mm512_cvtne2ps_pbh(high, low));
          to += depth;
        }
      }
    }
  }
}

/// One row of two channels as pairs, zeros left and right of it. `b` is NULL after an odd last channel.
AMX static void pair_row(const float *a, const float *b, size_t width, uint32_t *to) {
  for (size_t i = 0; i < width; i += side) {
    __mmask16 mask = width - i >= side ? 0xffff : (__mmask16)((1u << (width - i)) - 1);
    __m512i low = _mm512_cvtepu16_epi32(
      (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, a + i)));
    if (b) {
      __m512i high = _mm512_cvtepu16_epi32(
        (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, b + i)));
      low = _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
    }
    _mm512_mask_storeu_epi32(to + i, mask, low);
  }
}

/// The columns of the source that a padded row holds: from column `left` on.
static size_t held_columns(size_t width, size_t left, size_t pitch) {
  return left >= pitch ? 0 : smaller(width, pitch - left);
}

/// Rows `first ..<` of the padded image, [pairs of channels][places], `length` places each, into zeros
/// or over an image of which the same rows were there.
AMX static void fill_pairs(
  const struct correlation *c, size_t image, size_t first, size_t rows, size_t length,
  uint32_t *to) {
  size_t columns = held_columns(c->width, c->left, c->pitch), plane = c->height * c->width;
  for (size_t pair = 0; 2 * pair < c->channels; pair++) {
    const float *a = c->source + (image * c->channels + 2 * pair) * plane;
    const float *b = 2 * pair + 1 < c->channels ? a + plane : NULL;
    for (size_t row = 0; row < rows; row++) {
      size_t y = first + row;
      if (y < c->top || y - c->top >= c->height) continue;
      size_t from = (y - c->top) * c->width;
      pair_row(
        a + from, b ? b + from : NULL, columns, to + pair * length + row * c->pitch + c->left);
    }
  }
}

/// Sums of two blocks of outputs (one, if `one`) over all channels and taps, at `places` places.
AMX static void correlate_blocks(
  const struct correlation *c, const uint32_t *pairs, size_t length, size_t block, bool one,
  size_t places, float *sums) {
  size_t blocks = pieces(c->channels, depth), steps = taps_of(c) * blocks;
  const uint16_t *upper = c->weights + block * steps * side * depth;
  const uint16_t *lower = one ? upper : upper + steps * side * depth;
  for (size_t place = 0; place < places; place += 2 * side) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    const uint16_t *a = upper, *b = lower;
    for (size_t ky = 0; ky < c->kernel_height; ky++) {
      for (size_t kx = 0; kx < c->kernel_width; kx++) {
        const uint32_t *from = pairs + place + ky * c->pitch + kx;
        for (size_t k = 0; k < blocks; k++) {
          _tile_loadd(6, from, length * 4);
          _tile_loadd(7, from + side, length * 4);
          _tile_loadd(4, a, 64);
          _tile_dpbf16ps(0, 4, 6);
          _tile_dpbf16ps(1, 4, 7);
          if (!one) {
            _tile_loadd(5, b, 64);
            _tile_dpbf16ps(2, 5, 6);
            _tile_dpbf16ps(3, 5, 7);
          }
          from += side * length;
          a += side * depth;
          b += side * depth;
        }
      }
    }
    _tile_stored(0, sums + place, places * 4);
    _tile_stored(1, sums + place + side, places * 4);
    if (one) continue;
    _tile_stored(2, sums + side * places + place, places * 4);
    _tile_stored(3, sums + side * places + place + side, places * 4);
  }
}

/// The sums of real places, with the bias, into the target.
AMX static void put_rows(
  const struct correlation *c, size_t image, size_t output, size_t first, size_t rows,
  size_t places, const float *sums) {
  size_t outputs = smaller(2 * side, c->outputs - output);
  for (size_t o = 0; o < outputs; o++) {
    __m512 bias = _mm512_set1_ps(c->bias ? c->bias[output + o] : 0);
    float *plane = c->target + (image * c->outputs + output + o) * c->rows * c->columns;
    for (size_t row = 0; row < rows; row++) {
      const float *from = sums + o * places + row * c->pitch;
      float *to = plane + (first + row) * c->columns;
      for (size_t i = 0; i < c->columns; i += side) {
        size_t left = c->columns - i;
        __mmask16 mask = left >= side ? 0xffff : (__mmask16)((1u << left) - 1);
        _mm512_mask_storeu_ps(
          to + i, mask, _mm512_add_ps(_mm512_maskz_loadu_ps(mask, from + i), bias));
      }
    }
  }
}

AMX static void correlate_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct correlation *c = context;
  size_t bands = pieces(c->rows, c->band), pairs = up(c->channels, depth) / 2;
  size_t most = up(c->band * c->pitch, 2 * side);
  // Planes do not begin a multiple of 4096 bytes apart: the first cache keeps few such lines.
  size_t length = up(most + (c->kernel_height - 1) * c->pitch + c->kernel_width, 2 * side) + side;
  uint32_t *slab = (uint32_t *)(void *)latent_scratch(0, pairs * length);
  float *sums = latent_scratch(1, 2 * side * most);
  configure();
  for (size_t unit = begin; unit < end; unit++) {
    size_t image = unit / bands, first = unit % bands * c->band;
    size_t rows = smaller(c->band, c->rows - first);
    size_t places = up(rows * c->pitch, 2 * side);
    if (unit == begin || bands > 1) memset(slab, 0, pairs * length * sizeof *slab);
    fill_pairs(c, image, first, rows + c->kernel_height - 1, length, slab);
    for (size_t output = 0; output < c->outputs; output += 2 * side) {
      correlate_blocks(
        c, slab, length, output / side, c->outputs - output <= side, places, sums);
      put_rows(c, image, output, first, rows, places, sums);
    }
  }
  _tile_release();
}

/// Packs the weights, settles the bands and runs the correlation.
static void correlate(struct correlation *c, struct pack *pack) {
  size_t taps = taps_of(c), blocks = pieces(c->channels, depth);
  size_t count = pieces(c->outputs, side) * taps * blocks * side * depth;
  uint16_t *weights = (uint16_t *)(void *)latent_scratch(2, count / 2);
  pack->c = c;
  pack->to = weights;
  latent_parallel_for(pieces(c->outputs, side), pack_share, pack);
  c->weights = weights;
  c->pitch = c->columns + c->kernel_width - 1;
  size_t row = up(c->channels, depth) * 2 * c->pitch;
  size_t most = slab_limit / row > c->kernel_height ? slab_limit / row - c->kernel_height : 1;
  size_t bands = pieces(c->rows, smaller(most < 4 ? 4 : most, c->rows));
  size_t threads = (size_t)latent_threads();
  while (c->images * bands < threads && pieces(c->rows, bands) > 4) bands *= 2;
  c->band = pieces(c->rows, bands);
  latent_parallel_for(c->images * pieces(c->rows, c->band), correlate_share, c);
}

bool latent_bfloat16_serves(const struct latent_convolution *s) {
  return latent_bfloat16_is_available() && s->stride == 1 && s->dilation == 1 && s->groups == 1
    && s->channels >= 16 && s->outputs >= 8 && s->images > 0 && s->rows > 0 && s->columns > 0
    && s->height > 0 && s->width > 0 && s->top < s->kernel_height && s->left < s->kernel_width
    && s->rows + s->kernel_height > s->top + 1 && s->columns + s->kernel_width > s->left + 1;
}

void latent_bfloat16_forward(
  const struct latent_convolution *s, const float *x, const float *w, const float *bias, float *y) {
  size_t kernel = s->kernel_height * s->kernel_width;
  struct correlation c = {
    .images = s->images, .channels = s->channels, .height = s->height, .width = s->width,
    .outputs = s->outputs, .rows = s->rows, .columns = s->columns,
    .kernel_height = s->kernel_height, .kernel_width = s->kernel_width, .top = s->top,
    .left = s->left, .source = x, .bias = bias, .target = y};
  struct pack pack = {
    .w = w, .output_pitch = s->channels * kernel, .channel_pitch = kernel, .turned = false};
  correlate(&c, &pack);
}

void latent_bfloat16_transposed(
  const struct latent_convolution *s, const float *dy, const float *w, const float *bias,
  float *dx) {
  size_t kernel = s->kernel_height * s->kernel_width;
  struct correlation c = {
    .images = s->images, .channels = s->outputs, .height = s->rows, .width = s->columns,
    .outputs = s->channels, .rows = s->height, .columns = s->width,
    .kernel_height = s->kernel_height, .kernel_width = s->kernel_width,
    .top = s->kernel_height - 1 - s->top, .left = s->kernel_width - 1 - s->left, .source = dy,
    .bias = bias, .target = dx};
  struct pack pack = {
    .w = w, .output_pitch = kernel, .channel_pitch = s->channels * kernel, .turned = true};
  correlate(&c, &pack);
}

/// dw = the sum over all places of x under the tap times dy: places are what products sum over.
struct weight_gradient {
  const struct latent_convolution *shape;
  const float *x, *dy;
  float *sums;  // [parts][channel blocks][output blocks][taps][16 channels][16 outputs]
  float *dw;
  size_t parts, part_pitch, pitch, places, length;
};

/// One row rounded.
AMX static void round_row(const float *from, size_t width, uint16_t *to) {
  for (size_t i = 0; i < width; i += side) {
    __mmask16 mask = width - i >= side ? 0xffff : (__mmask16)((1u << (width - i)) - 1);
    __m256i words = (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, from + i));
    _mm256_mask_storeu_epi16(to + i, mask, words);
  }
}

/// Planes of `height` rows, each at `top`, `left` in a sequence of places of its own, into zeros or over
/// other such planes.
AMX static void fill_planes(
  const struct weight_gradient *job, const float *from, size_t planes, size_t height, size_t width,
  size_t top, size_t left, size_t rows, uint16_t *to) {
  size_t columns = held_columns(width, left, job->pitch);
  for (size_t plane = 0; plane < planes; plane++) {
    for (size_t row = 0; row < height && row + top < rows; row++) {
      round_row(
        from + (plane * height + row) * width, columns,
        to + plane * job->length + (row + top) * job->pitch + left);
    }
  }
}

/// 16 planes of 16 pairs of places, turned: a pair of places of 16 planes in every row.
AMX static void turn_tile(const uint16_t *from, size_t length, uint32_t *to) {
  __m512i r[side], t[side];
  for (int i = 0; i < side; i++) r[i] = _mm512_loadu_si512(from + (size_t)i * length);
  for (int i = 0; i < side; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (int i = 0; i < side; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  // r[4 i + j] holds column 4 q + j of rows 4 i ..< 4 i + 4 in its quarter q.
  for (int j = 0; j < 4; j++) {
    __m512i a = _mm512_shuffle_i32x4(r[j], r[4 + j], 0x44);
    __m512i b = _mm512_shuffle_i32x4(r[j], r[4 + j], 0xee);
    __m512i c = _mm512_shuffle_i32x4(r[8 + j], r[12 + j], 0x44);
    __m512i d = _mm512_shuffle_i32x4(r[8 + j], r[12 + j], 0xee);
    _mm512_storeu_si512(to + (0 + j) * side, _mm512_shuffle_i32x4(a, c, 0x88));
    _mm512_storeu_si512(to + (4 + j) * side, _mm512_shuffle_i32x4(a, c, 0xdd));
    _mm512_storeu_si512(to + (8 + j) * side, _mm512_shuffle_i32x4(b, d, 0x88));
    _mm512_storeu_si512(to + (12 + j) * side, _mm512_shuffle_i32x4(b, d, 0xdd));
  }
}

/// Adds `steps` products to the sums of two blocks of channels and two of outputs, for every tap.
AMX static void gradient_chunk(
  const struct weight_gradient *job, const uint16_t *x, const uint32_t *dy, size_t dy_step,
  size_t steps, float *sums, size_t across, size_t down) {
  const struct latent_convolution *s = job->shape;
  size_t tile = side * side;
  for (size_t ky = 0; ky < s->kernel_height; ky++) {
    for (size_t kx = 0; kx < s->kernel_width; kx++) {
      const uint16_t *a = x + ky * job->pitch + kx;
      const uint32_t *b = dy;
      _tile_loadd(0, sums, 64);
      _tile_loadd(1, sums + across, 64);
      _tile_loadd(2, sums + down, 64);
      _tile_loadd(3, sums + down + across, 64);
      for (size_t step = 0; step < steps; step++) {
        _tile_loadd(6, b, 64);
        _tile_loadd(7, b + tile, 64);
        _tile_loadd(4, a, job->length * 2);
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(1, 4, 7);
        _tile_loadd(5, a + side * job->length, job->length * 2);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
        a += depth;
        b += dy_step;
      }
      _tile_stored(0, sums, 64);
      _tile_stored(1, sums + across, 64);
      _tile_stored(2, sums + down, 64);
      _tile_stored(3, sums + down + across, 64);
      sums += tile;
    }
  }
}

AMX static void gradient_share(void *context, size_t begin, size_t end, int part) {
  const struct weight_gradient *job = context;
  const struct latent_convolution *s = job->shape;
  size_t tile = side * side, taps = s->kernel_height * s->kernel_width;
  size_t channel_blocks = up(s->channels, depth) / side, output_blocks = up(s->outputs, depth) / side;
  size_t steps = job->places / depth, dy_step = output_blocks * tile;
  float *sums = job->sums + (size_t)part * job->part_pitch;
  memset(sums, 0, job->part_pitch * sizeof *sums);
  size_t x_count = channel_blocks * side * job->length;
  size_t dy_count = output_blocks * side * job->length;
  uint16_t *x = (uint16_t *)(void *)latent_scratch(0, (x_count + dy_count) / 2);
  uint16_t *dy = x + x_count;
  uint32_t *turned = (uint32_t *)(void *)latent_scratch(1, steps * dy_step);
  memset(x, 0, (x_count + dy_count) * sizeof *x);
  configure();
  for (size_t image = begin; image < end; image++) {
    fill_planes(
      job, job->dy + image * s->outputs * s->rows * s->columns, s->outputs, s->rows, s->columns, 0,
      0, s->rows, dy);
    for (size_t step = 0; step < steps; step++) {
      for (size_t block = 0; block < output_blocks; block++)
        turn_tile(
          dy + block * side * job->length + step * depth, job->length,
          turned + step * dy_step + block * tile);
    }
    fill_planes(
      job, job->x + image * s->channels * s->height * s->width, s->channels, s->height, s->width,
      s->top, s->left, s->rows + s->kernel_height - 1, x);
    for (size_t step = 0; step < steps; step += chunk_steps) {
      for (size_t i = 0; i < channel_blocks; i += 2) {
        for (size_t j = 0; j < output_blocks; j += 2)
          gradient_chunk(
            job, x + i * side * job->length + step * depth,
            turned + step * dy_step + j * tile, dy_step, smaller(chunk_steps, steps - step),
            sums + (i * output_blocks + j) * taps * tile, taps * tile,
            output_blocks * taps * tile);
      }
    }
  }
  _tile_release();
}

/// The sums of all parts, blocks of 16 outputs at a time.
AMX static void gather_share(void *context, size_t begin, size_t end, int part) {
  (void)part;
  const struct weight_gradient *job = context;
  const struct latent_convolution *s = job->shape;
  size_t taps = s->kernel_height * s->kernel_width, tile = side * side;
  size_t output_blocks = up(s->outputs, depth) / side;
  __m512i steps = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  __m512i places = _mm512_mullo_epi32(steps, _mm512_set1_epi32((int)(s->channels * taps)));
  for (size_t block = begin; block < end; block++) {
    size_t left = s->outputs - block * side;
    __mmask16 mask = left >= side ? 0xffff : (__mmask16)((1u << left) - 1);
    for (size_t channel = 0; channel < s->channels; channel++) {
      const float *from =
        job->sums + (channel / side * output_blocks + block) * taps * tile + channel % side * side;
      float *to = job->dw + (block * side * s->channels + channel) * taps;
      for (size_t t = 0; t < taps; t++) {
        __m512 total = _mm512_loadu_ps(from + t * tile);
        for (size_t p = 1; p < job->parts; p++)
          total = _mm512_add_ps(total, _mm512_loadu_ps(from + p * job->part_pitch + t * tile));
        _mm512_mask_i32scatter_ps(to + t, mask, places, total, 4);
      }
    }
  }
}

void latent_bfloat16_weight_gradient(
  const struct latent_convolution *s, const float *x, const float *dy, float *dw) {
  size_t taps = s->kernel_height * s->kernel_width;
  struct weight_gradient job = {.shape = s, .x = x, .dy = dy, .dw = dw};
  job.pitch = s->columns + s->kernel_width - 1;
  job.places = up(s->rows * job.pitch, depth);
  job.length =
    up(job.places + (s->kernel_height - 1) * job.pitch + s->kernel_width, 2 * depth) + depth;
  job.part_pitch = up(s->channels, depth) * up(s->outputs, depth) * taps;
  job.parts = (size_t)latent_shares(s->images);
  job.sums = latent_scratch(2, job.parts * job.part_pitch);
  latent_parallel_for(s->images, gradient_share, &job);
  latent_parallel_for(pieces(s->outputs, side), gather_share, &job);
}

#else

bool latent_bfloat16_is_available(void) { return false; }

bool latent_bfloat16_serves(const struct latent_convolution *shape) {
  (void)shape;
  return false;
}

void latent_bfloat16_forward(
  const struct latent_convolution *shape, const float *x, const float *w, const float *bias,
  float *y) {
  latent_convolution_forward(shape, x, w, bias, y);
}

void latent_bfloat16_transposed(
  const struct latent_convolution *shape, const float *dy, const float *w, const float *bias,
  float *dx) {
  latent_convolution_transposed(shape, dy, w, bias, dx);
}

void latent_bfloat16_weight_gradient(
  const struct latent_convolution *shape, const float *x, const float *dy, float *dw) {
  latent_convolution_weight_gradient(shape, x, dy, dw);
}

#endif
