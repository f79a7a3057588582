/* JSON text, written in one pass: see json_writer.h. */
#include "report/json_writer.h"

#include "base/number.h"

#include <math.h>

enum { INDENT = 2 };

static void begin(json_writer *w, const char *key)
{
  if (w->follows) {
    text_append(w->out, ",");
  }
  if (w->depth > 0) {
    text_append(w->out, "\n");
    text_append_repeat(w->out, ' ', INDENT * w->depth);
  }
  if (key != NULL) {
    text_append_json_string(w->out, key);
    text_append(w->out, ": ");
  }
  w->follows = true;
}

static void open_bracket(json_writer *w, const char *key, const char *bracket)
{
  begin(w, key);
  text_append(w->out, "%s", bracket);
  w->depth++;
  w->follows = false;
}

static void close_bracket(json_writer *w, const char *bracket)
{
  w->depth--;
  if (w->follows) {
    text_append(w->out, "\n");
    text_append_repeat(w->out, ' ', INDENT * w->depth);
  }
  text_append(w->out, "%s", bracket);
  w->follows = true;
}

void json_open_object(json_writer *w, const char *key) { open_bracket(w, key, "{"); }

void json_close_object(json_writer *w) { close_bracket(w, "}"); }

void json_open_array(json_writer *w, const char *key) { open_bracket(w, key, "["); }

void json_close_array(json_writer *w) { close_bracket(w, "]"); }

void json_null(json_writer *w, const char *key)
{
  begin(w, key);
  text_append(w->out, "null");
}

static void write_number(json_writer *w, const char *key, double value,
                         void (*format)(double, char *))
{
  char digits[NUMBER_TEXT_SIZE];
  if (!isfinite(value)) {
    json_null(w, key);
    return;
  }
  format(value, digits);
  begin(w, key);
  text_append(w->out, "%s", digits);
}

void json_number(json_writer *w, const char *key, double value)
{
  write_number(w, key, value, number_format_full);
}

void json_numbers(json_writer *w, const char *key, int n, const double *value)
{
  json_open_array(w, key);
  for (int i = 0; i < n; i++) {
    json_number(w, NULL, value[i]);
  }
  json_close_array(w);
}

void json_number_short(json_writer *w, const char *key, double value)
{
  write_number(w, key, value, number_format);
}

void json_integer(json_writer *w, const char *key, long value)
{
  begin(w, key);
  text_append(w->out, "%ld", value);
}

void json_truth(json_writer *w, const char *key, bool value)
{
  begin(w, key);
  text_append(w->out, value ? "true" : "false");
}

void json_string(json_writer *w, const char *key, const char *value)
{
  begin(w, key);
  text_append_json_string(w->out, value);
}
