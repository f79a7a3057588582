/* What a comparison of changes promises: pairs of the same patients, exact nothing for no change,
 * and differences that a run of its own would show. */
#include "study/whatif_fixtures.h"

#include "base/number.h"

#include <math.h>

enum { FEW = 24 };

#define NO_RANGES "\"dose_ranges\": false, "

static void expect_nothing(const study_whatif *w, int i)
{
  const whatif_outcome *o = &w->outcome[i];
  for (int f = 0; f < WHATIF_LIMITS + w->problem->n_limits; f++) {
    const bool known = !isnan(w->outcome[0].figure[f].value);
    cr_expect(known ? o->figure[f].difference == 0 : isnan(o->figure[f].difference),
              "outcome %d, figure %d: %g", i, f, o->figure[f].difference);
    if (known && o->n_patients > 1) {
      cr_expect(o->figure[f].low == 0 && o->figure[f].high == 0, "outcome %d, figure %d", i, f);
    }
  }
  cr_expect(o->holds == w->outcome[0].holds && o->n_broken == w->outcome[0].n_broken);
}

Test(whatif, a_change_of_nothing_changes_nothing_exactly)
{
  static const char changes[] =
      NO_RANGES "\"changes\": [{\"name\": \"nothing\"}, "
                "{\"name\": \"late by nothing\", \"delayed\": {\"dose\": 2, \"days\": 0}}, "
                "{\"name\": \"wrong by nothing\", \"dose_error_percent\": 0}, "
                "{\"name\": \"the same horizon\", \"set\": [\"/horizon_days=84\"]}]";
  stepdose_problem *problems[] = {fixture_risks(FEW), fixture_problem(FIXTURE_MAIN, NULL, 0)};
  for (size_t i = 0; i < 2; i++) {
    cr_assert(problems[i]->horizon_days == 84, "the test assumes the horizon of the file");
    study_whatif *w = fixture_whatif(problems[i], changes, NULL, 2);
    cr_assert(w->n_outcomes == 5);
    for (int k = 0; k < w->n_outcomes; k++) {
      cr_expect(w->outcome[k].paired);
      expect_nothing(w, k);
    }
    study_whatif_free(w);
    stepdose_problem_free(problems[i]);
  }
}

/* What the figures say is what simulate says of the same regimen in the same patients. */
Test(whatif, figures_of_the_base_are_those_of_simulate)
{
  stepdose_problem *p = fixture_risks(FEW);
  study_whatif *w = fixture_whatif(p, NO_RANGES "\"changes\": []", NULL, 2);
  const cohort_outcome *o = &w->base->patients->outcome[0];
  const whatif_outcome *base = &w->outcome[0];
  cr_expect(base->figure[WHATIF_GOAL].value == o->goal_value);
  cr_expect_float_eq(base->figure[WHATIF_RESPONSE].value, o->response.share, 1e-12);
  for (int k = 0; k < p->n_limits; k++) {
    const int worst = cohort_outcome_worst(o, k);
    cr_expect(base->figure[WHATIF_LIMITS + k].value == o->risk[worst].value, "limit %d", k);
    cr_expect(base->bound[k] == o->risk[worst].bound);
  }
  cr_expect(base->holds == cohort_outcome_holds(o));
  study_whatif_free(w);
  stepdose_problem_free(p);
}

Test(whatif, a_change_is_what_a_problem_of_its_own_would_show)
{
  static const char changes[] =
      NO_RANGES "\"changes\": [{\"name\": \"shorter\", \"set\": [\"/horizon_days=63\"]}]";
  const char *const other[] = {
      "/horizon_days=63",
      "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":24,\"seed\":5}"};
  stepdose_problem *p = fixture_patients(FEW);
  stepdose_problem *q = fixture_problem(FIXTURE_MAIN, other, 2);
  study_whatif *w = fixture_whatif(p, changes, NULL, 2);
  study_whatif *v = fixture_whatif(q, NO_RANGES "\"changes\": []", NULL, 2);
  for (int f = 0; f < WHATIF_FIXED_COUNT; f++) {
    const double a = w->outcome[1].figure[f].value;
    const double b = v->outcome[0].figure[f].value;
    cr_expect(number_bits(a) == number_bits(b) || (isnan(a) && isnan(b)), "%s: %.15g, %.15g",
              whatif_figure_rows[f].name, a, b);
  }
  cr_expect(w->outcome[1].figure[WHATIF_GOAL].value != w->outcome[0].figure[WHATIF_GOAL].value);
  study_whatif_free(w);
  study_whatif_free(v);
  stepdose_problem_free(p);
  stepdose_problem_free(q);
}

/* What differs in kind is not subtracted: neither goals, nor their intervals. */
Test(whatif, goals_that_are_other_quantities_have_no_difference)
{
  static const struct {
    const char *set;
    bool same_in_patients, same_in_one;
  } cases[] = {
      {"/horizon_days=63", false, false},
      {"/maximize/statistic=\\\"median\\\"", false, true},
      {"/maximize={\\\"objective\\\":\\\"tumor_control\\\",\\\"measure\\\":"
       "\\\"log10_kill_at_day\\\"}",
       false, false},
      {"/limits/0/max_pg_mL=900", true, true},
  };
  stepdose_problem *problems[] = {fixture_patients(FEW), fixture_problem(FIXTURE_MAIN, NULL, 0)};
  for (size_t i = 0; i < 2; i++) {
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
      char changes[512];
      snprintf(changes, sizeof changes,
               NO_RANGES "\"changes\": [{\"name\": \"a\", \"set\": [\"%s\"]}]", cases[c].set);
      study_whatif *w = fixture_whatif(problems[i], changes, NULL, 2);
      const whatif_outcome *o = &w->outcome[1];
      const whatif_figure *gain = &o->figure[WHATIF_GOAL];
      const bool same = i == 0 ? cases[c].same_in_patients : cases[c].same_in_one;
      cr_expect(!isnan(gain->value) && o->paired && o->same_goal == same, "%s", cases[c].set);
      cr_expect(isnan(gain->difference) == !same, "%s: %g", cases[c].set, gain->difference);
      cr_expect(isnan(gain->low) == !(same && i == 0) && isnan(gain->low) == isnan(gain->high),
                "%s: %g to %g", cases[c].set, gain->low, gain->high);
      cr_expect(!isnan(o->figure[WHATIF_RESPONSE].difference), "%s", cases[c].set);
      study_whatif_free(w);
    }
    stepdose_problem_free(problems[i]);
  }
}

/* By number and seed they are the same; by the laws they are drawn from they are not. */
Test(whatif, patients_of_another_population_are_no_pairs)
{
  static const char other[] =
      NO_RANGES "\"changes\": [{\"name\": \"others\", \"set\": [\"/population/file="
                "populations/dlbcl-virtual-observed-scale.json\"]}]";
  stepdose_problem *p = fixture_patients(FEW);
  study_whatif *w = fixture_whatif(p, other, NULL, 2);
  const whatif_outcome *o = &w->outcome[1];
  cr_assert(p->population_seed == 5 && o->simulated && o->n_patients == w->outcome[0].n_patients);
  cr_expect(!o->paired && w->outcome[0].paired);
  cr_expect(!isnan(o->figure[WHATIF_GOAL].difference) && isnan(o->figure[WHATIF_GOAL].low));
  study_whatif_free(w);
  stepdose_problem_free(p);
}

Test(whatif, days_in_hospital_that_no_limit_counts_are_not_changed)
{
  static const char home[] = WHATIF_HEAD "\"changes\": [{\"name\": \"home\", \"set\": ["
                                         "\"/hospital={\\\"hours\\\":30}\"]}]}";
  static const char *const limits[] = {
      "/limits=[{\"objective\":\"treatment_burden\",\"hospital_days_max\":30}]"};
  char directory[64], path[96];
  stepdose_error error = {.code = STEPDOSE_OK};
  snprintf(path, sizeof path, "%s/changes.json", fixture_directory(directory));
  FILE *file = fopen(path, "w");
  cr_assert(file != NULL && fputs(home, file) >= 0 && fclose(file) == 0);
  stepdose_problem *without = fixture_problem(FIXTURE_MAIN, NULL, 0);
  cr_expect(!study_whatif_check(without, path, NULL, &error));
  cr_expect(error.code == STEPDOSE_CONTRADICTION && error.remedy[0] != 0);
  cr_expect_str_eq(error.pointer, "/changes/0/set/0");
  stepdose_problem *with = fixture_problem(FIXTURE_MAIN, limits, 1);
  cr_expect(study_whatif_check(with, path, NULL, &error), "%s", error.message);
  stepdose_problem_free(without);
  stepdose_problem_free(with);
  fixture_remove(directory);
}

Test(whatif, differences_do_not_depend_on_the_number_of_threads)
{
  static const char changes[] = "\"changes\": [{\"name\": \"missed\", \"missed_dose\": 2}, "
                                "{\"name\": \"more\", \"dose_error_percent\": 20}]";
  stepdose_problem *p = fixture_risks(FEW);
  study_whatif *one = fixture_whatif(p, changes, NULL, 1);
  study_whatif *three = fixture_whatif(p, changes, NULL, 3);
  for (int i = 0; i < one->n_outcomes; i++) {
    cr_expect_arr_eq(one->outcome[i].figure, three->outcome[i].figure,
                     sizeof one->outcome[i].figure, "outcome %d", i);
  }
  cr_assert(one->n_ranges == three->n_ranges && one->n_ranges > 0);
  for (int i = 0; i < one->n_ranges; i++) {
    cr_expect(number_bits(one->range[i].highest) == number_bits(three->range[i].highest));
    cr_expect(number_bits(one->range[i].lowest) == number_bits(three->range[i].lowest));
  }
  study_whatif_free(one);
  study_whatif_free(three);
  stepdose_problem_free(p);
}

Test(whatif, a_dropped_limit_has_no_figure_and_a_tighter_one_its_own_bound)
{
  static const char changes[] =
      NO_RANGES "\"changes\": [{\"name\": \"none\", \"set\": [\"/limits=[]\"]}, "
                "{\"name\": \"tighter\", \"set\": [\"/limits/0/max_pg_mL=1e-3\"]}]";
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, NULL, 0);
  study_whatif *w = fixture_whatif(p, changes, NULL, 1);
  cr_expect(w->outcome[1].limit_now[0] == -1 && w->outcome[1].holds);
  cr_expect(isnan(w->outcome[1].figure[WHATIF_LIMITS].value));
  cr_expect(w->outcome[2].bound[0] == 1e-3 && !w->outcome[2].limit_holds[0]);
  cr_expect(w->outcome[2].figure[WHATIF_LIMITS].difference == 0, "the value itself is the same");
  study_whatif_free(w);
  stepdose_problem_free(p);
}

/* The regimen is one of the starts of a search: where it keeps the limits of the change, the search
 * does no worse. */
Test(whatif, a_search_keeps_the_limits_of_its_change_and_loses_nothing)
{
  static const char *const settings[] = {"/search/evaluations_max=400", "/search/starts=2",
                                         "/limits/1/max_pg_mL=100"};
  static const char changes[] = NO_RANGES "\"changes\": [{\"name\": \"wider\", \"optimize\": true, "
                                          "\"set\": [\"/limits/0/max_pg_mL=1500\"]}]";
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, settings, 3);
  study_whatif *w = fixture_whatif(p, changes, NULL, 2);
  const whatif_outcome *given = &w->outcome[1];
  const whatif_outcome *found = &w->outcome[2];
  cr_assert(w->n_outcomes == 3 && found->searched && found->has_regimen && found->simulated);
  cr_assert(given->holds, "the test needs a regimen that holds");
  cr_expect(found->holds && found->change == given->change);
  cr_expect(found->figure[WHATIF_GOAL].value >= given->figure[WHATIF_GOAL].value, "%g, given %g",
            found->figure[WHATIF_GOAL].value, given->figure[WHATIF_GOAL].value);
  cr_expect(w->evaluations > 0);
  study_whatif_free(w);
  stepdose_problem_free(p);
}

/* Doses of the changed regimens, counted by hand. */
Test(whatif, doses_are_missed_delayed_and_mistaken_with_their_premedication)
{
  static const premedication given = {
      .drug = ROUTE_DEXAMETHASONE, .dose_mg = 20, .with = WITH_DOSES_ALL, .hours_before = 1};
  stepdose_error error;
  stepdose_problem *p =
      fixture_problem(STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl.json", NULL, 0);
  schedule doses = {3, {{0, 1, 0, ROUTE_IV}, {7, 2, 0, ROUTE_IV}, {14, 60, 0, ROUTE_IV}}};
  schedule out;
  cr_assert(problem_premedicate(&given, 1, INFINITY, p->horizon_days, &doses));
  const named_change missed = {.missed_dose = 2};
  cr_assert(whatif_regimen(p, p, &doses, &missed, &out, &error), "%s", error.message);
  cr_expect(out.n_doses == 4 && schedule_engager_doses(&out) == 2);
  cr_expect(out.doses[2].day == 14 - 1.0 / 24 && out.doses[3].day == 14);
  const named_change late = {.delayed_dose = 2, .delay_days = 3};
  cr_assert(whatif_regimen(p, p, &doses, &late, &out, &error));
  cr_expect(out.n_doses == 6 && out.doses[1].day == 0 && out.doses[3].day == 10 &&
            out.doses[5].day == 17);
  cr_expect(out.doses[2].day == 7 - 1.0 / 24 + 3 && out.doses[2].amount == 20);
  const named_change wrong = {.dose_error_percent = -50, .dose_error_in = 3};
  cr_assert(whatif_regimen(p, p, &doses, &wrong, &out, &error));
  cr_expect(out.doses[5].amount == 30 && out.doses[3].amount == 2 && out.doses[4].amount == 20);
  const named_change too_many = {.name = "x", .missed_dose = 4};
  cr_expect(!whatif_regimen(p, p, &doses, &too_many, &out, &error) &&
            error.code == STEPDOSE_OUT_OF_RANGE);
  stepdose_problem_free(p);
}

/* Variance of differences: pairs against patients of other seeds, 20 seeds each. Asked: at most a
 * tenth. */
Test(whatif, pairs_have_at_most_a_tenth_of_the_variance_of_independent_patients)
{
  enum { SEEDS = 20, PATIENTS = 16 };
  double base[SEEDS][WHATIF_FIGURES_MAX], own[SEEDS][WHATIF_FIGURES_MAX];
  static const int figures[] = {WHATIF_GOAL, WHATIF_LIMITS + 1};
  for (int s = 0; s < SEEDS; s++) {
    char people[160];
    const char *const changes[] = {
        people, "/limits=[{\"objective\":\"treatment_burden\",\"total_mg_max\":500},"
                "{\"objective\":\"il6_peak\",\"window\":\"course\",\"max_pg_mL\":500,"
                "\"quantile\":0.5}]"};
    snprintf(people, sizeof people,
             "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":%d,"
             "\"seed\":%d}",
             PATIENTS, 100 + s);
    stepdose_problem *p = fixture_problem(FIXTURE_MAIN, changes, 2);
    study_whatif *w = fixture_whatif(
        p, NO_RANGES "\"changes\": [{\"name\": \"more\", \"dose_error_percent\": 20}]", NULL, 2);
    for (int f = 0; f < WHATIF_FIGURES_MAX; f++) {
      base[s][f] = w->outcome[0].figure[f].value;
      own[s][f] = w->outcome[1].figure[f].value;
    }
    study_whatif_free(w);
    stepdose_problem_free(p);
  }
  for (size_t i = 0; i < 2; i++) {
    const int f = figures[i];
    double mean[2] = {0}, variance[2] = {0};
    for (int s = 0; s < SEEDS; s++) {
      mean[0] += (own[s][f] - base[s][f]) / SEEDS;
      mean[1] += (own[s][f] - base[(s + 1) % SEEDS][f]) / SEEDS;
    }
    for (int s = 0; s < SEEDS; s++) {
      variance[0] += pow(own[s][f] - base[s][f] - mean[0], 2) / (SEEDS - 1);
      variance[1] += pow(own[s][f] - base[(s + 1) % SEEDS][f] - mean[1], 2) / (SEEDS - 1);
    }
    cr_log_info("figure %d: variance %g in pairs, %g independent, ratio %.3g", f, variance[0],
                variance[1], variance[0] / variance[1]);
    cr_expect(variance[0] <= 0.1 * variance[1], "figure %d: %g in pairs, %g independent", f,
              variance[0], variance[1]);
  }
}
