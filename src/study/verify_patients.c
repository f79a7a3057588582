/* Does a result still say what happens in its virtual patients? All of them are simulated again. */
#include "study/verify.h"

#include "study/cohort_study.h"

#include <math.h>

static void compare_count(const char *what, long claimed, const cohort_share *found,
                          study_checks *out)
{
  checks_add(out, what, claimed == found->count, "claimed %ld of %ld patients, found %ld", claimed,
             found->of, found->count);
}

static void compare_patients(const claimed_patients *claimed, const cohort_study *c,
                             study_checks *out)
{
  const cohort_outcome *o = &c->outcome[0];
  const double median = o->goal_figure.at[COHORT_MEDIAN];
  const bool same_median =
      fabs(claimed->goal_median - median) <= STUDY_AGREEMENT * fmax(1, fabs(median)) ||
      (isnan(median) && isnan(claimed->goal_median));
  checks_add(out, "plausible patients", claimed->plausible == c->n_included, "%d of %d",
             c->n_included, c->n_patients);
  checks_add(out, "failed patients", claimed->failures == o->failures, "%ld", o->failures);
  checks_add(out, "median goal of the patients", same_median, "claimed %.10g, found %.10g",
             claimed->goal_median, median);
  compare_count("patients beyond any limit", claimed->any_limit, &o->any_limit, out);
  if (problem_has_tumor(c->problem)) {
    compare_count("patients who respond", claimed->responses, &o->response, out);
  }
}

bool study_verify_patients(const claimed_patients *claimed, const stepdose_problem *problem,
                           const schedule *doses, study_checks *out, stepdose_error *error)
{
  stepdose_error why;
  if (claimed->given == problem->reference_patient) {
    checks_add(out, "virtual patients", false, "the result has %s, the problem %s",
               claimed->given ? "some" : "none", claimed->given ? "none" : "some");
  }
  if (!claimed->given || problem->reference_patient) {
    return true;
  }
  const cohort_request request = cohort_request_of(problem, "claimed", doses);
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
