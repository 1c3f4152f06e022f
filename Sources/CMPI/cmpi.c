#include "cmpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cmpi_mean(const float *arrays, int count, size_t length, float *mean) {
  const float factor = 1.0f / (float)count;
  for (size_t i = 0; i < length; ++i) mean[i] = arrays[i];
  for (int k = 1; k < count; ++k) {
    const float *array = arrays + (size_t)k * length;
    for (size_t i = 0; i < length; ++i) mean[i] += array[i];
  }
  for (size_t i = 0; i < length; ++i) mean[i] *= factor;
}

#ifdef LATENT_HAS_MPI

#include <mpi.h>

struct cmpi_request {
  MPI_Request request;
};

// Collective operations on one communicator match by their order. What is scattered and what is collected goes
// on while other things do, in orders of their own.
static MPI_Comm everything = MPI_COMM_NULL;
static MPI_Comm scattering = MPI_COMM_NULL;
static MPI_Comm collecting = MPI_COMM_NULL;

const char *cmpi_library(void) {
#if defined(OMPI_MAJOR_VERSION)
  return "Open MPI";
#elif defined(MPICH_VERSION)
  return "MPICH";
#else
  return "MPI";
#endif
}

static bool succeeded(int code, char *message) {
  if (code == MPI_SUCCESS) return true;
  char text[MPI_MAX_ERROR_STRING + 1] = "";
  int length = 0;
  if (MPI_Error_string(code, text, &length) != MPI_SUCCESS) snprintf(text, sizeof text, "error %d", code);
  for (char *c = text; *c; ++c)
    if (*c == '\n' || *c == '\r') *c = ' ';
  snprintf(message, cmpi_message_size, "%s", text);
  return false;
}

static bool duplicate(MPI_Comm *copy, char *message) {
  if (!succeeded(MPI_Comm_dup(MPI_COMM_WORLD, copy), message)) return false;
  return succeeded(MPI_Comm_set_errhandler(*copy, MPI_ERRORS_RETURN), message);
}

bool cmpi_start(int *rank, int *size, char *message) {
  int provided = 0;
  if (!succeeded(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided), message)) return false;
  if (provided < MPI_THREAD_FUNNELED) {
    snprintf(message, cmpi_message_size, "expected support of threads, found none");
    return false;
  }
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  return succeeded(MPI_Comm_rank(MPI_COMM_WORLD, rank), message) &&
         succeeded(MPI_Comm_size(MPI_COMM_WORLD, size), message) && duplicate(&everything, message) &&
         duplicate(&scattering, message) && duplicate(&collecting, message);
}

void cmpi_finish(void) { MPI_Finalize(); }

void cmpi_abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

static cmpi_request *new_request(char *message) {
  cmpi_request *request = malloc(sizeof *request);
  if (!request) snprintf(message, cmpi_message_size, "out of memory");
  return request;
}

static cmpi_request *begun(cmpi_request *request, int code, char *message) {
  if (succeeded(code, message)) return request;
  free(request);
  return NULL;
}

cmpi_request *cmpi_broadcast(void *bytes, size_t count, char *message) {
  if (count > 1u << 30) {
    snprintf(message, cmpi_message_size, "expected at most a gigabyte at once");
    return NULL;
  }
  cmpi_request *request = new_request(message);
  if (!request) return NULL;
  return begun(
      request, MPI_Ibcast(bytes, (int)count, MPI_BYTE, 0, everything, &request->request), message);
}

cmpi_request *cmpi_gather(const double *values, int count, double *all, char *message) {
  cmpi_request *request = new_request(message);
  if (!request) return NULL;
  return begun(
      request,
      MPI_Iallgather(
          values, count, MPI_DOUBLE, all, count, MPI_DOUBLE, everything, &request->request),
      message);
}

cmpi_request *cmpi_scatter(
    const float *values, const int *counts, const int *offsets, float *parts, const int *part_counts,
    const int *part_offsets, char *message) {
  cmpi_request *request = new_request(message);
  if (!request) return NULL;
  return begun(
      request,
      MPI_Ialltoallv(
          values, counts, offsets, MPI_FLOAT, parts, part_counts, part_offsets, MPI_FLOAT, scattering,
          &request->request),
      message);
}

cmpi_request *cmpi_collect(float *values, const int *counts, const int *offsets, char *message) {
  cmpi_request *request = new_request(message);
  if (!request) return NULL;
  return begun(
      request,
      MPI_Iallgatherv(
          MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, values, counts, offsets, MPI_FLOAT, collecting,
          &request->request),
      message);
}

bool cmpi_test(cmpi_request *request, bool *is_done, char *message) {
  int flag = 0;
  bool is_well = succeeded(MPI_Test(&request->request, &flag, MPI_STATUS_IGNORE), message);
  *is_done = flag != 0;
  if (!is_well || flag) free(request);
  return is_well;
}

#else

struct cmpi_request {
  int unused;
};

static cmpi_request *unavailable(char *message) {
  snprintf(message, cmpi_message_size, "MPI is not compiled in");
  return NULL;
}

const char *cmpi_library(void) { return NULL; }

bool cmpi_start(int *rank, int *size, char *message) {
  *rank = 0;
  *size = 1;
  unavailable(message);
  return false;
}

void cmpi_finish(void) {}

void cmpi_abort(int code) { exit(code); }

cmpi_request *cmpi_broadcast(void *bytes, size_t count, char *message) { return unavailable(message); }

cmpi_request *cmpi_gather(const double *values, int count, double *all, char *message) {
  return unavailable(message);
}

cmpi_request *cmpi_scatter(
    const float *values, const int *counts, const int *offsets, float *parts, const int *part_counts,
    const int *part_offsets, char *message) {
  return unavailable(message);
}

cmpi_request *cmpi_collect(float *values, const int *counts, const int *offsets, char *message) {
  return unavailable(message);
}

bool cmpi_test(cmpi_request *request, bool *is_done, char *message) {
  unavailable(message);
  return false;
}

#endif
