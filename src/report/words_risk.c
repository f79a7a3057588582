/* Plain words for what limits and goals ask of virtual patients: see words_risk.h. */
#include "report/words_risk.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 4 };

/* Compared as a share of the patients, or as the probability that stands for one. */
static bool is_share(const limit *l)
{
  return l->risk == RISK_PROBABILITY || l->kind == LIMIT_CRS_PROBABILITY;
}

static void write_percent(double share, char out[NUMBER_TEXT_SIZE])
{
  number_format_rounded(100 * share, DIGITS, out);
}

void words_bound(const limit *l, double value, char out[WORDS_SIZE])
{
  char number[NUMBER_TEXT_SIZE];
  char name[WORDS_SIZE];
  const char *unit = problem_limit_kinds[l->kind].unit;
  if (!isfinite(value)) {
    snprintf(out, WORDS_SIZE, "-");
    return;
  }
  if (l->kind == LIMIT_CRS_PROBABILITY) {
    write_percent(value, number);
    snprintf(out, WORDS_SIZE, "%s %%", number);
    return;
  }
  words_limit_subject(l, name);
  number_format_rounded(value, DIGITS, number);
  if (strcmp(unit, "fraction") == 0 || strcmp(unit, name) == 0) {
    snprintf(out, WORDS_SIZE, "%s", number);
  } else {
    snprintf(out, WORDS_SIZE, "%s %s", number, unit);
  }
}

/* "patients", or those of a stratum */
static void write_patients(const stepdose_problem *problem, const limit *l, char *out, size_t size)
{
  if (l->stratum >= 0 && problem->population != NULL) {
    snprintf(out, size, "patients of the stratum \"%s\"",
             problem->population->stratum[l->stratum].name);
  } else {
    snprintf(out, size, "patients");
  }
}

/* "CRS of grade 2 or higher, whole course" */
static void write_crs(const limit *l, char out[2 * WORDS_SIZE])
{
  char window[WORDS_SIZE];
  words_limit_window(l, window);
  snprintf(out, 2 * WORDS_SIZE, "CRS of grade %d%s, %s", l->grade,
           l->grade == PROBLEM_GRADES ? "" : " or higher", window);
}

/* What damage means for those who think in health. */
static void write_health(const limit *l, char out[WORDS_SIZE])
{
  char health[NUMBER_TEXT_SIZE];
  out[0] = 0;
  if (l->kind != LIMIT_DAMAGE) {
    return;
  }
  number_format_rounded(1 - l->bound, DIGITS, health);
  snprintf(out, WORDS_SIZE, " (health below %s", health);
  const size_t used = strlen(out);
  if (l->grade > 0) {
    snprintf(out + used, WORDS_SIZE - used, ", where grade %d begins)", l->grade);
  } else {
    snprintf(out + used, WORDS_SIZE - used, ")");
  }
}

void words_risk(const stepdose_problem *problem, const limit *l, char out[WORDS_RISK_SIZE])
{
  char name[2 * WORDS_SIZE], bound[WORDS_SIZE], health[WORDS_SIZE];
  char share[NUMBER_TEXT_SIZE], rest[NUMBER_TEXT_SIZE];
  char patients[POPULATION_NAME_SIZE + 32];
  words_limit(l, name);
  words_bound(l, l->bound, bound);
  write_health(l, health);
  write_percent(l->share, share);
  write_percent(1 - l->share, rest);
  write_patients(problem, l, patients, sizeof patients);
  if (l->risk == RISK_PROBABILITY) {
    snprintf(out, WORDS_RISK_SIZE, "%s: above %s%s in at most %s %% of %s", name, bound, health,
             share, patients);
  } else if (l->risk == RISK_QUANTILE) {
    snprintf(out, WORDS_RISK_SIZE, "%s: at most %s in %s %% of %s", name, bound, share, patients);
  } else if (l->risk == RISK_TAIL_MEAN) {
    snprintf(out, WORDS_RISK_SIZE, "%s: at most %s on average over the highest %s %% of %s", name,
             bound, rest, patients);
  } else if (l->kind == LIMIT_CRS_PROBABILITY) {
    write_crs(l, name);
    write_percent(l->bound, share);
    snprintf(out, WORDS_RISK_SIZE, "%s: expected in at most %s %% of %s", name, share, patients);
  } else {
    snprintf(out, WORDS_RISK_SIZE, "%s: at most %s%s", name, bound,
             l->risk == RISK_NONE ? " (in how many of the patients is not told)" : "");
  }
}

void words_risk_short(const limit *l, char out[WORDS_SIZE])
{
  char whole[3 * WORDS_SIZE], name[WORDS_SIZE], bound[WORDS_SIZE];
  char share[NUMBER_TEXT_SIZE], rest[NUMBER_TEXT_SIZE];
  words_limit_subject(l, name);
  words_bound(l, l->bound, bound);
  write_percent(l->share, share);
  write_percent(1 - l->share, rest);
  if (l->risk == RISK_PROBABILITY) {
    snprintf(whole, sizeof whole, "%s > %s", name, bound);
  } else if (l->risk == RISK_QUANTILE) {
    snprintf(whole, sizeof whole, "%s, %s %% quantile", name, share);
  } else if (l->risk == RISK_TAIL_MEAN) {
    snprintf(whole, sizeof whole, "%s, mean of highest %s %%", name, rest);
  } else if (l->kind == LIMIT_CRS_PROBABILITY) {
    snprintf(whole, sizeof whole, "CRS grade %d%s", l->grade,
             l->grade == PROBLEM_GRADES ? "" : " or higher");
  } else {
    snprintf(whole, sizeof whole, "%s%s", name, l->risk == RISK_NONE ? ", largest" : "");
  }
  snprintf(out, WORDS_SIZE, "%.*s", WORDS_SIZE - 1, whole);
}

/* Two limits on one quantity differ in their windows, or else in their patients. */
void words_risk_row(const stepdose_problem *problem, int k, char out[WORDS_SIZE])
{
  char other[WORDS_SIZE], window[WORDS_SIZE], whole[2 * WORDS_SIZE];
  bool alone = true;
  words_risk_short(&problem->limits[k], out);
  for (int i = 0; i < problem->n_limits; i++) {
    words_risk_short(&problem->limits[i], other);
    alone = alone && (i == k || strcmp(other, out) != 0);
  }
  words_limit_window(&problem->limits[k], window);
  if (!alone) {
    snprintf(whole, sizeof whole, "%s, %.60s", out, window);
    snprintf(out, WORDS_SIZE, "%.*s", WORDS_SIZE - 1, whole);
  }
}

void words_risk_value(const limit *l, double value, char out[WORDS_SIZE])
{
  char share[NUMBER_TEXT_SIZE];
  if (!isfinite(value) || l->risk != RISK_PROBABILITY) {
    words_bound(l, value, out);
  } else {
    write_percent(value, share);
    snprintf(out, WORDS_SIZE, "%s %%", share);
  }
}

/* One digit after the point, but two significant ones of what is below one percent. */
static void write_end(double share, char out[NUMBER_TEXT_SIZE])
{
  if (share > 0 && share < 0.01) {
    number_format_rounded(100 * share, 2, out);
  } else {
    snprintf(out, NUMBER_TEXT_SIZE, "%.1f", 100 * share);
  }
}

void words_risk_interval(const limit *l, double low, double high, char out[WORDS_SIZE])
{
  char from[NUMBER_TEXT_SIZE], to[NUMBER_TEXT_SIZE];
  if (!isfinite(low) || !isfinite(high)) {
    snprintf(out, WORDS_SIZE, "-");
  } else if (is_share(l)) {
    write_end(low, from);
    write_end(high, to);
    snprintf(out, WORDS_SIZE, "%.28s to %.28s %%", from, to);
  } else {
    number_format_rounded(low, 3, from);
    number_format_rounded(high, 3, to);
    snprintf(out, WORDS_SIZE, "%.30s to %.28s", from, to);
  }
}

void words_risk_window(const limit *l, int window, char out[WORDS_SIZE])
{
  if (!problem_limit_kinds[l->kind].takes_window) {
    snprintf(out, WORDS_SIZE, " ");
  } else if (window > 0) {
    snprintf(out, WORDS_SIZE, "dose %d", window);
  } else if (l->window == WINDOW_DAYS) {
    snprintf(out, WORDS_SIZE, "days %g-%g", l->from_day, l->to_day);
  } else {
    snprintf(out, WORDS_SIZE, "course");
  }
}

void words_statistic(const goal *g, char out[WORDS_SIZE])
{
  char share[NUMBER_TEXT_SIZE];
  switch (g->statistic) {
  case STATISTIC_MEDIAN:
    snprintf(out, WORDS_SIZE, "median of the patients");
    return;
  case STATISTIC_QUANTILE:
    write_percent(g->share, share);
    snprintf(out, WORDS_SIZE, "%s %% quantile of the patients", share);
    return;
  case STATISTIC_WORST_STRATUM:
    snprintf(out, WORDS_SIZE, "mean of the worst stratum");
    return;
  case STATISTIC_MEAN:
  case STATISTIC_COUNT:
    break;
  }
  snprintf(out, WORDS_SIZE, "mean over the patients");
}
