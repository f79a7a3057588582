/* Risks over the patients of a cohort, with intervals: see cohort_risk.h. */
#include "study/cohort_risk.h"

#include "base/allocate.h"
#include "base/error.h"
#include "optimize/bootstrap.h"
#include "optimize/search.h"
#include "population/weights.h"

#include <math.h>
#include <string.h>

enum { RESAMPLES = 400 };

/* n for patients of equal weight, fewer where a few of them weigh most (Kish). */
static double effective_patients(int n, const weighted_value *values)
{
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; i++) {
    sum += values[i].weight;
    squares += values[i].weight * values[i].weight;
  }
  return squares > 0 ? sum * sum / squares : 0;
}

double cohort_risk_each(int n, const double *weights, double worth)
{
  const double apart = weights_effective_size(n, weights);
  return apart > 0 ? fmin(worth / apart, 1) : 1;
}

static void share_interval(double share, double of, cohort_risk *out)
{
  const long n = lround(of); /* 0, and the share no number, where nobody counts */
  const long count = n > 0 ? lround(share * (double)n) : 0;
  const binomial_interval interval = binomial_exact_interval(count, n, COHORT_CONFIDENCE);
  out->low = interval.low;
  out->high = interval.high;
}

static void count_beyond(const limit *l, int n, const weighted_value *values, cohort_risk *out)
{
  for (int i = 0; i < n; i++) {
    out->of += values[i].weight > 0;
    out->count += values[i].weight > 0 && !(objective_margin(l, values[i].value) <= 0);
  }
}

/* Variance of the weighted mean of patients, each of them so much of a person of his own. */
static double variance_of_mean(double each, int n, const weighted_value *values, double mean)
{
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; i++) {
    const double off = values[i].weight * (values[i].value - mean);
    sum += values[i].weight;
    squares += off * off;
  }
  const double patients = each * effective_patients(n, values);
  return patients > 1 ? squares / (sum * sum) / each * patients / (patients - 1) : (double)INFINITY;
}

/* A mean of probabilities is known better than a share of events: the interval of Clopper and
 * Pearson for as many patients with an event or without one as would know it as well (E. L. Korn,
 * B. I. Graubard, Survey Methodology 24:193, 1998). The count is the expected one. */
static void mean_interval(double each, int n, const weighted_value *values, cohort_risk *out)
{
  for (int i = 0; i < n; i++) {
    out->of += values[i].weight > 0;
  }
  const double mean = out->value, variance = variance_of_mean(each, n, values, mean);
  out->count = out->of > 0 ? lround(mean * (double)out->of) : 0;
  const double least = each * effective_patients(n, values);
  const double as_many = mean * (1 - mean) / variance;
  const binomial_interval interval =
      binomial_mean_interval(mean, as_many > least ? as_many : least, COHORT_CONFIDENCE);
  out->low = interval.low;
  out->high = interval.high;
}

/* The quantile at the ends of the exact interval of its own share. */
static void quantile_interval(const limit *l, double each, int n, weighted_value *values,
                              cohort_risk *out)
{
  cohort_risk ranks = {0};
  share_interval(l->share, each * effective_patients(n, values), &ranks);
  out->low = risk_quantile(n, values, ranks.low);
  out->high = risk_quantile(n, values, fmin(ranks.high, 1 - 1e-12));
}

/* What a resample of patients is computed from. */
typedef struct tail_sample {
  const limit *limit;
  int n;
  const weighted_value *values;
  weighted_value *scratch; /* (n) */
} tail_sample;

static void resampled_tail(const void *context, const double *weight, double *value)
{
  const tail_sample *s = context;
  for (int i = 0; i < s->n; i++) {
    s->scratch[i] = (weighted_value){s->values[i].value, s->values[i].weight * weight[i]};
  }
  *value = risk_tail_mean(s->n, s->scratch, s->limit->share);
}

static bool tail_interval(const limit *l, double each, uint64_t seed, int n,
                          const weighted_value *values, cohort_risk *out, stepdose_error *error)
{
  tail_sample sample = {l, n, values, allocate_zeroed((size_t)n, sizeof(weighted_value))};
  const bootstrap resampling = {.rows = n,
                                .each = each,
                                .n_values = 1,
                                .resamples = RESAMPLES,
                                .level = COHORT_CONFIDENCE,
                                .seed = seed,
                                .statistic = resampled_tail,
                                .context = &sample};
  bool done = sample.scratch != NULL || error_no_memory(error, "judging a risk");
  done = done && bootstrap_intervals(&resampling, &out->low, &out->high, error);
  release(sample.scratch);
  return done;
}

static bool find_interval(const limit *l, double each, uint64_t seed, int n, weighted_value *values,
                          cohort_risk *out, stepdose_error *error)
{
  switch (l->risk) {
  case RISK_PROBABILITY:
    count_beyond(l, n, values, out);
    share_interval(out->value, each * effective_patients(n, values), out);
    return true;
  case RISK_MEAN:
    if (l->kind == LIMIT_CRS_PROBABILITY) {
      mean_interval(each, n, values, out);
    }
    return true;
  case RISK_QUANTILE:
    quantile_interval(l, each, n, values, out);
    return true;
  case RISK_TAIL_MEAN:
    return tail_interval(l, each, seed, n, values, out, error);
  case RISK_NONE:
  case RISK_COUNT:
    break;
  }
  return true;
}

/* Each statistic sorts its values: the patients' order is kept in a copy. */
bool cohort_risk_of(const limit *l, int index, int window, double each, uint64_t seed, int n,
                    weighted_value *values, cohort_risk *out, stepdose_error *error)
{
  weighted_value *copy = allocate((size_t)n * sizeof *copy);
  if (copy == NULL) {
    return error_no_memory(error, "judging a risk");
  }
  const size_t size = (size_t)n * sizeof *copy;
  *out = (cohort_risk){
      .limit = index, .window = window, .bound = risk_bound(l), .low = NAN, .high = NAN};
  memcpy(copy, values, size);
  out->value = risk_value(l, n, copy);
  memcpy(copy, values, size);
  out->margin = risk_margin(l, n, copy);
  out->holds =
      l->risk == RISK_PROBABILITY ? out->value <= out->bound : out->margin <= SEARCH_TOLERANCE;
  const bool done = find_interval(l, each, seed, n, values, out, error);
  release(copy);
  return done;
}
