#include "ctiff.h"

#ifdef LATENT_HAS_TIFF
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "message.h"

enum { STRIP = 1 << 18 };

struct ctiff_writer {
  TIFF *tiff;
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  size_t position;
  char message[CTIFF_MESSAGE_SIZE];
};

static tmsize_t on_read(thandle_t handle, void *target, tmsize_t count) {
  ctiff_writer *writer = handle;
  if (count < 0 || writer->position > writer->count) return 0;
  const size_t rest = writer->count - writer->position;
  const size_t taken = (size_t)count < rest ? (size_t)count : rest;
  memcpy(target, writer->bytes + writer->position, taken);
  writer->position += taken;
  return (tmsize_t)taken;
}

static tmsize_t on_write(thandle_t handle, void *source, tmsize_t count) {
  ctiff_writer *writer = handle;
  if (count < 0) return -1;
  const size_t end = writer->position + (size_t)count;
  if (end > writer->capacity) {
    size_t capacity = writer->capacity < 4096 ? 4096 : writer->capacity;
    while (capacity < end) capacity += capacity / 2;
    uint8_t *grown = realloc(writer->bytes, capacity);
    if (grown == NULL) return -1;
    memset(grown + writer->capacity, 0, capacity - writer->capacity);
    writer->bytes = grown;
    writer->capacity = capacity;
  }
  memcpy(writer->bytes + writer->position, source, (size_t)count);
  writer->position = end;
  if (end > writer->count) writer->count = end;
  return count;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  ctiff_writer *writer = handle;
  const toff_t start = whence == SEEK_CUR ? writer->position : whence == SEEK_END ? writer->count : 0;
  writer->position = (size_t)(start + offset);
  return writer->position;
}

static int on_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t on_size(thandle_t handle) { return ((ctiff_writer *)handle)->count; }

ctiff_writer *ctiff_writer_create(int is_large) {
  ctiff_writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) return NULL;
  ctiff_begin();
  // Little-endian on every machine.
  writer->tiff = TIFFClientOpen(
      "picture", is_large ? "w8lm" : "wlm", writer, on_read, on_write, on_seek, on_close, on_size, NULL,
      NULL);
  if (writer->tiff == NULL) {
    free(writer);
    return NULL;
  }
  return writer;
}

void ctiff_writer_destroy(ctiff_writer *writer) {
  if (writer == NULL) return;
  if (writer->tiff != NULL) TIFFClose(writer->tiff);
  free(writer->bytes);
  free(writer);
}

const char *ctiff_writer_message(const ctiff_writer *writer) { return writer->message; }

static void describe(TIFF *tiff, const ctiff_page *page) {
  const ctiff_header *header = &page->header;
  const int has_alpha = header->channels == 2 || header->channels == 4;
  const int is_float = header->depth == 32;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, header->width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, header->height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, header->depth);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, header->channels);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, is_float ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(
      tiff, TIFFTAG_PHOTOMETRIC, header->channels < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, 1);
  if (has_alpha) {
    const uint16_t kind = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
  }
  if (TIFFIsCODECConfigured(COMPRESSION_ADOBE_DEFLATE)) {
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, is_float ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL);
  } else if (TIFFIsCODECConfigured(COMPRESSION_LZW)) {
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
    TIFFSetField(tiff, TIFFTAG_PREDICTOR, is_float ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL);
  } else {
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  }
  if (header->horizontal_resolution > 0) {
    TIFFSetField(tiff, TIFFTAG_XRESOLUTION, header->horizontal_resolution);
    TIFFSetField(tiff, TIFFTAG_YRESOLUTION, header->vertical_resolution);
    TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, header->resolution_unit);
  }
  if (page->icc != NULL) TIFFSetField(tiff, TIFFTAG_ICCPROFILE, (uint32_t)page->icc_count, page->icc);
  if (page->xmp != NULL) TIFFSetField(tiff, TIFFTAG_XMLPACKET, (uint32_t)page->xmp_count, page->xmp);
  if (page->photoshop != NULL) {
    TIFFSetField(tiff, TIFFTAG_PHOTOSHOP, (uint32_t)page->photoshop_count, page->photoshop);
  }
  if (page->description != NULL) TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, page->description);
  if (page->software != NULL) TIFFSetField(tiff, TIFFTAG_SOFTWARE, page->software);
}

int ctiff_writer_add(ctiff_writer *writer, const ctiff_page *page) {
  ctiff_begin();
  TIFF *tiff = writer->tiff;
  const ctiff_header *header = &page->header;
  describe(tiff, page);
  const size_t row = (size_t)header->width * (size_t)(header->channels * header->depth / 8);
  uint32_t rows = (uint32_t)(STRIP / row);
  if (rows < 1) rows = 1;
  if (rows > header->height) rows = header->height;
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, rows);
  uint8_t *strip = malloc(row * rows);
  int succeeded = strip != NULL;
  uint32_t index = 0;
  for (uint32_t top = 0; succeeded && top < header->height; top += rows, index++) {
    const uint32_t count = header->height - top < rows ? header->height - top : rows;
    for (uint32_t y = 0; y < count; y++) {
      memcpy(strip + y * row, (const uint8_t *)page->samples + (top + y) * page->row_bytes, row);
    }
    succeeded = TIFFWriteEncodedStrip(tiff, index, strip, (tmsize_t)(row * count)) >= 0;
    if (header->height - top <= rows) break;
  }
  free(strip);
  if (succeeded) succeeded = TIFFWriteDirectory(tiff);
  if (!succeeded) ctiff_keep_message(writer->message, "out of memory");
  return succeeded;
}

const uint8_t *ctiff_writer_bytes(ctiff_writer *writer, size_t *count) {
  ctiff_begin();
  if (writer->tiff == NULL) return NULL;
  TIFFFlush(writer->tiff);
  TIFFClose(writer->tiff);
  writer->tiff = NULL;
  *count = writer->count;
  return writer->bytes;
}

#else

ctiff_writer *ctiff_writer_create(int is_large) {
  (void)is_large;
  return NULL;
}
void ctiff_writer_destroy(ctiff_writer *writer) { (void)writer; }
const char *ctiff_writer_message(const ctiff_writer *writer) {
  (void)writer;
  return "this program is built without libtiff";
}
int ctiff_writer_add(ctiff_writer *writer, const ctiff_page *page) {
  (void)writer;
  (void)page;
  return 0;
}
const uint8_t *ctiff_writer_bytes(ctiff_writer *writer, size_t *count) {
  (void)writer;
  (void)count;
  return NULL;
}
#endif
