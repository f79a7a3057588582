/* Version of the library that brings the low-discrepancy points. */
#include "base/library_version.h"

#include <gsl/gsl_version.h>

const char *random_library_version(void) { return gsl_version; }
