// How the samples of a page stand in a piece of it, and how they are delivered.
#ifndef LATENT_CTIFF_SAMPLES_H
#define LATENT_CTIFF_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

enum { CTIFF_UNSIGNED, CTIFF_SIGNED, CTIFF_FLOAT };
enum { CTIFF_DIRECT, CTIFF_PALETTE, CTIFF_INKS, CTIFF_CONVERTED };

typedef struct {
  int bits;
  int samples;  // of a pixel
  int kind;
  int color;
  int is_planar;
  int is_inverted;  // 0 is white
  int alpha;        // which sample; -1: none
  int is_premultiplied;
  uint16_t *palette[3];
  int channels;  // delivered
  int depth;     // delivered
} ctiff_layout;

// Which channel a sample becomes; -1: none.
int ctiff_target(const ctiff_layout *layout, int sample);
// A row of a piece, from its first byte, into `row`, from pixel `left` on.
void ctiff_store(
    const ctiff_layout *layout, const uint8_t *piece, uint32_t columns, int plane, void *row,
    uint32_t left);
// Makes the alpha of a row straight.
void ctiff_unmultiply(const ctiff_layout *layout, void *row, uint32_t columns);

#endif
