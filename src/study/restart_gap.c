/* One gap after one dose: the uninterrupted schedule and every rule in all patients, summed up: see
 * restart.h. */
#include "study/restart.h"

#include "base/allocate.h"
#include "objectives/objective.h"

#include <math.h>
#include <string.h>

enum { SCHEDULES_MAX = 1 + RESTART_RULE_COUNT, PLANNED = 0, GRADES = 2 };

/* Of one schedule over the patients who count. Peaks are kept by patient, for their percentiles. */
typedef struct course_sums {
  int first, n_windows; /* windows that count, of some patient: of the uninterrupted schedule from
                           the first one, else from the resumed dose on */
  double mean[GRADES][SCHEDULE_WINDOWS_MAX], any[GRADES]; /* sums of weight x probability */
  double kill;                       /* sum of weight x log10 kill, over all who are simulated */
  weighted_value *drive[2], *il6[2]; /* (patients): after the resumed dose, the largest */
} course_sums;

typedef struct gap_work {
  const stepdose_problem *problem;
  const restart_dose *after;
  restart_gap *gap;
  bool has_drive;
  int n; /* schedules: the uninterrupted one, then every one that a rule makes */
  schedule schedules[SCHEDULES_MAX];
  int schedule_of[RESTART_RULE_COUNT];
  course_sums sums[SCHEDULES_MAX];
  double weight, all_weight; /* of those who count, of all who are simulated */
  weighted_value *values;    /* all peaks */
} gap_work;

/* --- schedules -------------------------------------------------------------------------------- */

/* Number from 0 of the dose that a rule gives after the gap, `given` doses having been given. */
static int resumes_from(const resumable *r, restart_rule rule, int given)
{
  const int last_step = r->first_full > 0 ? r->first_full - 1 : 0;
  switch (rule) {
  case RULE_CONTINUE:
    return given;
  case RULE_REPEAT:
    return given - 1;
  case RULE_STEP_BACK:
    return given - 1 < last_step ? given - 1 : last_step;
  case RULE_RESTART:
  case RESTART_RULE_COUNT:
    break;
  }
  return 0;
}

/* Among those of the rules: of the uninterrupted schedule other windows count. */
static int find_schedule(const gap_work *w, const schedule *doses)
{
  for (int s = PLANNED + 1; s < w->n; s++) {
    if (schedule_same(&w->schedules[s], doses)) {
      return s;
    }
  }
  return -1;
}

static bool add_rule(gap_work *w, const resumable *r, int rule, stepdose_error *error)
{
  restart_outcome *o = &w->gap->rule[rule];
  schedule *next = &w->schedules[w->n];
  const int given = w->after->number;
  const resumption how = {.given = given,
                          .from = resumes_from(r, (restart_rule)rule, given),
                          .gap_days = w->gap->days,
                          .end_day = w->gap->end_day};
  if (!resume_schedule(r, &how, next, error)) {
    return false;
  }
  const int known = find_schedule(w, next);
  w->schedule_of[rule] = known >= 0 ? known : w->n++;
  o->from = how.from + 1;
  o->same_as = rule;
  for (int other = rule - 1; other >= 0; other--) {
    o->same_as = w->schedule_of[other] == w->schedule_of[rule] ? other : o->same_as;
  }
  return true;
}

static bool make_schedules(gap_work *w, const resumable *r, stepdose_error *error)
{
  const resumption planned = {.end_day = w->gap->end_day};
  bool done = resume_schedule(r, &planned, &w->schedules[PLANNED], error);
  w->n = 1;
  for (int rule = 0; done && rule < RESTART_RULE_COUNT; rule++) {
    done = add_rule(w, r, rule, error);
  }
  return done;
}

/* --- one patient ------------------------------------------------------------------------------ */

static double probability(const crs_coefficients *crs, int grade, window_kind window,
                          const endpoints *e, limit_value values[OBJECTIVE_VALUES_MAX])
{
  const limit l = {.kind = LIMIT_CRS_PROBABILITY, .window = window, .grade = grade, .crs = *crs};
  objective_limit_values(&l, e, values);
  return values[0].value;
}

/* The same endpoints as of a course of n windows, the first of which is `first`. */
static void cut_windows(const endpoints *e, int first, int n, endpoints *out)
{
  *out = *e;
  out->n_windows = n;
  memmove(out->drive, out->drive + first, (size_t)n * sizeof *out->drive);
  memmove(out->window_day, out->window_day + first, (size_t)n * sizeof *out->window_day);
}

static void add_probabilities(course_sums *s, int n, double weight, const crs_coefficients *crs,
                              const endpoints *e)
{
  limit_value values[OBJECTIVE_VALUES_MAX];
  endpoints from_first;
  cut_windows(e, s->first, n, &from_first);
  for (int g = 0; g < GRADES; g++) {
    s->any[g] += weight * probability(crs, g + 1, WINDOW_COURSE, &from_first, values);
    probability(crs, g + 1, WINDOW_EACH_DOSE, &from_first, values);
    for (int w = 0; w < from_first.n_windows; w++) {
      s->mean[g][w] += weight * values[w].value;
    }
  }
}

static void add_peaks(const course_sums *s, int n, double weight, int patient, const peak *windows,
                      weighted_value *const out[2])
{
  double largest = windows[s->first].value;
  for (int w = s->first; w < s->first + n; w++) {
    largest = fmax(largest, windows[w].value);
  }
  out[0][patient] = (weighted_value){windows[s->first].value, weight};
  out[1][patient] = (weighted_value){largest, weight};
}

/* Late peaks of a tumour that progresses under treatment do not count. */
static int windows_that_count(const gap_work *w, const course_sums *s, const endpoints *e)
{
  int n = 1;
  const double resumed = w->after->day + w->gap->days;
  const double until = e->progression_day > resumed ? e->progression_day : HUGE_VAL;
  while (s->first + n < e->n_windows && e->window_day[s->first + n] < until) {
    n++;
  }
  return n;
}

static void add_course(const gap_work *w, course_sums *s, double weight, int patient,
                       const double *parameters, const endpoints *e)
{
  crs_coefficients crs;
  const int n = windows_that_count(w, s, e);
  s->n_windows = n > s->n_windows ? n : s->n_windows;
  add_peaks(s, n, weight, patient, e->il6, s->il6);
  if (w->has_drive) {
    problem_crs_coefficients(w->problem->model, parameters, &crs);
    add_probabilities(s, n, weight, &crs, e);
    add_peaks(s, n, weight, patient, e->drive, s->drive);
  }
}

static bool any_failed(int n, const bool *failed)
{
  bool any = false;
  for (int s = 0; s < n; s++) {
    any = any || failed[s];
  }
  return any;
}

static void see_patient(void *context, double weight, const double *parameters, int n,
                        const endpoints *result, const bool *failed)
{
  gap_work *w = context;
  const double resumed = w->after->day + w->gap->days;
  const endpoints *on = &result[w->schedule_of[RULE_CONTINUE]];
  if (any_failed(n, failed)) {
    w->gap->failed++;
    return;
  }
  w->all_weight += weight;
  for (int s = 0; s < n; s++) {
    w->sums[s].kill += weight * result[s].log10_kill_average;
  }
  if (on->progression_day <= w->after->day) {
    w->gap->left_out++;
    return;
  }
  w->gap->progressed += on->progression_day <= resumed;
  w->weight += weight;
  for (int s = 0; s < n; s++) {
    add_course(w, &w->sums[s], weight, w->gap->counted, parameters, &result[s]);
  }
  w->gap->counted++;
}

/* --- all patients ----------------------------------------------------------------------------- */

static restart_risk sum_probability(const gap_work *w, const course_sums *s, int grade)
{
  restart_risk risk = {NAN, NAN};
  if (!w->has_drive || w->gap->counted == 0) {
    return risk;
  }
  risk.resumed = risk.largest = s->mean[grade][0] / w->weight;
  for (int k = 1; k < s->n_windows; k++) {
    risk.largest = fmax(risk.largest, s->mean[grade][k] / w->weight);
  }
  return risk;
}

static restart_risk sum_peak(const gap_work *w, weighted_value *const patients[2])
{
  const int n = w->gap->counted;
  return (restart_risk){cohort_figure_of(n, patients[0]).at[RESTART_PERCENTILE],
                        cohort_figure_of(n, patients[1]).at[RESTART_PERCENTILE]};
}

static restart_risk sum_measure(const gap_work *w, const course_sums *s, int which)
{
  switch ((restart_measure)which) {
  case RESTART_CRS_GRADE1:
  case RESTART_CRS_GRADE2:
    return sum_probability(w, s, which == RESTART_CRS_GRADE1 ? 0 : 1);
  case RESTART_DRIVE:
    return w->has_drive ? sum_peak(w, s->drive) : (restart_risk){NAN, NAN};
  case RESTART_IL6:
    return sum_peak(w, s->il6);
  case RESTART_MEASURE_COUNT:
    break;
  }
  return (restart_risk){NAN, NAN};
}

static double any_of(const gap_work *w, const course_sums *s, int grade)
{
  return w->has_drive && w->gap->counted > 0 ? s->any[grade] / w->weight : (double)NAN;
}

static double kill_lost(const gap_work *w, const course_sums *s)
{
  const double lost = (w->sums[PLANNED].kill - s->kill) / w->all_weight;
  return problem_has_tumor(w->problem) && w->all_weight > 0 ? lost : (double)NAN;
}

static void sum_up(gap_work *w)
{
  restart_gap *gap = w->gap;
  for (int m = 0; m < RESTART_MEASURE_COUNT; m++) {
    gap->planned[m] = sum_measure(w, &w->sums[PLANNED], m).largest;
  }
  for (int g = 0; g < GRADES; g++) {
    gap->planned_any[g] = any_of(w, &w->sums[PLANNED], g);
  }
  for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
    restart_outcome *o = &gap->rule[rule];
    const course_sums *s = &w->sums[w->schedule_of[rule]];
    for (int m = 0; m < RESTART_MEASURE_COUNT; m++) {
      o->risk[m] = sum_measure(w, s, m);
    }
    o->any[0] = any_of(w, s, 0);
    o->any[1] = any_of(w, s, 1);
    o->kill_lost = kill_lost(w, s);
  }
}

static bool open_sums(gap_work *w, int n_patients, stepdose_error *error)
{
  const size_t n = (size_t)n_patients;
  w->values = allocate_zeroed(n * 4 * (size_t)w->n, sizeof *w->values);
  for (int s = 0; w->values != NULL && s < w->n; s++) {
    weighted_value *own = w->values + n * 4 * (size_t)s;
    w->sums[s].first = s == PLANNED ? 0 : w->after->number;
    w->sums[s].drive[0] = own;
    w->sums[s].drive[1] = own + n;
    w->sums[s].il6[0] = own + 2 * n;
    w->sums[s].il6[1] = own + 3 * n;
  }
  return w->values != NULL || error_no_memory(error, "simulating a gap");
}

bool restart_gap_run(const study_restart *r, restart_patients *patients, const restart_dose *after,
                     restart_gap *gap, stepdose_error *error)
{
  const int n_patients = restart_patients_simulated(patients);
  gap_work *w = allocate_zeroed(1, sizeof *w);
  if (w == NULL) {
    return error_no_memory(error, "simulating a gap");
  }
  w->problem = r->problem;
  w->after = after;
  w->gap = gap;
  w->has_drive = r->problem->model->n_outputs > OUTPUT_CRS_DRIVE;
  gap->failed = restart_patients_included(patients) - n_patients;
  const bool done =
      make_schedules(w, &r->schedule, error) && open_sums(w, n_patients, error) &&
      restart_patients_run(patients, w->n, w->schedules, gap->end_day, see_patient, w, error);
  if (done) {
    sum_up(w);
  }
  release(w->values);
  release(w);
  return done;
}
