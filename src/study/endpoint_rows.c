/* Endpoints of one patient as named rows: see endpoint_rows.h. */
#include "study/endpoint_rows.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

typedef struct row_list {
  int n;
  endpoint_row *rows;
} row_list;

__attribute__((format(printf, 5, 6))) static void add(row_list *list, int window, peak found,
                                                      const char *unit, const char *format, ...)
{
  va_list arguments;
  endpoint_row *row = &list->rows[list->n++];
  va_start(arguments, format);
  vsnprintf(row->name, sizeof row->name, format, arguments);
  va_end(arguments);
  row->window = window;
  row->unit = unit;
  row->found = found;
}

static void add_peaks(row_list *list, const char *name, const char *unit, const peak *window,
                      int n_windows, peak course)
{
  for (int w = 0; w < n_windows; w++) {
    add(list, w + 1, window[w], unit, "%s", name);
  }
  add(list, 0, course, unit, "%s", name);
}

static void add_probabilities(row_list *list, const crs_coefficients *crs, int grade,
                              const endpoints *e)
{
  static const window_kind windows[] = {WINDOW_EACH_DOSE, WINDOW_COURSE};
  for (int k = 0; k < 2; k++) {
    const limit l = {
        .kind = LIMIT_CRS_PROBABILITY, .window = windows[k], .grade = grade, .crs = *crs};
    limit_value values[OBJECTIVE_VALUES_MAX];
    const int n = objective_limit_values(&l, e, values);
    for (int i = 0; i < n; i++) {
      const peak found = {values[i].value, values[i].day};
      add(list, values[i].window, found, "fraction", "crs_probability_grade%d", grade);
    }
  }
}

/* Endpoints at a site or tissue: name.site */
static void add_sites(row_list *list, const stepdose_problem *problem, const endpoints *e)
{
  const char *site[MODEL_SITES_MAX] = {
#define X(id, name) name,
      PROBLEM_SITES(X)
#undef X
  };
  const int n_sites = PROBLEM_SITE_TISSUE + problem->n_tissues;
  for (int t = 0; t < problem->n_tissues; t++) {
    site[PROBLEM_SITE_TISSUE + t] = problem->tissue[t];
  }
  for (int s = 0; s < n_sites; s++) {
    add(list, 0, e->activated[s], "fraction", "activated_peak.%s", site[s]);
  }
  for (int s = 0; s < n_sites; s++) {
    const peak days = {e->days_above[s], NAN};
    add(list, 0, days, "days", "days_activated_above.%s", site[s]);
  }
  for (int t = 0; t < problem->n_tissues; t++) {
    add(list, 0, e->health_nadir[t], "fraction", "health_nadir.%s", problem->tissue[t]);
  }
}

/* After the dose with the largest rise. */
static peak onset_of_course(const endpoints *e)
{
  int largest = 0;
  for (int w = 1; w < e->n_windows; w++) {
    largest = e->drive[w].value > e->drive[largest].value ? w : largest;
  }
  return e->n_windows > 0 ? e->drive_onset[largest] : (peak){NAN, NAN};
}

/* What only models with a CRS drive have. */
static void add_further(row_list *list, const stepdose_problem *problem, const double *parameters,
                        const endpoints *e)
{
  crs_coefficients crs;
  add_peaks(list, "crs_drive_rise", "pg/mL", e->drive, e->n_windows, e->drive_course);
  add_peaks(list, "crs_onset_h", "h", e->drive_onset, e->n_windows, onset_of_course(e));
  add_peaks(list, "ifn_gamma_peak", "pg/mL", e->ifn, e->n_windows, e->ifn_course);
  problem_crs_coefficients(problem->model, parameters, &crs);
  for (int grade = 1; grade <= PROBLEM_GRADES; grade++) {
    add_probabilities(list, &crs, grade, e);
  }
  add_sites(list, problem, e);
}

static double day_of_response(const stepdose_problem *problem)
{
  const bool on_a_day = problem_measures[problem->goal.measure].exploitable;
  return on_a_day ? problem->goal.day : problem->horizon_days;
}

double endpoint_response(const stepdose_problem *problem, const endpoints *e)
{
  const goal response = {.measure = MEASURE_RESPONSE_RATE, .day = day_of_response(problem)};
  return e->tumor_initial > 0 ? objective_goal(&response, e, problem->horizon_days) : (double)NAN;
}

static void add_course(row_list *list, double day, double value, const char *unit, const char *name)
{
  add(list, 0, (peak){value, day}, unit, "%s", name);
}

int endpoint_rows(const stepdose_problem *problem, const double *parameters, const endpoints *e,
                  endpoint_row *rows)
{
  row_list list = {.rows = rows};
  const double change = 100 * (e->tumor_final / e->tumor_initial - 1);
  add_peaks(&list, "il6_peak", "pg/mL", e->il6, e->n_windows, e->il6_course);
  add_peaks(&list, "activated_cd8_peak", "fraction", e->activated_cd8, e->n_windows,
            e->activated_cd8_course);
  if (problem->model->n_outputs > OUTPUT_CRS_DRIVE) {
    add_further(&list, problem, parameters, e);
  }
  add_course(&list, problem->horizon_days, change, "%", "tumor_change_percent");
  add_course(&list, day_of_response(problem), endpoint_response(problem, e), "fraction",
             "response");
  add_course(&list, NAN, e->log10_kill_average, "log10", "log10_kill_average");
  add_course(&list, NAN, e->log10_kill_smallest_last, "log10", "log10_kill_smallest_last_days");
  add_course(&list, NAN, e->total_mg, "mg", "total_mg");
  add_course(&list, NAN, e->n_doses, "doses", "doses");
  add_course(&list, NAN, e->n_visits, "visits", "visits");
  if (problem->request.hospital.n_stays > 0) {
    add_course(&list, NAN, e->hospital_days, "days", "hospital_days");
  }
  return list.n;
}
