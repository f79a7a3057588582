/* Parameters of the model that are searched together with the regimen, or fixed in their place. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/reader.h"

/* Ranges over more than this are searched on a logarithmic scale. */
static const double linear_ratio_max = 10;

static bool outside(reader *r, const cJSON *item, const model_parameter *row, const char *name)
{
  char found[NUMBER_TEXT_SIZE];
  char low[NUMBER_TEXT_SIZE];
  char high[NUMBER_TEXT_SIZE];
  char remedy[128];
  number_format(item->valuedouble, found);
  number_format(row->low, low);
  number_format(row->high, high);
  snprintf(remedy, sizeof remedy, "from %s to %s %s is allowed", low, high, row->unit);
  return reader_fail(r, item, OUT_OF_RANGE, remedy, "\"%s\" is %s", name, found);
}

/* Every number of a quantity: itself, its bounds, or its choices. */
static bool check_range(reader *r, const cJSON *item, const model_parameter *row)
{
  const cJSON *number = cJSON_IsNumber(item) ? item : item->child;
  for (; number != NULL; number = number == item ? NULL : number->next) {
    if (number->valuedouble < row->low || number->valuedouble > row->high) {
      return outside(r, number, row, item->string);
    }
  }
  return true;
}

static bool add_variable(reader *r, const cJSON *item, int parameter, const decision *values)
{
  stepdose_problem *p = r->problem;
  if (p->n_design == PROBLEM_DESIGN_MAX) {
    return reader_fail_key(r, item, OUT_OF_RANGE, "at most 8 are allowed; fix the others",
                           "the design has too many variables");
  }
  design_variable *v = &p->design[p->n_design++];
  bool wide = values->low > 0 && values->high / values->low > linear_ratio_max;
  *v = (design_variable){
      .parameter = parameter, .values = *values, .logarithmic = wide && values->n_choices == 0};
  snprintf(v->name, sizeof v->name, "%s", item->string);
  return true;
}

/* A list of whole numbers, no range. */
static bool check_whole(reader *r, const cJSON *item, const model_parameter *row,
                        const decision *values)
{
  if (!model_parameter_is_whole(row)) {
    return true;
  }
  bool whole = decision_fixed(values) ? values->low == floor(values->low) : values->n_choices > 0;
  for (int i = 0; i < values->n_choices; i++) {
    whole = whole && values->choice[i] == floor(values->choice[i]);
  }
  return whole || reader_fail(r, item, OUT_OF_RANGE, "list whole numbers, such as [1, 2]",
                              "\"%s\" takes whole numbers only", item->string);
}

static bool read_variable(reader *r, const cJSON *item)
{
  stepdose_problem *p = r->problem;
  int parameter = parameter_find(p, item->string);
  decision values;
  if (parameter < 0) {
    return parameter_unknown(r, item);
  }
  if (!check_range(r, item, &p->model->parameters[parameter]) || !decision_read(r, item, &values) ||
      !check_whole(r, item, &p->model->parameters[parameter], &values)) {
    return false;
  }
  if (!decision_fixed(&values)) {
    return add_variable(r, item, parameter, &values);
  }
  p->parameters[parameter] = values.low;
  r->origins[parameter] = (parameter_origin){.kind = ORIGIN_DESIGN};
  return true;
}

bool read_design(reader *r)
{
  const cJSON *object = json_get(r->root, "design");
  for (const cJSON *item = object != NULL ? object->child : NULL; item != NULL; item = item->next) {
    if (!read_variable(r, item)) {
      return false;
    }
  }
  return true;
}
