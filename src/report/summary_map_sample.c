/* The summary of a Latin hypercube of molecules: its properties, and the best molecules. */
#include "base/number.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>

enum { INDENT = 2, LISTED_MAX = 10, DOSES_WIDTH = 28, FIXED_COLUMNS = 3 };

static bool keeps_limits(const map_point *p)
{
  return p->status == MAP_VERIFIED || p->status == MAP_IN_SAMPLE_ONLY;
}

static const design_variable *variable_of(const study_map *m, int axis)
{
  return &m->problem->design[m->axis[axis].design];
}

static void add_range(columns *t, double low, double high)
{
  char from[NUMBER_TEXT_SIZE];
  char to[NUMBER_TEXT_SIZE];
  number_format_rounded(low, 3, from);
  number_format_rounded(high, 3, to);
  if (low <= high) {
    columns_add(t, "%s to %s", from, to);
  } else {
    columns_add(t, "-");
  }
}

static void append_properties(const study_map *m, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "property");
  columns_add(t, "unit");
  columns_add(t, "range");
  columns_add(t, "with a regimen");
  columns_add(t, "rank correlation with the goal");
  for (int k = 0; k < m->n_axes; k++) {
    const design_variable *d = variable_of(m, k);
    double low = INFINITY, high = -INFINITY;
    for (long i = 0; i < m->n_points; i++) {
      const double value = m->at[i * m->n_axes + k];
      low = keeps_limits(&m->point[i]) ? fmin(low, value) : low;
      high = keeps_limits(&m->point[i]) ? fmax(high, value) : high;
    }
    columns_row(t);
    columns_add(t, "%s", d->name);
    columns_add(t, "%s", m->problem->model->parameters[d->parameter].unit);
    add_range(t, d->values.low, d->values.high);
    add_range(t, low, high);
    columns_add_number(t, m->axis[k].influence, 2);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

/* The best molecule of those that come after another one; -1: there is none. */
static long next_best(const study_map *m, long after)
{
  long best = -1;
  for (long i = 0; i < m->n_points; i++) {
    const double found = m->point[i].goal;
    const bool later =
        after < 0 || found < m->point[after].goal || (found == m->point[after].goal && i > after);
    if (keeps_limits(&m->point[i]) && later && (best < 0 || found > m->point[best].goal)) {
      best = i;
    }
  }
  return best;
}

static void list_head(columns *t, const study_map *m)
{
  columns_row(t);
  columns_add(t, "molecule");
  columns_add(t, "goal");
  columns_add(t, "doses (%s)", route_unit(m->problem->regimen.route));
  for (int k = 0; k < m->n_axes; k++) {
    columns_add(t, "%s", variable_of(m, k)->name);
  }
}

static void list_row(columns *t, const study_map *m, long i)
{
  char doses[WORDS_SIZE];
  const map_point *p = &m->point[i];
  words_doses(&p->doses, m->problem->horizon_days, DOSES_WIDTH, doses);
  columns_row(t);
  columns_add(t, "%ld%s", i + 1, p->status == MAP_IN_SAMPLE_ONLY ? " ~" : "");
  columns_add_number(t, p->goal, 4);
  columns_add(t, "%s", doses);
  for (int k = 0; k < m->n_axes; k++) {
    columns_add_number(t, m->at[i * m->n_axes + k], 3);
  }
}

static void append_list(const study_map *m, text *out)
{
  columns *t = columns_open();
  long i = next_best(m, -1);
  list_head(t, m);
  for (int n = 0; n < LISTED_MAX && i >= 0; n++) {
    list_row(t, m, i);
    i = next_best(m, i);
  }
  text_append(out, "\nThe best molecules\n");
  if (!columns_print(t, INDENT, out) || i >= 0 || FIXED_COLUMNS + m->n_axes > COLUMNS_MAX) {
    text_append(out, "  (all of them, with every property: design_map.csv)\n");
  }
  columns_free(t);
}

static long count_blocked(const study_map *m, int limit_number)
{
  long n = 0;
  for (long i = 0; i < m->n_points; i++) {
    n += m->point[i].status == MAP_INFEASIBLE && m->point[i].blocking == limit_number;
  }
  return n;
}

static void append_blocked(const study_map *m, text *out)
{
  char count[WORDS_SIZE];
  char name[WORDS_SIZE];
  text_append(out, "\n");
  for (int k = -1; k < m->problem->n_limits; k++) {
    const long n = count_blocked(m, k);
    words_count(n, "molecule", count);
    if (k >= 0) {
      words_limit(&m->problem->limits[k], name);
    }
    if (n > 0) {
      words_line(out, "Blocked",
                 "%s: no regimen that was tried keeps every limit; exceeded most: %s", count,
                 k >= 0 ? name : "a rule of the regimen");
    }
  }
  if (study_map_count(m, MAP_IN_SAMPLE_ONLY) > 0) {
    words_line(out, "  ~", "a limit is exceeded by a hair at the tighter tolerance");
  }
}

void summary_map_sample(const study_map *m, text *out)
{
  append_properties(m, out);
  if (m->feasible) {
    append_list(m, out);
  }
  append_blocked(m, out);
}
