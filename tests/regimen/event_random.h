/* Random regimens for event tables, and whether two schedules have the same bits. */
#ifndef TESTS_REGIMEN_EVENT_RANDOM_H
#define TESTS_REGIMEN_EVENT_RANDOM_H

#include "base/number.h"
#include "base/random.h"
#include "regimen/regimen.h"

#include <math.h>

static inline bool same_bits(double a, double b) { return number_bits(a) == number_bits(b); }

static inline bool same_schedule(const schedule *a, const schedule *b)
{
  bool same = a->n_doses == b->n_doses;
  for (int i = 0; same && i < a->n_doses; i++) {
    const dose *x = &a->doses[i], *y = &b->doses[i];
    same = same_bits(x->day, y->day) && same_bits(x->amount, y->amount) &&
           same_bits(x->duration_days, y->duration_days) && x->route == y->route;
  }
  return same;
}

static inline decision between(random_stream *random, double low, double high)
{
  double a = low + (high - low) * random_uniform(random);
  return (decision){.given = true, .low = a, .high = a};
}

/* Up to three drugs, before, with and after doses. */
static inline void add_premedication(random_stream *random, regimen_space *space)
{
  static const route drugs[] = {ROUTE_DEXAMETHASONE, ROUTE_TOCILIZUMAB, ROUTE_DEPLETER};
  space->n_premedication = (int)(random_uniform(random) * 4.0);
  for (int i = 0; i < space->n_premedication; i++) {
    premedication *m = &space->premedication[i];
    *m = (premedication){.drug = drugs[i], .dose_mg = 0.1 + 1000.0 * random_uniform(random)};
    m->on_day = random_uniform(random) < 0.3;
    m->day = -30.0 + 60.0 * random_uniform(random);
    m->with = (with_doses)(random_uniform(random) * WITH_DOSES_COUNT);
    m->hours_before = 100.0 * random_uniform(random) - 50.0;
  }
}

/* Any route, days with all their digits, infusions of 0.1 to 24 h in steps of 0.1 h. */
static inline regimen_space random_space(random_stream *random)
{
  route r = (route)(random_uniform(random) * PROBLEM_ENGAGER_ROUTES);
  regimen_space space = {.route = r, .n_steps = 1 + (int)(random_uniform(random) * 8.0)};
  space.infusion_h = floor(1.0 + random_uniform(random) * 239.0) / 10.0;
  for (int i = 0; i < space.n_steps; i++) {
    space.step[i].day = between(random, 0.0, 84.0);
    space.step[i].amount = between(random, 0.01, 80.0);
  }
  space.has_maintenance = random_uniform(random) < 0.5;
  space.maintenance.first_day = between(random, 30.0, 70.0);
  space.maintenance.every_days = between(random, 2.0, 10.0);
  space.maintenance.amount = between(random, 0.01, 80.0);
  space.maintenance.doses = (int)(random_uniform(random) * 20.0);
  space.step_ratio_max = INFINITY;
  add_premedication(random, &space);
  return space;
}

#endif
