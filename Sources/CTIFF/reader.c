#include "ctiff.h"

#ifdef LATENT_HAS_TIFF
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "message.h"
#include "samples.h"

enum { MAXIMUM_PAGES = 1 << 20, MAXIMUM_SAMPLES = 16, MAXIMUM_TILE = 256 << 20 };

struct ctiff_reader {
  TIFF *tiff;
  const uint8_t *bytes;
  size_t count;
  size_t position;
  size_t *directories;  // of the pages
  size_t pages;
  ctiff_header header;
  ctiff_layout layout;
  char message[CTIFF_MESSAGE_SIZE];
};

int ctiff_is_available(void) { return 1; }

static tmsize_t on_read(thandle_t handle, void *target, tmsize_t count) {
  ctiff_reader *reader = handle;
  if (count < 0 || reader->position > reader->count) return 0;
  const size_t rest = reader->count - reader->position;
  const size_t taken = (size_t)count < rest ? (size_t)count : rest;
  memcpy(target, reader->bytes + reader->position, taken);
  reader->position += taken;
  return (tmsize_t)taken;
}

static tmsize_t on_write(thandle_t handle, void *source, tmsize_t count) {
  (void)handle;
  (void)source;
  (void)count;
  return -1;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  ctiff_reader *reader = handle;
  const toff_t start = whence == SEEK_CUR   ? reader->position
                       : whence == SEEK_END ? reader->count
                                            : 0;
  reader->position = (size_t)(start + offset);
  return reader->position;
}

static int on_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t on_size(thandle_t handle) { return ((ctiff_reader *)handle)->count; }

static int on_map(thandle_t handle, void **base, toff_t *size) {
  ctiff_reader *reader = handle;
  *base = (void *)reader->bytes;
  *size = reader->count;
  return 1;
}

static void on_unmap(thandle_t handle, void *base, toff_t size) {
  (void)handle;
  (void)base;
  (void)size;
}

ctiff_reader *ctiff_reader_create(const uint8_t *bytes, size_t count) {
  ctiff_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->bytes = bytes;
  reader->count = count;
  ctiff_begin();
  reader->tiff = TIFFClientOpen(
      "picture", "r", reader, on_read, on_write, on_seek, on_close, on_size, on_map, on_unmap);
  if (reader->tiff == NULL) {
    ctiff_keep_message(reader->message, "the header is damaged");
    return reader;
  }
  size_t index = 0;
  do {
    uint32_t kind = 0;
    TIFFGetField(reader->tiff, TIFFTAG_SUBFILETYPE, &kind);
    if ((kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0) {
      if ((reader->pages & (reader->pages - 1)) == 0) {
        const size_t capacity = reader->pages == 0 ? 1 : reader->pages * 2;
        size_t *grown = realloc(reader->directories, capacity * sizeof *grown);
        if (grown == NULL) break;
        reader->directories = grown;
      }
      reader->directories[reader->pages++] = index;
    }
    index++;
  } while (index < MAXIMUM_PAGES && TIFFReadDirectory(reader->tiff));
  if (reader->pages == 0) ctiff_keep_message(reader->message, "it holds no picture");
  return reader;
}

void ctiff_reader_destroy(ctiff_reader *reader) {
  if (reader == NULL) return;
  if (reader->tiff != NULL) TIFFClose(reader->tiff);
  free(reader->directories);
  free(reader);
}

const char *ctiff_reader_message(const ctiff_reader *reader) { return reader->message; }

size_t ctiff_reader_page_count(ctiff_reader *reader) { return reader->pages; }

size_t ctiff_reader_directory(const ctiff_reader *reader, size_t page) {
  return page < reader->pages ? reader->directories[page] : 0;
}

static int refuse(ctiff_reader *reader, const char *words) {
  ctiff_keep_message(reader->message, words);
  return 0;
}

// How the samples are to be read. Whatever is not read sample by sample goes through libtiff's conversion
// to RGBA.
static int settle(ctiff_reader *reader) {
  TIFF *tiff = reader->tiff;
  ctiff_layout *layout = &reader->layout;
  memset(layout, 0, sizeof *layout);
  uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, planar = PLANARCONFIG_CONTIG;
  uint16_t photometric = PHOTOMETRIC_MINISBLACK, compression = COMPRESSION_NONE, inks = INKSET_CMYK;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_INKSET, &inks);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
  TIFFGetField(tiff, TIFFTAG_COMPRESSION, &compression);
  if (samples < 1 || samples > MAXIMUM_SAMPLES) return refuse(reader, "more than 16 samples a pixel");
  if (!TIFFIsCODECConfigured(compression)) {
    return refuse(reader, "its compression is not known to this build's libtiff");
  }
  if (photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG &&
      planar == PLANARCONFIG_CONTIG) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    photometric = PHOTOMETRIC_RGB;
  }
  layout->bits = bits;
  layout->samples = samples;
  layout->is_planar = planar == PLANARCONFIG_SEPARATE && samples > 1;
  switch (format) {
    case SAMPLEFORMAT_UINT:
    case SAMPLEFORMAT_VOID: layout->kind = CTIFF_UNSIGNED; break;
    case SAMPLEFORMAT_INT: layout->kind = CTIFF_SIGNED; break;
    case SAMPLEFORMAT_IEEEFP: layout->kind = CTIFF_FLOAT; break;
    default: return refuse(reader, "complex numbers");
  }
  int colors = 1;
  switch (photometric) {
    case PHOTOMETRIC_MINISWHITE: layout->is_inverted = 1; break;
    case PHOTOMETRIC_MINISBLACK: break;
    case PHOTOMETRIC_RGB: colors = 3; break;
    case PHOTOMETRIC_PALETTE: layout->color = CTIFF_PALETTE; break;
    case PHOTOMETRIC_SEPARATED:
      layout->color = CTIFF_INKS;
      colors = 4;
      if (inks != INKSET_CMYK) layout->color = CTIFF_CONVERTED;
      break;
    default: layout->color = CTIFF_CONVERTED;
  }
  if (samples < colors) layout->color = CTIFF_CONVERTED;
  const int is_known = layout->kind == CTIFF_UNSIGNED
                           ? bits <= 16 || bits == 32
                           : bits == 16 || bits == 32 || (bits == 8 && layout->kind == CTIFF_SIGNED) ||
                                 (bits == 64 && layout->kind == CTIFF_FLOAT);
  if (!is_known && layout->color != CTIFF_CONVERTED) return refuse(reader, "samples of an odd size");
  if (layout->color == CTIFF_PALETTE &&
      (bits > 16 || layout->kind != CTIFF_UNSIGNED ||
       !TIFFGetField(
           tiff, TIFFTAG_COLORMAP, &layout->palette[0], &layout->palette[1], &layout->palette[2]))) {
    return refuse(reader, "it has no palette");
  }
  if (layout->color == CTIFF_INKS &&
      (layout->is_planar || layout->kind != CTIFF_UNSIGNED || bits > 16)) {
    layout->color = CTIFF_CONVERTED;
  }
  uint16_t extras = 0;
  uint16_t *kinds = NULL;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extras, &kinds);
  layout->alpha = -1;
  for (int extra = 0; extra < extras && kinds != NULL && layout->alpha < 0; extra++) {
    if (kinds[extra] == EXTRASAMPLE_UNSPECIFIED) continue;
    if (samples - extras + extra < colors) continue;
    layout->alpha = samples - extras + extra;
    layout->is_premultiplied = kinds[extra] == EXTRASAMPLE_ASSOCALPHA;
  }
  const int is_color = colors > 1 || layout->color != CTIFF_DIRECT;
  if (layout->color == CTIFF_CONVERTED) {
    char words[1024] = "";
    if (!TIFFRGBAImageOK(tiff, words)) return refuse(reader, "a color space that is not read");
    layout->alpha = -1;
  }
  reader->header.channels = (is_color ? 3 : 1) + (layout->alpha >= 0);
  reader->header.depth = layout->color == CTIFF_CONVERTED ? 8
                         : layout->color == CTIFF_PALETTE ? 8
                         : layout->kind != CTIFF_UNSIGNED || bits > 16 ? 32
                         : bits > 8                                    ? 16
                                                                       : 8;
  reader->header.stored_bits = bits;
  reader->header.is_subtractive = layout->color == CTIFF_INKS || photometric == PHOTOMETRIC_SEPARATED;
  layout->channels = reader->header.channels;
  layout->depth = reader->header.depth;
  return 1;
}

int ctiff_reader_open(ctiff_reader *reader, size_t page, ctiff_header *header) {
  if (reader->tiff == NULL || page >= reader->pages) return 0;
  ctiff_begin();
  TIFF *tiff = reader->tiff;
  const size_t directory = reader->directories[page];
  if ((size_t)TIFFCurrentDirectory(tiff) != directory &&
      !TIFFSetDirectory(tiff, (tdir_t)directory)) {
    return refuse(reader, "the directory is damaged");
  }
  ctiff_header *found = &reader->header;
  memset(found, 0, sizeof *found);
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &found->width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &found->height);
  if (found->width == 0 || found->height == 0) return refuse(reader, "the picture has no extents");
  if (!settle(reader)) return 0;
  uint16_t orientation = 1, unit = RESUNIT_INCH;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &found->horizontal_resolution);
  TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &found->vertical_resolution);
  found->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  found->resolution_unit = unit;
  *header = *found;
  return 1;
}

static int read_converted(ctiff_reader *reader, void *samples, size_t row_bytes) {
  const ctiff_header *header = &reader->header;
  char words[1024] = "";
  TIFFRGBAImage image;
  if (!TIFFRGBAImageBegin(&image, reader->tiff, 1, words)) return refuse(reader, "it is damaged");
  image.req_orientation = image.orientation;
  uint32_t *raster = malloc((size_t)header->width * header->height * 4);
  const int succeeded =
      raster != NULL && TIFFRGBAImageGet(&image, raster, header->width, header->height);
  TIFFRGBAImageEnd(&image);
  for (uint32_t y = 0; succeeded && y < header->height; y++) {
    uint8_t *row = (uint8_t *)samples + y * row_bytes;
    for (uint32_t x = 0; x < header->width; x++, row += 3) {
      const uint32_t pixel = raster[(size_t)y * header->width + x];
      row[0] = TIFFGetR(pixel);
      row[1] = TIFFGetG(pixel);
      row[2] = TIFFGetB(pixel);
    }
  }
  free(raster);
  return succeeded ? 1 : refuse(reader, "it is damaged");
}

// Pieces of the picture, strips or tiles, as libtiff hands them out, and where each belongs.
static int read_pieces(ctiff_reader *reader, void *samples, size_t row_bytes) {
  TIFF *tiff = reader->tiff;
  const ctiff_header *header = &reader->header;
  const ctiff_layout *layout = &reader->layout;
  const int is_tiled = TIFFIsTiled(tiff);
  uint32_t width = header->width, height = header->height;
  if (is_tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &height);
    if (height > header->height) height = header->height;
  }
  if (width == 0 || height == 0) return refuse(reader, "its pieces have no extents");
  const uint64_t size = is_tiled ? TIFFTileSize64(tiff) : TIFFVStripSize64(tiff, height);
  const uint64_t row_size = is_tiled ? TIFFTileRowSize64(tiff) : TIFFScanlineSize64(tiff);
  const int in_piece = layout->is_planar ? 1 : layout->samples;
  const uint64_t needed = ((uint64_t)width * (uint64_t)(in_piece * layout->bits) + 7) / 8;
  if (size == 0 || row_size < needed || size < row_size * height ||
      (is_tiled && size > MAXIMUM_TILE)) {
    return refuse(reader, "its pieces are of an odd size");
  }
  uint8_t *piece = malloc(size);
  if (piece == NULL) return refuse(reader, "out of memory");
  int succeeded = 1;
  const int planes = layout->is_planar ? layout->samples : 1;
  for (int plane = 0; plane < planes && succeeded; plane++) {
    if (ctiff_target(layout, plane) < 0 && layout->is_planar) continue;
    for (uint32_t top = 0; top < header->height && succeeded; top += height) {
      for (uint32_t left = 0; left < header->width && succeeded; left += width) {
        const uint32_t rows = header->height - top < height ? header->height - top : height;
        const uint32_t columns = header->width - left < width ? header->width - left : width;
        tmsize_t got;
        if (is_tiled) {
          const uint32_t tile = TIFFComputeTile(tiff, left, top, 0, (uint16_t)plane);
          got = TIFFReadEncodedTile(tiff, tile, piece, (tmsize_t)size);
        } else {
          const uint32_t strip = TIFFComputeStrip(tiff, top, (uint16_t)plane);
          got = TIFFReadEncodedStrip(tiff, strip, piece, (tmsize_t)size);
        }
        if (got < 0 || (uint64_t)got < row_size * (rows - 1) + needed) {
          // The last tile may be shorter where libtiff cuts it; nothing else may.
          succeeded = refuse(reader, "the file ends early");
          break;
        }
        for (uint32_t y = 0; y < rows; y++) {
          ctiff_store(
              layout, piece + y * row_size, columns, plane,
              (uint8_t *)samples + (top + y) * row_bytes, left);
        }
        if (header->width - left <= width) break;
      }
      if (header->height - top <= height) break;
    }
  }
  free(piece);
  return succeeded;
}

int ctiff_reader_samples(ctiff_reader *reader, void *samples, size_t row_bytes) {
  ctiff_begin();
  const ctiff_header *header = &reader->header;
  if (row_bytes < (size_t)header->width * (size_t)(header->channels * header->depth / 8)) return 0;
  if (reader->layout.color == CTIFF_CONVERTED) return read_converted(reader, samples, row_bytes);
  if (!read_pieces(reader, samples, row_bytes)) return 0;
  if (reader->layout.is_premultiplied) {
    for (uint32_t y = 0; y < header->height; y++) {
      ctiff_unmultiply(&reader->layout, (uint8_t *)samples + y * row_bytes, header->width);
    }
  }
  return 1;
}

int ctiff_reader_block(ctiff_reader *reader, int kind, const uint8_t **bytes, size_t *count) {
  if (reader->tiff == NULL) return 0;
  ctiff_begin();
  uint32_t length = 0;
  void *start = NULL;
  int found = 0;
  switch (kind) {
    case CTIFF_ICC: found = TIFFGetField(reader->tiff, TIFFTAG_ICCPROFILE, &length, &start); break;
    case CTIFF_XMP: found = TIFFGetField(reader->tiff, TIFFTAG_XMLPACKET, &length, &start); break;
    case CTIFF_PHOTOSHOP: found = TIFFGetField(reader->tiff, TIFFTAG_PHOTOSHOP, &length, &start); break;
    case CTIFF_DESCRIPTION:
      found = TIFFGetField(reader->tiff, TIFFTAG_IMAGEDESCRIPTION, &start);
      if (found && start != NULL) length = (uint32_t)strlen(start);
      break;
    default: break;
  }
  if (!found || start == NULL || length == 0) return 0;
  *bytes = start;
  *count = length;
  return 1;
}

#else

int ctiff_is_available(void) { return 0; }
ctiff_reader *ctiff_reader_create(const uint8_t *bytes, size_t count) {
  (void)bytes;
  (void)count;
  return NULL;
}
void ctiff_reader_destroy(ctiff_reader *reader) { (void)reader; }
const char *ctiff_reader_message(const ctiff_reader *reader) {
  (void)reader;
  return "this program is built without libtiff";
}
size_t ctiff_reader_page_count(ctiff_reader *reader) {
  (void)reader;
  return 0;
}
size_t ctiff_reader_directory(const ctiff_reader *reader, size_t page) {
  (void)reader;
  (void)page;
  return 0;
}
int ctiff_reader_open(ctiff_reader *reader, size_t page, ctiff_header *header) {
  (void)reader;
  (void)page;
  (void)header;
  return 0;
}
int ctiff_reader_samples(ctiff_reader *reader, void *samples, size_t row_bytes) {
  (void)reader;
  (void)samples;
  (void)row_bytes;
  return 0;
}
int ctiff_reader_block(ctiff_reader *reader, int kind, const uint8_t **bytes, size_t *count) {
  (void)reader;
  (void)kind;
  (void)bytes;
  (void)count;
  return 0;
}
#endif
