/* Plain words for what files call by short names: see words.h. */
#include "report/words.h"

#include "base/number.h"
#include "report/columns.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_WIDTH = 12 };

void words_spaced(const char *name, char out[WORDS_SIZE])
{
  bool is_il6 = strncmp(name, "il6", 3) == 0;
  snprintf(out, WORDS_SIZE, "%s%.58s", is_il6 ? "IL-6" : "", name + (is_il6 ? 3 : 0));
  for (char *c = out; *c != 0; c++) {
    *c = *c == '_' ? ' ' : *c;
  }
}

void words_limit(const limit *l, char out[WORDS_SIZE])
{
  const limit_kind_row *row = &problem_limit_kinds[l->kind];
  char name[WORDS_SIZE];
  if (!row->takes_window) {
    snprintf(name, sizeof name, "%s, %s", row->objective, row->key);
  } else if (l->window == WINDOW_DAYS) {
    snprintf(name, sizeof name, "%s, days %g to %g", row->objective, l->from_day, l->to_day);
  } else {
    snprintf(name, sizeof name, "%s, %s", row->objective, problem_window_names[l->window]);
  }
  words_spaced(name, out);
}

typedef double dose_part(const dose *d);

static double part_amount(const dose *d) { return d->amount; }

static double part_day(const dose *d) { return d->day; }

/* The same to a person, who sees four digits. */
static bool look_alike(double a, double b) { return fabs(a - b) <= 1e-4 * fmax(fabs(a), fabs(b)); }

static int equal_from(const schedule *s, int first, int n, dose_part *part)
{
  int length = 1;
  while (first + length < n &&
         look_alike(part(&s->doses[first]), part(&s->doses[first + length]))) {
    length++;
  }
  return length;
}

/* Numbers with slashes between them; three or more equal ones as "10 x3". */
static void list_parts(const schedule *s, double horizon_days, dose_part *part,
                       char out[WORDS_SIZE])
{
  int n = 0;
  while (n < s->n_doses && s->doses[n].day < horizon_days) {
    n++;
  }
  size_t used = 0;
  out[0] = 0;
  for (int i = 0; i < n;) {
    char number[NUMBER_TEXT_SIZE];
    char entry[NUMBER_TEXT_SIZE + 16];
    int length = equal_from(s, i, n, part);
    number_format_rounded(part(&s->doses[i]), 4, number);
    int taken = length > 2 ? length : 1;
    snprintf(entry, sizeof entry, taken > 1 ? "%s%s x%d" : "%s%s", i > 0 ? "/" : "", number, taken);
    if (used + strlen(entry) + sizeof "/..." > WORDS_SIZE) {
      snprintf(out + used, WORDS_SIZE - used, "/...");
      return;
    }
    used += (size_t)snprintf(out + used, WORDS_SIZE - used, "%s", entry);
    i += taken;
  }
}

void words_doses(const schedule *s, double horizon_days, char out[WORDS_SIZE])
{
  list_parts(s, horizon_days, part_amount, out);
}

void words_days(const schedule *s, double horizon_days, char out[WORDS_SIZE])
{
  list_parts(s, horizon_days, part_day, out);
}

/* How many bytes of body fit into one line, ending before a space if possible. */
static size_t line_length(const char *body)
{
  size_t room = COLUMNS_PAGE - HEAD_WIDTH;
  size_t length = strlen(body);
  if (length <= room) {
    return length;
  }
  for (size_t i = room; i > 0; i--) {
    if (body[i] == ' ') {
      return i;
    }
  }
  return room;
}

void words_paragraph(const char *head, const char *body, text *out)
{
  text_append(out, "%-*s", HEAD_WIDTH, head);
  while (true) {
    size_t length = line_length(body);
    text_append_bytes(out, body, length);
    text_append(out, "\n");
    body += length;
    body += strspn(body, " ");
    if (*body == 0) {
      return;
    }
    text_append_repeat(out, ' ', HEAD_WIDTH);
  }
}

void words_line(text *out, const char *head, const char *format, ...)
{
  char body[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(body, sizeof body, format, arguments);
  va_end(arguments);
  words_paragraph(head, body, out);
}
