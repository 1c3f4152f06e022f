#include "csystem.h"

#include <pthread.h>
#include <stddef.h>

static int argument_count;
static char **arguments;

// glibc and Apple's loader call constructors with what main is called with.
#if defined(__GLIBC__) || defined(__APPLE__)
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}
#endif

char **csystem_arguments(int *count) {
  *count = argument_count;
  return arguments;
}

static void *nothing(void *unused) { return unused; }

int csystem_can_start_thread(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, nothing, NULL) != 0) return 0;
  pthread_join(thread, NULL);
  return 1;
}
