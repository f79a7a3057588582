/* HTML that is well-formed XML: see html.h. */
#include "report/html.h"

#include "base/allocate.h"
#include "base/c_locale.h"
#include "base/number.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define UNREADABLE "\xef\xbf\xbd" /* U+FFFD */

static const char *entity(char c)
{
  switch (c) {
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '&':
    return "&amp;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return (unsigned char)c < 0x20 && c != '\t' && c != '\n' ? UNREADABLE : NULL;
  }
}

/* Allowed in XML 1.0 beside valid UTF-8: neither U+FFFE nor U+FFFF. */
static bool is_noncharacter(const char *at)
{
  return memcmp(at, "\xef\xbf\xbe", 3) == 0 || memcmp(at, "\xef\xbf\xbf", 3) == 0;
}

void html_text(text *out, const char *string)
{
  while (*string != 0) {
    const size_t n = text_utf8_length(string);
    const char *instead = n == 1 ? entity(*string) : NULL;
    if (n == 0 || (n == 3 && is_noncharacter(string))) {
      instead = UNREADABLE;
    }
    if (instead != NULL) {
      text_append(out, "%s", instead);
    } else {
      text_append_bytes(out, string, n);
    }
    string += n > 0 ? n : 1;
  }
}

void html_format_list(text *out, const char *format, va_list arguments)
{
  va_list again;
  va_copy(again, arguments);
  int length = c_locale_print(NULL, 0, format, arguments);
  char *formatted = length < 0 ? NULL : allocate((size_t)length + 1);
  if (formatted != NULL) {
    c_locale_print(formatted, (size_t)length + 1, format, again);
    html_text(out, formatted);
  } else {
    out->failed = true;
  }
  va_end(again);
  release(formatted);
}

void html_format(text *out, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  html_format_list(out, format, arguments);
  va_end(arguments);
}

void html_element(text *out, const char *name, const char *class, const char *string)
{
  text_append(out, "<%s", name);
  if (class != NULL) {
    text_append(out, " class=\"%s\"", class);
  }
  text_append(out, ">");
  html_text(out, string);
  text_append(out, "</%s>\n", name);
}

void html_number(text *out, double value)
{
  char digits[NUMBER_TEXT_SIZE];
  if (isnan(value)) {
    text_append(out, "-");
    return;
  }
  number_format_rounded(value, 4, digits);
  text_append(out, "%s", digits);
}

/* The name of a column, without its mark; its length in *n. */
static const char *column_name(const char *columns, int column, int *n, bool *number)
{
  for (; column > 0; column--) {
    columns = strchr(columns, '|') + 1;
  }
  *number = columns[0] == '#';
  columns += *number;
  *n = (int)strcspn(columns, "|");
  return columns;
}

html_table html_table_open(text *out, const char *caption, const char *columns)
{
  html_table t = {.out = out, .columns = columns, .n_columns = 1};
  for (const char *c = columns; *c != 0; c++) {
    t.n_columns += *c == '|';
  }
  text_append(out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
  html_text(out, caption);
  text_append(out, "\"><table><caption>");
  html_text(out, caption);
  text_append(out, "</caption><thead><tr>");
  for (int i = 0; i < t.n_columns; i++) {
    int n = 0;
    bool number = false;
    const char *name = column_name(columns, i, &n, &number);
    text_append(out, "<th scope=\"col\"%s>", number ? " class=\"number\"" : "");
    html_format(out, "%.*s", n, name);
    text_append(out, "</th>");
  }
  text_append(out, "</tr></thead><tbody>\n");
  return t;
}

void html_name_row(html_table *t, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  c_locale_print(t->row, sizeof t->row, format, arguments);
  va_end(arguments);
}

/* A row that is the target of a link. */
static void open_row(html_table *t)
{
  if (t->row[0] == 0) {
    text_append(t->out, "<tr>");
  } else {
    text_append(t->out, "<tr id=\"%s\">", t->row);
  }
  t->row[0] = 0;
}

void html_table_close(html_table *t) { text_append(t->out, "</tbody></table></div>\n"); }

/* The first column heads its row. */
static const char *open_cell(html_table *t)
{
  int n = 0;
  bool number = false;
  column_name(t->columns, t->next, &n, &number);
  const bool head = t->next == 0;
  if (head) {
    open_row(t);
  }
  text_append(t->out, "<%s%s>", head ? "th scope=\"row\"" : "td",
              number ? " class=\"number\"" : "");
  return head ? "</th>" : "</td>";
}

static void close_cell(html_table *t, const char *end)
{
  t->next = (t->next + 1) % t->n_columns;
  text_append(t->out, "%s%s", end, t->next == 0 ? "</tr>\n" : "");
}

void html_cell(html_table *t, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const char *end = open_cell(t);
  html_format_list(t->out, format, arguments);
  close_cell(t, end);
  va_end(arguments);
}

void html_cell_number(html_table *t, double value)
{
  const char *end = open_cell(t);
  html_number(t->out, value);
  close_cell(t, end);
}

static void append_address(text *out, const char *path)
{
  static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  for (const char *c = path; *c != 0; c++) {
    if (strchr(kept, *c) != NULL) {
      text_append(out, "%c", *c);
    } else {
      text_append(out, "%%%02X", (unsigned)(unsigned char)*c);
    }
  }
}

void html_cell_link(html_table *t, const char *path, const char *words)
{
  const char *end = open_cell(t);
  text_append(t->out, "<a href=\"");
  append_address(t->out, path);
  text_append(t->out, "\">");
  html_text(t->out, words);
  text_append(t->out, "</a>");
  close_cell(t, end);
}
