/* The summary of a sensitivity study: for each output the inputs that move it most, how sure that
 * is, and what to be careful about. */
#include "base/allocate.h"
#include "base/number.h"
#include "report/columns.h"
#include "report/ending.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, FACTORS_SHOWN = 8, OUTPUTS_SHOWN = 12, NAME_WIDTH = 34 };

/* --- order ------------------------------------------------------------------------------------ */

typedef struct ranked {
  int factor;
  double size;
} ranked;

static int larger_first(const void *a, const void *b)
{
  const ranked *x = a;
  const ranked *y = b;
  if (x->size != y->size) {
    return x->size > y->size ? -1 : 1;
  }
  return x->factor - y->factor;
}

static int last_stage(const sensitivity_study *s)
{
  return s->found.n_stages > 0 ? s->found.n_stages - 1 : 0;
}

/* Factors of an output, the most important first; those without a value last. */
static void rank(const sensitivity_study *s, int output, ranked *order)
{
  for (int f = 0; f < sensitivity_factors(s); f++) {
    const double value = sensitivity_importance(s, last_stage(s), output, f).value;
    order[f] = (ranked){f, isfinite(value) ? fabs(value) : -1};
  }
  qsort(order, (size_t)sensitivity_factors(s), sizeof *order, larger_first);
}

/* --- tables ----------------------------------------------------------------------------------- */

static void add_interval(columns *t, const sensitivity_index *index)
{
  char low[NUMBER_TEXT_SIZE];
  char high[NUMBER_TEXT_SIZE];
  number_format_rounded(index->low, 2, low);
  number_format_rounded(index->high, 2, high);
  columns_add(t, isfinite(index->low) ? "%s to %s" : "-", low, high);
}

static void morris_row(columns *t, const sensitivity_study *s, int output, int factor)
{
  const int stage = last_stage(s);
  const sensitivity_index star = *morris_at(&s->found, stage, output, MORRIS_MU_STAR, factor);
  columns_add_number(t, star.value, 3);
  add_interval(t, &star);
  columns_add_number(t, morris_at(&s->found, stage, output, MORRIS_MU, factor)->value, 3);
  columns_add_number(t, morris_at(&s->found, stage, output, MORRIS_SIGMA, factor)->value, 3);
}

static void sobol_row(columns *t, const sensitivity_study *s, int output, int factor)
{
  const int stage = last_stage(s);
  const sensitivity_index total = *sobol_total_at(&s->found, stage, output, factor);
  const sensitivity_index first = *sobol_first_at(&s->found, stage, output, factor);
  columns_add_number(t, total.value, 3);
  add_interval(t, &total);
  columns_add_number(t, first.value, 3);
  add_interval(t, &first);
}

static void local_row(columns *t, const sensitivity_study *s, int output, int factor)
{
  const sensitivity_slope *slope = &s->slope[output * s->n_inputs + factor];
  columns_add_number(t, slope->swing, 3);
  columns_add_number(t, slope->scaled, 3);
  columns_add_number(t, slope->plain, 3);
}

typedef void add_row(columns *t, const sensitivity_study *s, int output, int factor);

static const struct {
  add_row *add;
  const char *heads[4];
} tables[SENSITIVITY_METHOD_COUNT] = {
    [SENSITIVITY_LOCAL] = {local_row, {"over its range", "a decade", "a unit"}},
    [SENSITIVITY_MORRIS] = {morris_row, {"mu*", "95 % interval", "mu", "sigma"}},
    [SENSITIVITY_SOBOL] = {sobol_row, {"total", "95 % interval", "first", "95 % interval"}},
};

static void write_table(const sensitivity_study *s, int output, const ranked *order, text *out)
{
  const sensitivity_study_method method = s->settings->method;
  const int n = sensitivity_factors(s);
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, s->settings->by_group ? "group" : "input");
  for (int c = 0; c < 4 && tables[method].heads[c] != NULL; c++) {
    columns_add(t, "%s", tables[method].heads[c]);
  }
  for (int i = 0; i < n && i < FACTORS_SHOWN; i++) {
    char name[WORDS_SIZE];
    words_name(sensitivity_factor_name(s, order[i].factor), NAME_WIDTH, name);
    columns_row(t);
    columns_add(t, "%s", name);
    tables[method].add(t, s, output, order[i].factor);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

void summary_sensitivity_output(const stepdose_problem *problem, const char *name,
                                char words[SENSITIVITY_WORDS_SIZE])
{
  static const char key[] = "limit_";
  char limit_words[WORDS_SIZE];
  double number = 0;
  const char *at = strstr(name, key);
  snprintf(words, SENSITIVITY_WORDS_SIZE, "%.110s", name);
  if (at != NULL && number_parse(at + sizeof key - 1, &number) && number >= 1 &&
      number <= problem->n_limits) {
    words_limit(&problem->limits[(int)number - 1], limit_words);
    snprintf(words, SENSITIVITY_WORDS_SIZE, "%.110s, %s", name, limit_words);
  }
}

static void write_heading(const sensitivity_study *s, int output, text *out)
{
  const sensitivity_output *o = &s->output[output];
  char value[NUMBER_TEXT_SIZE];
  char words[SENSITIVITY_WORDS_SIZE];
  number_format_rounded(s->reference[output], 3, value);
  summary_sensitivity_output(s->problem, o->name, words);
  text_append(out, "\n%s: %s %s at the problem's own values", words, value, o->unit);
  if (s->settings->method == SENSITIVITY_SOBOL) {
    char mean[NUMBER_TEXT_SIZE];
    char sd[NUMBER_TEXT_SIZE];
    char sum[NUMBER_TEXT_SIZE];
    const int stage = last_stage(s);
    const sensitivity_outcome *f = &s->found;
    number_format_rounded(sobol_output_at(f, stage, output, SOBOL_MEAN)->value, 3, mean);
    number_format_rounded(sqrt(sobol_output_at(f, stage, output, SOBOL_VARIANCE)->value), 3, sd);
    number_format_rounded(sobol_output_at(f, stage, output, SOBOL_FIRST_SUM)->value, 2, sum);
    text_append(out,
                ";\n  over the ranges mean %s, standard deviation %s; first order indices "
                "sum to %s",
                mean, sd, sum);
  }
  text_append(out, "\n");
}

static void write_outputs(const sensitivity_study *s, text *out)
{
  ranked *order = allocate_zeroed((size_t)sensitivity_factors(s), sizeof *order);
  if (order == NULL) {
    out->failed = true;
    return;
  }
  for (int k = 0; k < s->n_outputs && k < OUTPUTS_SHOWN; k++) {
    rank(s, k, order);
    write_heading(s, k, out);
    write_table(s, k, order, out);
  }
  if (s->n_outputs > OUTPUTS_SHOWN) {
    text_append(out, "\n%d further outputs: sensitivity.csv\n", s->n_outputs - OUTPUTS_SHOWN);
  }
  release(order);
}

/* --- words ------------------------------------------------------------------------------------ */

static void write_method(const report_run *run, const sensitivity_study *s, text *out)
{
  const sensitivity_settings *settings = s->settings;
  char patients[2 * WORDS_SIZE] = "the reference patient";
  if (s->n_patients > 0) {
    snprintf(patients, sizeof patients,
             "the reference patient and %d virtual ones, the same in all", s->n_patients);
  }
  words_line(out, "Result", "%s: %s", stepdose_status_name(run->status),
             run->status == STEPDOSE_STATUS_INTERRUPTED
                 ? "stopped on request; what follows is from the samples that were complete"
                 : stepdose_status_meaning(run->status));
  if (settings->method == SENSITIVITY_LOCAL) {
    words_line(out, "Method", "local: derivatives in the reference patient, %ld simulations",
               s->simulations);
    return;
  }
  words_line(out, "Method", "%s: %ld of %ld samples, %ld runs of %s; %ld simulations over %g days",
             sensitivity_method_names[settings->method], s->found.rows, settings->samples,
             s->found.runs, patients, s->simulations, s->horizon_days);
  words_line(out, "Failed", "%ld runs, %ld simulations%s%s", s->found.failures, s->failures,
             s->failures > 0 ? "; the first: " : "", s->first_failure);
}

static void write_inputs(const sensitivity_study *s, text *out)
{
  text list = {0};
  for (int g = 0; g < s->n_groups; g++) {
    int n = 0;
    for (int i = 0; i < s->n_inputs; i++) {
      n += s->input[i].group == g;
    }
    text_append(&list, "%s%d of group %s", g > 0 ? ", " : "", n, s->group[g]);
  }
  words_line(out, "Inputs", "%d: %s; their ranges stand in result.json", s->n_inputs,
             list.failed ? "" : list.bytes);
  out->failed = out->failed || list.failed;
  text_free(&list);
}

static void write_flag(const sensitivity_study *s, sensitivity_flag flag, text *out)
{
  const long n = sensitivity_count_flag(s, flag);
  if (n > 0) {
    words_line(out, "Careful", "%ld estimates are flagged %s: %s", n, sensitivity_flag_name(flag),
               sensitivity_flag_meaning(flag));
  }
}

/* The output whose indices moved most, as a share of the largest index. */
static void write_convergence(const sensitivity_study *s, text *out)
{
  double most = 0;
  int where = -1;
  for (int k = 0; k < s->n_outputs; k++) {
    double largest = 0;
    for (int f = 0; f < sensitivity_factors(s); f++) {
      largest = fmax(largest, sensitivity_importance(s, last_stage(s), k, f).value);
    }
    const double share = sensitivity_moved(s, k) / largest;
    if (isfinite(share) && share > most) {
      most = share;
      where = k;
    }
  }
  if (where >= 0) {
    words_line(out, "Samples",
               "from %ld to %ld samples no index moved by more than %.0f %% of the largest of its "
               "output (%s)",
               s->found.stage_rows[last_stage(s) - 1], s->found.rows, 100 * most,
               s->output[where].name);
  }
}

void summary_sensitivity(const report_run *run, const study_simulation *of, text *out)
{
  const sensitivity_study *s = run->sensitivity;
  char doses[WORDS_SIZE];
  char days[WORDS_SIZE];
  summary_question(run->problem, out);
  words_doses(&s->doses, run->problem->horizon_days, WORDS_SIZE - 1, doses);
  words_days(&s->doses, run->problem->horizon_days, WORDS_SIZE - 1, days);
  words_line(out, "Regimen", "%s: %s %s on days %s", of->regimen_name, doses,
             route_unit(run->problem->regimen.route), days);
  write_method(run, s, out);
  write_inputs(s, out);
  if (s->settings->method != SENSITIVITY_LOCAL) {
    write_convergence(s, out);
#define X(id, bit, name, meaning) write_flag(s, SENSITIVITY_##id, out);
    SENSITIVITY_FLAGS(X)
#undef X
  }
  write_outputs(s, out);
  text_append(out, "\n");
  summary_warnings(run->problem, out);
  summary_end(out);
}
