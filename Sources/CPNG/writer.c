#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cpng.h"
#include "message.h"

struct cpng_writer {
  png_structp png;
  png_infop info;
  cpng_header header;
  int compression;
  uint32_t checksum;  // of the samples so far
  uint8_t *exif;
  size_t exif_count;
  uint8_t code_points[4];
  int has_code_points;
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  char message[CPNG_MESSAGE_SIZE];
};

static void on_error(png_structp png, png_const_charp words) {
  cpng_writer *writer = png_get_error_ptr(png);
  cpng_keep_message(writer->message, words);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp words) {
  (void)png;
  (void)words;
}

static void on_write(png_structp png, png_bytep source, size_t count) {
  cpng_writer *writer = png_get_io_ptr(png);
  if (count > writer->capacity - writer->count) {
    size_t capacity = writer->capacity < 4096 ? 4096 : writer->capacity;
    while (capacity - writer->count < count) capacity += capacity / 2;
    uint8_t *grown = realloc(writer->bytes, capacity);
    if (grown == NULL) png_error(png, "out of memory");
    writer->bytes = grown;
    writer->capacity = capacity;
  }
  memcpy(writer->bytes + writer->count, source, count);
  writer->count += count;
}

static void on_flush(png_structp png) { (void)png; }

cpng_writer *cpng_writer_create(const cpng_header *header, int compression) {
  cpng_writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) return NULL;
  writer->header = *header;
  writer->compression = compression;
  writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning);
  if (writer->png != NULL) writer->info = png_create_info_struct(writer->png);
  if (writer->info == NULL) {
    cpng_writer_destroy(writer);
    return NULL;
  }
  return writer;
}

void cpng_writer_destroy(cpng_writer *writer) {
  if (writer == NULL) return;
  if (writer->png != NULL) png_destroy_write_struct(&writer->png, &writer->info);
  free(writer->bytes);
  free(writer->exif);
  free(writer);
}

const char *cpng_writer_message(const cpng_writer *writer) { return writer->message; }

static int color_type(int channels) {
  switch (channels) {
    case 1: return PNG_COLOR_TYPE_GRAY;
    case 2: return PNG_COLOR_TYPE_GRAY_ALPHA;
    case 3: return PNG_COLOR_TYPE_RGB;
    default: return PNG_COLOR_TYPE_RGB_ALPHA;
  }
}

// libpng checks a profile against the color type, so that IHDR has to be set before it.
static void set_header(cpng_writer *writer) {
  if (png_get_image_width(writer->png, writer->info) != 0) return;
  png_set_benign_errors(writer->png, 1);
  png_set_user_limits(writer->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(
      writer->png, writer->info, writer->header.width, writer->header.height,
      writer->header.depth, color_type(writer->header.channels), PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
}

int cpng_writer_set_icc(cpng_writer *writer, const uint8_t *bytes, size_t count) {
  if (count > PNG_UINT_31_MAX) return 0;
  if (setjmp(png_jmpbuf(writer->png))) return 0;
  set_header(writer);
  png_set_iCCP(
      writer->png, writer->info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, (png_bytep)bytes,
      (png_uint_32)count);
  return 1;
}

// Written as a chunk of our own: libpng 1.6.39 writes the block a second time behind the picture.
int cpng_writer_set_exif(cpng_writer *writer, const uint8_t *bytes, size_t count) {
  if (count == 0 || count > PNG_UINT_31_MAX) return 0;
  uint8_t *copy = malloc(count);
  if (copy == NULL) {
    cpng_keep_message(writer->message, "out of memory");
    return 0;
  }
  memcpy(copy, bytes, count);
  free(writer->exif);
  writer->exif = copy;
  writer->exif_count = count;
  return 1;
}

int cpng_writer_set_code_points(cpng_writer *writer, const uint8_t code_points[4]) {
  memcpy(writer->code_points, code_points, 4);
  writer->has_code_points = 1;
  return 1;
}

int cpng_writer_set_notes(cpng_writer *writer, const cpng_notes *notes) {
  png_structp png = writer->png;
  png_infop info = writer->info;
  if (setjmp(png_jmpbuf(png))) return 0;
  set_header(writer);
  if (notes->has_resolution) {
    png_set_pHYs(
        png, info, notes->horizontal, notes->vertical,
        notes->is_per_meter ? PNG_RESOLUTION_METER : PNG_RESOLUTION_UNKNOWN);
  }
  if (notes->intent >= 0) png_set_sRGB(png, info, notes->intent);
  if (notes->gamma > 0) png_set_gAMA_fixed(png, info, notes->gamma);
  if (notes->has_chromaticities) {
    const int32_t *c = notes->chromaticities;
    png_set_cHRM_fixed(png, info, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
  }
  return 1;
}

int cpng_writer_add_text(cpng_writer *writer, const cpng_text *entry) {
  png_text text;
  memset(&text, 0, sizeof text);
  text.key = (png_charp)entry->keyword;
  text.text = (png_charp)entry->value;
  text.lang = (png_charp)entry->language;
  text.lang_key = (png_charp)entry->translated;
  if (entry->is_utf8) {
    text.compression =
        entry->is_compressed ? PNG_ITXT_COMPRESSION_zTXt : PNG_ITXT_COMPRESSION_NONE;
    text.itxt_length = strlen(entry->value);
  } else {
    text.compression =
        entry->is_compressed ? PNG_TEXT_COMPRESSION_zTXt : PNG_TEXT_COMPRESSION_NONE;
    text.text_length = strlen(entry->value);
  }
  if (setjmp(png_jmpbuf(writer->png))) return 0;
  png_set_text(writer->png, writer->info, &text, 1);
  return 1;
}

static void write_info(cpng_writer *writer) {
  set_header(writer);
  png_set_write_fn(writer->png, writer, on_write, on_flush);
  png_set_compression_level(writer->png, writer->compression);
  png_set_compression_buffer_size(writer->png, 1 << 16);
  png_write_info_before_PLTE(writer->png, writer->info);
  if (writer->has_code_points) {
    png_write_chunk(writer->png, (png_const_bytep) "cICP", writer->code_points, 4);
  }
  png_write_info(writer->png, writer->info);
  if (writer->exif != NULL) {
    png_write_chunk(writer->png, (png_const_bytep) "eXIf", writer->exif, writer->exif_count);
  }
}

int cpng_writer_begin(cpng_writer *writer) {
  if (setjmp(png_jmpbuf(writer->png))) return 0;
  write_info(writer);
  writer->checksum = (uint32_t)adler32(0, NULL, 0);
  return 1;
}

int cpng_writer_add(cpng_writer *writer, const cpng_stream *stream, int is_first, int is_last) {
  png_structp png = writer->png;
  if (setjmp(png_jmpbuf(png))) return 0;
  // RFC 1950: deflate with a window of 32 kB, and a hint at the level that makes a multiple of 31.
  static const uint8_t hints[10] = {
      0x01, 0x01, 0x5E, 0x5E, 0x5E, 0x5E, 0x9C, 0xDA, 0xDA, 0xDA};
  const uint8_t start[2] = {0x78, hints[writer->compression]};
  writer->checksum =
      (uint32_t)adler32_combine(writer->checksum, stream->checksum, (z_off_t)stream->length);
  const uint8_t end[4] = {
      (uint8_t)(writer->checksum >> 24), (uint8_t)(writer->checksum >> 16),
      (uint8_t)(writer->checksum >> 8), (uint8_t)writer->checksum};
  const size_t count =
      stream->count + (is_first ? sizeof start : 0) + (is_last ? sizeof end : 0);
  png_write_chunk_start(png, (png_const_bytep) "IDAT", (png_uint_32)count);
  if (is_first) png_write_chunk_data(png, start, sizeof start);
  png_write_chunk_data(png, stream->bytes, stream->count);
  if (is_last) png_write_chunk_data(png, end, sizeof end);
  png_write_chunk_end(png);
  return 1;
}

int cpng_writer_end(cpng_writer *writer) {
  if (setjmp(png_jmpbuf(writer->png))) return 0;
  png_write_chunk(writer->png, (png_const_bytep) "IEND", NULL, 0);
  return 1;
}

int cpng_writer_encode(cpng_writer *writer, const void *samples, size_t row_bytes) {
  png_structp png = writer->png;
  if (setjmp(png_jmpbuf(png))) return 0;
  write_info(writer);
  const uint16_t one = 1;
  if (writer->header.depth == 16 && *(const uint8_t *)&one == 1) png_set_swap(png);
  for (size_t row = 0; row < writer->header.height; row++) {
    png_write_row(png, (png_const_bytep)samples + row * row_bytes);
  }
  png_write_end(png, NULL);
  return 1;
}

const uint8_t *cpng_writer_bytes(const cpng_writer *writer, size_t *count) {
  *count = writer->count;
  return writer->bytes;
}
