/* Grades of cytokine release syndrome hold each other: "grade 2 or higher" is part of "grade 1 or
 * higher", so that its odds are not the higher ones. */
#include <stdio.h>

#include "base/number.h"
#include "problem/reader.h"

/* The value of a parameter where it is written; NULL: a default, a preset or a calibration. */
static const cJSON *written(const reader *r, int parameter)
{
  static const char *const objects[ORIGIN_NO_TARGET + 1] = {
      [ORIGIN_INDICATION] = "indication", [ORIGIN_MOLECULE] = "molecule"};
  char key[PROBLEM_PARAMETER_KEY_SIZE];
  const origin_kind kind = r->origins[parameter].kind;
  const cJSON *holder = objects[kind] != NULL ? json_get(r->root, objects[kind]) : r->root;
  const cJSON *list = json_get(holder, kind == ORIGIN_DESIGN ? "design" : "parameters");
  const bool said = kind == ORIGIN_PROBLEM || kind == ORIGIN_DESIGN || objects[kind] != NULL;
  return said && list != NULL && problem_parameter_key(r->problem, parameter, key)
             ? json_get(list, key)
             : NULL;
}

/* A calibration is not refused, since draws of it must not be: what a fit leaves open may cross. */
static bool told(reader *r, int grade, int mild, int severe)
{
  const double low = r->problem->parameters[mild], high = r->problem->parameters[severe];
  const cJSON *item = written(r, severe) != NULL ? written(r, severe) : written(r, mild);
  char most[NUMBER_TEXT_SIZE], remedy[128];
  if (r->origins[mild].kind == ORIGIN_CALIBRATION ||
      r->origins[severe].kind == ORIGIN_CALIBRATION) {
    return reader_warn(
        r,
        "the calibration makes CRS of grade %d or higher more probable than of grade "
        "%d or higher (intercepts %g and %g): it counts as no more probable",
        grade + 1, grade, high, low);
  }
  number_format(low, most);
  snprintf(remedy, sizeof remedy, "crs_intercept_grade%d of at most %s is needed", grade + 1, most);
  return reader_fail(
      r, item != NULL ? item : r->root, CONTRADICTION, remedy,
      "CRS of grade %d or higher would be more probable (intercept %g) than of grade "
      "%d or higher (%g), which includes it",
      grade + 1, high, grade, low);
}

bool check_crs_grades(reader *r)
{
  const stepdose_problem *p = r->problem;
  for (int grade = 1; grade < PROBLEM_GRADES; grade++) {
    const int mild = problem_crs_intercept(p->model, grade);
    const int severe = problem_crs_intercept(p->model, grade + 1);
    if (mild >= 0 && severe >= 0 && p->parameters[severe] > p->parameters[mild] &&
        !told(r, grade, mild, severe)) {
      return false;
    }
  }
  return true;
}
