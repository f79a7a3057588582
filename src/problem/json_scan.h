/* Strict JSON grammar (RFC 8259, without what cJSON lets pass): finds where each value and key stands. */
#ifndef PROBLEM_JSON_SCAN_H
#define PROBLEM_JSON_SCAN_H

#include <stdint.h>

#include "base/error.h"

enum {
  JSON_BYTES_MAX = 16 * 1024 * 1024,
  JSON_DEPTH_MAX = 32,
  JSON_VALUES_MAX = 1000000,
  JSON_NUMBER_LENGTH_MAX = 60 /* cJSON cuts a number after 63 characters */
};

typedef struct json_mark {
  uint32_t value, key; /* byte offsets; key: of the value itself where it has no key */
} json_mark;

/* Checks text[start..length) and lists its values in the order in which they begin. `text` ends in a 0. The caller
 * releases *marks. Errors carry line, column, and the pointer of the innermost value. */
bool json_scan(const char *text, size_t start, size_t length, json_mark **marks, size_t *n_marks,
               stepdose_error *error);

/* 1-based line and byte column of a byte. */
void json_line_column(const char *text, size_t offset, int *line, int *column);

/* Appends one escaped reference token ("/steps", "/0", "/a~1b") at pointer[used]; returns the new length. What does
 * not fit in `size` is left out. */
size_t json_pointer_append(char *pointer, size_t size, size_t used, const char *token, size_t length);

#endif
