#include "body/prelude.h"

// What every processor of the architecture has: SSE2, NEON.
#define VARIANT latent_variant_baseline
#define VARIANT_NAME "baseline"
#define LANES 4
#define TILE_ROWS 6

#include "body/all.h"
