/* What a calibration says of fitted values that make a severe grade more probable than a mild one.
 */
#include "base/allocate.h"
#include "problem/evidence_text.h"
#include "study/calibrate.h"

/* The intercept of grade 2 in the place of the slope; shipped: -10.2, -12.51, -15.39, -18.27. */
static evidence *with_intercept(void)
{
  char *bytes = evidence_changed("\"crs_slope_per_decade\", \"low\": 1, \"high\": 9",
                                 "\"crs_intercept_grade2\", \"low\": -50, \"high\": 0");
  evidence *e = evidence_of(bytes, 0);
  release(bytes);
  return e;
}

Test(calibrate_grades, grades_that_cross_are_named_once_and_others_not)
{
  static const struct {
    double fitted;
    int warnings, first, second, grade;
  } cases[] = {{-12.51, 0, 0, 0, 0},
               {-10.2, 0, 0, 0, 0},
               {-9, 1, -1, PARAMETER_SLOPE, 2},
               {-15.39, 0, 0, 0, 0},
               {-16, 1, PARAMETER_SLOPE, -1, 3}};
  static study_calibration c;
  fit_estimate estimate[SMALL_PARAMETERS];
  stepdose_error error = {.code = STEPDOSE_OK};
  c.evidence = with_intercept();
  c.fit.n_parameters = SMALL_PARAMETERS;
  c.fit.estimate = estimate;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    for (int j = 0; j < SMALL_PARAMETERS; j++) {
      estimate[j] = (fit_estimate){.value = evidence_shipped(c.evidence, j)};
    }
    estimate[PARAMETER_SLOPE].value = cases[i].fitted;
    c.fit.n_warnings = 0;
    cr_assert(calibrate_warn_grades(&c, &error));
    cr_assert(c.fit.n_warnings == cases[i].warnings, "%g: %d warnings", cases[i].fitted,
              c.fit.n_warnings);
    if (cases[i].warnings > 0) {
      const fit_warning *w = &c.fit.warning[0];
      cr_expect(w->kind == FIT_WARNING_NOT_NESTED && w->first == cases[i].first &&
                    w->second == cases[i].second && w->value == cases[i].grade,
                "%g: %d, %d, grade %g", cases[i].fitted, w->first, w->second, w->value);
    }
  }
  release(c.fit.warning);
  evidence_free(c.evidence);
}
