#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cpng.h"

// How far back deflate looks.
enum { WINDOW = 32768, FILTERS = 5 };

// A row as it stands in the file: 16-bit samples with their upper byte first.
static void pack_row(const cpng_rows *rows, size_t row, size_t bytes, uint8_t *target) {
  const uint8_t *source = (const uint8_t *)rows->samples + row * rows->row_bytes;
  if (rows->header.depth == 8) {
    memcpy(target, source, bytes);
    return;
  }
  for (size_t i = 0; i < bytes; i += 2) {
    uint16_t sample;
    memcpy(&sample, source + i, 2);
    target[i] = (uint8_t)(sample >> 8);
    target[i + 1] = (uint8_t)sample;
  }
}

static uint8_t paeth(int a, int b, int c) {
  const int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);
  return (uint8_t)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

// One of the filters of the PNG specification, section 9.2. `x` and `above` have `pixel` zeros before
// them.
static void apply_filter(
    int filter, const uint8_t *x, const uint8_t *above, size_t bytes, size_t pixel,
    uint8_t *target) {
  switch (filter) {
    case 0:
      memcpy(target, x, bytes);
      break;
    case 1:
      for (size_t i = 0; i < bytes; i++) target[i] = (uint8_t)(x[i] - (x - pixel)[i]);
      break;
    case 2:
      for (size_t i = 0; i < bytes; i++) target[i] = (uint8_t)(x[i] - above[i]);
      break;
    case 3:
      for (size_t i = 0; i < bytes; i++) {
        target[i] = (uint8_t)(x[i] - (((x - pixel)[i] + above[i]) >> 1));
      }
      break;
    default:
      for (size_t i = 0; i < bytes; i++) {
        target[i] = (uint8_t)(x[i] - paeth((x - pixel)[i], above[i], (above - pixel)[i]));
      }
  }
}

// The sum of the bytes taken as signed numbers: the smaller, the better a row compresses.
static size_t weight(const uint8_t *x, size_t bytes) {
  size_t sum = 0;
  for (size_t i = 0; i < bytes; i++) sum += x[i] < 128 ? x[i] : 256u - x[i];
  return sum;
}

// Rows `first` ..< `end`, each after the number of the filter that suits it best. `scratch`: three rows.
static void filter_rows(
    const cpng_rows *rows, size_t first, size_t end, size_t bytes, uint8_t *target,
    uint8_t *scratch) {
  const size_t pixel = (size_t)(rows->header.channels * rows->header.depth / 8);
  uint8_t *above = scratch + pixel;
  uint8_t *row = above + bytes + pixel;
  uint8_t *trial = row + bytes;
  memset(scratch, 0, 2 * (bytes + pixel));
  if (first > 0) pack_row(rows, first - 1, bytes, above);
  for (size_t y = first; y < end; y++, target += bytes + 1) {
    pack_row(rows, y, bytes, row);
    size_t best = SIZE_MAX;
    for (int filter = 0; filter < FILTERS; filter++) {
      apply_filter(filter, row, above, bytes, pixel, trial);
      const size_t found = weight(trial, bytes);
      if (found >= best) continue;
      best = found;
      target[0] = (uint8_t)filter;
      memcpy(target + 1, trial, bytes);
    }
    memcpy(above, row, bytes);
  }
}

static int deflate_rows(
    const cpng_rows *rows, const uint8_t *dictionary, size_t dictionary_count,
    const uint8_t *bytes, size_t count, cpng_stream *stream) {
  z_stream z;
  memset(&z, 0, sizeof z);
  if (deflateInit2(&z, rows->compression, Z_DEFLATED, -15, 8, Z_FILTERED) != Z_OK) return 0;
  if (dictionary_count > 0) deflateSetDictionary(&z, dictionary, (uInt)dictionary_count);
  // What the flush at the end takes is beyond the bound.
  const size_t capacity = deflateBound(&z, count) + 64;
  stream->bytes = malloc(capacity);
  int status = Z_MEM_ERROR;
  if (stream->bytes != NULL) {
    z.next_in = (Bytef *)bytes;
    z.avail_in = (uInt)count;
    z.next_out = stream->bytes;
    z.avail_out = (uInt)capacity;
    const int is_last = rows->end == rows->header.height;
    status = deflate(&z, is_last ? Z_FINISH : Z_SYNC_FLUSH);
    if (z.avail_in > 0) status = Z_BUF_ERROR;
    stream->count = capacity - z.avail_out;
    stream->length = count;
    stream->checksum = (uint32_t)adler32(adler32(0, NULL, 0), bytes, (uInt)count);
  }
  deflateEnd(&z);
  return status == Z_OK || status == Z_STREAM_END;
}

int cpng_compress_rows(const cpng_rows *rows, cpng_stream *stream) {
  memset(stream, 0, sizeof *stream);
  const cpng_header *header = &rows->header;
  const size_t bytes = (size_t)header->width * (size_t)(header->channels * header->depth / 8);
  size_t lead = WINDOW / (bytes + 1) + 1;
  if (lead > rows->first) lead = rows->first;
  const size_t lead_count = lead * (bytes + 1);
  const size_t count = (rows->end - rows->first) * (bytes + 1);
  uint8_t *filtered = malloc(lead_count + count);
  uint8_t *scratch = malloc(3 * (bytes + 8));
  int succeeded = 0;
  if (filtered != NULL && scratch != NULL) {
    filter_rows(rows, rows->first - lead, rows->end, bytes, filtered, scratch);
    const size_t dictionary = lead_count < WINDOW ? lead_count : WINDOW;
    succeeded = deflate_rows(
        rows, filtered + lead_count - dictionary, dictionary, filtered + lead_count, count, stream);
  }
  free(scratch);
  free(filtered);
  if (!succeeded) cpng_stream_free(stream);
  return succeeded;
}

void cpng_stream_free(cpng_stream *stream) {
  free(stream->bytes);
  stream->bytes = NULL;
}
