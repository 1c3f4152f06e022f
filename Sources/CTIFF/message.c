#ifdef LATENT_HAS_TIFF
#include <pthread.h>
#include <stdio.h>
#include <tiffio.h>

#include "message.h"

static _Thread_local char words[CTIFF_MESSAGE_SIZE];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void on_error(thandle_t handle, const char *module, const char *format, va_list arguments) {
  (void)handle;
  (void)module;
  if (words[0] == 0) vsnprintf(words, sizeof words, format, arguments);
}

static void set_handlers(void) {
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  TIFFSetWarningHandlerExt(NULL);
  TIFFSetErrorHandlerExt(on_error);
}

void ctiff_begin(void) {
  pthread_once(&once, set_handlers);
  words[0] = 0;
}

void ctiff_keep_message(char message[CTIFF_MESSAGE_SIZE], const char *otherwise) {
  snprintf(message, CTIFF_MESSAGE_SIZE, "%s", words[0] != 0 ? words : otherwise);
}
#endif
