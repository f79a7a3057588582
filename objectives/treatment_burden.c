/* What a course asks of a patient: milligrams in all, visits, doses, days in hospital. Margins are
 * relative. */
#include "base/number.h"
#include "objectives/rows.h"

#include <math.h>

static double burden(limit_kind kind, const endpoints *e)
{
  switch (kind) {
  case LIMIT_TOTAL_MG:
    return e->total_mg;
  case LIMIT_VISITS:
    return e->n_visits;
  case LIMIT_DOSES:
    return e->n_doses;
  case LIMIT_HOSPITAL_DAYS:
    return e->hospital_days;
  default:
    return NAN;
  }
}

static int limit_values(const limit *l, const endpoints *e, limit_value *values)
{
  values[0] = (limit_value){burden(l->kind, e), NAN, 0};
  return 1;
}

/* Doses of a total that equals the bound as decimal numbers keep it exactly. */
static double margin(const limit *l, double value)
{
  return number_same(value, l->bound) ? 0.0 : (value - l->bound) / l->bound;
}

const objective_row objective_treatment_burden = {"treatment_burden", NULL, limit_values, margin,
                                                  objective_value_at_share};
