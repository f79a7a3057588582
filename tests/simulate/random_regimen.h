/* Random regimens of synapse: one engager by one route, premedication before some doses, from a
 * week before day 0 on. */
#ifndef TESTS_SIMULATE_RANDOM_REGIMEN_H
#define TESTS_SIMULATE_RANDOM_REGIMEN_H

#include "base/random.h"
#include "simulate/schedule.h"

#include <math.h>

static inline void random_premedication(random_stream *s, schedule *doses, double day)
{
  if (random_uniform(s) < 0.5) {
    doses->doses[doses->n_doses++] =
        (dose){day - 0.04, 20 * random_uniform(s), 0, ROUTE_DEXAMETHASONE};
  }
  if (random_uniform(s) < 0.3) {
    doses->doses[doses->n_doses++] =
        (dose){day - 0.05, 560 * random_uniform(s), 1.0 / 24, ROUTE_TOCILIZUMAB};
  }
}

static inline void random_regimen(random_stream *s, schedule *doses)
{
  const double kind = random_uniform(s);
  double day = random_uniform(s) < 0.7 ? 0 : random_uniform(s);
  doses->n_doses = 0;
  if (random_uniform(s) < 0.3) {
    doses->doses[doses->n_doses++] =
        (dose){-7 * random_uniform(s), 1000 * random_uniform(s), 4.0 / 24, ROUTE_DEPLETER};
  }
  const int engager = 1 + (int)(3 * random_uniform(s));
  for (int i = 0; i < engager; i++) {
    const double gap = 1.5 + 5 * random_uniform(s), mg = 0.05 * exp(random_uniform(s) * log(1200));
    const dose given[] = {{day, mg, 0.05 + 0.2 * random_uniform(s), ROUTE_IV},
                          {day, mg, 0, ROUTE_SC},
                          {day, 2 + 60 * random_uniform(s), gap, ROUTE_CIV}};
    random_premedication(s, doses, day);
    doses->doses[doses->n_doses++] = given[kind < 0.4 ? 0 : kind < 0.7 ? 1 : 2];
    day += gap;
  }
  schedule_sort(doses);
}

#endif
