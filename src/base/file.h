/* Whole files, read and written so that nothing is lost: every result of write, fsync and close is
 * checked. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"

/* Reads a regular file of at most max_bytes. *bytes ends in an extra 0 and is released by the
 * caller. */
bool file_read(const char *path, size_t max_bytes, char **bytes, size_t *length,
               stepdose_error *error);

/* Writes beside `path`, syncs, renames over it, syncs the directory. On failure the old file is
 * intact. */
bool file_write(const char *path, const char *bytes, size_t length, stepdose_error *error);

/* Makes a directory and its parents; existing ones are fine. */
bool file_make_directory(const char *path, stepdose_error *error);
bool file_exists(const char *path);

/* Joins with one slash; `name` alone if it is absolute or `directory` is empty. The caller
 * releases; NULL: no memory. */
char *file_join(const char *directory, const char *name);
char *file_directory(const char *path); /* "." where there is no slash; caller releases */
/* file_relative.c: how `path` is named from `directory`, as "../b/c.json"; both directories exist.
 * NULL: INPUT_OUTPUT, no memory; the caller releases. */
char *file_relative(const char *directory, const char *path, stepdose_error *error);
char *file_stem(const char *path);      /* "a/b.c.json" -> "b.c"; caller releases */

#endif
