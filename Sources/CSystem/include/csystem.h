// What the system tells a process at its start, and whether it grants threads.
#ifndef LATENT_CSYSTEM_H
#define LATENT_CSYSTEM_H

// The program's arguments as the system handed them over, with its name first. NULL where it did not.
char **csystem_arguments(int *count);
// Whether another thread can be had.
int csystem_can_start_thread(void);

#endif
