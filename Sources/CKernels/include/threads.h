#ifndef LATENT_THREADS_H
#define LATENT_THREADS_H

#include <stddef.h>

/// Sets how many threads share the work of one kernel, for the whole process; below 1 means all
/// cores. Plans compiled before the call may go on with the old number inside oneDNN.
void latent_set_threads(int count);

/// How many threads share the work of one kernel; initially all cores this process may run on.
int latent_threads(void);

/// Tells an OpenMP runtime in this process about `latent_threads`. OpenMP keeps that number for
/// each calling thread apart, so a step that runs OpenMP code calls this first; it costs a
/// comparison where nothing changed.
void latent_enter(void);

/// Work on `begin ..< end`; `part` numbers the shares from 0.
typedef void (*latent_share)(void *context, size_t begin, size_t end, int part);

/// Splits `0 ..< count` into at most `latent_threads()` contiguous shares, which depend on the two
/// numbers alone, and returns when all are done. Where an OpenMP runtime is loaded (oneDNN brings
/// one), its team does the work, so that two pools never fight for the cores; otherwise a pool of
/// this library's own.
void latent_parallel_for(size_t count, latent_share share, void *context);

/// How many shares `latent_parallel_for` makes of `count`.
int latent_shares(size_t count);

#endif
