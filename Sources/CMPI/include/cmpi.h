#ifndef LATENT_CMPI_H
#define LATENT_CMPI_H

#include <stdbool.h>
#include <stddef.h>

// The message passing interface, of whichever implementation the program was built with, behind functions
// without its types: Open MPI's and MPICH's differ. All are called from the thread that called cmpi_start, and
// by all ranks in the same order. Functions that can fail return false and write one line into `message`.

enum { cmpi_message_size = 512 };

/// "Open MPI" or "MPICH"; the library's own name of others; NULL where none is compiled in.
const char *cmpi_library(void);

/// Joins the processes that were started together.
bool cmpi_start(int *rank, int *size, char *message);
/// Leaves them; waits until all do.
void cmpi_finish(void);
/// Ends all of them at once, this one with the exit code.
void cmpi_abort(int code);

/// Something on its way; gone once `cmpi_test` has said that it is done or has failed.
typedef struct cmpi_request cmpi_request;

/// Sends rank 0's bytes to all.
cmpi_request *cmpi_broadcast(void *bytes, size_t count, char *message);
/// Gathers `count` numbers of every rank, in the order of ranks, on all.
cmpi_request *cmpi_gather(const double *values, int count, double *all, char *message);
/// Sends a part of `values` to each rank and receives one of each, one after another in the order of ranks.
/// Counts and offsets, one a rank, are in elements and stay as they are until the request is done.
cmpi_request *cmpi_scatter(
    const float *values, const int *counts, const int *offsets, float *parts, const int *part_counts,
    const int *part_offsets, char *message);
/// Sends this rank's part of `values` to all and receives theirs.
cmpi_request *cmpi_collect(float *values, const int *counts, const int *offsets, char *message);

/// Whether a request is done. To be asked again and again: nothing moves otherwise.
bool cmpi_test(cmpi_request *request, bool *is_done, char *message);

/// The mean of `count` arrays of `length` numbers that lie one after another, summed in their order.
void cmpi_mean(const float *arrays, int count, size_t length, float *mean);

#endif
