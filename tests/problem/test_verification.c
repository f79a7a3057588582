/* Settings of the verification with fresh patients: defaults, origins, seeds. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "problem/problem.h"

#define COHORT STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json"
#define PATIENTS STEPDOSE_SOURCE_DIR "/tests/data/problem/patients.json"
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static stepdose_problem *read_with(const char *const *changes, size_t n)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(COHORT, changes, n, &e);
  cr_assert_not_null(p, "%s: %s", e.pointer, e.message);
  return p;
}

static bool warns(const stepdose_problem *p, const char *of)
{
  for (int i = 0; i < p->n_warnings; i++) {
    if (strstr(p->warnings[i], of) != NULL) {
      return true;
    }
  }
  return false;
}

Test(verification, fresh_patients_are_four_times_as_many_and_of_another_seed)
{
  static const struct {
    int patients;
    const char *seed, *said;
    int fresh;
    uint64_t fresh_seed;
    bool few;
  } cases[] = {
      {128, "1", "{}", 1024, 2, false},
      {256, "1", "{}", 1024, 2, false},
      {257, "7", "{}", 1028, 8, false},
      {512, "0", "{}", 2048, 1, false},
      {16384, "1", "{}", 65536, 2, false},
      {16385, "1", "{}", 65536, 2, true}, /* there are no more */
      {128, "9007199254740991", "{}", 1024, 0, false},
      {128, "1", "{\"patients\": 512}", 512, 2, false},
      {128, "1", "{\"patients\": 511}", 511, 2, true},
      {128, "1", "{\"seed\": 0}", 1024, 0, false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char patients[64], seed[64], said[64];
    const char *changes[] = {patients, seed, said};
    snprintf(patients, sizeof patients, "/population/patients=%d", cases[i].patients);
    snprintf(seed, sizeof seed, "/population/seed=%s", cases[i].seed);
    snprintf(said, sizeof said, "/verification=%s", cases[i].said);
    stepdose_problem *p = read_with(changes, COUNT(changes));
    const verification_settings *v = &p->verification;
    cr_expect(v->patients == cases[i].fresh && v->seed == cases[i].fresh_seed && v->rounds == 3,
              "case %zu: %d patients, seed %llu, %d rounds", i, v->patients,
              (unsigned long long)v->seed, v->rounds);
    cr_expect_eq(warns(p, "fewer than 4 times"), cases[i].few, "case %zu", i);
    problem_free(p);
  }
}

/* The origin that the list for people gives for a pointer. */
static void origin(const stepdose_problem *p, const char *pointer, char *word, size_t size)
{
  char needle[80];
  snprintf(needle, sizeof needle, "\n%s ", pointer);
  const char *line = strstr(p->origins, needle);
  const char *end = line != NULL ? strchr(line + 1, '\n') : NULL;
  cr_assert(end != NULL, "%s is not listed", pointer);
  while (end[-1] == ' ') {
    end--;
  }
  const char *start = end;
  while (start[-1] != ' ') {
    start--;
  }
  snprintf(word, size, "%.*s", (int)(end - start), start);
}

Test(verification, the_effective_problem_tells_what_was_chosen_by_default)
{
  static const char *const changes[] = {"/verification/rounds=0"};
  static const struct {
    const char *pointer, *origin;
  } cases[] = {{"/verification/patients", COHORT},
               {"/verification/seed", "default"},
               {"/verification/rounds", "--set"},
               {"/limits/0/probability_max", COHORT},
               {"/maximize/statistic", COHORT}};
  stepdose_problem *p = read_with(changes, 1);
  cr_expect_eq(p->verification.rounds, 0);
  for (size_t i = 0; i < COUNT(cases); i++) {
    char word[512];
    origin(p, cases[i].pointer, word, sizeof word);
    cr_expect_str_eq(word, cases[i].origin, "%s: %s", cases[i].pointer, word);
  }
  problem_free(p);
}

Test(verification, a_problem_that_says_nothing_of_it_has_it_all_by_default)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(PATIENTS, NULL, 0, &e); /* 300 patients, seed 5 */
  cr_assert_not_null(p, "%s: %s", e.pointer, e.message);
  cr_expect(p->verification.patients == 1200 && p->verification.seed == 6 &&
            p->verification.rounds == 3);
  cr_expect_not_null(strstr(p->effective, "\"verification\""));
  problem_free(p);
}

Test(verification, of_the_reference_patient_there_is_none)
{
  static const char *const changes[] = {"/population=reference", "/verification={\"seed\": 1}"};
  stepdose_problem *p = read_with(changes, COUNT(changes));
  cr_expect(p->verification.patients == 0 && p->verification.seed == 0 &&
            p->verification.rounds == 0);
  cr_expect(warns(p, "\"verification\""), "it is not said to be ignored");
  problem_free(p);
}

#define WEIGHTED "\"file\": \"populations/dlbcl-virtual-weighted.json\""
#define RESAMPLED "{" WEIGHTED ", \"patients\": 64, \"seed\": 20, \"resample\": true}"
#define WHOLE_SET "{" WEIGHTED ", \"patients\": 4096, \"seed\": 1}"

/* Five sets of 4096 patients, of the seeds 1 to 5; resampled, of the seeds 5 n to 5 n + 4. */
Test(verification, patients_who_cannot_judge_are_refused_when_the_problem_is_read)
{
  static const struct {
    const char *population, *said, *pointer; /* NULL: accepted */
    stepdose_code code;
  } cases[] = {
      {RESAMPLED, "{\"seed\": 25}", "/verification/seed", STEPDOSE_CONTRADICTION},
      {RESAMPLED, "{\"seed\": 0}", "/verification/seed", STEPDOSE_CONTRADICTION},
      {RESAMPLED, "{\"seed\": 26}", NULL, STEPDOSE_OK},
      {RESAMPLED, "{\"patients\": 4096}", NULL, STEPDOSE_OK},
      {RESAMPLED, "{\"patients\": 4097}", "/verification/patients", STEPDOSE_OUT_OF_RANGE},
      {WHOLE_SET, "{\"seed\": 1}", "/verification/seed", STEPDOSE_CONTRADICTION},
      {WHOLE_SET, "{\"seed\": 99}", "/verification/seed", STEPDOSE_OUT_OF_RANGE},
      {WHOLE_SET, "{\"seed\": 5}", NULL, STEPDOSE_OK},
      {WHOLE_SET, "{\"patients\": 4096}", NULL, STEPDOSE_OK},
      {WHOLE_SET, "{\"patients\": 4095}", "/verification/patients", STEPDOSE_OUT_OF_RANGE},
      {WHOLE_SET, "{\"patients\": 8192}", "/verification/patients", STEPDOSE_OUT_OF_RANGE},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char people[192], said[64];
    const char *const changes[] = {people, said};
    stepdose_error e = {.code = STEPDOSE_OK};
    snprintf(people, sizeof people, "/population=%s", cases[i].population);
    snprintf(said, sizeof said, "/verification=%s", cases[i].said);
    stepdose_problem *p = problem_read(COHORT, changes, COUNT(changes), &e);
    cr_expect_eq(p == NULL, cases[i].pointer != NULL, "case %zu: %s", i, e.message);
    cr_expect_eq(e.code, cases[i].code, "case %zu: %s", i, e.message);
    cr_expect(p != NULL || (strcmp(e.pointer, cases[i].pointer) == 0 && e.remedy[0] != 0),
              "case %zu: %s", i, e.pointer);
    problem_free(p);
  }
}

/* 1 - 0.025^(1/n) is the end of the exact interval of nobody: 3.62 % of 100, 0.36 % of 1024. */
Test(verification, too_few_patients_to_see_what_a_limit_allows_are_warned_about)
{
  static const struct {
    const char *risk;
    int patients;
    bool warned;
  } cases[] = {
      {"\"probability_max\": 0.0005", 256, true},
      {"\"probability_max\": 0.0005", 8192, false},
      {"\"probability_max\": 0.0363", 100, false},
      {"\"probability_max\": 0.0361", 100, true},
      {"\"quantile\": 0.9639", 100, true},
      {"\"quantile\": 0.9637", 100, false},
      {"\"cvar\": 0.99", 256, true},
      {"\"cvar\": 0.9", 256, false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    char limits[192], said[64];
    const char *changes[] = {limits, said};
    snprintf(limits, sizeof limits,
             "/limits=[{\"objective\": \"il6_peak\", \"window\": \"first_dose\", "
             "\"max_pg_mL\": 1000, %s}]",
             cases[i].risk);
    snprintf(said, sizeof said, "/verification={\"patients\": %d}", cases[i].patients);
    stepdose_problem *p = read_with(changes, COUNT(changes));
    cr_expect_eq(warns(p, "cannot verify"), cases[i].warned, "%s, %d patients", cases[i].risk,
                 cases[i].patients);
    problem_free(p);
  }
}
