/* Percentiles and shares of patients against brute force. */
#include "base/random.h"
#include "study/cohort_statistics.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 200, TRIES = 60 };

static const double share_below[] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* Without sorting: the smallest of the values up to which at least that share of the weight lies.
 */
static double brute_percentile(int n, const weighted_value *values, double share)
{
  double total = 0;
  double found = NAN;
  for (int i = 0; i < n; i++) {
    total += values[i].weight;
  }
  for (int i = 0; i < n; i++) {
    double up_to = 0;
    for (int k = 0; k < n; k++) {
      up_to += values[k].value <= values[i].value ? values[k].weight : 0;
    }
    const bool reached = values[i].weight > 0 && up_to >= share * total * (1 - 1e-12);
    found = reached && !(found <= values[i].value) ? values[i].value : found;
  }
  return found;
}

/* Some values are equal, some weights 0. */
static int random_values(uint64_t seed, weighted_value *values)
{
  random_stream s = random_open(seed, 0);
  const int n = 1 + (int)(random_uniform(&s) * (MOST - 1));
  for (int i = 0; i < n; i++) {
    values[i].value = floor(20 * random_normal(&s)) / 4;
    values[i].weight = i > 0 && random_uniform(&s) < 0.2 ? 0 : 0.1 + random_uniform(&s);
  }
  return n;
}

Test(cohort_statistics, percentiles_and_mean_are_those_of_brute_force)
{
  for (uint64_t seed = 1; seed <= TRIES; seed++) {
    weighted_value values[MOST];
    weighted_value scratch[MOST];
    double total = 0;
    double sum = 0;
    const int n = random_values(seed, values);
    memcpy(scratch, values, sizeof values);
    const cohort_figure found = cohort_figure_of(n, scratch);
    for (int s = 0; s < COHORT_MEAN; s++) {
      const double wanted = brute_percentile(n, values, share_below[s]);
      cr_expect(fabs(found.at[s] - wanted) <= 0, "seed %lu, %s of %d: %g, not %g",
                (unsigned long)seed, cohort_statistic_names[s], n, found.at[s], wanted);
    }
    for (int i = 0; i < n; i++) {
      total += values[i].weight;
      sum += values[i].weight * values[i].value;
    }
    cr_expect(fabs(found.at[COHORT_MEAN] - sum / total) < 1e-12 * 20, "seed %lu: mean",
              (unsigned long)seed);
  }
}

/* A patient of weight 3 is three patients. */
Test(cohort_statistics, whole_weights_are_as_many_patients)
{
  for (uint64_t seed = 1; seed <= TRIES; seed++) {
    weighted_value weighted[MOST];
    weighted_value repeated[4 * MOST];
    int m = 0;
    const int n = random_values(seed, weighted);
    for (int i = 0; i < n; i++) {
      weighted[i].weight = i % 4;
      for (int k = 0; k < i % 4; k++) {
        repeated[m++] = (weighted_value){weighted[i].value, 1};
      }
    }
    const cohort_figure a = cohort_figure_of(n, weighted);
    const cohort_figure b = cohort_figure_of(m, repeated);
    for (int s = 0; s < COHORT_STATISTIC_COUNT && m > 0; s++) {
      cr_expect(fabs(a.at[s] - b.at[s]) < 1e-12 * 20, "seed %lu, %s: %g and %g",
                (unsigned long)seed, cohort_statistic_names[s], a.at[s], b.at[s]);
    }
  }
}

Test(cohort_statistics, what_is_no_number_or_has_no_weight_does_not_count)
{
  weighted_value values[] = {{NAN, 1}, {5, 1}, {1000, 0}, {7, 1}, {NAN, 0}};
  const cohort_figure found = cohort_figure_of(5, values);
  cr_expect(found.at[COHORT_P5] == 5 && found.at[COHORT_MEDIAN] == 5 && found.at[COHORT_P75] == 7);
  cr_expect(found.at[COHORT_MEAN] == 6);
  weighted_value none[] = {{NAN, 1}, {3, 0}};
  const cohort_figure nothing = cohort_figure_of(2, none);
  for (int s = 0; s < COHORT_STATISTIC_COUNT; s++) {
    cr_expect(isnan(nothing.at[s]), "%s of nobody", cohort_statistic_names[s]);
  }
}

Test(cohort_statistics, a_share_lies_in_its_interval)
{
  for (long k = 0; k <= 64; k++) {
    const cohort_share s = cohort_share_of(k, 64);
    cr_expect(s.count == k && s.of == 64 && s.interval.low <= s.share &&
                  s.share <= s.interval.high && s.interval.high - s.interval.low < 0.27,
              "%ld of 64: %g in %g to %g", k, s.share, s.interval.low, s.interval.high);
  }
  cr_expect(isnan(cohort_share_of(0, 0).share));
}
