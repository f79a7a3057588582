/* Version of the library that brings the search engines. */
#include "optimize/library_version.h"

#include <nlopt.h>
#include <stdio.h>

void search_library_version(char *out, size_t size)
{
  int major = 0;
  int minor = 0;
  int bugfix = 0;
  nlopt_version(&major, &minor, &bugfix);
  snprintf(out, size, "%d.%d.%d", major, minor, bugfix);
}
