// PNG files in memory to samples and back, over libpng. libpng reports errors by longjmp; every
// jump starts and lands inside these functions, so that none crosses a caller's frame.
// Functions that can fail return 0 then, and the object's message says why.
#ifndef LATENT_CPNG_H
#define LATENT_CPNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct cpng_reader cpng_reader;
typedef struct cpng_writer cpng_writer;

typedef struct {
  uint32_t width;
  uint32_t height;
  int channels;  // 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA
  int depth;     // bits per sample: 8 or 16
} cpng_header;

// A piece of a file as it stands there.
typedef struct {
  char type[5];  // four letters and NUL
  const uint8_t *bytes;
  size_t count;
  uint32_t checksum;  // as the file says it
} cpng_chunk;

typedef struct {
  int has_resolution;
  uint32_t horizontal;
  uint32_t vertical;
  int is_per_meter;  // otherwise the numbers are a ratio
  int intent;        // of the sRGB chunk; -1: there is none
  int32_t gamma;     // times 100,000; 0: there is none
  int has_chromaticities;
  int32_t chromaticities[8];  // white, red, green, blue: x and y times 100,000
} cpng_notes;

// `bytes` must stay where it is until the reader is destroyed. NULL without memory.
cpng_reader *cpng_reader_create(const uint8_t *bytes, size_t count);
void cpng_reader_destroy(cpng_reader *reader);
const char *cpng_reader_message(const cpng_reader *reader);

// Reads up to the image data; fills in what cpng_reader_samples will deliver: palettes and
// depths below 8 expanded, transparent colors as alpha.
int cpng_reader_header(cpng_reader *reader, cpng_header *header);
// Reads image data and the chunks behind it, up to the end of the stream. 16-bit samples are in
// the machine's byte order. `samples` holds height * row_bytes bytes.
int cpng_reader_samples(cpng_reader *reader, void *samples, size_t row_bytes);
// A part of the picture, which lies within it: the samples that cpng_reader_samples delivers there.
// What stands behind it in the stream is not read. `samples` holds height * row_bytes bytes, `row`
// one row of the whole picture. -1: the picture is interlaced, and has to be read as a whole.
int cpng_reader_window(
    cpng_reader *reader, uint32_t left, uint32_t top, uint32_t width, uint32_t height,
    void *samples, size_t row_bytes, void *row);

// After cpng_reader_samples; what they point to belongs to the reader. 0: there is none.
int cpng_reader_icc(cpng_reader *reader, const uint8_t **bytes, size_t *count);
int cpng_reader_exif(cpng_reader *reader, const uint8_t **bytes, size_t *count);
void cpng_reader_notes(cpng_reader *reader, cpng_notes *notes);

// The chunk at `offset` of a file, which is moved behind it; the first stands at 8. What it points to
// are the file's own bytes. 0: no whole chunk stands there.
int cpng_next_chunk(const uint8_t *bytes, size_t count, size_t *offset, cpng_chunk *chunk);
// Whether the checksum fits.
int cpng_is_intact(const cpng_chunk *chunk);
// What a zlib stream holds, to be freed. NULL: it is damaged, holds more than `limit` bytes (below 4 GB),
// or there is no memory.
uint8_t *cpng_inflate(const uint8_t *bytes, size_t count, size_t limit, size_t *length);

// `compression`: zlib's level, 0...9. NULL without memory.
cpng_writer *cpng_writer_create(const cpng_header *header, int compression);
void cpng_writer_destroy(cpng_writer *writer);
const char *cpng_writer_message(const cpng_writer *writer);

int cpng_writer_set_icc(cpng_writer *writer, const uint8_t *bytes, size_t count);
int cpng_writer_set_exif(cpng_writer *writer, const uint8_t *bytes, size_t count);
int cpng_writer_set_notes(cpng_writer *writer, const cpng_notes *notes);
// Four code points of ITU-T H.273 (cICP).
int cpng_writer_set_code_points(cpng_writer *writer, const uint8_t code_points[4]);

typedef struct {
  const char *keyword;     // Latin-1, 1 to 79 characters
  const char *value;
  const char *language;    // ASCII, of a UTF-8 text
  const char *translated;  // keyword in that language, UTF-8
  int is_utf8;             // otherwise Latin-1
  int is_compressed;       // has no effect on how it reads back
} cpng_text;

// All strings end with NUL.
int cpng_writer_add_text(cpng_writer *writer, const cpng_text *text);
// Writes the whole stream. 16-bit samples are in the machine's byte order.
int cpng_writer_encode(cpng_writer *writer, const void *samples, size_t row_bytes);

// Rows of a picture, filtered and compressed apart from the others, on any thread.
typedef struct {
  cpng_header header;
  int compression;      // zlib's level, 0...9
  const void *samples;  // of the whole picture; 16-bit samples are in the machine's byte order
  size_t row_bytes;     // of samples
  size_t first;         // the rows from first, up to end, of about a megabyte
  size_t end;
} cpng_rows;

typedef struct {
  uint8_t *bytes;     // a part of a deflate stream
  size_t count;
  uint32_t checksum;  // Adler-32 of what it holds
  size_t length;      // of what it holds
} cpng_stream;

// What comes of rows depends on the picture and on `first` and `end` alone. 0: without memory.
int cpng_compress_rows(const cpng_rows *rows, cpng_stream *stream);
void cpng_stream_free(cpng_stream *stream);

// In the place of cpng_writer_encode: what stands before the samples, then the streams of all rows in
// their order, then what stands behind.
int cpng_writer_begin(cpng_writer *writer);
int cpng_writer_add(cpng_writer *writer, const cpng_stream *stream, int is_first, int is_last);
int cpng_writer_end(cpng_writer *writer);
// After cpng_writer_encode; belongs to the writer.
const uint8_t *cpng_writer_bytes(const cpng_writer *writer, size_t *count);

#endif
