/* Reads the tables of a run directory back: see csv_table.h. */
#include "report/csv_table.h"

#include "base/allocate.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

/* Where one field ends, and what stood behind it. */
typedef struct field_end {
  char *next;
  char separator; /* ',', '\n', or 0 at the end of the file */
} field_end;

static field_end end_field(char *last, char *next, const char *end)
{
  field_end found = {next, next < end ? *next : '\0'};
  if (found.separator == '\r') {
    found.next++;
    found.separator = found.next < end ? *found.next : '\0';
  }
  *last = '\0';
  found.next += found.separator != '\0';
  return found;
}

/* Unquotes in place. */
static field_end read_quoted(char *field, const char *end)
{
  char *to = field;
  char *from = field + 1;
  while (from < end && (*from != '"' || (from + 1 < end && from[1] == '"'))) {
    from += *from == '"';
    *to++ = *from++;
  }
  from += from < end;
  return end_field(to, from, end);
}

static field_end read_plain(char *field, const char *end)
{
  char *next = field;
  while (next < end && *next != ',' && *next != '\n' && *next != '\r') {
    next++;
  }
  return end_field(next, next, end);
}

static size_t most_cells(const char *bytes, size_t length)
{
  size_t n = 1;
  for (size_t i = 0; i < length; i++) {
    n += bytes[i] == ',' || bytes[i] == '\n';
  }
  return n;
}

/* Columns of the line that just ended; false: not as many as the header has. */
static bool end_line(csv_table *t, size_t n_cells, size_t *line_start)
{
  const size_t found = n_cells - *line_start;
  const bool first = t->n_columns == 0;
  t->n_columns = first ? (int)found : t->n_columns;
  t->n_rows += !first;
  *line_start = n_cells;
  return found == (size_t)t->n_columns;
}

bool csv_table_parse(char *bytes, size_t length, csv_table *t, const char **broken)
{
  *t = (csv_table){.bytes = bytes};
  *broken = NULL;
  t->cell = allocate_zeroed(most_cells(bytes, length), sizeof *t->cell);
  if (t->cell == NULL) {
    return false;
  }
  size_t n = 0;
  size_t line_start = 0;
  const char *end = bytes + length;
  for (char *next = bytes; next < end;) {
    t->cell[n++] = next;
    field_end found = *next == '"' ? read_quoted(next, end) : read_plain(next, end);
    next = found.next;
    if (found.separator == ',' && next < end) {
      continue;
    }
    if (!end_line(t, n, &line_start) || (found.separator != '\n' && next < end)) {
      *broken = "has a line that is not as its header";
      return false;
    }
  }
  *broken = t->n_columns == 0 ? "is empty" : NULL;
  return t->n_columns > 0;
}

void csv_table_free(csv_table *t)
{
  release(t->bytes);
  release(t->cell);
  *t = (csv_table){0};
}

int csv_table_column(const csv_table *t, const char *name)
{
  for (int column = 0; column < t->n_columns; column++) {
    if (strcmp(t->cell[column], name) == 0) {
      return column;
    }
  }
  return -1;
}

const char *csv_table_cell(const csv_table *t, long row, int column)
{
  const bool inside = row >= 0 && row < t->n_rows && column >= 0 && column < t->n_columns;
  return inside ? t->cell[(size_t)(row + 1) * (size_t)t->n_columns + (size_t)column] : "";
}

double csv_table_number(const csv_table *t, long row, int column)
{
  double value = NAN;
  return number_parse(csv_table_cell(t, row, column), &value) ? value : (double)NAN;
}
