// TIFF files in memory to samples and back, over libtiff where the package was built with it
// (LATENT_HAS_TIFF); otherwise nothing can be created, and ctiff_is_available says so. Functions that can
// fail return 0 then, and the object's message says why. Nothing is printed.
#ifndef LATENT_CTIFF_H
#define LATENT_CTIFF_H

#include <stddef.h>
#include <stdint.h>

typedef struct ctiff_reader ctiff_reader;
typedef struct ctiff_writer ctiff_writer;

typedef struct {
  uint32_t width;
  uint32_t height;
  int channels;        // of the samples delivered: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
  int depth;           // of the samples delivered: 8, 16, or 32 for floating-point numbers
  int stored_bits;     // of a sample in the file
  int orientation;     // 1...8
  int is_subtractive;  // the file holds inks, which have been converted
  float horizontal_resolution;  // 0: not given
  float vertical_resolution;
  int resolution_unit;  // 1 none, 2 inch, 3 centimeter
} ctiff_header;

enum { CTIFF_ICC, CTIFF_XMP, CTIFF_IPTC, CTIFF_PHOTOSHOP, CTIFF_DESCRIPTION };

int ctiff_is_available(void);

// `bytes` must stay where it is until the reader is destroyed. NULL without memory or libtiff.
ctiff_reader *ctiff_reader_create(const uint8_t *bytes, size_t count);
void ctiff_reader_destroy(ctiff_reader *reader);
const char *ctiff_reader_message(const ctiff_reader *reader);
// How many pictures there are, thumbnails and masks left out; 0: the file cannot be read.
size_t ctiff_reader_page_count(ctiff_reader *reader);
// Which of the file's directories a page is, from 0.
size_t ctiff_reader_directory(const ctiff_reader *reader, size_t page);
int ctiff_reader_open(ctiff_reader *reader, size_t page, ctiff_header *header);
// Of the page that is open: 8-bit, 16-bit or float samples, interleaved, in the machine's byte order; rows as
// they stand in the file. Alpha is straight. `samples` holds height * row_bytes bytes.
int ctiff_reader_samples(ctiff_reader *reader, void *samples, size_t row_bytes);
// Of the page that is open; what it points to is good until another is opened. 0: there is none.
int ctiff_reader_block(ctiff_reader *reader, int kind, const uint8_t **bytes, size_t *count);

typedef struct {
  ctiff_header header;
  const void *samples;  // as ctiff_reader_samples delivers them
  size_t row_bytes;
  // Left out where NULL.
  const uint8_t *icc;
  size_t icc_count;
  const uint8_t *xmp;
  size_t xmp_count;
  const uint8_t *photoshop;
  size_t photoshop_count;
  const char *description;  // these end with NUL
  const char *software;
} ctiff_page;

// `is_large`: the file may grow beyond 4 GB.
ctiff_writer *ctiff_writer_create(int is_large);
void ctiff_writer_destroy(ctiff_writer *writer);
const char *ctiff_writer_message(const ctiff_writer *writer);
int ctiff_writer_add(ctiff_writer *writer, const ctiff_page *page);
// Ends the file; belongs to the writer. NULL: it could not be ended.
const uint8_t *ctiff_writer_bytes(ctiff_writer *writer, size_t *count);

#endif
