#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "cjpeg.h"

enum { FIRST_CAPACITY = 1 << 16 };

struct cjpeg_writer {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf target;
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  char message[JMSG_LENGTH_MAX];
};

static void on_error(j_common_ptr common) {
  cjpeg_writer *writer = common->client_data;
  (*common->err->format_message)(common, writer->message);
  longjmp(writer->target, 1);
}

static void on_message(j_common_ptr common, int level) {
  (void)common;
  (void)level;
}

static void on_start(j_compress_ptr jpeg) { (void)jpeg; }

static boolean on_full(j_compress_ptr jpeg) {
  cjpeg_writer *writer = jpeg->client_data;
  const size_t used = writer->capacity;
  const size_t capacity = used + used / 2;
  uint8_t *grown = realloc(writer->bytes, capacity);
  if (grown == NULL) ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
  writer->bytes = grown;
  writer->capacity = capacity;
  jpeg->dest->next_output_byte = grown + used;
  jpeg->dest->free_in_buffer = capacity - used;
  return TRUE;
}

static void on_end(j_compress_ptr jpeg) {
  cjpeg_writer *writer = jpeg->client_data;
  writer->count = writer->capacity - jpeg->dest->free_in_buffer;
}

cjpeg_writer *cjpeg_writer_create(
    uint32_t width, uint32_t height, int channels, int quality, int is_subsampled,
    int is_progressive) {
  cjpeg_writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) return NULL;
  struct jpeg_compress_struct *jpeg = &writer->jpeg;
  jpeg->err = jpeg_std_error(&writer->errors);
  writer->errors.error_exit = on_error;
  writer->errors.emit_message = on_message;
  jpeg->client_data = writer;
  writer->bytes = malloc(FIRST_CAPACITY);
  writer->capacity = FIRST_CAPACITY;
  if (writer->bytes == NULL) {
    cjpeg_writer_destroy(writer);
    return NULL;
  }
  if (setjmp(writer->target)) {
    cjpeg_writer_destroy(writer);
    return NULL;
  }
  jpeg_create_compress(jpeg);
  jpeg->image_width = width;
  jpeg->image_height = height;
  jpeg->input_components = channels;
  jpeg->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  jpeg->optimize_coding = TRUE;
  if (channels == 3) {
    jpeg->comp_info[0].h_samp_factor = is_subsampled ? 2 : 1;
    jpeg->comp_info[0].v_samp_factor = is_subsampled ? 2 : 1;
  }
  if (is_progressive) jpeg_simple_progression(jpeg);
  writer->destination.init_destination = on_start;
  writer->destination.empty_output_buffer = on_full;
  writer->destination.term_destination = on_end;
  writer->destination.next_output_byte = writer->bytes;
  writer->destination.free_in_buffer = writer->capacity;
  jpeg->dest = &writer->destination;
  return writer;
}

void cjpeg_writer_destroy(cjpeg_writer *writer) {
  if (writer == NULL) return;
  jpeg_destroy_compress(&writer->jpeg);
  free(writer->bytes);
  free(writer);
}

const char *cjpeg_writer_message(const cjpeg_writer *writer) { return writer->message; }

void cjpeg_writer_set_density(cjpeg_writer *writer, int horizontal, int vertical, int unit) {
  writer->jpeg.density_unit = (UINT8)unit;
  writer->jpeg.X_density = (UINT16)horizontal;
  writer->jpeg.Y_density = (UINT16)vertical;
}

int cjpeg_writer_start(cjpeg_writer *writer) {
  if (setjmp(writer->target)) return 0;
  jpeg_start_compress(&writer->jpeg, TRUE);
  return 1;
}

int cjpeg_writer_marker(cjpeg_writer *writer, const cjpeg_marker *marker) {
  if (setjmp(writer->target)) return 0;
  jpeg_write_marker(&writer->jpeg, marker->code, marker->bytes, (unsigned)marker->count);
  return 1;
}

int cjpeg_writer_samples(cjpeg_writer *writer, const uint8_t *samples, size_t row_bytes) {
  struct jpeg_compress_struct *jpeg = &writer->jpeg;
  if (setjmp(writer->target)) return 0;
  while (jpeg->next_scanline < jpeg->image_height) {
    JSAMPROW row = (JSAMPROW)(samples + jpeg->next_scanline * row_bytes);
    jpeg_write_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_compress(jpeg);
  return 1;
}

const uint8_t *cjpeg_writer_bytes(const cjpeg_writer *writer, size_t *count) {
  *count = writer->count;
  return writer->bytes;
}
