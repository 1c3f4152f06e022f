#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "cpng.h"
#include "message.h"

enum { MINIMUM_CHUNK = 8 << 20 };

struct cpng_reader {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count;
  size_t position;
  cpng_header header;
  char message[CPNG_MESSAGE_SIZE];
};

static void on_error(png_structp png, png_const_charp words) {
  cpng_reader *reader = png_get_error_ptr(png);
  cpng_keep_message(reader->message, words);
  png_longjmp(png, 1);
}

// Warnings concern ancillary chunks, which libpng then leaves out.
static void on_warning(png_structp png, png_const_charp words) {
  (void)png;
  (void)words;
}

static void on_read(png_structp png, png_bytep target, size_t count) {
  cpng_reader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->position) {
    png_error(png, "the file ends early");
  }
  memcpy(target, reader->bytes + reader->position, count);
  reader->position += count;
}

cpng_reader *cpng_reader_create(const uint8_t *bytes, size_t count) {
  cpng_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->bytes = bytes;
  reader->count = count;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
  if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
  if (reader->info == NULL) {
    cpng_reader_destroy(reader);
    return NULL;
  }
  return reader;
}

void cpng_reader_destroy(cpng_reader *reader) {
  if (reader == NULL) return;
  if (reader->png != NULL) png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}

const char *cpng_reader_message(const cpng_reader *reader) { return reader->message; }

// Whether every chunk up to IEND lies within the stream. libpng takes memory for a chunk before
// it reads it, so that a false length would cost up to 2 GB.
static int is_complete(const cpng_reader *reader) {
  size_t position = 8;
  while (reader->count > position && reader->count - position >= 12) {
    const uint8_t *chunk = reader->bytes + position;
    const size_t length = png_get_uint_32(chunk);
    if (length > reader->count - position - 12) return 0;
    if (memcmp(chunk + 4, "IEND", 4) == 0) return 1;
    position += 12 + length;
  }
  return 0;
}

int cpng_reader_header(cpng_reader *reader, cpng_header *header) {
  png_structp png = reader->png;
  png_infop info = reader->info;
  if (!is_complete(reader)) {
    cpng_keep_message(reader->message, "the file ends early");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) return 0;
  png_set_read_fn(png, reader, on_read);
  png_set_benign_errors(png, 1);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
  // The caller limits the number of pixels; these bound what ancillary chunks can unfold to.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max(png, reader->count > MINIMUM_CHUNK ? reader->count : MINIMUM_CHUNK);
  png_set_chunk_cache_max(png, 64);
#ifdef PNG_HANDLE_AS_UNKNOWN_SUPPORTED
  // Texts are read by the caller from the chunks themselves (cpng_next_chunk), with one limit for all.
  static const png_byte texts[] = "tEXt\0zTXt\0iTXt";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, texts, 3);
#endif
#ifdef PNG_SKIP_sRGB_CHECK_PROFILE
  png_set_option(png, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);
#endif
  png_read_info(png, info);

  // libpng takes memory for rows when transformations are settled, which must wait until the
  // caller has checked the extents.
  const int color_type = png_get_color_type(png, info);
  const int has_alpha =
      (color_type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->channels = ((color_type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1) + has_alpha;
  header->depth = png_get_bit_depth(png, info) == 16 ? 16 : 8;
  reader->header = *header;
  return 1;
}

int cpng_reader_samples(cpng_reader *reader, void *samples, size_t row_bytes) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return 0;
  png_set_expand(png);
  const uint16_t one = 1;
  if (reader->header.depth == 16 && *(const uint8_t *)&one == 1) png_set_swap(png);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  if (png_get_channels(png, reader->info) != reader->header.channels ||
      png_get_rowbytes(png, reader->info) > row_bytes) {
    png_error(png, "the rows do not fit the buffer");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (size_t row = 0; row < reader->header.height; row++) {
      png_read_row(png, (png_bytep)samples + row * row_bytes, NULL);
    }
  }
  png_read_end(png, reader->info);
  return 1;
}

int cpng_reader_window(
    cpng_reader *reader, uint32_t left, uint32_t top, uint32_t width, uint32_t height,
    void *samples, size_t row_bytes, void *row) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return 0;
  if (png_get_interlace_type(png, reader->info) != PNG_INTERLACE_NONE) return -1;
  png_set_expand(png);
  const uint16_t one = 1;
  if (reader->header.depth == 16 && *(const uint8_t *)&one == 1) png_set_swap(png);
  png_read_update_info(png, reader->info);
  const cpng_header *header = &reader->header;
  const size_t pixel = (size_t)(header->channels * header->depth / 8);
  if (png_get_rowbytes(png, reader->info) != header->width * pixel ||
      row_bytes < width * pixel || width > header->width || left > header->width - width ||
      height > header->height || top > header->height - height) {
    png_error(png, "the part lies outside the picture");
  }
  for (uint32_t y = 0; y < top + height; y++) {
    png_read_row(png, (png_bytep)row, NULL);
    if (y >= top) {
      memcpy(
          (uint8_t *)samples + (y - top) * row_bytes, (uint8_t *)row + left * pixel, width * pixel);
    }
  }
  return 1;
}

int cpng_reader_icc(cpng_reader *reader, const uint8_t **bytes, size_t *count) {
  png_charp name = NULL;
  int compression = 0;
  png_bytep profile = NULL;
  png_uint_32 length = 0;
  if (setjmp(png_jmpbuf(reader->png))) return 0;
  if (!png_get_iCCP(reader->png, reader->info, &name, &compression, &profile, &length)) return 0;
  *bytes = profile;
  *count = length;
  return profile != NULL;
}

int cpng_reader_exif(cpng_reader *reader, const uint8_t **bytes, size_t *count) {
#ifdef PNG_eXIf_SUPPORTED
  png_bytep block = NULL;
  png_uint_32 length = 0;
  if (setjmp(png_jmpbuf(reader->png))) return 0;
  if (!png_get_eXIf_1(reader->png, reader->info, &length, &block)) return 0;
  *bytes = block;
  *count = length;
  return block != NULL;
#else
  (void)reader;
  (void)bytes;
  (void)count;
  return 0;
#endif
}

void cpng_reader_notes(cpng_reader *reader, cpng_notes *notes) {
  png_structp png = reader->png;
  png_infop info = reader->info;
  memset(notes, 0, sizeof *notes);
  notes->intent = -1;
  if (setjmp(png_jmpbuf(png))) return;
  png_uint_32 horizontal = 0;
  png_uint_32 vertical = 0;
  int unit = 0;
  if (png_get_pHYs(png, info, &horizontal, &vertical, &unit)) {
    notes->has_resolution = 1;
    notes->horizontal = horizontal;
    notes->vertical = vertical;
    notes->is_per_meter = unit == PNG_RESOLUTION_METER;
  }
  int intent = 0;
  if (png_get_sRGB(png, info, &intent)) notes->intent = intent;
  png_fixed_point gamma = 0;
  if (png_get_gAMA_fixed(png, info, &gamma)) notes->gamma = gamma;
  png_fixed_point c[8];
  if (png_get_cHRM_fixed(
          png, info, &c[0], &c[1], &c[2], &c[3], &c[4], &c[5], &c[6], &c[7])) {
    notes->has_chromaticities = 1;
    for (int i = 0; i < 8; i++) notes->chromaticities[i] = c[i];
  }
}
