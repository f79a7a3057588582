/* Counts the patients of strata: see stratum_count.h. */
#include "study/stratum_count.h"

#include "base/allocate.h"
#include "base/error.h"
#include "population/population.h"
#include "study/propose.h"

static void add_patient(const population *people, int n_strata, const double *covariates,
                        stratum_counts *out)
{
  bool member[POPULATION_STRATA_MAX];
  for (int s = 0; s < n_strata; s++) {
    member[s] = population_in_stratum(people, s, covariates);
  }
  for (int a = 0; a < n_strata; a++) {
    for (int b = 0; b < n_strata; b++) {
      out->both[a][b] += member[a] && member[b];
    }
  }
}

bool stratum_count(const stepdose_problem *problem, uint64_t seed, int patients,
                   stratum_counts *out, stepdose_error *error)
{
  const population_description *d = problem->population;
  double covariates[POPULATION_COVARIATES_MAX];
  double weight = 0;
  population *people = population_open(d, problem->model, seed, error);
  bool done = people != NULL;
  *out = (stratum_counts){0};
  for (int i = 0; done && i < patients; i++) {
    done = population_draw(people, problem->parameters, i, 1, NULL, &weight, covariates, error);
    if (done && weight > 0) {
      add_patient(people, d->n_strata, covariates, out);
    }
  }
  population_close(people);
  return done;
}

/* --- refusals --------------------------------------------------------------------------------- */

/* Who are counted, in words. */
typedef struct counted_patients {
  uint64_t seed;
  int n;
  const char *who;
} counted_patients;

static bool refuse_nobody(const stepdose_problem *problem, int stratum, const char *pointer,
                          const counted_patients *c, stepdose_error *error)
{
  error_set(error, STEPDOSE_OUT_OF_RANGE,
            "ask for more patients or another seed, or leave the limit, goal or stratum out",
            "nobody of the stratum \"%s\" is plausible among the %d patients of %s (seed %llu)",
            problem->population->stratum[stratum].name, c->n, c->who, (unsigned long long)c->seed);
  error_place(error, problem->path, 0, 0, pointer);
  return false;
}

/* Restricted to one stratum, a goal of the worst one is about those who are left. */
static bool counts_all_strata(const stepdose_problem *problem, const goal *g)
{
  return g->statistic == STATISTIC_WORST_STRATUM && problem->population->only_stratum == 0;
}

static bool counts_one_stratum(int n, const limit *list)
{
  bool any = false;
  for (int k = 0; k < n; k++) {
    any = any || list[k].stratum >= 0;
  }
  return any;
}

static bool counts_strata(const stepdose_problem *problem)
{
  const pareto_settings *front = &problem->pareto;
  return counts_all_strata(problem, &problem->goal) ||
         (front->n_costs > 0 && counts_all_strata(problem, &front->benefit)) ||
         counts_one_stratum(problem->n_limits, problem->limits) ||
         counts_one_stratum(front->n_costs, front->cost);
}

/* Limits, or the costs of a front. */
static bool limits_count_somebody(const stepdose_problem *problem, int n, const limit *list,
                                  const stratum_counts *found, const counted_patients *c,
                                  stepdose_error *error)
{
  for (int k = 0; k < n; k++) {
    const int s = list[k].stratum;
    if (s >= 0 && found->both[s][s] == 0) {
      return refuse_nobody(problem, s, list[k].pointer, c, error);
    }
  }
  return true;
}

static bool goal_counts_somebody(const stepdose_problem *problem, const goal *g,
                                 const char *pointer, const stratum_counts *found,
                                 const counted_patients *c, stepdose_error *error)
{
  const int n = counts_all_strata(problem, g) ? problem->population->n_strata : 0;
  for (int s = 0; s < n; s++) {
    if (found->both[s][s] == 0) {
      return refuse_nobody(problem, s, pointer, c, error);
    }
  }
  return true;
}

static bool everybody_is_there(const stepdose_problem *problem, const counted_patients *c,
                               stepdose_error *error)
{
  const pareto_settings *front = &problem->pareto;
  stratum_counts found;
  return stratum_count(problem, c->seed, c->n, &found, error) &&
         limits_count_somebody(problem, problem->n_limits, problem->limits, &found, c, error) &&
         goal_counts_somebody(problem, &problem->goal, "/maximize", &found, c, error) &&
         limits_count_somebody(problem, front->n_costs, front->cost, &found, c, error) &&
         (front->n_costs == 0 ||
          goal_counts_somebody(problem, &front->benefit, "/pareto/goals", &found, c, error));
}

bool study_can_count(const stepdose_problem *problem, stepdose_error *error)
{
  const counted_patients own = {problem->population_seed, problem->patients, "the problem"};
  return problem->reference_patient || !counts_strata(problem) ||
         everybody_is_there(problem, &own, error);
}

static bool somebody_is_left(const stepdose_problem *problem, stepdose_error *error)
{
  if (problem->verification.patients > 0) {
    return true;
  }
  error_set(error, STEPDOSE_CONTRADICTION,
            "add a second set of weights, or leave the weights out: only given regimens can be "
            "simulated with one set",
            "the population \"%s\" has one set of weights: nobody is left to verify what a search "
            "in them finds",
            problem->population_name);
  error_place(error, problem->path, 0, 0, "/population");
  return false;
}

bool study_can_verify(const stepdose_problem *problem, stepdose_error *error)
{
  bool can = problem->reference_patient || somebody_is_left(problem, error);
  const bool asked = !problem->reference_patient && counts_strata(problem);
  for (int round = 0; can && asked && round <= problem->verification.rounds; round++) {
    const counted_patients fresh = {study_fresh_seed(problem, round),
                                    problem->verification.patients, "the verification"};
    can = everybody_is_there(problem, &fresh, error);
  }
  return can;
}
