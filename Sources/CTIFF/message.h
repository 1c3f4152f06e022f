#ifndef LATENT_CTIFF_MESSAGE_H
#define LATENT_CTIFF_MESSAGE_H

#include <stdarg.h>

enum { CTIFF_MESSAGE_SIZE = 200 };

// Sends libtiff's words to the thread's buffer, where the first since ctiff_begin stay. libtiff has one
// handler for the process.
void ctiff_begin(void);
// Copies the words; `otherwise` where there are none.
void ctiff_keep_message(char message[CTIFF_MESSAGE_SIZE], const char *otherwise);

#endif
