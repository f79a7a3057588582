/* A table for people: see columns.h. */
#include "report/columns.h"

#include "base/allocate.h"
#include "base/number.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char between[] = "  ";

columns *columns_open(void) { return allocate_zeroed(1, sizeof(columns)); }

void columns_free(columns *t) { release(t); }

void columns_row(columns *t)
{
  if (t != NULL && t->n_rows < COLUMNS_ROWS_MAX) {
    t->n_rows++;
  }
}

/* The first empty cell of the last row, or NULL. */
static char *next_cell(columns *t)
{
  for (int c = 0; t != NULL && t->n_rows > 0 && c < COLUMNS_MAX; c++) {
    if (t->cell[t->n_rows - 1][c][0] == 0) {
      t->n_columns = c + 1 > t->n_columns ? c + 1 : t->n_columns;
      return t->cell[t->n_rows - 1][c];
    }
  }
  return NULL;
}

void columns_add(columns *t, const char *format, ...)
{
  char *cell = next_cell(t);
  if (cell == NULL) {
    return;
  }
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(cell, COLUMNS_CELL_SIZE, format, arguments);
  va_end(arguments);
  if (cell[0] == 0) {
    snprintf(cell, COLUMNS_CELL_SIZE, " ");
  }
}

void columns_heading(columns *t, const char *words)
{
  if (t != NULL && t->n_rows < COLUMNS_ROWS_MAX) {
    columns_row(t);
    columns_add(t, "%s", words);
    t->heading[t->n_rows - 1] = true;
  }
}

void columns_add_number(columns *t, double value, int digits)
{
  char shown[NUMBER_TEXT_SIZE];
  if (!isfinite(value)) {
    columns_add(t, "-");
    return;
  }
  number_format_rounded(value, digits, shown);
  columns_add(t, "%s", shown);
}

static int width_of(const columns *t, int column)
{
  size_t width = 0;
  for (int r = 0; r < t->n_rows; r++) {
    const size_t n = t->heading[r] ? 0 : strlen(t->cell[r][column]);
    width = n > width ? n : width;
  }
  return (int)width;
}

static int columns_that_fit(const columns *t, int indent)
{
  int used = indent;
  for (int c = 0; c < t->n_columns; c++) {
    used += width_of(t, c) + (c > 0 ? (int)strlen(between) : 0);
    if (used > COLUMNS_PAGE) {
      return c;
    }
  }
  return t->n_columns;
}

static int last_used(const columns *t, int r, int n_columns)
{
  int last = n_columns;
  while (last > 1 && (t->cell[r][last - 1][0] == 0 || strcmp(t->cell[r][last - 1], " ") == 0)) {
    last--;
  }
  return last;
}

static void print_row(const columns *t, int r, int n_columns, int indent, text *out)
{
  n_columns = last_used(t, r, n_columns);
  text_append_repeat(out, ' ', indent);
  for (int c = 0; c < n_columns; c++) {
    const char *cell = t->cell[r][c];
    int padding = width_of(t, c) - (int)strlen(cell);
    text_append(out, "%s", c > 0 ? between : "");
    text_append_repeat(out, ' ', c > 0 ? padding : 0);
    text_append(out, "%s", cell);
    text_append_repeat(out, ' ', c == 0 && n_columns > 1 ? padding : 0);
  }
  text_append(out, "\n");
}

static void print_columns(const columns *t, int n_columns, int indent, text *out)
{
  for (int r = 0; r < t->n_rows; r++) {
    print_row(t, r, n_columns, indent, out);
  }
}

bool columns_print(const columns *t, int indent, text *out)
{
  if (t == NULL) {
    out->failed = true;
    return true;
  }
  int n_columns = columns_that_fit(t, indent);
  print_columns(t, n_columns, indent, out);
  return n_columns == t->n_columns;
}

bool columns_fit(const columns *t, int indent)
{
  return t == NULL || columns_that_fit(t, indent) == t->n_columns;
}

void columns_print_all(const columns *t, int indent, text *out)
{
  if (t == NULL) {
    out->failed = true;
  } else {
    print_columns(t, t->n_columns, indent, out);
  }
}
