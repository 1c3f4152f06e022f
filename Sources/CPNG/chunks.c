#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cpng.h"

int cpng_next_chunk(const uint8_t *bytes, size_t count, size_t *offset, cpng_chunk *chunk) {
  const size_t start = *offset;
  if (start > count || count - start < 12) return 0;
  const size_t length = png_get_uint_32(bytes + start);
  if (length > count - start - 12) return 0;
  memcpy(chunk->type, bytes + start + 4, 4);
  chunk->type[4] = 0;
  chunk->bytes = bytes + start + 8;
  chunk->count = length;
  chunk->checksum = png_get_uint_32(bytes + start + 8 + length);
  *offset = start + 12 + length;
  return 1;
}

int cpng_is_intact(const cpng_chunk *chunk) {
  const uLong type = crc32(crc32(0, NULL, 0), (const Bytef *)chunk->type, 4);
  return crc32(type, chunk->bytes, (uInt)chunk->count) == chunk->checksum;
}

uint8_t *cpng_inflate(const uint8_t *bytes, size_t count, size_t limit, size_t *length) {
  z_stream z;
  memset(&z, 0, sizeof z);
  if (inflateInit(&z) != Z_OK) return NULL;
  z.next_in = (Bytef *)bytes;
  z.avail_in = (uInt)count;
  size_t capacity = count < 1024 ? 4096 : count * 4;
  if (capacity > limit) capacity = limit;
  uint8_t *target = malloc(capacity + 1);
  int status = Z_OK;
  size_t used = 0;
  while (target != NULL) {
    z.next_out = target + used;
    z.avail_out = (uInt)(capacity - used);
    status = inflate(&z, Z_NO_FLUSH);
    used = capacity - z.avail_out;
    if (status != Z_OK || z.avail_out > 0 || capacity == limit) break;
    capacity = capacity < limit / 2 ? capacity * 2 : limit;
    uint8_t *grown = realloc(target, capacity + 1);
    if (grown == NULL) {
      free(target);
      target = NULL;
    } else {
      target = grown;
    }
  }
  inflateEnd(&z);
  if (status != Z_STREAM_END) {
    free(target);
    return NULL;
  }
  *length = used;
  return target;
}
