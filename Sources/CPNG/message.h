#ifndef LATENT_CPNG_MESSAGE_H
#define LATENT_CPNG_MESSAGE_H

#include <stdio.h>

enum { CPNG_MESSAGE_SIZE = 200 };

static inline void cpng_keep_message(char message[CPNG_MESSAGE_SIZE], const char *words) {
  snprintf(message, CPNG_MESSAGE_SIZE, "%s", words);
}

#endif
