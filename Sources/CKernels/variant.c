#include "variant.h"

#include <pthread.h>
#include <stdlib.h>

static const struct latent_variant *chosen;
static pthread_once_t choose_once = PTHREAD_ONCE_INIT;

static void choose(void) {
  chosen = &latent_variant_baseline;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    chosen = &latent_variant_avx2;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
    chosen = &latent_variant_avx512;
#endif
}

const struct latent_variant *latent_kernels(void) {
  pthread_once(&choose_once, choose);
  return chosen;
}

const char *latent_instruction_set(void) { return latent_kernels()->name; }

// Scratch memory, one set for each thread, freed when the thread ends.

struct scratch {
  float *memory[latent_scratch_slots];
  size_t count[latent_scratch_slots];
};

static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
static _Thread_local struct scratch scratch;

static void free_scratch(void *pointer) {
  struct scratch *own = pointer;
  for (int slot = 0; slot < latent_scratch_slots; slot++) free(own->memory[slot]);
}

static void make_scratch_key(void) { pthread_key_create(&scratch_key, free_scratch); }

float *latent_scratch(int slot, size_t count) {
  if (scratch.count[slot] < count) {
    pthread_once(&scratch_once, make_scratch_key);
    pthread_setspecific(scratch_key, &scratch);
    free(scratch.memory[slot]);
    size_t bytes = (count * sizeof(float) + 4095) & ~(size_t)4095;
    // Out of memory has no remedy here, and a kernel has no way to report it.
    if (posix_memalign((void **)&scratch.memory[slot], 64, bytes) != 0) abort();
    scratch.count[slot] = bytes / sizeof(float);
  }
  return scratch.memory[slot];
}
