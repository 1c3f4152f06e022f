// JPEG files in memory to samples and back, over libjpeg. libjpeg's errors are turned into
// longjmp; every jump starts and lands inside these functions, so that none crosses a caller's
// frame. Functions that can fail return 0 then, and the object's message says why.
#ifndef LATENT_CJPEG_H
#define LATENT_CJPEG_H

#include <stddef.h>
#include <stdint.h>

typedef struct cjpeg_reader cjpeg_reader;
typedef struct cjpeg_writer cjpeg_writer;

typedef struct {
  uint32_t width;
  uint32_t height;
  int channels;        // of the samples delivered: 1 gray, 3 RGB
  int is_subtractive;  // the file holds CMYK or YCCK
  // Of the JFIF header; 0 where there is none.
  int horizontal_density;
  int vertical_density;
  int density_unit;  // 0 none, 1 inch, 2 centimeter
} cjpeg_header;

typedef struct {
  int code;  // 0xE0...0xEF application segment, 0xFE comment
  const uint8_t *bytes;
  size_t count;
} cjpeg_marker;

enum {
  CJPEG_EXIF_OR_XMP = 0xE1,
  CJPEG_ICC = 0xE2,
  CJPEG_PHOTOSHOP = 0xED,
  CJPEG_COMMENT = 0xFE,
  CJPEG_MAXIMUM_SIDE = 65500,
  CJPEG_MAXIMUM_MARKER = 65533
};

// `bytes` must stay where it is until the reader is destroyed. NULL without memory.
cjpeg_reader *cjpeg_reader_create(const uint8_t *bytes, size_t count);
void cjpeg_reader_destroy(cjpeg_reader *reader);
const char *cjpeg_reader_message(const cjpeg_reader *reader);

// Reads up to the first scan: the extents, and the markers of codes 0xE1, 0xE2, 0xED and
// 0xFE.
int cjpeg_reader_header(cjpeg_reader *reader, cjpeg_header *header);
// After cjpeg_reader_header: the quantization table of the first component, row by row from the
// lowest frequency. 0: the file has none.
int cjpeg_reader_quantization(const cjpeg_reader *reader, uint16_t table[64]);
// Delivers the picture at 1/denominator (1, 2, 4 or 8) of its extents, rounded up; fills in the
// new extents.
int cjpeg_reader_scale(cjpeg_reader *reader, int denominator, cjpeg_header *header);
// Reads the picture to the end of the stream. A warning of libjpeg's that means lost or
// corrupted data is an error. CMYK and YCCK become RGB. `samples`: height * row_bytes bytes.
int cjpeg_reader_samples(cjpeg_reader *reader, uint8_t *samples, size_t row_bytes);
// After cjpeg_reader_samples: whether the end marker is missing, though all rows are there.
int cjpeg_reader_lacks_end(const cjpeg_reader *reader);
// A part of the picture, which lies within it: the samples that cjpeg_reader_samples delivers there.
// What stands behind it in the stream is not read. `samples`: height * row_bytes bytes.
int cjpeg_reader_window(
    cjpeg_reader *reader, uint32_t left, uint32_t top, uint32_t width, uint32_t height,
    uint8_t *samples, size_t row_bytes);
// What a component of a picture was coded with.
typedef struct {
  uint32_t blocks_across, blocks_down;  // of 8 x 8 samples
  int horizontal, vertical;             // of how many pixels a sample is the mean, each way
  uint16_t steps[64];                   // of quantization, row by row from the lowest frequency
} cjpeg_component;

// After cjpeg_reader_header, in the place of cjpeg_reader_samples: reads the quantized coefficients to
// the end of the stream, for which the reader holds memory. `is_opponent`: YCbCr rather than RGB or
// gray. 0 also for pictures of other colors or samplings.
int cjpeg_reader_coefficients(cjpeg_reader *reader, int *components, int *is_opponent);
int cjpeg_reader_component(cjpeg_reader *reader, int index, cjpeg_component *component);
// A row of blocks: blocks_across times 64 values, row by row from the lowest frequency.
int cjpeg_reader_blocks(cjpeg_reader *reader, int index, uint32_t row, int16_t *values);

// After cjpeg_reader_header, in the file's order; what it points to belongs to the reader.
// 0: there are no more.
int cjpeg_reader_next_marker(cjpeg_reader *reader, cjpeg_marker *marker);

// `quality`: 1...100; `is_subsampled`: 4:2:0 instead of 4:4:4. NULL without memory.
cjpeg_writer *cjpeg_writer_create(
    uint32_t width, uint32_t height, int channels, int quality, int is_subsampled,
    int is_progressive);
void cjpeg_writer_destroy(cjpeg_writer *writer);
const char *cjpeg_writer_message(const cjpeg_writer *writer);

// Of the JFIF header, before cjpeg_writer_start; 1...65,535.
void cjpeg_writer_set_density(cjpeg_writer *writer, int horizontal, int vertical, int unit);
// To be followed by any number of markers, then by the samples.
int cjpeg_writer_start(cjpeg_writer *writer);
int cjpeg_writer_marker(cjpeg_writer *writer, const cjpeg_marker *marker);
int cjpeg_writer_samples(cjpeg_writer *writer, const uint8_t *samples, size_t row_bytes);
// After cjpeg_writer_samples; belongs to the writer.
const uint8_t *cjpeg_writer_bytes(const cjpeg_writer *writer, size_t *count);

#endif
