/* Strict JSON grammar (RFC 8259, without what cJSON lets pass): finds where each value and key
 * stands. */
#ifndef PROBLEM_JSON_SCAN_H
#define PROBLEM_JSON_SCAN_H

#include <stdint.h>

#include "base/error.h"
#include "problem/json_place.h"

enum {
  JSON_BYTES_MAX = 16 * 1024 * 1024,
  JSON_DEPTH_MAX = 32,
  JSON_VALUES_MAX = 1000000,
  JSON_NUMBER_LENGTH_MAX = 60 /* cJSON cuts a number after 63 characters */
};

typedef struct json_mark {
  uint32_t value, key; /* byte offsets; key: of the value itself where it has no key */
} json_mark;

/* Checks text[start..length) and lists its values in the order in which they begin. `text` ends in
 * a 0. The caller releases *marks. Errors carry line, column, and the pointer of the innermost
 * value. */
bool json_scan(const char *text, size_t start, size_t length, json_mark **marks, size_t *n_marks,
               stepdose_error *error);

/* Whether a string is valid UTF-8. */
bool json_is_utf8(const char *string);

#endif
