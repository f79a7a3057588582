/* Plain words for what files call by short names: see words.h. */
#include "report/words.h"

#include "base/number.h"
#include "report/columns.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_WIDTH = 12 };

/* What a limit is about, by its kind. */
const char words_other_tumours[] =
    "in both models smaller ones expand fewer T cells and are harder to control, unlike in "
    "patients: "
    "such rows tell what hangs on the volume, not what they would do";

static const char *const limit_words[LIMIT_KIND_COUNT] = {
    [LIMIT_IL6_PEAK] = "IL-6 peak",
    [LIMIT_CRS_DRIVE] = "rise of the CRS signal",
    [LIMIT_CRS_PROBABILITY] = "probability of CRS",
    [LIMIT_DAMAGE] = "damage",
    [LIMIT_ACTIVATED_CD8] = "activated CD8 T cells",
    [LIMIT_ACTIVATED_SITE] = "activated T cells",
    [LIMIT_DAYS_ABOVE] = "days of activation",
    [LIMIT_TOTAL_MG] = "total drug",
    [LIMIT_VISITS] = "visits",
    [LIMIT_DOSES] = "doses",
    [LIMIT_HOSPITAL_DAYS] = "hospital stay",
};

static const char *const window_words[WINDOW_KIND_COUNT] = {
    [WINDOW_COURSE] = "whole course",
    [WINDOW_FIRST_DOSE] = "first dose",
    [WINDOW_LATER_DOSES] = "later doses",
    [WINDOW_EACH_DOSE] = "each dose",
};

static const char *const route_meanings[ROUTE_COUNT] = {
#define X(name, word, unit, key, engager, meaning) meaning,
    MODEL_ROUTES(X)
#undef X
};

void words_count(long n, const char *one, char out[WORDS_SIZE])
{
  snprintf(out, WORDS_SIZE, "%ld %s%s", n, one, n == 1 ? "" : "s");
}

void words_measure(const goal *g, char out[WORDS_SIZE])
{
  switch (g->measure) {
  case MEASURE_TIME_AVERAGED_LOG10_KILL:
    snprintf(out, WORDS_SIZE, "tumour kill, time average");
    return;
  case MEASURE_SMALLEST_LOG10_KILL_LAST_DAYS:
    snprintf(out, WORDS_SIZE, "smallest tumour kill of the last %g days", g->last_days);
    return;
  case MEASURE_CHANGE_PERCENT_AT_DAY:
    snprintf(out, WORDS_SIZE, "tumour shrinkage on day %g", g->day);
    return;
  case MEASURE_RESPONSE_RATE:
    snprintf(out, WORDS_SIZE, "response (tumour at least halved) on day %g", g->day);
    return;
  case MEASURE_LOG10_KILL_AT_DAY:
    snprintf(out, WORDS_SIZE, "tumour kill on day %g", g->day);
    return;
  case MEASURE_COUNT:
    break;
  }
  snprintf(out, WORDS_SIZE, "%s", "goal");
}

/* What is limited, without its window: "probability of CRS grade 2 or higher", "damage to gut". */
void words_limit_subject(const limit *l, char out[WORDS_SIZE])
{
  const char *name = limit_words[l->kind];
  const char *highest = l->grade == PROBLEM_GRADES ? "" : " or higher";
  if (l->kind == LIMIT_CRS_PROBABILITY) {
    snprintf(out, WORDS_SIZE, "%s grade %d%s", name, l->grade, highest);
  } else if (l->kind == LIMIT_DAMAGE) {
    snprintf(out, WORDS_SIZE, "%s to %s", name, l->place_name);
  } else if (l->kind == LIMIT_ACTIVATED_SITE) {
    snprintf(out, WORDS_SIZE, "%s, %s", name, l->place_name);
  } else if (l->kind == LIMIT_DAYS_ABOVE) {
    snprintf(out, WORDS_SIZE, "%s above %.3f, %.24s", name, l->above, l->place_name);
  } else {
    snprintf(out, WORDS_SIZE, "%s", name);
  }
}

void words_limit_window(const limit *l, char out[WORDS_SIZE])
{
  if (!problem_limit_kinds[l->kind].takes_window) {
    out[0] = 0;
  } else if (l->window == WINDOW_DAYS) {
    snprintf(out, WORDS_SIZE, "days %g to %g", l->from_day, l->to_day);
  } else {
    snprintf(out, WORDS_SIZE, "%s", window_words[l->window]);
  }
}

void words_limit(const limit *l, char out[WORDS_SIZE])
{
  char name[WORDS_SIZE];
  char window[WORDS_SIZE];
  char whole[3 * WORDS_SIZE];
  words_limit_subject(l, name);
  words_limit_window(l, window);
  snprintf(whole, sizeof whole, "%s%s%s", name, window[0] != 0 ? ", " : "", window);
  snprintf(out, WORDS_SIZE, "%.*s", WORDS_SIZE - 1, whole);
}

void words_limit_unit(const limit *l, char out[WORDS_SIZE])
{
  const char *unit = problem_limit_kinds[l->kind].unit;
  words_limit(l, out);
  size_t used = strlen(out);
  if (strcmp(out, unit) != 0) {
    snprintf(out + used, WORDS_SIZE - used, " (%s)", unit);
  }
}

static bool ends_in(const char *name, const char *end)
{
  size_t n = strlen(name);
  size_t m = strlen(end);
  return n >= m && strcmp(name + n - m, end) == 0;
}

static const char step[] = "step_";
static const char maintenance[] = "maintenance_";

static bool begins_with(const char *name, const char *start)
{
  return strncmp(name, start, strlen(start)) == 0;
}

/* Else it is a parameter of the model, from the design of the problem. */
static bool is_of_regimen(const regimen_variable *v)
{
  return begins_with(v->name, step) || begins_with(v->name, maintenance);
}

void words_variable(const regimen_variable *v, char out[WORDS_SIZE])
{
  if (!is_of_regimen(v)) {
    snprintf(out, WORDS_SIZE, "%s", v->name);
  } else if (begins_with(v->name, step)) {
    const char *number = v->name + sizeof step - 1;
    snprintf(out, WORDS_SIZE, "%s of step %.*s", strcmp(v->unit, "day") == 0 ? "day" : "dose",
             (int)strcspn(number, "_"), number);
  } else if (ends_in(v->name, "_first_day")) {
    snprintf(out, WORDS_SIZE, "first day of maintenance");
  } else if (ends_in(v->name, "_every_days")) {
    snprintf(out, WORDS_SIZE, "interval of maintenance");
  } else {
    snprintf(out, WORDS_SIZE, "maintenance dose");
  }
}

void words_value(const regimen_variable *v, double value, char out[WORDS_SIZE])
{
  char number[NUMBER_TEXT_SIZE];
  number_format_rounded(value, 4, number);
  if (!is_of_regimen(v) || strcmp(v->unit, "day") != 0) {
    snprintf(out, WORDS_SIZE, "%s %s", number, v->unit);
  } else if (ends_in(v->name, "_every_days")) {
    snprintf(out, WORDS_SIZE, "%s days", number);
  } else {
    snprintf(out, WORDS_SIZE, "day %s", number);
  }
}

void words_left(double percent_left, char out[WORDS_SIZE])
{
  const char *over = percent_left < 0 ? "over by " : "";
  double size = fabs(percent_left);
  if (percent_left < -100) {
    char times[NUMBER_TEXT_SIZE];
    number_format_rounded(1 - percent_left / 100, 3, times);
    snprintf(out, WORDS_SIZE, "%s x the limit", times);
  } else if (size > 0 && size < 0.1) {
    snprintf(out, WORDS_SIZE, "%s<0.1 %%", over);
  } else {
    snprintf(out, WORDS_SIZE, "%s%.1f %%", over, size);
  }
}

void words_percent(double percent, char out[WORDS_SIZE])
{
  double left = 100 - fabs(percent);
  int decimals = 2;
  if (!isfinite(percent)) {
    snprintf(out, WORDS_SIZE, "-");
    return;
  }
  if (left >= 10 || left <= 0) {
    number_format_rounded(percent, 4, out);
    return;
  }
  for (double place = 0.01; left < place && decimals < 9; place /= 10) {
    decimals++;
  }
  snprintf(out, WORDS_SIZE, "%.*f", decimals, percent);
}

void words_goal_value(const goal *g, double value, char out[WORDS_SIZE])
{
  if (g->measure == MEASURE_CHANGE_PERCENT_AT_DAY) {
    words_percent(value, out);
  } else {
    number_format_rounded(value, 4, out);
  }
}

const char *words_route_meaning(route r) { return route_meanings[r]; }

void words_route(const schedule *all, char out[WORDS_SIZE])
{
  schedule engager;
  schedule_of_engager(all, &engager);
  const schedule *s = &engager;
  const dose *first = &s->doses[0];
  bool timed = s->n_doses > 0 && first->route == ROUTE_IV;
  for (int i = 1; i < s->n_doses; i++) {
    timed = timed && number_same(s->doses[i].duration_days, first->duration_days);
  }
  if (timed) {
    snprintf(out, WORDS_SIZE, "%s over %g h", route_word(first->route), first->duration_days * 24);
  } else {
    snprintf(out, WORDS_SIZE, "%s", s->n_doses > 0 ? route_word(first->route) : "-");
  }
}

void words_name(const char *name, size_t width, char out[WORDS_SIZE])
{
  bool whole = strlen(name) <= width;
  snprintf(out, WORDS_SIZE, "%.*s%s", (int)(whole ? width : width - 3), name, whole ? "" : "...");
}

void words_design(const stepdose_problem *problem, const double *design, char out[WORDS_SIZE])
{
  size_t used = 0;
  out[0] = 0;
  for (int i = 0; i < problem->n_design && used < WORDS_SIZE; i++) {
    char number[NUMBER_TEXT_SIZE];
    number_format_rounded(design[i], 3, number);
    int length = snprintf(out + used, WORDS_SIZE - used, "%s%s", i > 0 ? "/" : "", number);
    used += (size_t)(length > 0 ? length : 0);
  }
}

double words_day(double day) { return round(day * 1e4) / 1e4; }

typedef double dose_part(const dose *d);

static double part_amount(const dose *d) { return d->amount; }

static double part_day(const dose *d) { return words_day(d->day); }

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
static void list_parts(const schedule *s, double horizon_days, size_t width, dose_part *part,
                       char out[WORDS_SIZE])
{
  static const char more[] = "/...";
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
    i += taken;
    size_t behind = i < n ? sizeof more - 1 : 0;
    if (used + strlen(entry) + behind > width) {
      snprintf(out + used, WORDS_SIZE - used, "%s", used > 0 ? more : "...");
      return;
    }
    used += (size_t)snprintf(out + used, WORDS_SIZE - used, "%s", entry);
  }
}

void words_doses(const schedule *s, double horizon_days, size_t width, char out[WORDS_SIZE])
{
  schedule engager;
  schedule_of_engager(s, &engager);
  list_parts(&engager, horizon_days, width, part_amount, out);
}

void words_days(const schedule *s, double horizon_days, size_t width, char out[WORDS_SIZE])
{
  schedule engager;
  schedule_of_engager(s, &engager);
  list_parts(&engager, horizon_days, width, part_day, out);
}

static void schedule_of_route(const schedule *s, route r, schedule *given)
{
  given->n_doses = 0;
  for (int i = 0; i < s->n_doses; i++) {
    if (s->doses[i].route == r) {
      given->doses[given->n_doses++] = s->doses[i];
    }
  }
}

bool words_premedication(const schedule *s, double horizon_days, route drug, text *out)
{
  char amounts[WORDS_SIZE];
  char days[WORDS_SIZE];
  schedule given;
  schedule_of_route(s, drug, &given);
  if (given.n_doses == 0) {
    return false;
  }
  list_parts(&given, horizon_days, WORDS_SIZE / 2, part_amount, amounts);
  list_parts(&given, horizon_days, WORDS_SIZE / 2, part_day, days);
  text_append(out, "%s %s %s on days %s", route_word(drug), amounts, route_unit(drug), days);
  return true;
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
