/* Text that is at once HTML and well-formed XML: everything that comes from files is escaped here.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/text.h"

#include <stdarg.h>

/* As content or attribute: < > & " ' as entities; what XML does not allow (control characters,
 * bytes that are no UTF-8) as U+FFFD. */
void html_text(text *out, const char *string);
/* The same of a formatted text. */
void html_format(text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_format_list(text *out, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* <name class="...">text</name>; class NULL: none */
void html_element(text *out, const char *name, const char *class, const char *string);
/* A number as people read it: four digits; "-" where there is none. */
void html_number(text *out, double value);

/* A table that scrolls by itself where it is too wide. Columns: names divided by '|'; one that
 * begins with '#' holds numbers. Cells follow in the order of the columns. */
typedef struct html_table {
  text *out;
  const char *columns;
  int n_columns, next; /* next: the column of the next cell */
  char row[32];        /* name of the row that comes next, for links to it; "": none */
} html_table;
html_table html_table_open(text *out, const char *caption, const char *columns);
void html_table_close(html_table *t);
/* The row that comes next can be linked to by this name. */
void html_name_row(html_table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_cell(html_table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void html_cell_number(html_table *t, double value);
/* Leads to a file, named from the page: bytes that an address must not hold are escaped. */
void html_cell_link(html_table *t, const char *path, const char *words);

#endif
