#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "csystem.h"

struct csystem_thread {
  pthread_t thread;
  void (*body)(void *);
  void *context;
};

static void *run(void *start) {
  csystem_thread *thread = start;
  thread->body(thread->context);
  return NULL;
}

csystem_thread *csystem_thread_start(void (*body)(void *), void *context) {
  csystem_thread *thread = calloc(1, sizeof *thread);
  if (thread == NULL) return NULL;
  thread->body = body;
  thread->context = context;
  // Signals are for the thread that the program began with, but for those that a thread brings about itself.
  const int own[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE};
  sigset_t blocked, before;
  sigfillset(&blocked);
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) sigdelset(&blocked, own[i]);
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  const int status = pthread_create(&thread->thread, NULL, run, thread);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (status == 0) return thread;
  free(thread);
  return NULL;
}

void csystem_thread_join(csystem_thread *thread) {
  pthread_join(thread->thread, NULL);
  free(thread);
}

int csystem_core_count(void) {
#ifdef __linux__
  // Those that this process may run on.
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}
