/* What the summary says of a run, from results made by hand: no simulation. */
#include "report/ending.h"
#include "study/fixtures.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

Test(summary, an_ending_says_what_ended_the_search)
{
  static const struct {
    search_end end;
    bool budget_used_up;
    const char *words;
  } cases[] = {
      {SEARCH_END_CONVERGED, false, "converged"},
      {SEARCH_END_CONVERGED, true, "evaluation budget used up; best of its grid neighbourhood"},
      {SEARCH_END_EVALUATIONS, true, "evaluation budget used up"},
      {SEARCH_END_TIME, true, "time limit reached"},
      {SEARCH_END_STOPPED, false, "stopped on request"},
      {SEARCH_END_ENGINE_HUNG, false, "engine-hung"},
  };
  static study_proposal p;
  for (size_t i = 0; i < COUNT(cases); i++) {
    p.end = cases[i].end;
    p.budget_used_up = cases[i].budget_used_up;
    cr_expect_str_eq(ending_of_search(&p), cases[i].words);
  }
}

/* Peaks of three doses on days 0, 7, 14 and limits of 1100 on the first, 50 on later ones, and 40
 * on days 5 to 21, 30 on days 15 to 21: the tightest that applies to a peak is shown. */
Test(summary, the_dose_table_shows_the_tightest_limit_that_applies)
{
  const char *const changes[] = {
      "/limits=[{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1100},"
      "{\"objective\":\"il6_peak\",\"window\":\"later_doses\",\"max_pg_mL\":50},"
      "{\"objective\":\"il6_peak\",\"window\":{\"from_day\":5,\"to_day\":21},\"max_pg_mL\":40},"
      "{\"objective\":\"il6_peak\",\"window\":{\"from_day\":15,\"to_day\":21},"
      "\"max_pg_mL\":30}]"};
  static const peak peaks[] = {{1000, 0.2}, {38, 7.3}, {29, 16}, {45, 22.5}};
  static const char *const rows[] = {"1000   1100   9.1 %", "38     40   5.0 %",
                                     "29     30   3.3 %", "45     50  10.0 %"};
  static assessment at;
  schedule doses = {.n_doses = 4};
  report_regimen regimen = {.doses = &doses, .searched = &at, .verified = &at};
  text out = {0};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  at.simulated = true;
  at.found.n_windows = 4;
  for (int i = 0; i < 4; i++) {
    doses.doses[i] = (dose){7.0 * i, 1, 4.0 / 24, ROUTE_IV};
    at.found.il6[i] = peaks[i];
  }
  summary_doses(problem, &regimen, &out);
  for (size_t i = 0; i < COUNT(rows); i++) {
    cr_expect(strstr(out.bytes, rows[i]) != NULL, "'%s' is not in\n%s", rows[i], out.bytes);
  }
  text_free(&out);
  stepdose_problem_free(problem);
}

/* Risks made by hand, all of them with the longest figures that are likely. */
static void show_risks(const stepdose_problem *problem, text *out)
{
  static cohort_study fresh, search;
  static cohort_risk risk[PROBLEM_LIMITS_MAX];
  for (int k = 0; k < problem->n_limits; k++) {
    const limit *l = &problem->limits[k];
    const bool share = l->risk == RISK_PROBABILITY;
    risk[k] = (cohort_risk){.limit = k,
                            .window = 12,
                            .value = share ? 0.1234 : 123.4,
                            .bound = share ? l->share : l->bound,
                            .low = share ? 0.1123 : 112.3,
                            .high = share ? 0.1345 : 134.5,
                            .count = 253,
                            .of = share ? 2048 : 0};
  }
  fresh.problem = search.problem = problem;
  fresh.outcome[0].risk = search.outcome[0].risk = risk;
  fresh.outcome[0].n_risks = search.outcome[0].n_risks = problem->n_limits;
  summary_risks(&fresh, &search, out);
}

Test(summary, interval_and_count_of_a_risk_are_shown_however_long_its_name_is)
{
  static const char *const limits[] = {
      "{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1000,"
      "\"probability_max\":0.1}",
      "{\"objective\":\"il6_peak\",\"window\":{\"from_day\":10.5,\"to_day\":21.5},"
      "\"max_pg_mL\":1234.5,\"probability_max\":0.1234}",
      "{\"objective\":\"il6_peak\",\"window\":\"each_dose\",\"max_pg_mL\":1234.5,"
      "\"cvar\":0.9123}",
      "{\"objective\":\"il6_peak\",\"window\":\"course\",\"max_pg_mL\":1234.5,"
      "\"quantile\":0.9876,\"stratum\":\"high tumor burden\"}"};
  char all[1024] = "/limits=[";
  const char *const changes[] = {
      "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":8}", all};
  for (size_t i = 0; i < COUNT(limits); i++) {
    const size_t used = strlen(all);
    text out = {0};
    snprintf(all + used - (i > 0), sizeof all - used, "%s%s]", i > 0 ? "," : "", limits[i]);
    stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 2);
    show_risks(problem, &out);
    cr_expect_not_null(strstr(out.bytes, "95 % interval"), "%zu limits:\n%s", i + 1, out.bytes);
    cr_expect_not_null(strstr(out.bytes, "to 13.5 %"), "%zu limits:\n%s", i + 1, out.bytes);
    cr_expect_not_null(strstr(out.bytes, "253/2048"), "%zu limits:\n%s", i + 1, out.bytes);
    cr_expect(i < 2 || strstr(out.bytes, "112 to 134") != NULL, "%s", out.bytes);
    for (const char *line = out.bytes; *line != 0; line += strcspn(line, "\n") + 1) {
      cr_expect(strcspn(line, "\n") <= 100, "%zu limits: wider than the page\n%s", i + 1,
                out.bytes);
    }
    text_free(&out);
    stepdose_problem_free(problem);
  }
}

Test(summary, a_problem_without_limits_does_not_claim_that_they_hold)
{
  const char *const changes[] = {"/limits=[]"};
  char meaning[ENDING_SIZE];
  static study_proposal p;
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 1);
  report_run run = {.problem = problem, .status = STEPDOSE_STATUS_VERIFIED};
  ending_meaning(&run, &p, meaning);
  cr_expect(strstr(meaning, "no limits were set") != NULL, "%s", meaning);
  cr_expect(strstr(meaning, "every limit") == NULL, "%s", meaning);
  stepdose_problem_free(problem);
}
