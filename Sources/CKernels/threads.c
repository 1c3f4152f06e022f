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
}

static void (*set_openmp_threads)(int);
static pthread_once_t openmp_once = PTHREAD_ONCE_INIT;

static void find_openmp(void) {
  *(void **)&set_openmp_threads = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
}

void latent_leave_openmp(void) {
  static _Thread_local bool left;
  if (left) return;
  pthread_once(&openmp_once, find_openmp);
  if (set_openmp_threads) set_openmp_threads(1);
  left = true;
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

// The pool. Shares are claimed one by one, by whichever thread is
// free: where other programs keep a worker off its core, the calling thread does that share too.
// Workers spin for some microseconds after a loop, since the next one usually follows at once,
// and then sleep.

enum { max_workers = 1023, spins = 4000 };

static struct {
  pthread_mutex_t owner;      // held by the thread whose loop is running
  pthread_mutex_t mutex;      // guards going to sleep
  pthread_cond_t wake;
  int started;
  atomic_int sleepers;
  atomic_ullong claims;       // number of the loop << 32, its shares << 16, the next share
  atomic_int finished;        // shares done
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

static bool is_open(unsigned long long claims) {
  return (claims & 0xffff) < (claims >> 16 & 0xffff);
}

/// Runs shares of the current loop until none is left. A claim that succeeds keeps the loop alive
/// until its share is finished, so `pool.loop` is read after it.
static void run_shares(void) {
  unsigned long long claims = atomic_load(&pool.claims);
  while (is_open(claims)) {
    if (!atomic_compare_exchange_weak(&pool.claims, &claims, claims + 1)) continue;
    run_part(pool.loop, (int)(claims & 0xffff));
    atomic_fetch_add(&pool.finished, 1);
    claims = atomic_load(&pool.claims);
  }
}

static void *worker(void *unused) {
  (void)unused;
  for (;;) {
    for (int spin = 0; spin < spins && !is_open(atomic_load(&pool.claims)); spin++)
      pause_briefly();
    if (!is_open(atomic_load(&pool.claims))) {
      pthread_mutex_lock(&pool.mutex);
      atomic_fetch_add(&pool.sleepers, 1);
      while (!is_open(atomic_load(&pool.claims))) pthread_cond_wait(&pool.wake, &pool.mutex);
      atomic_fetch_sub(&pool.sleepers, 1);
      pthread_mutex_unlock(&pool.mutex);
    }
    run_shares();
  }
  return NULL;
}

static void start_workers(int wanted) {
  while (pool.started < wanted && pool.started < max_workers) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, worker, NULL) != 0) return;
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
  atomic_store(&pool.finished, 0);
  unsigned long long number = (atomic_load(&pool.claims) >> 32) + 1;
  atomic_store(&pool.claims, number << 32 | (unsigned long long)loop->parts << 16);
  if (atomic_load(&pool.sleepers) > 0) {
    pthread_mutex_lock(&pool.mutex);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.mutex);
  }
  run_shares();
  for (int spin = 0; atomic_load(&pool.finished) < loop->parts; spin++) {
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
  run_on_pool(&loop);
}
