/* Errors as values. A function that can fail returns bool (true: done) and fills *error when it
 * returns false. `error` may be NULL everywhere. The first error wins: callers add nothing to it,
 * they return. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "stepdose.h"

/* Fills *error and returns false, so that a failing function ends with `return error_set(...)`. */
bool error_set(stepdose_error *error, stepdose_code code, const char *remedy, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

/* The same for a failed system call: appends strerror(errno_value). */
bool error_set_errno(stepdose_error *error, stepdose_code code, const char *file, int errno_value,
                     const char *action);

/* Out of memory while doing `what`. */
bool error_no_memory(stepdose_error *error, const char *what);

/* Adds the place to an error that has none yet. NULL or 0 leave a field as it is. */
void error_place(stepdose_error *error, const char *file, int line, int column,
                 const char *pointer);

/* One line for people: "file:line:column: pointer: message; remedy". Writes at most size bytes,
 * always ends in 0. */
void error_format(const stepdose_error *error, char *text, size_t size);

void error_clear(stepdose_error *error);

#endif
