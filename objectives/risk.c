/* Statistics over virtual patients: see risk.h. */
#include "objectives/risk.h"

#include <math.h>
#include <stdlib.h>

/* A failed simulation stands for a value this many times the bound. */
#define FAILURE_FACTOR 1e6

/* Allows for the rounding of sums of weights. */
static const double rounding = 1e-12;

static int by_value(const void *a, const void *b)
{
  const double x = ((const weighted_value *)a)->value;
  const double y = ((const weighted_value *)b)->value;
  return (x > y) - (x < y);
}

static double total_weight(int n, const weighted_value *values)
{
  double total = 0;
  for (int i = 0; i < n; i++) {
    total += values[i].weight;
  }
  return total;
}

/* Those with a weight to the front, in rising order; how many. */
static int sort_counted(int n, weighted_value *values)
{
  int kept = 0;
  for (int i = 0; i < n; i++) {
    if (values[i].weight > 0) {
      values[kept++] = values[i];
    }
  }
  qsort(values, (size_t)kept, sizeof *values, by_value);
  return kept;
}

double risk_mean(int n, const weighted_value *values)
{
  double sum = 0;
  for (int i = 0; i < n; i++) {
    sum += values[i].weight > 0 ? values[i].weight * values[i].value : 0;
  }
  const double total = total_weight(n, values);
  return total > 0 ? sum / total : (double)NAN;
}

/* Value i stands at the share of the weight before it; between two of them a straight line. */
double risk_quantile(int n, weighted_value *values, double share)
{
  const int kept = sort_counted(n, values);
  const double wanted = share * total_weight(kept, values);
  double before = 0;
  int i = 0;
  while (i + 1 < kept && before + values[i].weight <= wanted * (1 + rounding)) {
    before += values[i++].weight;
  }
  if (kept == 0) {
    return NAN;
  }
  const double step = i + 1 < kept ? values[i + 1].value - values[i].value : 0;
  const double part = (wanted - before) / values[i].weight;
  return values[i].value + (part > 0 ? part * step : 0);
}

double risk_tail_mean(int n, weighted_value *values, double share)
{
  const int kept = sort_counted(n, values);
  const double tail = (1 - share) * total_weight(kept, values);
  double left = tail;
  double sum = 0;
  for (int i = kept - 1; i >= 0 && left > 0; i--) {
    const double weight = fmin(values[i].weight, left);
    sum += weight * values[i].value;
    left -= weight;
  }
  return kept > 0 ? sum / (tail - fmax(left, 0)) : (double)NAN;
}

bool risk_of_each_patient(const limit *l) { return l->kind != LIMIT_CRS_PROBABILITY; }

double risk_of_failure(const limit *l)
{
  return l->kind == LIMIT_CRS_PROBABILITY ? 1 : FAILURE_FACTOR * l->bound;
}

static double share_beyond(const limit *l, int n, const weighted_value *values)
{
  double beyond = 0;
  for (int i = 0; i < n; i++) {
    beyond += objective_margin(l, values[i].value) <= 0 ? 0 : values[i].weight;
  }
  return beyond / total_weight(n, values);
}

double risk_value(const limit *l, int n, weighted_value *values)
{
  switch (l->risk) {
  case RISK_PROBABILITY:
    return share_beyond(l, n, values);
  case RISK_QUANTILE:
    return risk_quantile(n, values, l->share);
  case RISK_TAIL_MEAN:
    return risk_tail_mean(n, values, l->share);
  case RISK_MEAN:
    return risk_mean(n, values);
  case RISK_NONE:
  case RISK_COUNT:
    break;
  }
  const int kept = sort_counted(n, values);
  return kept > 0 ? values[kept - 1].value : (double)NAN;
}

double risk_bound(const limit *l) { return l->risk == RISK_PROBABILITY ? l->share : l->bound; }

/* Quantiles are taken of margins, on whose scale values are spread most evenly. */
double risk_margin(const limit *l, int n, weighted_value *values)
{
  const bool by_rank = l->risk == RISK_PROBABILITY || l->risk == RISK_QUANTILE;
  if (!by_rank) {
    return objective_margin(l, risk_value(l, n, values));
  }
  for (int i = 0; i < n; i++) {
    values[i].value = values[i].weight > 0 ? objective_margin(l, values[i].value) : 0;
  }
  return risk_quantile(n, values, l->risk == RISK_PROBABILITY ? 1 - l->share : l->share);
}

/* The share of the patients that does worse: the upper quantile of what is lost. */
static double lower_quantile(int n, weighted_value *values, double share)
{
  for (int i = 0; i < n; i++) {
    values[i].value = -values[i].value;
  }
  return -risk_quantile(n, values, 1 - share);
}

static double worst_stratum(int n, const weighted_value *values, int n_strata, const bool *member)
{
  double worst = NAN;
  for (int s = 0; s < n_strata; s++) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < n; i++) {
      const double weight = member[i * n_strata + s] ? values[i].weight : 0;
      sum += weight > 0 ? weight * values[i].value : 0;
      total += weight;
    }
    worst = total > 0 && !(sum / total >= worst) ? sum / total : worst;
  }
  return worst;
}

double risk_goal(const goal *g, int n, weighted_value *values, int n_strata, const bool *member)
{
  switch (g->statistic) {
  case STATISTIC_MEDIAN:
    return lower_quantile(n, values, 0.5);
  case STATISTIC_QUANTILE:
    return lower_quantile(n, values, g->share);
  case STATISTIC_WORST_STRATUM:
    return worst_stratum(n, values, n_strata, member);
  case STATISTIC_MEAN:
  case STATISTIC_COUNT:
    break;
  }
  return risk_mean(n, values);
}
