// What has to be declared before the functions of one instruction set are compiled.
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../variant.h"
