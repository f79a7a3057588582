/* Which virtual patients break a limit: see responsible.h. */
#include "study/responsible.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Differences that are closer are those of one order of the patients. */
static const double same_order = 1e-12;

/* A patient whom the limit counts. */
typedef struct judged {
  double value, weight;
  bool beyond;
} judged;

typedef struct two_groups {
  int n;
  weighted_value *value;   /* (n_patients): of the limit; weight 0: does not count */
  bool *beyond;            /* (n_patients) */
  judged *sorted;          /* (n) */
  weighted_value *scratch; /* (n) */
} two_groups;

/* Everybody whom the limit counts, and how many of them are beyond its bound. */
static void judge(const cohort_study *c, const limit *l, two_groups *g, responsible_patients *out)
{
  for (int i = 0; i < c->n_patients; i++) {
    if (!(g->value[i].weight > 0)) {
      continue;
    }
    out->of++;
    g->beyond[i] = !(objective_margin(l, g->value[i].value) <= 0);
    if (g->beyond[i] && out->n_named < RESPONSIBLE_NAMED) {
      out->named[out->n_named++] = i + 1;
    }
    out->count += g->beyond[i];
  }
}

static int by_value(const void *a, const void *b)
{
  const double x = ((const judged *)a)->value;
  const double y = ((const judged *)b)->value;
  return (x > y) - (x < y);
}

static void list_group(const cohort_study *c, int covariate, two_groups *g)
{
  g->n = 0;
  for (int i = 0; i < c->n_patients; i++) {
    if (g->value[i].weight > 0) {
      const double value = c->covariate[(long)i * c->n_covariates + covariate];
      g->sorted[g->n++] = (judged){value, g->value[i].weight, g->beyond[i]};
    }
  }
  qsort(g->sorted, (size_t)g->n, sizeof *g->sorted, by_value);
}

/* Weights of both groups among equal values from `first` on; returns where they end. */
static int equal_values(const two_groups *g, int first, double weight[2])
{
  int i = first;
  weight[0] = weight[1] = 0;
  for (; i < g->n && g->sorted[i].value <= g->sorted[first].value; i++) {
    weight[g->sorted[i].beyond] += g->sorted[i].weight;
  }
  return i;
}

/* A pair counts for the one with the larger value, where it is met first. */
static double difference(const two_groups *g)
{
  double below[2] = {0, 0};
  double larger[2] = {0, 0};
  for (int i = 0; i < g->n;) {
    double here[2];
    i = equal_values(g, i, here);
    larger[1] += here[1] * below[0];
    larger[0] += here[0] * below[1];
    below[0] += here[0];
    below[1] += here[1];
  }
  return (larger[1] - larger[0]) / (below[0] * below[1]);
}

static double median_of(const two_groups *g, bool beyond)
{
  for (int i = 0; i < g->n; i++) {
    const double weight = g->sorted[i].beyond == beyond ? g->sorted[i].weight : 0;
    g->scratch[i] = (weighted_value){g->sorted[i].value, weight};
  }
  return cohort_figure_of(g->n, g->scratch).at[COHORT_MEDIAN];
}

static bool is_new(const responsible_patients *out, double found)
{
  for (int i = 0; i < out->n_covariates; i++) {
    if (fabs(fabs(out->covariate[i].difference) - fabs(found)) <= same_order) {
      return false;
    }
  }
  return true;
}

/* Sorted in by the size of its difference, the last one drops out. */
static void offer(responsible_patients *out, responsible_covariate found)
{
  int at = out->n_covariates;
  while (at > 0 && fabs(out->covariate[at - 1].difference) < fabs(found.difference)) {
    at--;
  }
  if (at >= RESPONSIBLE_COVARIATES) {
    return;
  }
  const int last =
      out->n_covariates < RESPONSIBLE_COVARIATES ? out->n_covariates++ : RESPONSIBLE_COVARIATES - 1;
  memmove(&out->covariate[at + 1], &out->covariate[at],
          (size_t)(last - at) * sizeof *out->covariate);
  out->covariate[at] = found;
}

static void compare_covariates(const cohort_study *c, two_groups *g, responsible_patients *out)
{
  for (int k = 0; k < c->n_covariates; k++) {
    list_group(c, k, g);
    const double found = difference(g);
    if (fabs(found) > same_order && is_new(out, found)) {
      offer(out, (responsible_covariate){k, median_of(g, true), median_of(g, false), found});
    }
  }
}

bool responsible_patients_find(const cohort_study *c, const cohort_outcome *o, int k,
                               responsible_patients *out, stepdose_error *error)
{
  const int risk = cohort_outcome_worst(o, k);
  const size_t n = (size_t)c->n_patients;
  *out = (responsible_patients){.limit = k};
  if (risk < 0) {
    return true;
  }
  two_groups g = {.value = allocate_zeroed(n, sizeof *g.value),
                  .beyond = allocate_zeroed(n, sizeof *g.beyond),
                  .sorted = allocate_zeroed(n, sizeof *g.sorted),
                  .scratch = allocate_zeroed(n, sizeof *g.scratch)};
  const bool done = g.value != NULL && g.beyond != NULL && g.sorted != NULL && g.scratch != NULL;
  if (done) {
    out->window = o->risk[risk].window;
    cohort_risk_values(c, o, risk, g.value);
    judge(c, &c->problem->limits[k], &g, out);
    if (out->count > 0 && out->count < out->of) {
      compare_covariates(c, &g, out);
    }
  }
  release(g.value);
  release(g.beyond);
  release(g.sorted);
  release(g.scratch);
  return done || error_no_memory(error, "finding the responsible patients");
}
