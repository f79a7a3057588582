/* What a regimen does in each patient, and the sums over all of them: see cohort_study.h. */
#include "study/cohort_study.h"

#include "base/allocate.h"

#include <math.h>
#include <stdio.h>

static double *allocate_unknown(size_t n)
{
  double *values = allocate_zeroed(n > 0 ? n : 1, sizeof *values);
  for (size_t i = 0; values != NULL && i < n; i++) {
    values[i] = NAN;
  }
  return values;
}

bool cohort_outcome_open(cohort_study *c, cohort_outcome *o, stepdose_error *error)
{
  const size_t n = (size_t)c->n_patients;
  o->failed = allocate_zeroed(n, sizeof *o->failed);
  o->goal = allocate_unknown(n);
  o->worst = allocate_unknown(n * (size_t)c->problem->n_limits);
  o->exceeded = allocate_zeroed(n, sizeof *o->exceeded);
  bool done = o->failed != NULL && o->goal != NULL && o->worst != NULL && o->exceeded != NULL;
  return done || error_no_memory(error, "preparing a cohort");
}

void cohort_outcome_free(cohort_outcome *o)
{
  release(o->failed);
  release(o->row);
  release(o->cell);
  release(o->figure);
  release(o->goal);
  release(o->worst);
  release(o->exceeded);
  release(o->risk);
  release(o->risk_value);
  release(o->onset);
}

/* The first patient shows which rows there are. */
static bool open_rows(const cohort_study *c, cohort_outcome *o, int n_rows,
                      const endpoint_row *rows, stepdose_error *error)
{
  const size_t n_cells = (size_t)c->n_patients * (size_t)n_rows;
  o->row = allocate((size_t)n_rows * sizeof *o->row);
  o->figure = allocate_zeroed((size_t)n_rows, sizeof *o->figure);
  o->cell = allocate_zeroed(n_cells, sizeof *o->cell);
  if (o->row == NULL || o->figure == NULL || o->cell == NULL) {
    return error_no_memory(error, "storing the endpoints of a cohort");
  }
  o->n_rows = n_rows;
  for (int i = 0; i < n_rows; i++) {
    o->row[i] = rows[i];
  }
  for (size_t i = 0; i < n_cells; i++) {
    o->cell[i] = (peak){NAN, NAN};
  }
  return true;
}

static bool store_rows(const cohort_study *c, cohort_outcome *o, int patient,
                       const double *parameters, const endpoints *e, stepdose_error *error)
{
  endpoint_row *rows = allocate(ENDPOINT_ROWS_MAX * sizeof *rows);
  if (rows == NULL) {
    return error_no_memory(error, "storing the endpoints of a cohort");
  }
  const int n = endpoint_rows(c->problem, parameters, e, rows);
  bool done = o->n_rows > 0 || open_rows(c, o, n, rows, error);
  for (int i = 0; done && i < o->n_rows; i++) {
    o->cell[(long)patient * o->n_rows + i] = rows[i].found;
  }
  release(rows);
  return done;
}

/* The first patient shows which windows the limits have. */
static bool open_risks(const cohort_study *c, cohort_outcome *o, const endpoints *e,
                       stepdose_error *error)
{
  limit_value values[OBJECTIVE_VALUES_MAX];
  int n = 0;
  for (int k = 0; k < c->problem->n_limits; k++) {
    n += objective_limit_values(&c->problem->limits[k], e, values);
  }
  o->risk = allocate_zeroed((size_t)n + 1, sizeof *o->risk);
  o->risk_value = allocate_unknown((size_t)n * (size_t)c->n_patients);
  o->n_risks = n;
  return (o->risk != NULL && o->risk_value != NULL) ||
         error_no_memory(error, "storing the risks of a cohort");
}

static bool store_risks(const cohort_study *c, cohort_outcome *o, int patient, const endpoints *e,
                        stepdose_error *error)
{
  limit_value values[OBJECTIVE_VALUES_MAX];
  if (o->risk == NULL && !open_risks(c, o, e, error)) {
    return false;
  }
  int at = 0;
  for (int k = 0; k < c->problem->n_limits; k++) {
    const int n = objective_limit_values(&c->problem->limits[k], e, values);
    for (int i = 0; i < n; i++) {
      o->risk[at].limit = k;
      o->risk[at].window = values[i].window;
      o->risk_value[(long)patient * o->n_risks + at++] = values[i].value;
    }
  }
  return true;
}

/* A margin that is no number must not pass for one that holds. */
static bool exceeds(double margin) { return !(margin <= 0); }

static bool has_windows(const limit *l)
{
  return problem_limit_kinds[l->kind].takes_window && l->window != WINDOW_COURSE &&
         l->window != WINDOW_DAYS;
}

/* Counts a patient in; until all are there `share` is the sum of their weights. */
static void count_in(cohort_share *s, bool counts, double weight)
{
  s->count += counts;
  s->share += counts ? weight : 0;
}

/* window[].of counts the patients for whom the limit has that window; *exceeded the limits that a
 * patient can be beyond. */
static void judge(cohort_limit *over, const limit *l, const endpoints *e, double weight,
                  double *worst, int *exceeded)
{
  limit_value values[OBJECTIVE_VALUES_MAX];
  const int n = objective_limit_values(l, e, values);
  double largest = -INFINITY;
  for (int i = 0; i < n; i++) {
    const double margin = objective_margin(l, values[i].value);
    const double size = isnan(margin) ? HUGE_VAL : margin;
    if (size > largest) {
      largest = size;
      *worst = values[i].value;
    }
    if (has_windows(l) && values[i].window >= 1) {
      over->window[values[i].window - 1].of++;
      count_in(&over->window[values[i].window - 1], exceeds(margin), weight);
    }
  }
  *exceeded += risk_of_each_patient(l) && largest > 0;
  count_in(&over->exceeded, largest > 0, weight);
}

bool cohort_outcome_add(cohort_study *c, cohort_outcome *o, int patient, const double *parameters,
                        const endpoints *e, stepdose_error *error)
{
  const int n_limits = c->problem->n_limits;
  const double weight = c->weight[patient];
  for (int k = 0; k < n_limits; k++) {
    judge(&o->limit[k], &c->problem->limits[k], e, weight, &o->worst[(long)patient * n_limits + k],
          &o->exceeded[patient]);
  }
  o->goal[patient] = objective_goal(&c->problem->goal, e, c->problem->horizon_days);
  count_in(&o->any_limit, o->exceeded[patient] > 0, weight);
  o->grown += e->tumor_final > e->tumor_initial;
  count_in(&o->response, endpoint_response(c->problem, e) > 0.5, weight);
  return store_rows(c, o, patient, parameters, e, error) && store_risks(c, o, patient, e, error);
}

void cohort_outcome_fail(const cohort_study *c, cohort_outcome *o, int patient, const char *why)
{
  o->failed[patient] = true;
  o->failed_weight += c->weight[patient];
  if (o->failures++ == 0) {
    snprintf(o->first_failure, sizeof o->first_failure, "%s", why);
  }
  if (o->n_named < COHORT_FAILURES_NAMED) {
    o->named[o->n_named++] = patient + 1;
  }
}

/* Of all who are included. */
static void share_of_all(const cohort_study *c, cohort_share *s)
{
  double total = 0;
  for (int i = 0; i < c->n_patients; i++) {
    total += c->weight[i];
  }
  *s = cohort_share_weighted(s->count, c->n_included, s->share / total, c->worth.effective);
}

/* Who could not be simulated counts as exceeding. */
static void share_exceeding(const cohort_study *c, const cohort_outcome *o, cohort_share *s)
{
  s->count += o->failures;
  s->share += o->failed_weight;
  share_of_all(c, s);
}

static void share_limit(const cohort_study *c, const cohort_outcome *o, cohort_limit *l)
{
  share_exceeding(c, o, &l->exceeded);
  for (int w = 0; w < SCHEDULE_WINDOWS_MAX; w++) {
    if (l->window[w].of > 0) {
      share_exceeding(c, o, &l->window[w]);
    }
  }
}

/* Every `stride`-th number from `first` on, one of each patient, with his weight. */
static cohort_figure figure_of(const cohort_study *c, const double *first, long stride,
                               weighted_value *scratch)
{
  for (int i = 0; i < c->n_patients; i++) {
    scratch[i] = (weighted_value){first[i * stride], c->weight[i]};
  }
  return cohort_figure_of(c->n_patients, scratch);
}

static bool find_onsets(const cohort_study *c, cohort_outcome *o, stepdose_error *error)
{
  const onset_table table = {c->n_patients, o->n_rows, c->weight, o->row, o->cell};
  o->n_onsets = cohort_onset_doses(&table);
  o->onset = allocate_zeroed((size_t)o->n_onsets + 1, sizeof *o->onset);
  return o->onset != NULL ? cohort_onset_of(&table, o->onset, error)
                          : error_no_memory(error, "summing up a cohort");
}

bool cohort_outcome_sum_up(const cohort_study *c, cohort_outcome *o, stepdose_error *error)
{
  const int n_limits = c->problem->n_limits;
  const long doubles_in_row = (long)(sizeof(peak) / sizeof(double)) * o->n_rows;
  weighted_value *scratch = allocate_zeroed((size_t)c->n_patients, sizeof *scratch);
  if (scratch == NULL) {
    return error_no_memory(error, "summing up a cohort");
  }
  for (int i = 0; i < o->n_rows; i++) {
    o->figure[i] = figure_of(c, &o->cell[i].value, doubles_in_row, scratch);
  }
  o->goal_figure = figure_of(c, o->goal, 1, scratch);
  for (int k = 0; k < n_limits; k++) {
    share_limit(c, o, &o->limit[k]);
    o->limit[k].worst = figure_of(c, o->worst + k, n_limits, scratch);
  }
  share_exceeding(c, o, &o->any_limit);
  share_of_all(c, &o->response);
  release(scratch);
  return find_onsets(c, o, error) && cohort_outcome_judge(c, o, error);
}
