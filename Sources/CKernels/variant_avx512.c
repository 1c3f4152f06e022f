#include "body/prelude.h"

#if defined(__x86_64__)

#define VARIANT latent_variant_avx512
#define VARIANT_NAME "avx512"
#define LANES 16
#define TILE_ROWS 6

#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx512cd,avx2,fma,bmi,bmi2,f16c,lzcnt,popcnt"))), \
  apply_to = function)
#include "body/all.h"
#pragma clang attribute pop

#endif
