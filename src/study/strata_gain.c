/* What a stratum gains by a regimen of its own: paired by patient, see strata.h. */
#include "study/strata.h"

#include "base/allocate.h"
#include "base/error.h"
#include "optimize/bootstrap.h"

#include <math.h>
#include <string.h>

enum { RESAMPLES = 1000 };

/* Patients under two regimens, one row each. */
typedef struct paired {
  const goal *goal;
  int n, n_strata;
  weighted_value *common, *own; /* (n) */
  bool *member;                 /* (n x n_strata) */
  weighted_value *scratch;      /* (n) */
} paired;

static void paired_close(paired *p)
{
  release(p->common);
  release(p->own);
  release(p->member);
  release(p->scratch);
}

static bool paired_open(paired *p, const stepdose_problem *problem, int most, stepdose_error *error)
{
  const size_t n = (size_t)most;
  *p = (paired){.goal = &problem->goal, .n_strata = problem->population->n_strata};
  p->common = allocate_zeroed(n, sizeof *p->common);
  p->own = allocate_zeroed(n, sizeof *p->own);
  p->member = allocate_zeroed(n * (size_t)p->n_strata, sizeof *p->member);
  p->scratch = allocate_zeroed(n, sizeof *p->scratch);
  return (p->common != NULL && p->own != NULL && p->member != NULL && p->scratch != NULL) ||
         error_no_memory(error, "comparing regimens of strata");
}

static void add_patient(paired *p, weighted_value common, weighted_value own, const bool *member)
{
  p->common[p->n] = common;
  p->own[p->n] = own;
  memcpy(p->member + (long)p->n * p->n_strata, member, (size_t)p->n_strata * sizeof *member);
  p->n++;
}

/* weight (n): how often each counts; NULL: once. */
static double goal_of(const paired *p, const weighted_value *values, const double *weight)
{
  for (int i = 0; i < p->n; i++) {
    p->scratch[i] = values[i];
    p->scratch[i].weight *= weight != NULL ? weight[i] : 1;
  }
  return risk_goal(p->goal, p->n, p->scratch, p->n_strata, p->member);
}

static void resampled_gain(const void *context, const double *weight, double *value)
{
  const paired *p = context;
  *value = goal_of(p, p->own, weight) - goal_of(p, p->common, weight);
}

static bool sum_up(const paired *p, const cohort_study *judged, strata_gain *out,
                   stepdose_error *error)
{
  const bootstrap resampling = {.rows = p->n,
                                .each = cohort_study_each(judged),
                                .n_values = 1,
                                .resamples = RESAMPLES,
                                .level = COHORT_CONFIDENCE,
                                .seed = judged->seed,
                                .statistic = resampled_gain,
                                .context = p};
  *out = (strata_gain){.patients = p->n, .common = goal_of(p, p->common, NULL)};
  out->own = goal_of(p, p->own, NULL);
  out->gain = out->own - out->common;
  return p->n == 0 || bootstrap_intervals(&resampling, &out->low, &out->high, error);
}

/* Adds the patients of a stratum; `of`: only those who are in none before it; NULL: all. own,
 * common: (n_patients) of scratch each. */
static void add_stratum(paired *p, const stratum_answer *a, const study_strata *of,
                        weighted_value *own, weighted_value *common)
{
  const cohort_study *c = a->judged;
  const int n_strata = p->n_strata;
  cohort_goal_values(c, stratum_own(a), own);
  cohort_goal_values(c, stratum_common(a), common);
  for (int i = 0; i < c->n_patients; i++) {
    const bool *member = c->member + (long)i * n_strata;
    bool taken = c->weight[i] <= 0;
    for (int s = 0; of != NULL && &of->stratum[s] != a; s++) {
      taken = taken || member[of->stratum[s].stratum];
    }
    if (!taken) {
      add_patient(p, common[i], own[i], member);
    }
  }
}

static bool compare(const stepdose_problem *problem, int n, const stratum_answer *list,
                    const study_strata *of, strata_gain *out, stepdose_error *error)
{
  const int most = list[0].judged->n_patients;
  weighted_value *own = allocate_zeroed((size_t)most, sizeof *own);
  weighted_value *common = allocate_zeroed((size_t)most, sizeof *common);
  paired p;
  bool done = paired_open(&p, problem, most, error);
  if (done && (own == NULL || common == NULL)) {
    done = error_no_memory(error, "comparing regimens of strata");
  }
  for (int s = 0; done && s < n; s++) {
    add_stratum(&p, &list[s], of, own, common);
  }
  done = done && sum_up(&p, list[0].judged, out, error);
  paired_close(&p);
  release(own);
  release(common);
  return done;
}

bool strata_gain_of(stratum_answer *a, stepdose_error *error)
{
  return compare(a->problem, 1, a, NULL, &a->gain, error);
}

bool strata_gain_overall(study_strata *s, stepdose_error *error)
{
  return compare(s->problem, s->n, s->stratum, s, &s->overall, error);
}
