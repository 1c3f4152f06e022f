#include "body/prelude.h"

#if defined(__x86_64__)

#define VARIANT latent_variant_avx2
#define VARIANT_NAME "avx2"
#define LANES 8
#define TILE_ROWS 6

#pragma clang attribute push( \
  __attribute__((target("avx2,fma,bmi,bmi2,f16c,lzcnt,popcnt"))), \
  apply_to = function)
#include "body/all.h"
#pragma clang attribute pop

#endif
