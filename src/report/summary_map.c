/* The summary of a design map: a picture of the goal over one or two properties of the molecule,
 * and the best molecule with its regimen. */
#include "base/number.h"
#include "report/columns.h"
#include "report/ending.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, LABEL_WIDTH = 8, CELL_LEAST = 6, CELL_SIZE = 16, DOSES_WIDTH = 28 };

static bool is_feasible(const map_point *p)
{
  return p->status == MAP_VERIFIED || p->status == MAP_IN_SAMPLE_ONLY;
}

static const model_parameter *parameter_of(const study_map *m, int axis)
{
  int design = m->axis[axis].design;
  return &m->problem->model->parameters[m->problem->design[design].parameter];
}

static const char *name_of(const study_map *m, int axis)
{
  return m->problem->design[m->axis[axis].design].name;
}

/* --- the goal in a cell ----------------------------------------------------------------------- */

typedef struct goal_range {
  double low, high;
  int decimals; /* enough to tell its ends apart */
} goal_range;

static goal_range range_of(const study_map *m)
{
  goal_range r = {HUGE_VAL, -HUGE_VAL, 2};
  for (long i = 0; i < m->n_points; i++) {
    if (is_feasible(&m->point[i])) {
      r.low = fmin(r.low, m->point[i].goal);
      r.high = fmax(r.high, m->point[i].goal);
    }
  }
  double width = r.high - r.low;
  r.decimals = width >= 20 ? 1 : width >= 0.5 ? 2 : width >= 0.05 ? 3 : 4;
  return r;
}

static void exception_cell(const map_point *p, char out[CELL_SIZE])
{
  if (p->status == MAP_INFEASIBLE && p->blocking >= 0) {
    snprintf(out, CELL_SIZE, "L%d ", p->blocking + 1);
  } else {
    snprintf(out, CELL_SIZE, "%s ",
             p->status == MAP_INFEASIBLE ? "rule"
             : p->status == MAP_FAILED   ? "fail"
                                         : "...");
  }
}

static void number_cell(const study_map *m, long i, const goal_range *r, char out[CELL_SIZE])
{
  const map_point *p = &m->point[i];
  const char *mark = i == m->best ? "*" : p->status == MAP_IN_SAMPLE_ONLY ? "~" : " ";
  if (is_feasible(p)) {
    snprintf(out, CELL_SIZE, "%.*f%s", r->decimals, p->goal, mark);
  } else {
    exception_cell(p, out);
  }
}

/* One character: tenths of the range of the goal, or the letter of the blocking limit. */
static char symbol(const study_map *m, long i, const goal_range *r)
{
  const map_point *p = &m->point[i];
  if (i == m->best && is_feasible(p)) {
    return '*';
  }
  if (is_feasible(p)) {
    double share = r->high > r->low ? (p->goal - r->low) / (r->high - r->low) : 1;
    return (char)('0' + (int)fmin(9, floor(10 * share)));
  }
  if (p->status == MAP_INFEASIBLE) {
    return p->blocking >= 0 ? (char)('a' + p->blocking) : 'R';
  }
  return p->status == MAP_FAILED ? '!' : '.';
}

/* --- the picture of two axes ------------------------------------------------------------------ */

static int cell_width(const study_map *m)
{
  return (COLUMNS_PAGE - INDENT - LABEL_WIDTH - 3) / m->axis[0].n;
}

static bool shows_numbers(const study_map *m) { return cell_width(m) > CELL_LEAST; }

static void append_label(text *out, double value)
{
  char number[NUMBER_TEXT_SIZE];
  number_format_rounded(value, 3, number);
  text_append_repeat(out, ' ', INDENT);
  text_append(out, "%*s |", LABEL_WIDTH, number);
}

static void append_row(const study_map *m, int row, const goal_range *r, text *out)
{
  int width = cell_width(m) < CELL_LEAST + 3 ? cell_width(m) : CELL_LEAST + 3;
  append_label(out, m->axis[1].value[row]);
  for (int i = 0; i < m->axis[0].n; i++) {
    long point = i + (long)m->axis[0].n * row;
    char cell[CELL_SIZE];
    if (shows_numbers(m)) {
      number_cell(m, point, r, cell);
      text_append(out, "%*s", width, cell);
    } else {
      text_append(out, " %c", symbol(m, point, r));
    }
  }
  text_append(out, "\n");
}

static void append_foot(const study_map *m, text *out)
{
  int width = cell_width(m) < CELL_LEAST + 3 ? cell_width(m) : CELL_LEAST + 3;
  int page = shows_numbers(m) ? width * m->axis[0].n : 2 * m->axis[0].n;
  text_append_repeat(out, ' ', INDENT + LABEL_WIDTH + 1);
  text_append(out, "+");
  text_append_repeat(out, '-', page);
  text_append(out, "\n");
  text_append_repeat(out, ' ', INDENT + LABEL_WIDTH + 2);
  char number[NUMBER_TEXT_SIZE];
  if (!shows_numbers(m)) {
    char last[NUMBER_TEXT_SIZE];
    number_format_rounded(m->axis[0].value[0], 3, number);
    number_format_rounded(m->axis[0].value[m->axis[0].n - 1], 3, last);
    text_append(out, " %s%*s\n", number, page - 1 - (int)strlen(number), last);
    return;
  }
  for (int i = 0; i < m->axis[0].n; i++) {
    number_format_rounded(m->axis[0].value[i], 3, number);
    text_append(out, "%*s ", width - 1, number);
  }
  text_append(out, "\n");
}

static void append_picture(const study_map *m, text *out)
{
  goal_range r = range_of(m);
  text_append(out, "across: %s (%s); upwards: %s (%s)\n\n", name_of(m, 0), parameter_of(m, 0)->unit,
              name_of(m, 1), parameter_of(m, 1)->unit);
  for (int row = m->axis[1].n - 1; row >= 0; row--) {
    append_row(m, row, &r, out);
  }
  append_foot(m, out);
}

/* --- the list of one axis --------------------------------------------------------------------- */

static void list_row(columns *t, const study_map *m, long i, const goal_range *r)
{
  const map_point *p = &m->point[i];
  double horizon = m->problem->horizon_days;
  char list[WORDS_SIZE];
  char cell[CELL_SIZE];
  columns_row(t);
  number_format_rounded(m->axis[0].value[i], 4, list);
  columns_add(t, "%s", list);
  number_cell(m, i, r, cell);
  columns_add(t, "%s", cell);
  words_doses(&p->doses, horizon, DOSES_WIDTH, list);
  columns_add(t, "%s", list);
  words_days(&p->doses, horizon, DOSES_WIDTH, list);
  columns_add(t, "%s", list);
  columns_add_number(t, schedule_total_mg(&p->doses), 4);
}

static void append_list(const study_map *m, text *out)
{
  goal_range r = range_of(m);
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "%s (%s)", name_of(m, 0), parameter_of(m, 0)->unit);
  columns_add(t, "goal ");
  columns_add(t, "doses (%s)", route_unit(m->problem->regimen.route));
  columns_add(t, "days");
  columns_add(t, "mg");
  for (long i = 0; i < m->n_points; i++) {
    list_row(t, m, i, &r);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

/* --- what it means ---------------------------------------------------------------------------- */

static void append_blocking(const study_map *m, bool numbers, text *out)
{
  for (int k = 0; k < m->problem->n_limits; k++) {
    bool blocks = false;
    for (long i = 0; i < m->n_points; i++) {
      blocks = blocks || (m->point[i].status == MAP_INFEASIBLE && m->point[i].blocking == k);
    }
    char name[WORDS_SIZE];
    char sign[CELL_SIZE];
    words_limit(&m->problem->limits[k], name);
    snprintf(sign, sizeof sign, numbers ? "  L%d" : "  %c", numbers ? k + 1 : 'a' + k);
    if (blocks) {
      words_line(out, sign, "no regimen that was tried keeps every limit; exceeded most: %s", name);
    }
  }
}

static void append_legend(const study_map *m, text *out)
{
  bool numbers = m->n_axes < 2 || shows_numbers(m);
  char range[WORDS_SIZE];
  goal_range r = range_of(m);
  text_append(out, "\n");
  if (m->feasible) {
    words_line(out, "  *", "the best molecule");
  }
  if (!numbers && m->feasible) {
    snprintf(range, sizeof range, "%.*f to %.*f", r.decimals, r.low, r.decimals, r.high);
    words_line(out, "  0 ... 9", "goal in tenths from %s", range);
  }
  if (study_map_count(m, MAP_IN_SAMPLE_ONLY) > 0 && numbers) {
    words_line(out, "  ~", "a limit is exceeded by a hair at the tighter tolerance");
  }
  append_blocking(m, numbers, out);
  if (study_map_count(m, MAP_UNFINISHED) > 0) {
    words_line(out, numbers ? "  ..." : "  .", "not searched yet");
  }
}

static void append_counts(const report_run *run, const study_map *m, text *out)
{
  char all[WORDS_SIZE];
  char evaluations[WORDS_SIZE];
  char failed[WORDS_SIZE];
  words_count(m->n_points, "molecule", all);
  words_count(m->evaluations, "evaluation", evaluations);
  words_count(m->failures, "failed simulation", failed);
  words_line(out, "Result", "%s: %ld of %s have a regimen that keeps every limit%s",
             stepdose_status_name(run->status), study_map_count(m, MAP_VERIFIED), all,
             m->problem->n_limits > 0 ? ", verified" : "");
  if (study_cut_short(m->end)) {
    words_line(out, "Next", "the same command goes on from here");
  }
  words_line(out, "Search", "%s, %s; a bounded search at each point: a better regimen may exist",
             evaluations, failed);
}

void summary_map(const report_run *run, const study_map *m, text *out)
{
  char words[WORDS_SIZE];
  summary_question(m->problem, out);
  append_counts(run, m, out);
  words_measure(&m->problem->goal, words);
  text_append(out, "\n%s the best %s (%s)\n",
              m->sampled ? "Molecules of a Latin hypercube:" : "Map of", words,
              problem_measures[m->problem->goal.measure].unit);
  if (m->sampled) {
    summary_map_sample(m, out);
  } else if (m->n_axes > 1) {
    append_picture(m, out);
  } else {
    append_list(m, out);
  }
  if (!m->sampled) {
    append_legend(m, out);
  }
  if (m->best >= 0) {
    report_regimen best = {&m->doses, &m->searched, &m->verified, &m->samples,
                           m->point[m->best].design};
    text_append(out, "\n%s, %s\n", m->feasible ? "Best molecule" : "Least violating molecule",
                words_route_meaning(m->problem->regimen.route));
    summary_regimen(run, &best, out);
  }
  summary_warnings(m->problem, out);
  if (m->best >= 0) {
    summary_bounds(m->n_bounds, m->bound, true, out);
  }
  summary_end(out);
}
