#include "csystem.h"

// For __GLIBC__ too.
#include <stdlib.h>

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
