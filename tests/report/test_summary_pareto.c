/* What the summary of a front calls its points, and what it says of limits that are goals. */
#include "base/file.h"
#include "study/fixtures.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define SYNAPSE_PATIENTS STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl-population.json"
#define GOALS                                                                                      \
  "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"                          \
  "{\"minimize\":{\"objective\":\"il6_peak\",\"window\":\"first_dose\"}}]}"
#define LIMIT(bound)                                                                               \
  "/limits=[{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":" bound "}]"

/* The caller frees. */
static char *summary_of(const char *name, const char *const *changes, size_t n)
{
  char directory[64], path[96];
  char *bytes = NULL;
  size_t length = 0;
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_problem *problem = fixture_problem(name, changes, n);
  stepdose_result *result =
      stepdose_pareto(problem, &settings, fixture_directory(directory), &error);
  cr_assert(result != NULL, "%s", error.message);
  snprintf(path, sizeof path, "%s/summary.txt", directory);
  cr_assert(file_read(path, 1 << 20, &bytes, &length, &error), "%s", error.message);
  stepdose_result_free(result);
  stepdose_problem_free(problem);
  fixture_remove(directory);
  return bytes;
}

static void expect(const char *page, const char *words, bool there, const char *name)
{
  cr_expect((strstr(page, words) != NULL) == there, "%s: '%s' is %sin\n%s", name, words,
            there ? "not " : "", page);
}

/* 1 pg/mL is less than any of these doses releases, 1e5 more. */
Test(summary_pareto, a_limit_that_is_a_goal_is_named_and_told_where_it_is_exceeded)
{
  const char *const bound[] = {LIMIT("1"), LIMIT("1e5")};
  for (int i = 0; i < 2; i++) {
    const char *const changes[] = {bound[i], GOALS, "/horizon_days=42",
                                   "/regimen/dose_grid_mg=[1,10,60]"};
    char *page = summary_of(FIXTURE_MAIN, changes, COUNT(changes));
    expect(page, "none kept besides the goals (1 is a goal here)", true, bound[i]);
    expect(page, "none were set", false, bound[i]);
    expect(page, "exceeds what the problem", i == 0, bound[i]);
    expect(page, "fresh patients", false, bound[i]);
    free(page);
  }
}

Test(summary_pareto, a_front_of_one_point_has_no_knee)
{
  const char *const changes[] = {LIMIT("1e5"), GOALS, "/horizon_days=42",
                                 "/regimen/dose_grid_mg=[10]"};
  char *page = summary_of(FIXTURE_MAIN, changes, COUNT(changes));
  expect(page, "a front of 1 regimen, which no other that was tried surpasses", true, "one");
  expect(page, "the only point", true, "one");
  expect(page, "The regimen of the front (point 1)", true, "one");
  expect(page, "none of which is better", false, "one");
  expect(page, "nee", false, "one");
  free(page);
}

Test(summary_pareto, tables_say_whose_values_they_hold)
{
  const char *const changes[] = {"/population/patients=12",
                                 "/verification/patients=24",
                                 "/horizon_days=42",
                                 "/regimen/maintenance/doses=1",
                                 "/regimen/dose_grid_mg=[0.2,3,60]",
                                 "/search/evaluations_max=100"};
  char *page = summary_of(SYNAPSE_PATIENTS, changes, COUNT(changes));
  expect(page, "Points along the front, fresh patients (", true, "patients");
  expect(page, "costs, patients of the search\n", true, "patients");
  free(page);
}
