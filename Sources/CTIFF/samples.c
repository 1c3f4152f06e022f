#ifdef LATENT_HAS_TIFF
#include "samples.h"

#include <math.h>
#include <string.h>

int ctiff_target(const ctiff_layout *layout, int sample) {
  if (sample == layout->alpha) return layout->channels - 1;
  const int colors = layout->alpha >= 0 ? layout->channels - 1 : layout->channels;
  return sample < colors ? sample : -1;
}

// Unsigned samples of 1 to 16 bits; those that fill no bytes follow one another from the top bit down.
static uint32_t whole(const uint8_t *piece, size_t index, int bits) {
  if (bits == 8) return piece[index];
  if (bits == 16) {
    uint16_t value;
    memcpy(&value, piece + 2 * index, 2);
    return value;
  }
  uint32_t value = 0;
  const size_t start = index * (size_t)bits;
  for (size_t bit = start; bit < start + (size_t)bits; bit++) {
    value = value << 1 | (piece[bit / 8] >> (7 - bit % 8) & 1);
  }
  return value;
}

static float half(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const float fraction = (float)(bits & 1023);
  const float size = exponent == 0    ? ldexpf(fraction, -24)
                     : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                                      : ldexpf(fraction + 1024, exponent - 25);
  return bits >> 15 ? -size : size;
}

static float number(const ctiff_layout *layout, const uint8_t *piece, size_t index) {
  const int bytes = layout->bits / 8;
  const uint8_t *place = piece + index * (size_t)bytes;
  uint16_t word;
  uint32_t longer;
  float single;
  double twice;
  switch (layout->kind) {
    case CTIFF_FLOAT:
      if (bytes == 4) return memcpy(&single, place, 4), single;
      if (bytes == 8) return memcpy(&twice, place, 8), (float)twice;
      return memcpy(&word, place, 2), half(word);
    case CTIFF_SIGNED:
      if (bytes == 1) return (int8_t)place[0];
      if (bytes == 2) return memcpy(&word, place, 2), (int16_t)word;
      return memcpy(&longer, place, 4), (float)(int32_t)longer;
    default: return memcpy(&longer, place, 4), (float)longer;
  }
}

static void put(const ctiff_layout *layout, void *row, size_t place, uint32_t value) {
  if (layout->depth == 8) {
    ((uint8_t *)row)[place] = (uint8_t)value;
  } else {
    ((uint16_t *)row)[place] = (uint16_t)value;
  }
}

static uint32_t scaled(const ctiff_layout *layout, uint32_t value) {
  const uint32_t largest = layout->depth == 8 ? 255 : 65535;
  const uint32_t maximum = (1u << layout->bits) - 1;
  return maximum == largest ? value : (uint32_t)(((uint64_t)value * largest + maximum / 2) / maximum);
}

static void store_sample(
    const ctiff_layout *layout, const uint8_t *piece, size_t stride, size_t first, uint32_t columns,
    int channel, void *row, uint32_t left) {
  const size_t channels = (size_t)layout->channels;
  const size_t start = left * channels + (size_t)channel;
  const int is_inverted = layout->is_inverted && !(layout->alpha >= 0 && channel == layout->channels - 1);
  for (uint32_t x = 0; x < columns; x++) {
    const size_t index = x * stride + first;
    if (layout->depth == 32) {
      ((float *)row)[start + x * channels] = number(layout, piece, index);
      continue;
    }
    const uint32_t value = scaled(layout, whole(piece, index, layout->bits));
    const uint32_t largest = layout->depth == 8 ? 255 : 65535;
    put(layout, row, start + x * channels, is_inverted ? largest - value : value);
  }
}

static void store_palette(
    const ctiff_layout *layout, const uint8_t *piece, size_t stride, uint32_t columns, void *row,
    uint32_t left) {
  // Some writers fill the palette with 8-bit numbers.
  int is_short = 1;
  for (int c = 0; c < 3 && is_short; c++) {
    for (uint32_t i = 0; i < 1u << layout->bits && is_short; i++) is_short = layout->palette[c][i] < 256;
  }
  for (uint32_t x = 0; x < columns; x++) {
    const uint32_t index = whole(piece, x * stride, layout->bits);
    for (int c = 0; c < 3; c++) {
      const uint32_t value = layout->palette[c][index];
      put(layout, row, (left + x) * (size_t)layout->channels + (size_t)c,
          is_short ? value : (value + 128) / 257);
    }
  }
}

static void store_inks(
    const ctiff_layout *layout, const uint8_t *piece, size_t stride, uint32_t columns, void *row,
    uint32_t left) {
  const uint64_t largest = layout->depth == 8 ? 255 : 65535;
  for (uint32_t x = 0; x < columns; x++) {
    uint64_t inks[4];
    for (size_t c = 0; c < 4; c++) inks[c] = scaled(layout, whole(piece, x * stride + c, layout->bits));
    for (size_t c = 0; c < 3; c++) {
      const uint64_t light = (largest - inks[c]) * (largest - inks[3]);
      put(layout, row, (left + x) * (size_t)layout->channels + c,
          (uint32_t)((light + largest / 2) / largest));
    }
  }
}

void ctiff_store(
    const ctiff_layout *layout, const uint8_t *piece, uint32_t columns, int plane, void *row,
    uint32_t left) {
  if (layout->is_planar) {
    const int channel = ctiff_target(layout, plane);
    if (layout->color == CTIFF_PALETTE && plane == 0) {
      store_palette(layout, piece, 1, columns, row, left);
    } else if (channel >= 0) {
      store_sample(layout, piece, 1, 0, columns, channel, row, left);
    }
    return;
  }
  const size_t stride = (size_t)layout->samples;
  switch (layout->color) {
    case CTIFF_PALETTE: store_palette(layout, piece, stride, columns, row, left); break;
    case CTIFF_INKS: store_inks(layout, piece, stride, columns, row, left); break;
    default:
      for (int sample = 0; sample < layout->samples; sample++) {
        const int channel = ctiff_target(layout, sample);
        if (channel < 0 || sample == layout->alpha) continue;
        store_sample(layout, piece, stride, (size_t)sample, columns, channel, row, left);
      }
  }
  if (layout->alpha >= 0) {
    store_sample(
        layout, piece, stride, (size_t)layout->alpha, columns, layout->channels - 1, row, left);
  }
}

void ctiff_unmultiply(const ctiff_layout *layout, void *row, uint32_t columns) {
  const int colors = layout->channels - 1;
  for (uint32_t x = 0; x < columns; x++) {
    const size_t start = x * (size_t)layout->channels;
    for (int c = 0; c < colors; c++) {
      const size_t place = start + (size_t)c, alpha = start + (size_t)colors;
      if (layout->depth == 32) {
        float *pixel = row;
        if (pixel[alpha] > 0) pixel[place] /= pixel[alpha];
      } else if (layout->depth == 16) {
        uint16_t *pixel = row;
        if (pixel[alpha] == 0) continue;
        const uint64_t value = ((uint64_t)pixel[place] * 65535 + pixel[alpha] / 2) / pixel[alpha];
        pixel[place] = (uint16_t)(value < 65535 ? value : 65535);
      } else {
        uint8_t *pixel = row;
        if (pixel[alpha] == 0) continue;
        const unsigned value = (pixel[place] * 255u + pixel[alpha] / 2) / pixel[alpha];
        pixel[place] = (uint8_t)(value < 255 ? value : 255);
      }
    }
  }
}
#endif
