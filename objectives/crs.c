/* Cytokine release syndrome: rise of the signal behind it [pg/mL], and the probability of a grade.
 * Source: simulated outputs of the model; the probability by the coefficients in its parameters. */
#include "objectives/crs.h"

#include "objectives/rows.h"

#include <math.h>

/* Rises below this count as this [pg/mL]. */
#define DRIVE_FLOOR 1e-6

/* Probabilities closer than this to 0 or 1 count as that: a margin stays finite. */
#define PROBABILITY_FLOOR 1e-12
#define PROBABILITY_CEILING (1 - 1e-15)

/* The mean over a standard normal number by the trapezoidal rule on -5..5, steps of a half: within
 * 0.002 up to slope * patient_sd = 5.4. */
enum { NODES = 21 };

static double node(int i) { return 0.5 * (i - NODES / 2); }

/* log(1 + exp(x)) without overflow. */
static double softplus(double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

/* NAN stays NAN. */
static double log10_drive(double drive) { return log10(drive < DRIVE_FLOOR ? DRIVE_FLOOR : drive); }

double crs_probability(const crs_coefficients *c, int grade, int n, const double *drive)
{
  double sum = 0, total = 0;
  for (int i = 0; i < NODES; i++) {
    const double weight = exp(-node(i) * node(i) / 2);
    double none = 0; /* -log of the probability of no event, given the patient */
    for (int w = 0; w < n; w++) {
      none += softplus(c->intercept[grade - 1] +
                       c->slope * (log10_drive(drive[w]) + c->patient_sd * node(i)));
    }
    sum -= weight * expm1(-none);
    total += weight;
  }
  return sum / total;
}

static const double same_day = 1e-9; /* rounding of decimal days */

/* One drive for each dose: the windows of doses that count as one all hold the same rise. */
static int separate_drives(const endpoints *e, double *drive)
{
  int n = 0;
  double first = -INFINITY;
  for (int w = 0; w < e->n_windows; w++) {
    if (e->window_day[w] >= first + ENDPOINT_ONE_DOSE_DAYS - same_day) {
      first = e->window_day[w];
      drive[n++] = e->drive[w].value;
    }
  }
  return n;
}

static int course_probability(const limit *l, const endpoints *e, limit_value *values)
{
  double drive[SCHEDULE_WINDOWS_MAX];
  int n = separate_drives(e, drive);
  values[0] = (limit_value){crs_probability(&l->crs, l->grade, n, drive), e->drive_course.day, 0};
  return 1;
}

static int limit_values(const limit *l, const endpoints *e, limit_value *values)
{
  window_peaks peaks = {e->drive, e->drive_course, e->drive_interval};
  bool probability = l->kind == LIMIT_CRS_PROBABILITY;
  if (probability && l->window == WINDOW_COURSE) {
    return course_probability(l, e, values);
  }
  int n = objective_window_values(l, e, peaks, values);
  for (int i = 0; probability && i < n; i++) {
    values[i].value = crs_probability(&l->crs, l->grade, 1, &values[i].value);
  }
  return n;
}

static const double ln_10 = 2.302585092994045684;

/* log10 of the odds. */
static double log10_odds(double p)
{
  p = p < PROBABILITY_FLOOR ? PROBABILITY_FLOOR : p;
  p = p > PROBABILITY_CEILING ? PROBABILITY_CEILING : p;
  return log10(p) - log1p(-p) / ln_10;
}

/* Of a probability the odds are compared: linear in log10 of the drive for one window, where
 * log10(P / bound) would flatten towards P = 1. */
static double margin(const limit *l, double value)
{
  if (l->kind != LIMIT_CRS_PROBABILITY) {
    return objective_margin_log10(l, value);
  }
  return log10_odds(value) - log10_odds(l->bound);
}

static double value_at(const limit *l, double of_margin)
{
  if (l->kind != LIMIT_CRS_PROBABILITY) {
    return objective_value_at_log10(l, of_margin);
  }
  const double odds = pow(10, of_margin + log10_odds(l->bound));
  return odds / (1 + odds);
}

const objective_row objective_crs = {"crs", NULL, limit_values, margin, value_at};
