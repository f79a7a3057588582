/* Places in a text: line and column, JSON Pointer. */
#ifndef PROBLEM_JSON_PLACE_H
#define PROBLEM_JSON_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* 1-based line and byte column of a byte. */
void json_line_column(const char *text, size_t offset, int *line, int *column);

/* Appends one escaped reference token ("/steps", "/0", "/a~1b") at pointer[used]; returns the new
 * length. What does not fit in `size` is left out. */
size_t json_pointer_append(char *pointer, size_t size, size_t used, const char *token,
                           size_t length);

#endif
