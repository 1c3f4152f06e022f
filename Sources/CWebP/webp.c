#include "cwebp.h"

#ifdef LATENT_HAS_WEBP
#include <limits.h>
#include <webp/decode.h>
#include <webp/encode.h>

int cwebp_is_available(void) { return 1; }

int cwebp_header_of(const uint8_t *bytes, size_t count, cwebp_header *header) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes, count, &features) != VP8_STATUS_OK) return 0;
  header->width = (uint32_t)features.width;
  header->height = (uint32_t)features.height;
  header->has_alpha = features.has_alpha;
  header->is_animated = features.has_animation;
  header->is_lossless = features.format == 2;
  return 1;
}

int cwebp_decode(
    const uint8_t *bytes, size_t count, int with_alpha, uint8_t *samples, size_t row_bytes) {
  cwebp_header header;
  if (!cwebp_header_of(bytes, count, &header)) return 0;
  const size_t size = row_bytes * header.height;
  if (row_bytes > INT_MAX || row_bytes < header.width * (with_alpha ? 4u : 3u)) return 0;
  return with_alpha
             ? WebPDecodeRGBAInto(bytes, count, samples, size, (int)row_bytes) != NULL
             : WebPDecodeRGBInto(bytes, count, samples, size, (int)row_bytes) != NULL;
}

uint8_t *cwebp_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, int with_alpha, size_t row_bytes,
    float quality, int is_lossless, size_t *count) {
  WebPConfig config;
  WebPPicture picture;
  if (row_bytes > INT_MAX || width > CWEBP_MAXIMUM_SIDE || height > CWEBP_MAXIMUM_SIDE ||
      !WebPConfigInit(&config) || !WebPPictureInit(&picture)) {
    return NULL;
  }
  if (is_lossless && !WebPConfigLosslessPreset(&config, 6)) return NULL;
  if (!is_lossless) config.quality = quality;
  config.exact = is_lossless;
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  picture.use_argb = is_lossless;
  picture.width = (int)width;
  picture.height = (int)height;
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  int succeeded = with_alpha ? WebPPictureImportRGBA(&picture, samples, (int)row_bytes)
                             : WebPPictureImportRGB(&picture, samples, (int)row_bytes);
  succeeded = succeeded && WebPEncode(&config, &picture);
  WebPPictureFree(&picture);
  if (!succeeded) {
    WebPMemoryWriterClear(&writer);
    return NULL;
  }
  *count = writer.size;
  return writer.mem;
}

void cwebp_free(uint8_t *bytes) { WebPFree(bytes); }

#else
#include <stdlib.h>

int cwebp_is_available(void) { return 0; }
int cwebp_header_of(const uint8_t *bytes, size_t count, cwebp_header *header) {
  (void)bytes;
  (void)count;
  (void)header;
  return 0;
}
int cwebp_decode(
    const uint8_t *bytes, size_t count, int with_alpha, uint8_t *samples, size_t row_bytes) {
  (void)bytes;
  (void)count;
  (void)with_alpha;
  (void)samples;
  (void)row_bytes;
  return 0;
}
uint8_t *cwebp_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, int with_alpha, size_t row_bytes,
    float quality, int is_lossless, size_t *count) {
  (void)samples;
  (void)width;
  (void)height;
  (void)with_alpha;
  (void)row_bytes;
  (void)quality;
  (void)is_lossless;
  (void)count;
  return NULL;
}
void cwebp_free(uint8_t *bytes) { free(bytes); }
#endif
