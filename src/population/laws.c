/* Laws by inversion: each function returns the u-quantile. */
#include "population/laws.h"

#include <math.h>

#include "base/quantile.h"

typedef double law_value(const population_description *d, const population_coordinate *c, double u,
                         double z);

#define NUMBER(id) (c->number[POPULATION_##id])
#define LAW(name)                                                                                  \
  static double name(const population_description *d, const population_coordinate *c, double u,    \
                     double z)

LAW(lognormal)
{
  (void)d, (void)u;
  return NUMBER(MEDIAN) * exp(NUMBER(SD_LN) * z);
}

LAW(split_lognormal)
{
  (void)d, (void)u;
  return NUMBER(MEDIAN) * exp((z > 0 ? NUMBER(SD_LN_ABOVE) : NUMBER(SD_LN_BELOW)) * z);
}

LAW(normal)
{
  (void)d, (void)u;
  return NUMBER(MEAN) + NUMBER(SD) * z;
}

LAW(uniform)
{
  (void)d, (void)z;
  return NUMBER(LOW) + (NUMBER(HIGH) - NUMBER(LOW)) * u;
}

LAW(log_uniform)
{
  (void)d, (void)z;
  return NUMBER(LOW) * pow(NUMBER(HIGH) / NUMBER(LOW), u);
}

LAW(power)
{
  (void)d, (void)z;
  return NUMBER(HIGH) * pow(u, NUMBER(EXPONENT));
}

LAW(triangular_log)
{
  (void)d, (void)z;
  const double t = u < 0.5 ? sqrt(2 * u) - 1 : 1 - sqrt(2 * (1 - u));
  const double bound = t > 0 ? NUMBER(HIGH) : NUMBER(LOW);
  return NUMBER(MEDIAN) * pow(bound / NUMBER(MEDIAN), NUMBER(WIDTH) * fabs(t));
}

LAW(beta)
{
  (void)d, (void)z;
  const double share = beta_quantile(u, NUMBER(ALPHA), NUMBER(BETA));
  return NUMBER(LOW) + (NUMBER(HIGH) - NUMBER(LOW)) * share;
}

/* The value in whose share of the whole weight u falls. */
LAW(empirical)
{
  (void)z;
  const population_row *row = d->row + c->first_row;
  double total = 0;
  double below = 0;
  int chosen = 0;
  for (int i = 0; i < c->n_rows; i++) {
    total += row[i].weight;
  }
  for (int i = 0; i < c->n_rows; i++) {
    chosen = row[i].weight > 0 ? i : chosen;
    below += row[i].weight;
    if (u * total < below) {
      break;
    }
  }
  return row[chosen].value;
}

static law_value *const laws[POPULATION_LAW_COUNT] = {
    [POPULATION_LAW_LOGNORMAL] = lognormal,
    [POPULATION_LAW_SPLIT_LOGNORMAL] = split_lognormal,
    [POPULATION_LAW_NORMAL] = normal,
    [POPULATION_LAW_UNIFORM] = uniform,
    [POPULATION_LAW_LOG_UNIFORM] = log_uniform,
    [POPULATION_LAW_POWER] = power,
    [POPULATION_LAW_TRIANGULAR_LOG] = triangular_log,
    [POPULATION_LAW_BETA] = beta,
    [POPULATION_LAW_EMPIRICAL] = empirical,
};

double population_law_value(const population_description *d, int coordinate, double u, double z)
{
  const population_coordinate *c = &d->coordinate[coordinate];
  return laws[c->law](d, c, u, z);
}
