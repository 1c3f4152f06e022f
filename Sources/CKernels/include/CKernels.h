#ifndef LATENT_KERNELS_H
#define LATENT_KERNELS_H

// Single-precision kernels for CPUs. All arrays are in C order. Every kernel is threaded where
// that pays; for a given number of threads a result has the same bits in every run.

#include "bfloat16.h"
#include "convolution.h"
#include "elementwise.h"
#include "layout.h"
#include "memory.h"
#include "optimizers.h"
#include "product.h"
#include "random.h"
#include "threads.h"
#include "winograd.h"

/// The instruction set the kernels run on: "avx512", "avx2" or "baseline".
const char *latent_instruction_set(void);

#endif
