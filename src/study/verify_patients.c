/* Does a result still say what happens in its virtual patients? All of them are simulated again. */
#include "study/verify.h"

#include "base/number.h"
#include "study/cohort_study.h"

#include <math.h>

static bool agree(double claimed, double found, double scale)
{
  return fabs(claimed - found) <= STUDY_AGREEMENT * scale || (isnan(claimed) && isnan(found));
}

static void compare_count(const char *what, long claimed, const cohort_share *found,
                          study_checks *out)
{
  checks_add(out, what, claimed == found->count, "claimed %ld of %ld patients, found %ld", claimed,
             found->of, found->count);
}

static void compare_goal(const char *what, double claimed, double found, study_checks *out)
{
  checks_add(out, what, agree(claimed, found, fmax(1, fabs(found))), "claimed %.10g, found %.10g",
             claimed, found);
}

static double relative_difference(double claimed, double found)
{
  if (isnan(claimed) || isnan(found)) {
    return isnan(claimed) && isnan(found) ? 0 : HUGE_VAL;
  }
  return fabs(claimed - found) / fmax(fabs(found), 1e-300);
}

/* One line for all: the largest disagreement, so that many windows stay readable. */
static void compare_risks(const claimed_patients *claimed, const cohort_outcome *o,
                          study_checks *out)
{
  double largest = 0;
  long counts = 0;
  bool same = claimed->n_risks == o->n_risks;
  for (int r = 0; same && r < o->n_risks; r++) {
    const cohort_risk *a = &claimed->risk[r];
    const cohort_risk *b = &o->risk[r];
    same = a->limit == b->limit && a->window == b->window && a->of == b->of;
    largest = fmax(largest, relative_difference(a->value, b->value));
    counts += a->count != b->count || a->holds != b->holds;
  }
  checks_add(out, "limits and dose windows of the patients", same, "%s",
             same ? "the same" : "not those that the result lists");
  checks_add(out, "risks of the patients", same && largest <= STUDY_AGREEMENT,
             "%d risks, largest relative difference %.2g", o->n_risks, largest);
  checks_add(out, "patients beyond each limit", same && counts == 0,
             "%ld of %d counts or verdicts differ", counts, o->n_risks);
}

static void compare_patients(const claimed_patients *claimed, const cohort_study *c,
                             study_checks *out)
{
  const cohort_outcome *o = &c->outcome[0];
  const bool holds = cohort_outcome_holds(o);
  checks_add(out, "plausible patients", claimed->plausible == c->n_included, "%d of %d",
             c->n_included, c->n_patients);
  checks_add(out, "failed patients", claimed->failures == o->failures, "%ld", o->failures);
  compare_goal("median goal of the patients", claimed->goal_median,
               o->goal_figure.at[COHORT_MEDIAN], out);
  compare_goal("goal of the patients", claimed->goal, o->goal_value, out);
  compare_count("patients beyond any limit", claimed->any_limit, &o->any_limit, out);
  if (problem_has_tumor(c->problem)) {
    compare_count("patients who respond", claimed->responses, &o->response, out);
  }
  if (c->problem->n_limits > 0) {
    compare_risks(claimed, o, out);
  }
  if (c->problem->n_limits > 0 && cohort_can_judge(c->problem)) {
    checks_add(out, "every limit holds in the patients", claimed->holds == holds, "%s",
               holds ? "they hold" : "they do not all hold");
  }
}

/* The patients that the problem asks for; fresh ones by any seed but that of the search, as each
 * round of a verification has its own. */
static bool are_asked_for(const claimed_patients *claimed, const stepdose_problem *problem)
{
  const int asked = claimed->fresh ? problem->verification.patients : problem->patients;
  const double tighter = claimed->fresh ? STUDY_TIGHTER : 1;
  const uint64_t own = problem->population_seed;
  const bool right = claimed->fresh ? population_strangers(problem->population, claimed->seed, own)
                                    : claimed->seed == own;
  return claimed->drawn == asked && right &&
         number_same(claimed->tolerance, problem->tolerance / tighter);
}

/* Both sides must have patients, and the same ones. */
static bool compare_cohorts(const claimed_patients *claimed, const stepdose_problem *problem,
                            study_checks *out)
{
  if (claimed->given == problem->reference_patient) {
    checks_add(out, "virtual patients", false, "the result has %s, the problem %s",
               claimed->given ? "some" : "none", claimed->given ? "none" : "some");
  }
  if (!claimed->given || problem->reference_patient) {
    return false;
  }
  const bool asked = are_asked_for(claimed, problem);
  checks_add(out, "virtual patients", asked, "%ld%s, seed %llu, tolerance %.3g%s", claimed->drawn,
             claimed->fresh ? " whom the search has not seen" : "",
             (unsigned long long)claimed->seed, claimed->tolerance,
             asked ? "" : ": not those that the problem asks for");
  return asked;
}

bool study_verify_patients(const claimed_patients *claimed, const stepdose_problem *problem,
                           const double *parameters, const schedule *doses, study_checks *out,
                           stepdose_error *error)
{
  stepdose_error why;
  if (!compare_cohorts(claimed, problem, out)) {
    return true;
  }
  cohort_request request = cohort_request_of(problem, "claimed", doses);
  request.parameters = parameters;
  request.patients = (int)claimed->drawn;
  request.seed = claimed->seed;
  request.tolerance = claimed->tolerance;
  request.alone = true;
  cohort_study *c = cohort_study_run(&request, &why);
  if (c == NULL && why.code == STEPDOSE_NO_MEMORY) {
    return error_no_memory(error, "verifying virtual patients");
  }
  if (c == NULL) {
    checks_add_error(out, "simulation of the patients", &why);
    return true;
  }
  compare_patients(claimed, c, out);
  cohort_study_free(c);
  return true;
}
