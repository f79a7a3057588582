/* Virtual patients of a sensitivity study, always the same ones, and what a point makes of them all
 * together: see sensitivity_parts.h. */
#include "study/sensitivity_parts.h"

#include "base/allocate.h"
#include "optimize/evaluate_cohort.h"

#include <math.h>
#include <string.h>

int sensitivity_strata(const sensitivity_study *s)
{
  return s->problem->population != NULL ? s->problem->population->n_strata : 0;
}

/* --- patients --------------------------------------------------------------------------------- */

/* Plausible patients move to the front. */
static void keep_plausible(sensitivity_runs *w, const population *people, int drawn_now,
                           const double *covariates)
{
  sensitivity_study *s = w->study;
  sensitivity_patients *d = &w->patients;
  const size_t n = (size_t)w->study->problem->model->n_parameters;
  const int n_covariates = population_covariates(s->problem->population);
  for (int i = 0; i < drawn_now; i++) {
    const int to = s->n_patients;
    if (!(d->weight[i] > 0)) {
      continue;
    }
    memmove(d->own + (size_t)to * n, d->own + (size_t)i * n, n * sizeof *d->own);
    d->weight[to] = d->weight[i];
    for (int k = 0; k < sensitivity_strata(s); k++) {
      d->member[to * sensitivity_strata(s) + k] =
          population_in_stratum(people, k, covariates + (long)i * n_covariates);
    }
    s->n_patients++;
  }
}

static bool draw(sensitivity_runs *w, const population *people, double *covariates,
                 stepdose_error *error)
{
  sensitivity_study *s = w->study;
  const int wanted = s->settings->patients;
  s->n_patients = 0;
  if (!population_draw(people, s->problem->parameters, 0, wanted, w->patients.own,
                       w->patients.weight, covariates, error)) {
    return false;
  }
  keep_plausible(w, people, wanted, covariates);
  return s->n_patients > 0 ||
         error_set(error, STEPDOSE_OUT_OF_RANGE, "widen the plausible ranges of the population",
                   "none of %d virtual patients is plausible", wanted);
}

bool sensitivity_draw_patients(sensitivity_runs *w, stepdose_error *error)
{
  const stepdose_problem *p = w->study->problem;
  const size_t n = (size_t)w->study->settings->patients;
  sensitivity_patients *d = &w->patients;
  if (n == 0 || !sensitivity_looks_at(w->study, SENSITIVITY_FROM_PATIENTS)) {
    return true;
  }
  const size_t n_covariates = (size_t)population_covariates(p->population);
  double *covariates = allocate_zeroed(n, n_covariates * sizeof *covariates);
  population *people = population_open(p->population, p->model, p->population_seed, error);
  d->own = allocate_zeroed(n, (size_t)p->model->n_parameters * sizeof *d->own);
  d->weight = allocate_zeroed(n, sizeof *d->weight);
  d->member = allocate_zeroed(n * (size_t)sensitivity_strata(w->study) + 1, sizeof *d->member);
  bool done = people != NULL;
  if (done && (covariates == NULL || d->own == NULL || d->weight == NULL || d->member == NULL)) {
    done = error_no_memory(error, "drawing patients");
  }
  done = done && draw(w, people, covariates, error);
  population_close(people);
  release(covariates);
  return done;
}

/* --- one point -------------------------------------------------------------------------------- */

/* What counts for a patient who could not be simulated: as one beyond every limit who does not
 * respond, and whose goal is the worst of the others. */
static double number_of_lost(const sensitivity_output *o, double worst_goal)
{
  return o->kind == SENSITIVITY_LOOK_PATIENTS_GOAL       ? worst_goal
         : o->kind == SENSITIVITY_LOOK_PATIENTS_RESPONSE ? 0
                                                         : 1;
}

static double weight_of(const sensitivity_runs *w, const sensitivity_output *o, int patient)
{
  const sensitivity_study *s = w->study;
  const int stratum =
      o->kind == SENSITIVITY_LOOK_PATIENTS_LIMIT ? s->problem->limits[o->index].stratum : -1;
  const bool counts = stratum < 0 || w->patients.member[patient * sensitivity_strata(s) + stratum];
  return counts ? w->patients.weight[patient] : 0;
}

static double sum_up(const sensitivity_runs *w, long point, int output)
{
  const sensitivity_study *s = w->study;
  const sensitivity_output *o = &s->output[output];
  const bool *lost = w->lost + point * s->n_patients;
  const double *kept = w->kept + point * s->n_patients * s->n_outputs + output;
  double worst = INFINITY;
  for (int i = 0; i < s->n_patients; i++) {
    worst = lost[i] ? worst : fmin(worst, kept[(long)i * s->n_outputs]);
  }
  for (int i = 0; i < s->n_patients; i++) {
    w->scratch[i].value = lost[i] ? number_of_lost(o, worst) : kept[(long)i * s->n_outputs];
    w->scratch[i].weight = weight_of(w, o, i);
  }
  return o->kind == SENSITIVITY_LOOK_PATIENTS_GOAL
             ? risk_goal(&s->problem->goal, s->n_patients, w->scratch, sensitivity_strata(s),
                         w->patients.member)
             : risk_mean(s->n_patients, w->scratch);
}

static bool too_many_lost(const sensitivity_runs *w, long point)
{
  const int n = w->study->n_patients;
  double lost = 0, all = 0;
  for (int i = 0; i < n; i++) {
    lost += w->lost[point * n + i] ? w->patients.weight[i] : 0;
    all += w->patients.weight[i];
  }
  return lost > COHORT_FAILURES_ALLOWED * all;
}

void sensitivity_sum_up(const sensitivity_runs *w, long point, double *value)
{
  const sensitivity_study *s = w->study;
  if (s->n_patients == 0 || too_many_lost(w, point)) {
    return;
  }
  for (int k = 0; k < s->n_outputs; k++) {
    value[k] = s->output[k].source == SENSITIVITY_FROM_PATIENTS ? sum_up(w, point, k) : value[k];
  }
}
