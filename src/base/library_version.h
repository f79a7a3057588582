/* Version of the library that brings the low-discrepancy points. */
#ifndef BASE_LIBRARY_VERSION_H
#define BASE_LIBRARY_VERSION_H

const char *random_library_version(void); /* "2.7.1", static */

#endif
