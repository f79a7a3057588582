/* Damage of normal tissue, and activation by site. */
#include "objectives/objective.h"

#include <criterion/criterion.h>
#include <math.h>

/* Blood, lymphoid tissue, tumour and two normal tissues. */
static endpoints run_with_tissues(void)
{
  endpoints e = {.n_sites = PROBLEM_SITE_TISSUE + 2};
  e.health_nadir[0] = (peak){0.6, 12.5};
  e.health_nadir[1] = (peak){1.0, 0.0};
  for (int s = 0; s < e.n_sites; s++) {
    e.activated[s] = (peak){0.1 * (s + 1), s};
    e.days_above[s] = 2.0 * s;
  }
  return e;
}

Test(off_tumor, damage_is_what_is_missing_of_health_at_its_nadir)
{
  endpoints e = run_with_tissues();
  limit l = {.kind = LIMIT_DAMAGE, .bound = 0.25, .place = 0};
  limit_value values[OBJECTIVE_VALUES_MAX];
  cr_assert(objective_limit_values(&l, &e, values) == 1);
  cr_expect(values[0].value == 0.4 && values[0].day == 12.5 && values[0].window == 0);
  cr_expect(fabs(objective_margin(&l, values[0].value) - log10(1.6)) < 1e-14);
  l.place = 1;
  cr_assert(objective_limit_values(&l, &e, values) == 1);
  cr_expect(values[0].value == 0);
  cr_expect(objective_margin(&l, values[0].value) == -12, "unharmed: finite, and it holds");
}

/* The smallest model of a family has no tissue where nothing carries the target. */
Test(off_tumor, a_tissue_that_is_not_simulated_is_unharmed_and_at_rest)
{
  endpoints e = run_with_tissues();
  limit damage = {.kind = LIMIT_DAMAGE, .bound = 0.25, .place = 2};
  limit active = {.kind = LIMIT_ACTIVATED_SITE, .bound = 0.3, .place = PROBLEM_SITE_TISSUE + 2};
  limit days = {.kind = LIMIT_DAYS_ABOVE, .bound = 5, .place = PROBLEM_SITE_TISSUE + 2};
  const limit *const limits[] = {&damage, &active, &days};
  e.health_nadir[2] = (peak){0.1, 3};
  for (int i = 0; i < 3; i++) {
    limit_value values[OBJECTIVE_VALUES_MAX];
    cr_assert(objective_limit_values(limits[i], &e, values) == 1);
    cr_expect(values[0].value == 0, "limit %d: %g", i, values[0].value);
    cr_expect(objective_margin(limits[i], values[0].value) < 0, "limit %d", i);
  }
}

Test(off_tumor, a_health_that_is_no_number_gives_no_margin)
{
  endpoints e = run_with_tissues();
  limit l = {.kind = LIMIT_DAMAGE, .bound = 0.25, .place = 0};
  limit_value values[OBJECTIVE_VALUES_MAX];
  e.health_nadir[0].value = (double)NAN;
  cr_assert(objective_limit_values(&l, &e, values) == 1);
  cr_expect(isnan(objective_margin(&l, values[0].value)));
}

Test(immune_activation, each_site_has_its_own_share_and_days)
{
  endpoints e = run_with_tissues();
  for (int s = 0; s < e.n_sites; s++) {
    limit share = {.kind = LIMIT_ACTIVATED_SITE, .bound = 0.3, .place = s};
    limit days = {.kind = LIMIT_DAYS_ABOVE, .bound = 4, .place = s};
    limit_value values[OBJECTIVE_VALUES_MAX];
    cr_assert(objective_limit_values(&share, &e, values) == 1);
    cr_expect(values[0].value == 0.1 * (s + 1) && values[0].day == s, "site %d", s);
    cr_assert(objective_limit_values(&days, &e, values) == 1);
    cr_expect(values[0].value == 2.0 * s && isnan(values[0].day), "site %d", s);
    cr_expect(objective_margin(&days, values[0].value) == (2.0 * s - 4) / 4, "site %d", s);
  }
}
