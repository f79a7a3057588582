/* A table for people: first column to the left, all others to the right, as wide as their entries.
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include "base/text.h"

enum { COLUMNS_MAX = 10, COLUMNS_ROWS_MAX = 128, COLUMNS_CELL_SIZE = 64, COLUMNS_PAGE = 100 };

typedef struct columns {
  int n_rows, n_columns;
  bool heading[COLUMNS_ROWS_MAX]; /* one cell over all columns */
  char cell[COLUMNS_ROWS_MAX][COLUMNS_MAX][COLUMNS_CELL_SIZE];
} columns;

columns *columns_open(void); /* NULL if memory is exhausted: every other function accepts that */
void columns_free(columns *t);
void columns_row(columns *t); /* begins a row; rows beyond the last are dropped */
void columns_add(columns *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void columns_heading(columns *t, const char *words); /* a row of its own over all columns */
void columns_add_number(columns *t, double value, int digits); /* NAN: "-" */
/* Columns that do not fit on the page are left out, the last ones first; false if any was. */
bool columns_print(const columns *t, int indent, text *out);
/* Whether all columns fit on the page; and all of them, however wide that is. */
bool columns_fit(const columns *t, int indent);
void columns_print_all(const columns *t, int indent, text *out);

#endif
