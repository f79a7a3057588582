/* Whether the fitted values leave the grades of cytokine release syndrome nested in every case. */
#include "study/calibrate.h"

/* The value of model parameter `of` in a case after the fit. by: the fitted parameter that sets it,
 * -1: none. */
static double fitted_value(const study_calibration *c, const evidence_case *in, int of, int *by)
{
  double value = in->problem->parameters[of];
  *by = -1;
  for (int j = 0; j < c->fit.n_parameters; j++) {
    const evidence_parameter *p = &c->evidence->parameters[j];
    for (int t = 0; t < p->n_targets; t++) {
      evidence_place place;
      if (evidence_locate(&p->target[t], in, &place) && !place.in_population &&
          place.parameter == of) {
        value = c->fit.estimate[j].value * p->target[t].factor;
        *by = j;
      }
    }
  }
  return value;
}

static bool is_told(const fit_outcome *fit, int first, int second, int grade)
{
  for (int i = 0; i < fit->n_warnings; i++) {
    const fit_warning *w = &fit->warning[i];
    if (w->kind == FIT_WARNING_NOT_NESTED && w->first == first && w->second == second &&
        (int)w->value == grade) {
      return true;
    }
  }
  return false;
}

static bool check_grade(study_calibration *c, const evidence_case *in, int grade,
                        stepdose_error *error)
{
  const int mild = problem_crs_intercept(in->problem->model, grade - 1);
  const int severe = problem_crs_intercept(in->problem->model, grade);
  int first = -1, second = -1;
  if (mild < 0 || severe < 0 ||
      fitted_value(c, in, severe, &second) <= fitted_value(c, in, mild, &first) ||
      (first < 0 && second < 0) || is_told(&c->fit, first, second, grade)) {
    return true;
  }
  return fit_warn(&c->fit, FIT_WARNING_NOT_NESTED, first, second, grade, error);
}

bool calibrate_warn_grades(study_calibration *c, stepdose_error *error)
{
  bool done = true;
  for (int i = 0; i < c->evidence->n_cases; i++) {
    for (int grade = 2; done && grade <= PROBLEM_GRADES; grade++) {
      done = check_grade(c, &c->evidence->cases[i], grade, error);
    }
  }
  return done;
}
