#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "cjpeg.h"

// A picture of more scans than any encoder writes only burns time.
enum { MAXIMUM_SCANS = 500 };

struct cjpeg_reader {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf target;
  const uint8_t *bytes;
  size_t count;
  jpeg_saved_marker_ptr next_marker;
  jvirt_barray_ptr *coefficients;
  int is_decoding;
  int lacks_end;
  char message[JMSG_LENGTH_MAX];
};

static void on_error(j_common_ptr common) {
  cjpeg_reader *reader = common->client_data;
  (*common->err->format_message)(common, reader->message);
  longjmp(reader->target, 1);
}

// Whether a warning leaves every sample as the encoder wrote it.
static int is_harmless(const cjpeg_reader *reader, const struct jpeg_error_mgr *errors) {
  switch (errors->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_TOO_MUCH_DATA:
      return 1;
    case JWRN_EXTRANEOUS_DATA:
      // Padding between header segments or after the last scan.
      return !reader->is_decoding || errors->msg_parm.i[1] == JPEG_EOI;
    default:
      return 0;
  }
}

static void on_message(j_common_ptr common, int level) {
  cjpeg_reader *reader = common->client_data;
  if (level >= 0) return;
  if (common->err->msg_code == JWRN_JPEG_EOF && reader->is_decoding) {
    // The picture may be whole all the same: data that are missing are warned of one by one.
    reader->lacks_end = 1;
    return;
  }
  if (!is_harmless(reader, common->err)) on_error(common);
}

static void on_progress(j_common_ptr common) {
  cjpeg_reader *reader = common->client_data;
  if (reader->jpeg.input_scan_number > MAXIMUM_SCANS) {
    snprintf(reader->message, sizeof reader->message, "more than %d scans", MAXIMUM_SCANS);
    longjmp(reader->target, 1);
  }
}

cjpeg_reader *cjpeg_reader_create(const uint8_t *bytes, size_t count) {
  cjpeg_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->bytes = bytes;
  reader->count = count;
  reader->jpeg.err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  reader->jpeg.client_data = reader;
  if (setjmp(reader->target)) {
    cjpeg_reader_destroy(reader);
    return NULL;
  }
  jpeg_create_decompress(&reader->jpeg);
  reader->progress.progress_monitor = on_progress;
  reader->jpeg.progress = &reader->progress;
  return reader;
}

void cjpeg_reader_destroy(cjpeg_reader *reader) {
  if (reader == NULL) return;
  jpeg_destroy_decompress(&reader->jpeg);
  free(reader);
}

const char *cjpeg_reader_message(const cjpeg_reader *reader) { return reader->message; }

static void fill_in(const cjpeg_reader *reader, cjpeg_header *header) {
  header->width = reader->jpeg.output_width;
  header->height = reader->jpeg.output_height;
  header->channels = reader->jpeg.out_color_space == JCS_GRAYSCALE ? 1 : 3;
  header->is_subtractive = reader->jpeg.out_color_space == JCS_CMYK;
  const int has_density = reader->jpeg.saw_JFIF_marker;
  header->horizontal_density = has_density ? reader->jpeg.X_density : 0;
  header->vertical_density = has_density ? reader->jpeg.Y_density : 0;
  header->density_unit = has_density ? reader->jpeg.density_unit : 0;
}

int cjpeg_reader_header(cjpeg_reader *reader, cjpeg_header *header) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (setjmp(reader->target)) return 0;
  jpeg_mem_src(jpeg, (unsigned char *)reader->bytes, (unsigned long)reader->count);
  jpeg_save_markers(jpeg, CJPEG_EXIF_OR_XMP, 0xFFFF);
  jpeg_save_markers(jpeg, CJPEG_ICC, 0xFFFF);
  jpeg_save_markers(jpeg, CJPEG_PHOTOSHOP, 0xFFFF);
  jpeg_save_markers(jpeg, CJPEG_COMMENT, 0xFFFF);
  jpeg_read_header(jpeg, TRUE);
  reader->next_marker = jpeg->marker_list;
  switch (jpeg->jpeg_color_space) {
    case JCS_GRAYSCALE:
      jpeg->out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_RGB:
    case JCS_YCbCr:
      jpeg->out_color_space = JCS_RGB;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      jpeg->out_color_space = JCS_CMYK;
      break;
    default:
      snprintf(
          reader->message, sizeof reader->message,
          "expected 1, 3 or 4 color components, found %d", jpeg->num_components);
      return 0;
  }
  jpeg_calc_output_dimensions(jpeg);
  fill_in(reader, header);
  return 1;
}

int cjpeg_reader_quantization(const cjpeg_reader *reader, uint16_t table[64]) {
  const struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (jpeg->num_components < 1 || jpeg->comp_info == NULL) return 0;
  const int index = jpeg->comp_info[0].quant_tbl_no;
  if (index < 0 || index >= NUM_QUANT_TBLS || jpeg->quant_tbl_ptrs[index] == NULL) return 0;
  for (int i = 0; i < 64; i++) table[i] = jpeg->quant_tbl_ptrs[index]->quantval[i];
  return 1;
}

int cjpeg_reader_scale(cjpeg_reader *reader, int denominator, cjpeg_header *header) {
  if (setjmp(reader->target)) return 0;
  reader->jpeg.scale_num = 1;
  reader->jpeg.scale_denom = (unsigned)denominator;
  jpeg_calc_output_dimensions(&reader->jpeg);
  fill_in(reader, header);
  return 1;
}

// Inks to light: each channel is what cyan, magenta or yellow and black let through. Adobe's
// programs store the inks inverted, that is, as light already.
static void convert_inks(const uint8_t *inks, uint8_t *target, size_t width, int is_inverted) {
  const unsigned flip = is_inverted ? 0 : 255;
  for (size_t x = 0; x < width; x++, inks += 4, target += 3) {
    const unsigned black = inks[3] ^ flip;
    for (int c = 0; c < 3; c++) {
      target[c] = (uint8_t)(((inks[c] ^ flip) * black + 127) / 255);
    }
  }
}

// Whether a file without its end marker holds every coefficient to its last bit. A scan that is cut off
// has been warned of; a scan that is missing altogether is told apart only in these kinds.
static int is_whole(const struct jpeg_decompress_struct *jpeg) {
  if (jpeg->arith_code) return 0;
  if (!jpeg_has_multiple_scans((j_decompress_ptr)jpeg)) return 1;
  if (!jpeg->progressive_mode || jpeg->coef_bits == NULL) return 0;
  for (int component = 0; component < jpeg->num_components; component++) {
    for (int k = 0; k < DCTSIZE2; k++) {
      if (jpeg->coef_bits[component][k] != 0) return 0;
    }
  }
  return 1;
}

int cjpeg_reader_lacks_end(const cjpeg_reader *reader) { return reader->lacks_end; }

int cjpeg_reader_samples(cjpeg_reader *reader, uint8_t *samples, size_t row_bytes) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (setjmp(reader->target)) return 0;
  reader->is_decoding = 1;
  jpeg_start_decompress(jpeg);
  const size_t width = jpeg->output_width;
  if (row_bytes < width * (jpeg->out_color_space == JCS_GRAYSCALE ? 1 : 3)) {
    snprintf(reader->message, sizeof reader->message, "the rows do not fit the buffer");
    return 0;
  }
  JSAMPARRAY inks = NULL;
  if (jpeg->out_color_space == JCS_CMYK) {
    inks = (*jpeg->mem->alloc_sarray)(
        (j_common_ptr)jpeg, JPOOL_IMAGE, (JDIMENSION)(width * 4), 1);
  }
  while (jpeg->output_scanline < jpeg->output_height) {
    uint8_t *row = samples + jpeg->output_scanline * row_bytes;
    if (inks != NULL) {
      jpeg_read_scanlines(jpeg, inks, 1);
      convert_inks(inks[0], row, width, jpeg->saw_Adobe_marker);
    } else {
      jpeg_read_scanlines(jpeg, &row, 1);
    }
  }
  const int was_whole = is_whole(jpeg);
  jpeg_finish_decompress(jpeg);
  if (reader->lacks_end && !was_whole) {
    snprintf(reader->message, sizeof reader->message, "the file ends early");
    return 0;
  }
  return 1;
}

int cjpeg_reader_window(
    cjpeg_reader *reader, uint32_t left, uint32_t top, uint32_t width, uint32_t height,
    uint8_t *samples, size_t row_bytes) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (setjmp(reader->target)) return 0;
  reader->is_decoding = 1;
  jpeg_start_decompress(jpeg);
  const size_t channels = jpeg->out_color_space == JCS_GRAYSCALE ? 1 : 3;
  const JDIMENSION end = jpeg->output_width;
  if (row_bytes < width * channels || width > end || left > end - width ||
      height > jpeg->output_height || top > jpeg->output_height - height) {
    snprintf(reader->message, sizeof reader->message, "the part lies outside the picture");
    return 0;
  }
  JDIMENSION first = 0;
#if defined(LIBJPEG_TURBO_VERSION_NUMBER) && LIBJPEG_TURBO_VERSION_NUMBER >= 1005000
  // Chroma samples are interpolated from their neighbors: with two blocks more on either side, what
  // is delivered does not depend on where the part begins.
  enum { MARGIN = 32 };
  first = left > MARGIN ? left - MARGIN : 0;
  JDIMENSION span = (end - left - width > MARGIN ? left + width + MARGIN : end) - first;
  jpeg_crop_scanline(jpeg, &first, &span);
  if (top > 0) jpeg_skip_scanlines(jpeg, top);
#endif
  const size_t samples_per_pixel = (size_t)jpeg->output_components;
  JSAMPARRAY row = (*jpeg->mem->alloc_sarray)(
      (j_common_ptr)jpeg, JPOOL_IMAGE, (JDIMENSION)(jpeg->output_width * samples_per_pixel), 1);
  while (jpeg->output_scanline < top) jpeg_read_scanlines(jpeg, row, 1);
  for (uint32_t y = 0; y < height; y++, samples += row_bytes) {
    jpeg_read_scanlines(jpeg, row, 1);
    const uint8_t *pixels = row[0] + (left - first) * samples_per_pixel;
    if (jpeg->out_color_space == JCS_CMYK) {
      convert_inks(pixels, samples, width, jpeg->saw_Adobe_marker);
    } else {
      memcpy(samples, pixels, width * channels);
    }
  }
  jpeg_abort_decompress(jpeg);
  return 1;
}

int cjpeg_reader_coefficients(cjpeg_reader *reader, int *components, int *is_opponent) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (setjmp(reader->target)) return 0;
  reader->is_decoding = 1;
  const J_COLOR_SPACE space = jpeg->jpeg_color_space;
  if (space != JCS_GRAYSCALE && space != JCS_RGB && space != JCS_YCbCr) {
    snprintf(reader->message, sizeof reader->message, "expected gray, RGB or YCbCr");
    return 0;
  }
  reader->coefficients = jpeg_read_coefficients(jpeg);
  for (int i = 0; i < jpeg->num_components; i++) {
    const jpeg_component_info *info = &jpeg->comp_info[i];
    if (info->quant_table == NULL || info->h_samp_factor < 1 || info->v_samp_factor < 1 ||
        jpeg->max_h_samp_factor % info->h_samp_factor != 0 ||
        jpeg->max_v_samp_factor % info->v_samp_factor != 0) {
      snprintf(reader->message, sizeof reader->message, "samples are not of whole pixels");
      return 0;
    }
  }
  *components = jpeg->num_components;
  *is_opponent = space == JCS_YCbCr;
  return 1;
}

int cjpeg_reader_component(cjpeg_reader *reader, int index, cjpeg_component *component) {
  const struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (reader->coefficients == NULL || index < 0 || index >= jpeg->num_components) return 0;
  const jpeg_component_info *info = &jpeg->comp_info[index];
  component->blocks_across = info->width_in_blocks;
  component->blocks_down = info->height_in_blocks;
  component->horizontal = jpeg->max_h_samp_factor / info->h_samp_factor;
  component->vertical = jpeg->max_v_samp_factor / info->v_samp_factor;
  for (int k = 0; k < DCTSIZE2; k++) component->steps[k] = info->quant_table->quantval[k];
  return 1;
}

int cjpeg_reader_blocks(cjpeg_reader *reader, int index, uint32_t row, int16_t *values) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (setjmp(reader->target)) return 0;
  if (reader->coefficients == NULL || index < 0 || index >= jpeg->num_components) return 0;
  const jpeg_component_info *info = &jpeg->comp_info[index];
  if (row >= info->height_in_blocks) return 0;
  JBLOCKARRAY blocks = (*jpeg->mem->access_virt_barray)(
      (j_common_ptr)jpeg, reader->coefficients[index], row, 1, FALSE);
  for (JDIMENSION i = 0; i < info->width_in_blocks; i++, values += DCTSIZE2) {
    for (int k = 0; k < DCTSIZE2; k++) values[k] = blocks[0][i][k];
  }
  return 1;
}

int cjpeg_reader_next_marker(cjpeg_reader *reader, cjpeg_marker *marker) {
  if (reader->next_marker == NULL) return 0;
  marker->code = reader->next_marker->marker;
  marker->bytes = reader->next_marker->data;
  marker->count = reader->next_marker->data_length;
  reader->next_marker = reader->next_marker->next;
  return 1;
}
