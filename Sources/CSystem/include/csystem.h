// What the system tells a process at its start, and whether it grants threads.
#ifndef LATENT_CSYSTEM_H
#define LATENT_CSYSTEM_H

// The program's arguments as the system handed them over, with its name first. NULL where it did not.
char **csystem_arguments(int *count);

typedef struct csystem_thread csystem_thread;

// Starts a thread that calls `body` with `context`; NULL where the system grants none.
csystem_thread *csystem_thread_start(void (*body)(void *), void *context);
// Waits for its end, and frees it.
void csystem_thread_join(csystem_thread *thread);
// Cores that this process may run on.
int csystem_core_count(void);

// Bytes of memory that this process may still take; -1 where the system does not tell. The least of what its limits
// of addresses and of data, its control group and the machine leave.
long long csystem_available_memory(void);

// From here on a process that ends because memory was refused says so in one line and ends with `code`, instead of
// with a signal.
void csystem_report_exhaustion(const char *line, int code);

#endif
