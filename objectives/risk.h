/* From one value for each virtual patient to the one number that a limit bounds or a goal is:
 * shares, quantiles, means. Used alike where a search compares and where a result is reported. */
#ifndef OBJECTIVES_RISK_H
#define OBJECTIVES_RISK_H

#include "objectives/objective.h"

/* weight >= 0; patients of weight 0 do not count. */
typedef struct weighted_value {
  double value, weight;
} weighted_value;

/* Values are used up where they are not const: sorted, and those that count moved to the front. NAN
 * where no patient counts. Values must be numbers (or infinite). */

double risk_mean(int n, const weighted_value *values);
/* share in [0, 1): interpolated so that not more than 1 - share of the weight lies above wherever
 * the quantile is within a bound; continuous in the values. */
double risk_quantile(int n, weighted_value *values, double share);
/* Mean of the largest values with a weight of 1 - share of the whole. */
double risk_tail_mean(int n, weighted_value *values, double share);

/* What a patient counts for in a limit where he could not be simulated: as one far beyond it. */
double risk_of_failure(const limit *l);

/* Whether one patient can be beyond the limit. Not beyond one on a probability of CRS, which bounds
 * the mean of the patients' probabilities. */
bool risk_of_each_patient(const limit *l);

/* What the limit's risk says of its patients' values (one window): compared with the limit's bound
 * in the unit of the limit, but for RISK_PROBABILITY the share of patients beyond the bound,
 * compared with l->share. RISK_NONE: the largest value. */
double risk_value(const limit *l, int n, weighted_value *values);
double risk_bound(const limit *l);
/* Margin on the scale of objective_margin, continuous also where the risk is a share: <= 0 holds,
 * and exactly where risk_value does not exceed risk_bound, or more strictly by less than one
 * patient. */
double risk_margin(const limit *l, int n, weighted_value *values);

/* The patients' goals as one; stratum s of patient i in member[i * n_strata + s]. */
double risk_goal(const goal *g, int n, weighted_value *values, int n_strata, const bool *member);

#endif
