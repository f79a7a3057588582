/* The calibration that a problem names: fitted values in the place of those of molecule, indication
 * and population. Values of the problem itself count more. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/eigen.h"
#include "base/number.h"
#include "problem/calibration.h"
#include "problem/reader.h"

void problem_calibration_free(problem_calibration *c)
{
  if (c != NULL) {
    release(c->covariance);
    release(c);
  }
}

/* --- the file ----------------------------------------------------------------------------------
 */

static void read_target(const cJSON *object, evidence_target *t)
{
  const cJSON *molecule = json_get(object, "molecule");
  const cJSON *indication = json_get(object, "indication");
  snprintf(t->key, sizeof t->key, "%s", reader_string(object, "name"));
  snprintf(t->molecule, sizeof t->molecule, "%s", molecule != NULL ? molecule->valuestring : "");
  snprintf(t->indication, sizeof t->indication, "%s",
           indication != NULL ? indication->valuestring : "");
  t->factor = reader_number_or(object, "factor", 1);
}

static bool check_value(reader *r, const cJSON *object, const calibrated_parameter *p)
{
  const bool within = p->low <= p->value && p->value <= p->high && p->low < p->high;
  return (within && (p->scale != EVIDENCE_LOG10 || p->low > 0)) ||
         reader_fail(r, json_get(object, "value"), OUT_OF_RANGE,
                     "a value lies between \"low\" and \"high\", which of \"log\" are positive",
                     "the value of \"%.64s\" lies outside of its own bounds", p->name);
}

static bool read_parameter(reader *r, const cJSON *object, calibrated_parameter *p)
{
  static const char *const scales[] = {"linear", "log"};
  const int scale = reader_choose(r, json_get(object, "scale"), "scale", scales, 2);
  snprintf(p->name, sizeof p->name, "%s", reader_string(object, "name"));
  p->scale = scale == 1 ? EVIDENCE_LOG10 : EVIDENCE_LINEAR;
  p->low = reader_number(object, "low");
  p->high = reader_number(object, "high");
  p->value = reader_number(object, "value");
  p->sd = reader_number(object, "sd");
  const cJSON *item = json_get(object, "sets")->child;
  for (; item != NULL; item = item->next) {
    read_target(item, &p->target[p->n_targets++]);
  }
  return scale >= 0 && check_value(r, object, p);
}

/* Correlations of numbers that exist have no negative eigenvalue but for rounding; what has no
 * variance has no covariance either. */
static bool is_covariance(int n, const double *covariance, double *work)
{
  static const double rounding = 1e-9;
  double *correlation = work, *vector = work + n * n, value[EVIDENCE_PARAMETERS_MAX];
  double scale[EVIDENCE_PARAMETERS_MAX];
  for (int i = 0; i < n; i++) {
    const double variance = covariance[i * n + i];
    scale[i] = variance > 0 ? sqrt(variance) : 1;
  }
  for (int i = 0; i < n * n; i++) {
    correlation[i] = covariance[i] / (scale[i / n] * scale[i % n]);
  }
  eigen_symmetric(n, correlation, value, vector);
  return value[0] >= -rounding * n;
}

static bool check_covariance(reader *r, const cJSON *list, const problem_calibration *c)
{
  const int n = c->n_parameters;
  double *work = allocate_zeroed(2 * (size_t)n * (size_t)n + 1, sizeof *work);
  if (work == NULL) {
    return error_no_memory(r->error, "reading a calibration");
  }
  const bool done = is_covariance(n, c->covariance, work);
  release(work);
  return done || reader_fail(r, list, CONTRADICTION, "take it as stepdose calibrate writes it",
                             "no numbers have this covariance: correlations go beyond 1, or "
                             "contradict each other (it is not positive semidefinite)");
}

static bool read_covariance(reader *r, const cJSON *list, problem_calibration *c)
{
  const int n = c->n_parameters;
  const cJSON *item = list->child;
  if (cJSON_GetArraySize(list) != n * n) {
    return reader_fail(r, list, OUT_OF_RANGE, "one number for each pair of parameters, row by row",
                       "the covariance of %d parameters holds %d numbers", n,
                       cJSON_GetArraySize(list));
  }
  c->covariance = allocate_zeroed((size_t)n * (size_t)n, sizeof *c->covariance);
  if (c->covariance == NULL) {
    return error_no_memory(r->error, "reading a calibration");
  }
  for (int i = 0; i < n * n; i++, item = item->next) {
    c->covariance[i] = item->valuedouble;
  }
  for (int i = 0; i < n * n; i++) {
    const double mirrored = c->covariance[i % n * n + i / n];
    if (!number_same(c->covariance[i], mirrored) || c->covariance[i / n * n + i / n] < 0) {
      return reader_fail(r, list, CONTRADICTION, "take it as stepdose calibrate writes it",
                         "no numbers have this covariance: it is not symmetric, or negative");
    }
  }
  return check_covariance(r, list, c);
}

static bool read_file(reader *r, const cJSON *object, problem_calibration *c)
{
  snprintf(c->title, sizeof c->title, "%s", reader_string(object, "title"));
  snprintf(c->evidence, sizeof c->evidence, "%s", reader_string(object, "evidence"));
  snprintf(c->evidence_hash, sizeof c->evidence_hash, "%s",
           reader_string(object, "evidence_sha256"));
  const cJSON *item = json_get(object, "parameters")->child;
  for (; item != NULL; item = item->next) {
    if (!read_parameter(r, item, &c->parameter[c->n_parameters])) {
      return false;
    }
    c->n_parameters++;
  }
  return read_covariance(r, json_get(object, "covariance"), c);
}

/* --- the values --------------------------------------------------------------------------------
 */

/* Calls `set` for each target that concerns the problem, in the order in which the last counts. */
typedef bool set_target(reader *r, const evidence_place *place, double value, const cJSON *item);

static bool for_each_target(reader *r, bool in_population, set_target *set)
{
  stepdose_problem *p = r->problem;
  const evidence_case as_case = {.problem = p};
  const problem_calibration *c = p->calibration;
  const cJSON *item = json_get(json_get(r->root, "calibration"), "parameters");
  item = item != NULL ? item->child : NULL;
  for (int j = 0; c != NULL && j < c->n_parameters; j++, item = item->next) {
    for (int t = 0; t < c->parameter[j].n_targets; t++) {
      const evidence_target *target = &c->parameter[j].target[t];
      evidence_place place;
      if (evidence_locate(target, &as_case, &place) && place.in_population == in_population &&
          !set(r, &place, c->parameter[j].value * target->factor, json_get(item, "value"))) {
        return false;
      }
    }
  }
  return true;
}

static bool set_parameter(reader *r, const evidence_place *place, double value, const cJSON *item)
{
  const model_parameter *row = &r->problem->model->parameters[place->parameter];
  if (value < row->low || value > row->high) {
    return reader_fail(r, item, OUT_OF_RANGE, "a value that the model takes is needed",
                       "%s would become %g %s", row->name, value, row->unit);
  }
  r->problem->parameters[place->parameter] = value;
  r->origins[place->parameter] = (parameter_origin){.kind = ORIGIN_CALIBRATION};
  return true;
}

/* Weights belong to the laws that they were found for. */
static bool set_number(reader *r, const evidence_place *place, double value, const cJSON *item)
{
  population_description *d = r->problem->population;
  if (d->n_weight_sets > 0) {
    return reader_fail(r, item, CONTRADICTION, "use a population without weights",
                       "the calibration changes laws for which the population has weights");
  }
  d->coordinate[place->coordinate].number[place->number] = value;
  return true;
}

bool read_calibration(reader *r)
{
  stepdose_problem *p = r->problem;
  const cJSON *object = json_get(r->root, "calibration");
  if (object == NULL) {
    return true;
  }
  p->calibration = allocate_zeroed(1, sizeof *p->calibration);
  if (p->calibration == NULL) {
    return error_no_memory(r->error, "reading a calibration");
  }
  return read_file(r, object, p->calibration) && for_each_target(r, false, set_parameter);
}

/* Fitted values with a place in the problem. */
static int count_in_place(stepdose_problem *p)
{
  const evidence_case as_case = {.problem = p};
  const problem_calibration *c = p->calibration;
  int n = 0;
  for (int j = 0; j < c->n_parameters; j++) {
    bool found = false;
    for (int t = 0; t < c->parameter[j].n_targets; t++) {
      evidence_place place;
      found = found || evidence_locate(&c->parameter[j].target[t], &as_case, &place);
    }
    n += found;
  }
  return n;
}

static bool tell_calibration(reader *r)
{
  const problem_calibration *c = r->problem->calibration;
  const int n = c != NULL ? count_in_place(r->problem) : 0;
  if (c == NULL) {
    return true;
  }
  if (n == 0) {
    return reader_fail(
        r, json_get(r->root, "calibration"), CONTRADICTION,
        "leave it out, or name one that was fitted for this model",
        "none of the %d values of the calibration \"%.80s\" has a place in a problem "
        "of the model \"%s\" with this molecule and indication",
        c->n_parameters, c->title, r->problem->model->name);
  }
  return reader_warn(r,
                     "values of molecule, indication and population are replaced by the "
                     "calibration \"%.80s\": %d of its %d",
                     c->title, n, c->n_parameters);
}

bool calibrate_population(reader *r)
{
  return (r->problem->population == NULL || for_each_target(r, true, set_number)) &&
         tell_calibration(r);
}
