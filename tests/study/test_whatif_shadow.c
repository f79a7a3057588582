/* Prices of limits, by searches and by multipliers, and ranges of doses. */
#include "study/whatif_fixtures.h"

#include <math.h>

/* Two step-up doses and a target dose that nothing but limits on IL-6 holds back: a smooth problem,
 * without a grid. */
static stepdose_problem *smooth_problem(void)
{
  static const char *const changes[] = {
      "/regimen={\"route\":\"iv\",\"infusion_h\":4,"
      "\"steps\":[{\"day\":0,\"dose_mg\":{\"min\":0.05,\"max\":10}},"
      "{\"day\":7,\"dose_mg\":{\"min\":0.05,\"max\":60}}],"
      "\"maintenance\":{\"first_day\":14,\"every_days\":21,\"doses\":2,\"dose_mg\":"
      "{\"min\":0.5,\"max\":60}}}",
      "/limits=[{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1000},"
      "{\"objective\":\"treatment_burden\",\"total_mg_max\":40},"
      "{\"objective\":\"il6_peak\",\"window\":\"later_doses\",\"max_pg_mL\":90}]",
      "/horizon_days=56",
      "/search/starts=2",
      "/search/evaluations_max=1200",
  };
  return fixture_problem(FIXTURE_MAIN, changes, sizeof changes / sizeof changes[0]);
}

/* Stated: within 10 %. */
Test(whatif_shadow, prices_by_multipliers_agree_with_searches_of_moved_bounds)
{
  stepdose_problem *p = smooth_problem();
  study_whatif *w =
      fixture_whatif(p, "\"dose_ranges\": false, \"shadow_percent\": 2, \"changes\": []", NULL, 2);
  cr_assert(w->shadows_known && w->n_shadows == 3);
  int binding = 0;
  for (int k = 0; k < w->n_shadows; k++) {
    const whatif_shadow *s = &w->shadow[k];
    cr_log_info("limit %d: margin %.2e, %.6g per %% by search, %.6g by multiplier", k, s->margin,
                s->by_search, s->by_multiplier);
    const double size = fmax(fabs(s->by_search), fabs(s->by_multiplier));
    binding += s->by_search > 1e-4;
    cr_expect(fabs(s->by_search - s->by_multiplier) <= 0.1 * size, "limit %d: %g, %g", k,
              s->by_search, s->by_multiplier);
  }
  cr_log_info("goal %.6g, residual %.3g", w->shadow_goal, w->shadow_residual);
  cr_expect(binding == 2, "%d limits bind", binding);
  cr_expect(w->shadow[2].by_search == 0 && w->shadow[2].by_multiplier == 0);
  study_whatif_free(w);
  stepdose_problem_free(p);
}

/* At the end of a range the limit that it names holds by a hair, and a little beyond it breaks. */
static void expect_end(const stepdose_problem *p, const schedule *doses, const whatif_range *r,
                       double amount, int broken, const char *which)
{
  stepdose_error error;
  assessment *a = malloc(sizeof *a);
  simulate_workspace *workspace = simulate_workspace_open(p->model, &error);
  for (int beyond = 0; beyond < 2; beyond++) {
    schedule changed = *doses;
    const double factor = (amount / r->amount - 1) * (beyond ? 1.01 : 1) + 1;
    int number = 0;
    for (int i = 0; i < changed.n_doses; i++) {
      number += route_is_engager(changed.doses[i].route);
      const bool mine =
          route_is_engager(changed.doses[i].route) && number >= r->first && number <= r->last;
      changed.doses[i].amount *= mine ? factor : 1;
    }
    assess(p, workspace, &changed, p->tolerance, NULL, a);
    const int worst = assessment_worst(a, broken);
    cr_expect((a->value[worst].margin > 0) == (beyond == 1), "dose %d, %s end, beyond %d: %g",
              r->first, which, beyond, a->value[worst].margin);
  }
  simulate_workspace_close(workspace);
  free(a);
}

Test(whatif_ranges, end_where_the_limit_that_they_name_breaks)
{
  static const char *const changes[] = {
      "/limits=[{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1500},"
      "{\"objective\":\"treatment_burden\",\"total_mg_max\":600},"
      "{\"objective\":\"il6_peak\",\"window\":\"later_doses\",\"max_pg_mL\":1000}]"};
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, changes, 1);
  study_whatif *w = fixture_whatif(p, "\"changes\": []", NULL, 2);
  int ends = 0;
  cr_assert(w->outcome[0].holds, "the test needs a regimen that holds");
  cr_assert(w->n_ranges >= 2);
  for (int i = 0; i < w->n_ranges; i++) {
    const whatif_range *r = &w->range[i];
    cr_log_info("doses %d-%d: %g mg from %g (limit %d) to %g (limit %d)", r->first, r->last,
                r->amount, r->lowest, r->low_limit, r->highest, r->high_limit);
    cr_expect(r->lowest <= r->amount && r->amount <= r->highest);
    if (r->high_limit >= 0) {
      ends++;
      expect_end(p, &w->base->doses, r, r->highest, r->high_limit, "upper");
    }
    if (r->low_limit >= 0) {
      ends++;
      expect_end(p, &w->base->doses, r, r->lowest, r->low_limit, "lower");
    }
  }
  cr_expect(ends > 0);
  study_whatif_free(w);
  stepdose_problem_free(p);
}

/* Only equal doses that follow each other are moved together: of all others it would not be true
 * that they are kept. */
Test(whatif_ranges, are_of_single_doses_and_of_runs_of_equal_ones)
{
  static const struct {
    const char *name;
    int n_doses;
    double amount[6];
    int n_ranges, first[4], last[4];
  } cases[] = {
      {"a dose above those after it", 6, {2, 30, 60, 30, 30, 30}, 4, {1, 2, 3, 4}, {1, 2, 3, 6}},
      {"a last dose below all", 3, {5, 60, 1}, 3, {1, 2, 3}, {1, 2, 3}},
      {"a step and full doses", 4, {2, 30, 30, 30}, 2, {1, 2}, {1, 4}},
      {"all equal", 3, {30, 30, 30}, 1, {1}, {3}},
  };
  static const char *const limits[] = {
      "/limits=[{\"objective\":\"treatment_burden\",\"total_mg_max\":600}]"};
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, limits, 1);
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    char directory[64], path[96];
    snprintf(path, sizeof path, "%s/regimen.csv", fixture_directory(directory));
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL);
    fprintf(file, "ID,TIME,AMT,RATE,EVID,CMT\n");
    for (int i = 0; i < cases[c].n_doses; i++) {
      fprintf(file, "1,%d,%g,%g,1,1\n", 7 * i, cases[c].amount[i], 6 * cases[c].amount[i]);
    }
    fclose(file);
    study_whatif *w = fixture_whatif(p, "\"changes\": []", path, 2);
    cr_assert(w->n_ranges == cases[c].n_ranges, "%s: %d", cases[c].name, w->n_ranges);
    for (int i = 0; i < w->n_ranges; i++) {
      const whatif_range *r = &w->range[i];
      cr_expect(r->first == cases[c].first[i] && r->last == cases[c].last[i], "%s: %d to %d",
                cases[c].name, r->first, r->last);
      cr_expect(r->amount == cases[c].amount[r->first - 1], "%s: %g", cases[c].name, r->amount);
      double others = 0; /* the burden breaks where all others leave no room */
      for (int k = 0; k < cases[c].n_doses; k++) {
        others += k + 1 < r->first || k + 1 > r->last ? cases[c].amount[k] : 0;
      }
      const double room = (600 - others) / (1 + r->last - r->first);
      cr_expect(room > 50 * r->amount || fabs(r->highest / room - 1) < 2e-3,
                "%s, dose %d: up to %g, room for %g", cases[c].name, r->first, r->highest, room);
    }
    study_whatif_free(w);
    fixture_remove(directory);
  }
  stepdose_problem_free(p);
}

Test(whatif_ranges, of_a_regimen_that_breaks_a_limit_there_are_none)
{
  static const char *const changes[] = {"/limits/0/max_pg_mL=1e-3"};
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, changes, 1);
  study_whatif *w = fixture_whatif(p, "\"changes\": []", NULL, 2);
  for (int i = 0; i < w->n_ranges; i++) {
    cr_expect(isnan(w->range[i].lowest) && isnan(w->range[i].highest));
    cr_expect(w->range[i].high_limit >= 0);
  }
  study_whatif_free(w);
  stepdose_problem_free(p);
}
