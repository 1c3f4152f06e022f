// WebP bitstreams in memory to samples and back, over libwebp where the package was built with it
// (LATENT_HAS_WEBP). Functions that can fail return 0 then; nothing is printed.
#ifndef LATENT_CWEBP_H
#define LATENT_CWEBP_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t width;
  uint32_t height;
  int has_alpha;
  int is_animated;
  int is_lossless;
} cwebp_header;

enum { CWEBP_MAXIMUM_SIDE = 16383 };

int cwebp_is_available(void);
int cwebp_header_of(const uint8_t *bytes, size_t count, cwebp_header *header);
// RGB, or RGBA with straight alpha: 8 bits a sample, height * row_bytes bytes.
int cwebp_decode(
    const uint8_t *bytes, size_t count, int with_alpha, uint8_t *samples, size_t row_bytes);
// `quality`: 0...100; lossless keeps colors under full transparency too. The file's bytes, to be given back to
// cwebp_free. NULL: there is no memory, or a side is too long.
uint8_t *cwebp_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, int with_alpha, size_t row_bytes,
    float quality, int is_lossless, size_t *count);
void cwebp_free(uint8_t *bytes);

#endif
