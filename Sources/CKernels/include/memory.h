#ifndef LATENT_MEMORY_H
#define LATENT_MEMORY_H

#include <stddef.h>

/// `count` zeros aligned to 64 bytes, to be given to `latent_free`; NULL where there is no memory.
/// Large blocks take up memory page by page, as they are first touched.
float *latent_allocate(size_t count);

void latent_free(float *elements);

#endif
