/* Predictions of all rows: cases simulated, patients summed up. See evidence_predict.h. */
#include "study/evidence_predict.h"

#include "base/allocate.h"
#include "objectives/risk.h"
#include "study/evidence_run.h"

#include <math.h>
#include <stdlib.h>

/* Allows for the rounding of a sum of weights. */
static const double rounding = 1e-12;

#define NORMAL_95 1.959963984540054 /* half of a 95 % interval, in standard errors */

typedef struct evidence_engine {
  const model *model;
  cohort_engine *cohort;
} evidence_engine;

struct evidence_predictor {
  const evidence *e;
  evidence_predictor_settings settings;
  int n_engines;
  evidence_engine engine[EVIDENCE_CASES_MAX];
  bool used[EVIDENCE_CASES_MAX];
  evidence_run run[EVIDENCE_CASES_MAX];
  weighted_value *scratch; /* (most patients of a case) */
  long simulated;
};

/* --- opening ---------------------------------------------------------------------------------- */

static cohort_engine *engine_of(evidence_predictor *p, const model *m, stepdose_error *error)
{
  for (int i = 0; i < p->n_engines; i++) {
    if (p->engine[i].model == m) {
      return p->engine[i].cohort;
    }
  }
  cohort_engine *opened = cohort_engine_open(m, p->settings.threads, 0, error);
  if (opened != NULL) {
    p->engine[p->n_engines++] = (evidence_engine){m, opened};
  }
  return opened;
}

static bool open_case(evidence_predictor *p, int i, stepdose_error *error)
{
  const stepdose_problem *problem = p->e->cases[i].problem;
  const uint64_t seed = p->settings.has_seed ? p->settings.seed : problem->population_seed;
  cohort_engine *engine = engine_of(p, problem->model, error);
  return engine != NULL && evidence_run_open(&p->run[i], p->e, i, engine, seed, error);
}

static bool open_cases(evidence_predictor *p, stepdose_error *error)
{
  int most = 1;
  for (int i = 0; i < p->e->n_cases; i++) {
    p->used[i] = p->settings.case_used == NULL || p->settings.case_used[i];
    if (p->used[i] && !open_case(p, i, error)) {
      return false;
    }
    most = p->used[i] && p->run[i].n_patients > most ? p->run[i].n_patients : most;
  }
  p->scratch = allocate_zeroed((size_t)most, sizeof *p->scratch);
  return p->scratch != NULL || error_no_memory(error, "predicting evidence");
}

evidence_predictor *evidence_predictor_open(const evidence *e,
                                            const evidence_predictor_settings *settings,
                                            stepdose_error *error)
{
  evidence_predictor *p = allocate_zeroed(1, sizeof *p);
  if (p == NULL) {
    error_no_memory(error, "predicting evidence");
    return NULL;
  }
  p->e = e;
  p->settings = *settings;
  if (!open_cases(p, error)) {
    evidence_predictor_close(p);
    return NULL;
  }
  return p;
}

void evidence_predictor_close(evidence_predictor *p)
{
  if (p == NULL) {
    return;
  }
  for (int i = 0; i < p->e->n_cases; i++) {
    evidence_run_close(&p->run[i]);
  }
  for (int i = 0; i < p->n_engines; i++) {
    cohort_engine_close(p->engine[i].cohort);
  }
  release(p->scratch);
  release(p);
}

const stepdose_error *evidence_predictor_failure(const evidence_predictor *p)
{
  for (int i = 0; i < p->e->n_cases; i++) {
    if (p->used[i] && p->run[i].first_error.code != STEPDOSE_OK) {
      return &p->run[i].first_error;
    }
  }
  return NULL;
}

long evidence_predictor_simulated(const evidence_predictor *p) { return p->simulated; }

/* --- from patients to a number ---------------------------------------------------------------- */

static double on_scale(evidence_scale scale, double value)
{
  return scale == EVIDENCE_LOG10 ? log10(value) : value;
}

static double from_scale(evidence_scale scale, double value)
{
  return scale == EVIDENCE_LOG10 ? pow(10, value) : value;
}

/* Around a value with a known standard error on its scale. */
static void set_interval(evidence_scale scale, evidence_prediction *out)
{
  const double centre = on_scale(scale, out->value);
  out->low = from_scale(scale, centre - NORMAL_95 * out->se);
  out->high = from_scale(scale, centre + NORMAL_95 * out->se);
}

static void reference_value(const evidence_run *run, const evidence_row *row,
                            evidence_prediction *out)
{
  out->value = evidence_run_value(run, row, run->n_patients);
  out->patients = !isnan(out->value);
  out->se = out->patients > 0 ? 0 : (double)NAN;
  out->low = out->high = out->value;
}

/* Values of the patients who count; returns how many. */
static int collect(const evidence_run *run, const evidence_row *row, weighted_value *values)
{
  int n = 0;
  for (int i = 0; i < run->n_patients; i++) {
    const double value = evidence_run_value(run, row, i);
    if (!isnan(value)) {
      values[n++] = (weighted_value){value, run->weight[i]};
    }
  }
  return n;
}

/* Sum of the weights, and how many patients of equal weight they are worth. */
static double total_weight(int n, const weighted_value *values, double *effective)
{
  double sum = 0, squares = 0;
  for (int i = 0; i < n; i++) {
    sum += values[i].weight;
    squares += values[i].weight * values[i].weight;
  }
  *effective = sum * sum / squares;
  return sum;
}

static void mean_value(evidence_scale scale, int n, const weighted_value *values,
                       evidence_prediction *out)
{
  double effective = 0, squares = 0;
  const double total = total_weight(n, values, &effective);
  out->value = risk_mean(n, values);
  for (int i = 0; i < n; i++) {
    const double off = values[i].weight * (values[i].value - out->value);
    squares += off * off;
  }
  out->se = effective > 1 ? sqrt(squares * effective / (effective - 1)) / total : (double)NAN;
  out->se /= scale == EVIDENCE_LOG10 ? out->value * log(10) : 1;
  set_interval(scale, out);
}

/* A share of patients lies between none and all. */
static void keep_to_shares(const evidence_row *row, evidence_prediction *out)
{
  if (row->endpoint == EVIDENCE_CRS_PROBABILITY || row->endpoint == EVIDENCE_RESPONSE) {
    out->low = fmax(out->low, 0);
    out->high = fmin(out->high, 1);
  }
}

static int by_value(const void *a, const void *b)
{
  const double x = ((const weighted_value *)a)->value, y = ((const weighted_value *)b)->value;
  return (x > y) - (x < y);
}

/* Of sorted values the smallest with at least this share of the weight up to it. */
static double value_at(int n, const weighted_value *sorted, double total, double share)
{
  double up_to = sorted[0].weight;
  int i = 0;
  while (i + 1 < n && up_to < (share - rounding) * total) {
    up_to += sorted[++i].weight;
  }
  return sorted[i].value;
}

/* The interval of a quantile is that of its rank, which is binomial. */
static void quantile_value(evidence_scale scale, double share, int n, weighted_value *values,
                           evidence_prediction *out)
{
  double effective = 0;
  const double total = total_weight(n, values, &effective);
  const double spread = NORMAL_95 * sqrt(share * (1 - share) / effective);
  out->value = out->se = out->low = out->high = NAN;
  if (n == 0) {
    return;
  }
  qsort(values, (size_t)n, sizeof *values, by_value);
  out->value = value_at(n, values, total, share);
  out->low = value_at(n, values, total, share - spread);
  out->high = value_at(n, values, total, share + spread);
  out->se = (on_scale(scale, out->high) - on_scale(scale, out->low)) / (2 * NORMAL_95);
}

/* Without the ratio. */
static void predict_quantity(evidence_predictor *p, const evidence_row *row,
                             evidence_prediction *out)
{
  const evidence_run *run = &p->run[row->of_case];
  const evidence_scale scale = evidence_endpoints[row->endpoint].scale;
  const double share = evidence_statistics[row->statistic].share;
  *out = (evidence_prediction){NAN, NAN, NAN, NAN, 0, 0};
  if (!p->used[row->of_case]) {
    return;
  }
  out->failures = evidence_run_failures(run);
  if (row->statistic == EVIDENCE_REFERENCE) {
    reference_value(run, row, out);
    return;
  }
  out->patients = collect(run, row, p->scratch);
  if (isnan(share)) {
    mean_value(scale, out->patients, p->scratch, out);
    keep_to_shares(row, out);
  } else {
    quantile_value(scale, share, out->patients, p->scratch, out);
  }
}

static double decades(const evidence_row *row, const evidence_prediction *of)
{
  return evidence_endpoints[row->endpoint].scale == EVIDENCE_LOG10 ? of->se
                                                                   : of->se / (of->value * log(10));
}

/* Nothing to do for a row that is none. Errors of the two are taken for independent: too wide where
 * the same patients are in both. */
static void predict_ratio(evidence_predictor *p, const evidence_row *row, evidence_prediction *out)
{
  evidence_row other;
  evidence_prediction below;
  if (!evidence_divisor(p->e, row, &other)) {
    return;
  }
  predict_quantity(p, &other, &below);
  out->se = hypot(decades(row, out), decades(&other, &below));
  out->value /= below.value;
  out->failures += row->of_case != other.of_case ? below.failures : 0;
  out->patients = out->patients < below.patients ? out->patients : below.patients;
  set_interval(EVIDENCE_LOG10, out);
}

/* --- running ---------------------------------------------------------------------------------- */

static bool run_cases(evidence_predictor *p, const double *values, stepdose_error *error)
{
  progress_stage(p->settings.progress, "predicting", p->e->n_cases);
  for (int i = 0; i < p->e->n_cases; i++) {
    bool anew = false;
    if (progress_stopped(p->settings.progress)) {
      return error_set(error, STEPDOSE_LIMIT_REACHED, "run the same command again",
                       "stopped after %d of %d cases", i, p->e->n_cases);
    }
    if (p->used[i] && !evidence_run_simulate(&p->run[i], values, &anew, error)) {
      return false;
    }
    p->simulated += anew;
    progress_step(p->settings.progress, 1);
  }
  return true;
}

bool evidence_predictor_run(evidence_predictor *p, const double *values, evidence_prediction *out,
                            stepdose_error *error)
{
  if (!run_cases(p, values, error)) {
    return false;
  }
  for (int i = 0; i < p->e->n_rows; i++) {
    const evidence_row *row = &p->e->rows[i];
    predict_quantity(p, row, &out[i]);
    predict_ratio(p, row, &out[i]);
  }
  return true;
}

double evidence_error(const evidence_row *row, const evidence_prediction *predicted)
{
  const double off = on_scale(row->scale, predicted->value) - on_scale(row->scale, row->observed);
  const bool right_side =
      (row->bound == EVIDENCE_AT_MOST && off <= 0) || (row->bound == EVIDENCE_AT_LEAST && off >= 0);
  return right_side ? 0 : off;
}
