/* Version of the library that brings the search engines. */
#ifndef OPTIMIZE_LIBRARY_VERSION_H
#define OPTIMIZE_LIBRARY_VERSION_H

#include <stddef.h>

void search_library_version(char *out, size_t size); /* "2.7.1" */

#endif
