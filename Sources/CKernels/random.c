#include "variant.h"

void latent_random_words(
  uint64_t key, uint64_t stream, uint64_t first, uint32_t *words, size_t blocks) {
  latent_kernels()->random_words(key, stream, first, words, blocks);
}
