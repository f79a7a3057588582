/* Sensitivity studies of the main problem for tests. */
#ifndef TESTS_STUDY_SENSITIVITY_FIXTURES_H
#define TESTS_STUDY_SENSITIVITY_FIXTURES_H

#include "study/cohort_fixtures.h"
#include "study/sensitivity_parts.h"

static const char *const sensitivity_patients_change =
    "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":64,\"seed\":5}";

static inline stepdose_problem *read_problem(const char *section, bool patients)
{
  const char *changes[2];
  char asked[1024];
  size_t n = 0;
  snprintf(asked, sizeof asked, "/sensitivity=%s", section);
  if (patients) {
    changes[n++] = sensitivity_patients_change;
  }
  changes[n++] = asked;
  return fixture_problem(FIXTURE_MAIN, changes, n);
}

static inline sensitivity_request request_of(const stepdose_problem *problem, int threads)
{
  return (sensitivity_request){
      .problem = problem, .doses = &problem->comparators[0].doses, .threads = threads};
}

static inline sensitivity_study *open_study(const stepdose_problem *problem)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const sensitivity_request request = request_of(problem, 1);
  sensitivity_study *s = sensitivity_study_open(&request, &error);
  cr_assert(s != NULL, "%s", error.message);
  return s;
}

static inline sensitivity_study *run_study(const stepdose_problem *problem, int threads)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const sensitivity_request request = request_of(problem, threads);
  sensitivity_study *s = open_study(problem);
  cr_assert(sensitivity_study_run(s, &request, &error), "%s", error.message);
  return s;
}

static inline int output_of(const sensitivity_study *s, const char *name)
{
  for (int k = 0; k < s->n_outputs; k++) {
    if (strcmp(s->output[k].name, name) == 0) {
      return k;
    }
  }
  cr_assert_fail("no output %s", name);
  return -1;
}

static inline int input_of(const sensitivity_study *s, const char *name)
{
  for (int i = 0; i < s->n_inputs; i++) {
    if (strcmp(s->input[i].described.name, name) == 0) {
      return i;
    }
  }
  cr_assert_fail("no input %s", name);
  return -1;
}

#endif
