/* A table read back from a run directory: header and cells as text. */
#ifndef REPORT_CSV_TABLE_H
#define REPORT_CSV_TABLE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct csv_table {
  char *bytes;
  const char **cell; /* ((1 + n_rows) x n_columns), the header first; points into bytes */
  long n_rows;       /* without the header */
  int n_columns;     /* 0: there is no table */
} csv_table;

/* Takes `bytes` (length, and a 0 behind it), which comma, newline and quotes (RFC 4180) divide. In
 * every case csv_table_free releases them. False with *broken NULL: no memory; else what is wrong.
 */
bool csv_table_parse(char *bytes, size_t length, csv_table *t, const char **broken);
void csv_table_free(csv_table *t);

int csv_table_column(const csv_table *t, const char *name); /* -1: there is none */
/* "" outside of the table */
const char *csv_table_cell(const csv_table *t, long row, int column);
double csv_table_number(const csv_table *t, long row, int column); /* NAN where there is none */

#endif
