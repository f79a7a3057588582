/* Predictions of evidence: what a direct simulation of the same patients gives, whatever was asked
 * before and however many threads there are. */
#include "problem/evidence_text.h"

#include "base/allocate.h"
#include "objectives/objective.h"
#include "population/population.h"
#include "simulate/cohort.h"
#include "study/evidence_predict.h"

#include <math.h>
#include <stdlib.h>

enum { PATIENTS = 16 };

static evidence_predictor *open_predictor(const evidence *e, int threads)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const evidence_predictor_settings settings = {.threads = threads};
  evidence_predictor *p = evidence_predictor_open(e, &settings, &error);
  cr_assert_not_null(p, "%s", error.message);
  return p;
}

static void run(evidence_predictor *p, const double *values, evidence_prediction *out)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_assert(evidence_predictor_run(p, values, out, &error), "%s", error.message);
}

static void predict(const evidence *e, const double *values, evidence_prediction *out)
{
  evidence_predictor *p = open_predictor(e, 2);
  run(p, values, out);
  evidence_predictor_close(p);
}

static void expect_same(const evidence *e, const evidence_prediction *a,
                        const evidence_prediction *b, const char *what)
{
  for (int i = 0; i < e->n_rows; i++) {
    cr_expect(memcmp(&a[i].value, &b[i].value, sizeof(double)) == 0 &&
                  memcmp(&a[i].se, &b[i].se, sizeof(double)) == 0 &&
                  memcmp(&a[i].low, &b[i].low, sizeof(double)) == 0 &&
                  memcmp(&a[i].high, &b[i].high, sizeof(double)) == 0,
              "%s: %s: %.17g and %.17g", what, e->rows[i].name, a[i].value, b[i].value);
  }
}

/* --- a direct simulation ---------------------------------------------------------------------- */

typedef struct direct {
  double *parameters; /* (PATIENTS x n_parameters) */
  endpoints result[PATIENTS];
} direct;

static void simulate_case(const evidence_case *c, direct *out)
{
  const stepdose_problem *p = c->problem;
  const endpoint_request request = {.horizon_days = p->horizon_days,
                                    .last_days = p->horizon_days,
                                    .activated_above = ENDPOINT_ACTIVATED_ABOVE,
                                    .until_progression = true};
  const simulate_settings settings = simulate_settings_default();
  const cohort_call call = {.request = &request, .settings = &settings};
  stepdose_error error;
  cohort_report report;
  bool failed[PATIENTS];
  out->parameters = calloc((size_t)PATIENTS * (size_t)p->model->n_parameters, sizeof(double));
  population *people = population_open(p->population, p->model, p->population_seed, &error);
  cr_assert(people != NULL && population_draw(people, p->parameters, 0, PATIENTS, out->parameters,
                                              NULL, NULL, &error));
  cohort *patients = cohort_open(p->model, PATIENTS, out->parameters, &error);
  cohort_engine *engine = cohort_engine_open(p->model, 1, 0, &error);
  cr_assert(patients != NULL && engine != NULL);
  cr_assert(cohort_run(engine, patients, 0, PATIENTS, 1, &c->doses, &call, out->result, failed,
                       &report, &error) &&
            report.failures == 0);
  cohort_engine_close(engine);
  cohort_close(patients);
  population_close(people);
}

static double direct_probability(const evidence_case *c, const direct *d, int grade, int window)
{
  const model *m = c->problem->model;
  double sum = 0;
  for (int i = 0; i < PATIENTS; i++) {
    limit_value v[OBJECTIVE_VALUES_MAX];
    limit l = {.kind = LIMIT_CRS_PROBABILITY,
               .window = window > 0 ? WINDOW_EACH_DOSE : WINDOW_COURSE,
               .grade = grade};
    problem_crs_coefficients(m, d->parameters + i * m->n_parameters, &l.crs);
    objective_limit_values(&l, &d->result[i], v);
    sum += v[window > 0 ? window - 1 : 0].value;
  }
  return sum / PATIENTS;
}

static int by_value(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The smallest value that at least half do not exceed. */
static double direct_median_peak(const direct *d)
{
  double il6[PATIENTS];
  for (int i = 0; i < PATIENTS; i++) {
    il6[i] = d->result[i].il6[0].value;
  }
  qsort(il6, PATIENTS, sizeof *il6, by_value);
  return il6[PATIENTS / 2 - 1];
}

static void expect_near(double found, double wanted, const char *what)
{
  cr_expect(fabs(found - wanted) <= 1e-12 * fabs(wanted), "%s: %.17g, expected %.17g", what, found,
            wanted);
}

Test(evidence_predict, predictions_are_those_of_a_direct_simulation)
{
  evidence_prediction out[SMALL_ROWS];
  direct *steps = calloc(1, sizeof *steps), *once = calloc(1, sizeof *once);
  evidence *e = evidence_of(evidence_small, 0);
  predict(e, NULL, out);
  simulate_case(&e->cases[0], steps);
  simulate_case(&e->cases[1], once);
  expect_near(out[ROW_ANY].value, direct_probability(&e->cases[0], steps, 1, 0), "any CRS");
  expect_near(out[ROW_BY_DOSE].value, direct_probability(&e->cases[0], steps, 2, 3), "by dose");
  expect_near(out[ROW_PEAK].value, direct_median_peak(once), "median peak");
  expect_near(out[ROW_RATIO].value, direct_median_peak(once) / direct_median_peak(steps), "ratio");
  cr_expect(out[ROW_ANY].patients == PATIENTS && out[ROW_ANY].failures == 0);
  cr_expect(out[ROW_DAY].patients == 1 && out[ROW_DAY].se == 0);
  free(steps->parameters);
  free(once->parameters);
  free(steps);
  free(once);
  evidence_free(e);
}

/* Read every 0.05 days by the predictor, every 0.001 days here. */
Test(evidence_predict, readings_on_days_are_those_of_the_course)
{
  enum { READINGS = 1001 };
  static double day[READINGS], value[READINGS * OUTPUTS_MAX];
  evidence_prediction out[SMALL_ROWS];
  char *bytes = evidence_changed("\"statistic\": \"p95\"", "\"statistic\": \"reference\"");
  evidence *e = evidence_of(bytes, 0);
  const stepdose_problem *p = e->cases[1].problem;
  trajectory course = {READINGS, day, value};
  endpoints ends;
  stepdose_error error;
  const endpoint_request request = {.horizon_days = 28, .last_days = 1, .activated_above = 0.3};
  const simulate_settings settings = simulate_settings_default();
  simulate_workspace *w = simulate_workspace_open(p->model, &error);
  for (int i = 0; i < READINGS; i++) {
    day[i] = i / 1000.0;
  }
  predict(e, NULL, out);
  cr_assert(w != NULL && simulate_patient(w, p->parameters, &e->cases[1].doses, &request, &settings,
                                          &ends, &course, &error));
  double mean = 0;
  for (int i = 0; i < READINGS; i++) {
    const double half = i == 0 || i == READINGS - 1 ? 0.5 : 1;
    mean += half * value[i * p->model->n_outputs + OUTPUT_IL6] / (READINGS - 1);
  }
  const double last = value[(READINGS - 1) * p->model->n_outputs + OUTPUT_IL6];
  cr_expect_float_eq(out[ROW_DAY].value / last, 1, 1e-6, "%g, %g", out[ROW_DAY].value, last);
  cr_expect_float_eq(out[ROW_MEAN].value / mean, 1, 0.01, "%g, %g", out[ROW_MEAN].value, mean);
  simulate_workspace_close(w);
  evidence_free(e);
  release(bytes);
}

/* --- the same whatever else ------------------------------------------------------------------- */

Test(evidence_predict, the_number_of_threads_does_not_matter)
{
  evidence_prediction one[SMALL_ROWS], more[SMALL_ROWS];
  evidence *e = evidence_of(evidence_small, 50);
  for (int threads = 1; threads <= 4; threads++) {
    evidence_predictor *p = open_predictor(e, threads);
    run(p, NULL, threads == 1 ? one : more);
    evidence_predictor_close(p);
    if (threads > 1) {
      expect_same(e, one, more, "threads");
    }
  }
  evidence_free(e);
}

static void leave_all(double values[SMALL_PARAMETERS])
{
  for (int i = 0; i < SMALL_PARAMETERS; i++) {
    values[i] = NAN;
  }
}

/* Cases simulated for one changed value: those whose patients it changes, and no other. */
Test(evidence_predict, only_cases_with_other_patients_are_simulated)
{
  static const struct {
    int parameter;
    double value;
    long cases;
  } changes[] = {{PARAMETER_TRIMERS, 100, 2},
                 {PARAMETER_ANCHOR, 0.2, 1},
                 {PARAMETER_SPREAD, 0.5, 2},
                 {PARAMETER_SLOPE, 3, 0}};
  evidence_prediction first[SMALL_ROWS], out[SMALL_ROWS], again[SMALL_ROWS], fresh[SMALL_ROWS];
  evidence *e = evidence_of(evidence_small, 0);
  evidence_predictor *p = open_predictor(e, 2);
  double values[SMALL_PARAMETERS];
  run(p, NULL, first);
  cr_expect_eq(evidence_predictor_simulated(p), 2);
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    const char *name = e->parameters[changes[i].parameter].name;
    leave_all(values);
    values[changes[i].parameter] = changes[i].value;
    const long before = evidence_predictor_simulated(p);
    run(p, values, out);
    cr_expect_eq(evidence_predictor_simulated(p) - before, changes[i].cases, "%s: %ld", name,
                 evidence_predictor_simulated(p) - before);
    cr_expect_neq(out[ROW_ANY].value, first[ROW_ANY].value, "%s has no effect", name);
    predict(e, values, fresh);
    expect_same(e, out, fresh, name);
    run(p, NULL, again);
    expect_same(e, first, again, name);
  }
  evidence_predictor_close(p);
  evidence_free(e);
}

/* Shipped intercepts: -10.2 of grade 1, -12.51 of grade 2. */
Test(evidence_predict, a_grade_is_never_more_probable_than_the_one_below)
{
  static const double intercepts[] = {-12, -10.2, -9, 0};
  char *bytes = evidence_changed("\"crs_slope_per_decade\", \"low\": 1, \"high\": 9",
                                 "\"crs_intercept_grade2\", \"low\": -50, \"high\": 0");
  evidence_prediction first[SMALL_ROWS], out[SMALL_ROWS];
  double values[SMALL_PARAMETERS], found[4];
  evidence *e = evidence_of(bytes, 0);
  evidence_predictor *p = open_predictor(e, 2);
  run(p, NULL, first);
  const long before = evidence_predictor_simulated(p);
  for (int i = 0; i < 4; i++) {
    leave_all(values);
    values[PARAMETER_SLOPE] = intercepts[i];
    run(p, values, out);
    found[i] = out[ROW_BY_DOSE].value;
  }
  cr_expect(first[ROW_BY_DOSE].value < found[0] && found[0] < found[1], "%g, %g, %g",
            first[ROW_BY_DOSE].value, found[0], found[1]);
  cr_expect(found[1] == found[2] && found[2] == found[3], "%g, %g, %g", found[1], found[2],
            found[3]);
  cr_expect_eq(evidence_predictor_simulated(p), before, "coefficients cost no simulation");
  evidence_predictor_close(p);
  evidence_free(e);
  release(bytes);
}

/* --- values ----------------------------------------------------------------------------------- */

/* What a value does is what the same number in the problem's files does. */
Test(evidence_predict, a_value_is_the_same_number_in_the_files)
{
  static const struct {
    int parameter;
    double value;
    const char *from, *to;
  } changes[] = {
      {PARAMETER_TRIMERS, 60, "\"horizon_days\": 28,",
       "\"horizon_days\": 28, \"parameters\": {\"cytokine_trimers\": "
       "{\"value\": 60, \"unit\": \"trimers\", \"source\": \"test\"}},"},
      {PARAMETER_SLOPE, 3, "\"horizon_days\": 28,",
       "\"horizon_days\": 28, \"parameters\": {\"crs_slope_per_decade\": "
       "{\"value\": 3, \"unit\": \"1/decade\", \"source\": \"test\"}},"},
  };
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    evidence_prediction by_value_[SMALL_ROWS], by_file[SMALL_ROWS];
    double values[SMALL_PARAMETERS];
    char *bytes = evidence_changed(changes[i].from, changes[i].to);
    evidence *e = evidence_of(evidence_small, 0), *changed = evidence_of(bytes, 0);
    leave_all(values);
    values[changes[i].parameter] = changes[i].value;
    predict(e, values, by_value_);
    predict(changed, NULL, by_file);
    expect_same(e, by_value_, by_file, e->parameters[changes[i].parameter].name);
    evidence_free(e);
    evidence_free(changed);
    release(bytes);
  }
}

/* Twice the value is the standard deviation (factor 2): at the smallest all patients are nearly
 * alike, and no share of them is sure. */
Test(evidence_predict, a_number_of_the_population_sets_how_patients_differ)
{
  evidence_prediction narrow[SMALL_ROWS], wide[SMALL_ROWS];
  evidence *e = evidence_of(evidence_small, 0);
  double values[SMALL_PARAMETERS];
  leave_all(values);
  values[PARAMETER_SPREAD] = 0.1;
  predict(e, values, narrow);
  values[PARAMETER_SPREAD] = 1;
  predict(e, values, wide);
  cr_expect_lt(narrow[ROW_BY_DOSE].se, wide[ROW_BY_DOSE].se);
  cr_expect_eq(narrow[ROW_DAY].value, wide[ROW_DAY].value, "the reference patient is the same");
  evidence_free(e);
}

/* --- errors and intervals --------------------------------------------------------------------- */

Test(evidence_predict, the_wrong_side_of_a_bound_is_an_error_and_the_right_one_none)
{
  static const struct {
    evidence_bound bound;
    evidence_scale scale;
    double observed, value, error;
  } rows[] = {{EVIDENCE_EQUAL, EVIDENCE_LINEAR, 0.3, 0.2, -0.1},
              {EVIDENCE_EQUAL, EVIDENCE_LOG10, 10, 1000, 2},
              {EVIDENCE_AT_MOST, EVIDENCE_LINEAR, 0.3, 0.2, 0},
              {EVIDENCE_AT_MOST, EVIDENCE_LINEAR, 0.3, 0.5, 0.2},
              {EVIDENCE_AT_LEAST, EVIDENCE_LOG10, 10, 1, -1},
              {EVIDENCE_AT_LEAST, EVIDENCE_LOG10, 10, 11, 0}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const evidence_row row = {
        .bound = rows[i].bound, .scale = rows[i].scale, .observed = rows[i].observed};
    const evidence_prediction p = {.value = rows[i].value};
    cr_expect_float_eq(evidence_error(&row, &p), rows[i].error, 1e-12, "row %zu", i);
  }
}

/* Standard errors of more patients are smaller, by the root of their number. */
Test(evidence_predict, standard_errors_shrink_with_the_root_of_the_number)
{
  evidence_prediction few[SMALL_ROWS], many[SMALL_ROWS];
  evidence *e = evidence_of(evidence_small, 64), *more = evidence_of(evidence_small, 1024);
  predict(e, NULL, few);
  predict(more, NULL, many);
  cr_expect_float_eq(few[ROW_BY_DOSE].se / many[ROW_BY_DOSE].se, 4, 0.8, "%g, %g",
                     few[ROW_BY_DOSE].se, many[ROW_BY_DOSE].se);
  cr_expect_float_eq(few[ROW_PEAK].se / many[ROW_PEAK].se, 4, 1.5, "%g, %g", few[ROW_PEAK].se,
                     many[ROW_PEAK].se);
  for (int i = 0; i < SMALL_ROWS; i++) {
    cr_expect(many[i].low <= many[i].value && many[i].value <= many[i].high, "%s", e->rows[i].name);
  }
  evidence_free(e);
  evidence_free(more);
}

Test(evidence_predict, a_case_that_is_not_used_is_not_predicted)
{
  static const bool used[] = {false, true};
  evidence_prediction out[SMALL_ROWS];
  stepdose_error error;
  evidence *e = evidence_of(evidence_small, 0);
  const evidence_predictor_settings settings = {.threads = 1, .case_used = used};
  evidence_predictor *p = evidence_predictor_open(e, &settings, &error);
  cr_assert_not_null(p);
  run(p, NULL, out);
  cr_expect(isnan(out[ROW_ANY].value) && isnan(out[ROW_RATIO].value) &&
            isfinite(out[ROW_PEAK].value));
  cr_expect_eq(evidence_predictor_simulated(p), 1);
  evidence_predictor_close(p);
  evidence_free(e);
}

static volatile int stop_at_once = 1;

Test(evidence_predict, who_stops_gets_no_prediction)
{
  evidence_prediction out[SMALL_ROWS];
  stepdose_error error;
  stepdose_settings wishes = stepdose_settings_default();
  wishes.stop = &stop_at_once;
  progress *watched = progress_open(&wishes);
  evidence *e = evidence_of(evidence_small, 0);
  const evidence_predictor_settings settings = {.threads = 1, .progress = watched};
  evidence_predictor *p = evidence_predictor_open(e, &settings, &error);
  cr_expect(!evidence_predictor_run(p, NULL, out, &error));
  cr_expect_eq(error.code, STEPDOSE_LIMIT_REACHED);
  evidence_predictor_close(p);
  progress_close(watched);
  evidence_free(e);
}

Test(evidence_predict, a_failed_allocation_anywhere_is_a_named_error)
{
  enum { SWEEP = 60 };
  evidence_prediction out[SMALL_ROWS];
  stepdose_error error;
  evidence *e = evidence_of(evidence_small, 0);
  const evidence_predictor_settings settings = {.threads = 1};
  const long before = allocate_count();
  predict(e, NULL, out);
  const long needed = allocate_count() - before;
  for (int i = 0; i < SWEEP; i++) {
    allocate_fail_after(needed * i / SWEEP, 1);
    evidence_predictor *p = evidence_predictor_open(e, &settings, &error);
    const bool done = p != NULL && evidence_predictor_run(p, NULL, out, &error);
    allocate_fail_after(-1, 0);
    cr_expect(done || error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s",
              needed * i / SWEEP, needed, error.message);
    evidence_predictor_close(p);
  }
  evidence_free(e);
}
