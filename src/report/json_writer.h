/* JSON text, written in one pass: indented, 17 significant digits, null for what is no number. */
#ifndef REPORT_JSON_WRITER_H
#define REPORT_JSON_WRITER_H

#include "base/text.h"

typedef struct json_writer {
  text *out;
  int depth;
  bool follows; /* something stands before in the open object or array */
} json_writer;

/* key: NULL inside an array and for the outermost object. */
void json_open_object(json_writer *w, const char *key);
void json_close_object(json_writer *w);
void json_open_array(json_writer *w, const char *key);
void json_close_array(json_writer *w);
void json_number(json_writer *w, const char *key, double value);
void json_numbers(json_writer *w, const char *key, int n, const double *value); /* an array */
/* The shortest text of the same bits, where people read it too. */
void json_number_short(json_writer *w, const char *key, double value);
void json_integer(json_writer *w, const char *key, long value);
void json_truth(json_writer *w, const char *key, bool value);
void json_string(json_writer *w, const char *key, const char *value);
void json_null(json_writer *w, const char *key);

#endif
