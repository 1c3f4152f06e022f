#ifndef LATENT_THREADS_H
#define LATENT_THREADS_H

#include <stddef.h>

/// Sets how many threads share the work of one kernel, for the whole process; below 1 means all
/// cores.
void latent_set_threads(int count);

/// How many threads share the work of one kernel; initially all cores this process may run on.
int latent_threads(void);

/// Keeps an OpenMP runtime in this process, which oneDNN may bring, from starting threads for the
/// calling thread: the threads here are the only ones that compute. OpenMP's own wait for each
/// other at every step, which takes milliseconds where another program holds a core.
void latent_leave_openmp(void);

/// Work on `begin ..< end`; `part` numbers the shares from 0.
typedef void (*latent_share)(void *context, size_t begin, size_t end, int part);

/// Splits `0 ..< count` into at most `latent_threads()` contiguous shares, which depend on the two
/// numbers alone, and returns when all are done. Which thread does a share is left to chance;
/// a loop within a share, or beside another thread's loop, is done by its caller alone.
void latent_parallel_for(size_t count, latent_share share, void *context);

/// How many shares `latent_parallel_for` makes of `count`.
int latent_shares(size_t count);

#endif
