#include "memory.h"

#include <stdint.h>
#include <stdlib.h>

enum { alignment = 64 };

// The block that holds the elements begins before them, where the allocator put it; its address
// stands right in front of the elements. `aligned_alloc` would be simpler, but large blocks of
// `calloc` are known to be zero and are not written.
float *latent_allocate(size_t count) {
  if (count > (SIZE_MAX - 2 * alignment) / sizeof(float)) return NULL;
  char *block = calloc(1, count * sizeof(float) + 2 * alignment);
  if (block == NULL) return NULL;
  char *elements = block + alignment;
  elements += alignment - (uintptr_t)elements % alignment;
  ((void **)(void *)elements)[-1] = block;
  return (float *)(void *)elements;
}

void latent_free(float *elements) {
  if (elements != NULL) free(((void **)(void *)elements)[-1]);
}
