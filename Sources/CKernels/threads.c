#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/threads.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

static atomic_int configured;

static int available_cores(void) {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    int count = CPU_COUNT(&set);
    if (count > 0) return count;
  }
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}

int latent_threads(void) {
  int count = atomic_load_explicit(&configured, memory_order_relaxed);
  if (count == 0) {
    count = available_cores();
    atomic_store_explicit(&configured, count, memory_order_relaxed);
  }
  return count;
}

void latent_set_threads(int count) {
  if (count < 1) count = available_cores();
  if (count > 1024) count = 1024;
  atomic_store_explicit(&configured, count, memory_order_relaxed);
  latent_enter();
}

// The OpenMP runtime, if one came into the process with oneDNN.

static struct {
  void (*parallel)(void (*)(void *), void *, unsigned, unsigned);
  int (*thread_number)(void);
  int (*team_size)(void);
  void (*set_threads)(int);
} openmp;

static pthread_once_t openmp_once = PTHREAD_ONCE_INIT;

static void find_openmp(void) {
  *(void **)&openmp.thread_number = dlsym(RTLD_DEFAULT, "omp_get_thread_num");
  *(void **)&openmp.team_size = dlsym(RTLD_DEFAULT, "omp_get_num_threads");
  *(void **)&openmp.set_threads = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (openmp.thread_number && openmp.team_size && openmp.set_threads)
    *(void **)&openmp.parallel = dlsym(RTLD_DEFAULT, "GOMP_parallel");
}

void latent_enter(void) {
  static _Thread_local int told;
  pthread_once(&openmp_once, find_openmp);
  int count = latent_threads();
  if (told == count) return;
  told = count;
  if (openmp.parallel) openmp.set_threads(count);
}

// One parallel loop.

struct loop {
  latent_share share;
  void *context;
  size_t count;
  int parts;
};

static void run_part(const struct loop *loop, int part) {
  size_t base = loop->count / (size_t)loop->parts, rest = loop->count % (size_t)loop->parts;
  size_t index = (size_t)part;
  size_t begin = index * base + (index < rest ? index : rest);
  loop->share(loop->context, begin, begin + base + (index < rest ? 1 : 0), part);
}

static void openmp_body(void *pointer) {
  const struct loop *loop = pointer;
  // A runtime may grant fewer threads than asked for; the shares stay the same.
  int step = openmp.team_size();
  for (int part = openmp.thread_number(); part < loop->parts; part += step) run_part(loop, part);
}

// The pool for processes without OpenMP. Workers spin for some microseconds after a loop, since
// the next one usually follows at once, and then sleep.

enum { max_workers = 1023, spins = 4000 };

static struct {
  pthread_mutex_t owner;   // held by the thread whose loop is running
  pthread_mutex_t mutex;   // guards going to sleep
  pthread_cond_t wake;
  int started;
  atomic_uint ticket;      // grows by one with each loop
  atomic_int unfinished;   // workers that have not passed the current loop
  const struct loop *loop;
} pool = {.owner = PTHREAD_MUTEX_INITIALIZER,
          .mutex = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER};

static inline void pause_briefly(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

struct worker_start {
  int part;
  unsigned ticket;
};

static struct worker_start worker_starts[max_workers + 1];

static void *worker(void *pointer) {
  const struct worker_start *start = pointer;
  unsigned seen = start->ticket;
  for (;;) {
    for (int spin = 0; spin < spins && atomic_load(&pool.ticket) == seen; spin++) pause_briefly();
    if (atomic_load(&pool.ticket) == seen) {
      pthread_mutex_lock(&pool.mutex);
      while (atomic_load(&pool.ticket) == seen) pthread_cond_wait(&pool.wake, &pool.mutex);
      pthread_mutex_unlock(&pool.mutex);
    }
    seen = atomic_load(&pool.ticket);
    if (start->part < pool.loop->parts) run_part(pool.loop, start->part);
    atomic_fetch_sub(&pool.unfinished, 1);
  }
  return NULL;
}

static void start_workers(int wanted) {
  while (pool.started < wanted && pool.started < max_workers) {
    struct worker_start *start = &worker_starts[pool.started + 1];
    *start = (struct worker_start){pool.started + 1, atomic_load(&pool.ticket)};
    pthread_t thread;
    if (pthread_create(&thread, NULL, worker, start) != 0) return;
    pthread_detach(thread);
    pool.started++;
  }
}

static void run_on_pool(const struct loop *loop) {
  // Another thread's loop is running: this one does its own work alone, in the same shares.
  if (pthread_mutex_trylock(&pool.owner) != 0) {
    for (int part = 0; part < loop->parts; part++) run_part(loop, part);
    return;
  }
  start_workers(loop->parts - 1);
  pool.loop = loop;
  atomic_store(&pool.unfinished, pool.started);
  pthread_mutex_lock(&pool.mutex);
  atomic_fetch_add(&pool.ticket, 1);
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.mutex);
  run_part(loop, 0);
  for (int part = pool.started + 1; part < loop->parts; part++) run_part(loop, part);
  for (int spin = 0; atomic_load(&pool.unfinished) > 0; spin++) {
    if (spin < spins) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
  pthread_mutex_unlock(&pool.owner);
}

int latent_shares(size_t count) {
  size_t threads = (size_t)latent_threads();
  return (int)(count < threads ? count : threads);
}

void latent_parallel_for(size_t count, latent_share share, void *context) {
  if (count == 0) return;
  struct loop loop = {share, context, count, latent_shares(count)};
  if (loop.parts == 1) {
    share(context, 0, count, 0);
    return;
  }
  latent_enter();
  if (openmp.parallel) {
    openmp.parallel(openmp_body, &loop, (unsigned)loop.parts, 0);
  } else {
    run_on_pool(&loop);
  }
}
