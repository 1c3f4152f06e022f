#ifndef LATENT_RANDOM_H
#define LATENT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/// Blocks `first`, `first` + 1 ... of Philox4x32-10 with a key and a stream, four words each. The same
/// words for every instruction set; the calling thread computes alone.
void latent_random_words(
  uint64_t key, uint64_t stream, uint64_t first, uint32_t *words, size_t blocks);

#endif
