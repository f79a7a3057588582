/* What a proposal over virtual patients says, in its summary and in result.json, and that all of it
 * can be verified. */
#include "base/allocate.h"
#include "report/population_proposals.h"
#include "report/report.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

typedef struct made {
  char directory[64];
  stepdose_problem *problem;
  stepdose_result *result;
  cJSON *root;
} made;

static const cJSON *member(const cJSON *object, const char *key)
{
  return cJSON_GetObjectItemCaseSensitive(object, key);
}

static double number(const cJSON *object, const char *key)
{
  const cJSON *item = member(object, key);
  return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

static made propose(double max_pg_mL, double share, int rounds)
{
  made m = {.problem = small_problem(max_pg_mL, share, rounds)};
  char *bytes = NULL;
  size_t length = 0;
  m.result = small_proposal(m.problem, fixture_directory(m.directory));
  cr_assert(run_directory_read(m.directory, RUN_FILE_RESULT, &bytes, &length, NULL));
  m.root = cJSON_ParseWithLengthOpts(bytes, length + 1, NULL, 1);
  cr_assert(m.root != NULL, "result.json is not strict JSON");
  free(bytes);
  return m;
}

static void clean(made *m)
{
  cJSON_Delete(m->root);
  stepdose_result_free(m->result);
  stepdose_problem_free(m->problem);
  fixture_remove(m->directory);
}

static void expect_status(const made *m, stepdose_status status, int exit_code)
{
  const stepdose_status found = stepdose_result_status(m->result);
  cr_expect(found == status, "%s", stepdose_status_name(found));
  cr_expect(stepdose_status_exit(found) == exit_code);
}

static void expect_words(const made *m, const char *const *words, size_t n)
{
  const char *summary = stepdose_result_summary(m->result);
  for (size_t i = 0; i < n; i++) {
    cr_expect(strstr(summary, words[i]) != NULL, "'%s' is not in\n%s", words[i], summary);
  }
}

static bool reproduced(const made *m)
{
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_result *result = stepdose_verify(m->directory, &settings, &error);
  const bool same = result != NULL && stepdose_result_status(result) == STEPDOSE_STATUS_REPRODUCED;
  cr_expect(result != NULL, "%s", error.message);
  stepdose_result_free(result);
  return same;
}

static const cJSON *given(const made *m)
{
  return cJSON_GetArrayItem(member(member(m->root, "cohort"), "regimens"), 0);
}

static const cJSON *only_risk(const made *m)
{
  return cJSON_GetArrayItem(member(given(m), "risks"), 0);
}

/* --- verified after a limit was tightened --- */

static const char *const verified_words[] = {
    "16 virtual patients of the population \"DLBCL, virtual patients\", seed 9",
    "tumour kill, time average (log10), mean over the patients",
    "IL-6 peak, days 7 to 21: above 100 pg/mL in at most 10 % of patients",
    "verified: every limit holds in an independent run from the written file, with 256 fresh",
    "risk in virtual patients",
    "95 % interval",
    "/256",
    "Each answer was judged by fresh patients of its own",
    "limit that failed",
    "then at most",
    "by stratum",
    "Response (tumour shrunk by at least half): ",
    "Beside other schedules in the same fresh patients",
    "proposed",
    "in the reference patient alone the goal is",
    "Timing      in the reference patient",
    "each in fresh patients of its own",
    "search again within tightened limits",
};

static void expect_narrow(const char *shown)
{
  while (*shown != 0) {
    const size_t length = strcspn(shown, "\n");
    cr_expect(length <= 100, "%.*s", (int)length, shown);
    shown += length + (shown[length] != 0);
  }
}

Test(population_proposals, a_summary_says_what_was_asked_and_what_fresh_patients_answer)
{
  made m = propose(100, 0.1, 3);
  expect_status(&m, STEPDOSE_STATUS_VERIFIED, 0);
  expect_words(&m, verified_words, COUNT(verified_words));
  expect_narrow(stepdose_result_summary(m.result));
  cr_expect(strstr(stepdose_result_summary(m.result), "simulated  ") == NULL);
  clean(&m);
}

Test(population_proposals, a_result_holds_every_round_and_the_last_one_is_the_answer)
{
  made m = propose(100, 0.1, 3);
  const cJSON *search = member(m.root, "patients_search");
  const cJSON *rounds = member(search, "rounds");
  const int n = cJSON_GetArraySize(rounds);
  cr_assert(n >= 2, "%d rounds", n);
  for (int i = 0; i < n; i++) {
    const cJSON *round = cJSON_GetArrayItem(rounds, i);
    const double searched =
        cJSON_GetArrayItem(member(round, "risks_in_patients_of_the_search"), 0)->valuedouble;
    const double fresh =
        cJSON_GetArrayItem(member(round, "risks_in_fresh_patients"), 0)->valuedouble;
    const double spare = cJSON_GetArrayItem(member(round, "margins_to_spare"), 0)->valuedouble;
    cr_expect(searched <= 0.1, "round %d: %g in the search", i + 1, searched);
    cr_expect((fresh <= 0.1) == (i == n - 1), "round %d: %g in fresh patients", i + 1, fresh);
    cr_expect((spare > 0) == (i > 0), "round %d", i + 1);
    cr_expect(cJSON_IsTrue(member(round, "every_limit_holds")) == (i == n - 1));
  }
  const cJSON *last = cJSON_GetArrayItem(rounds, n - 1);
  cr_expect(number(last, "goal_value_in_fresh_patients") == number(given(&m), "goal_value"));
  cr_expect(number(last, "goal_value_in_patients_of_the_search") == number(search, "goal_value"));
  cr_expect_str_eq(member(last, "seed")->valuestring,
                   member(member(m.root, "cohort"), "seed")->valuestring);
  cr_expect(number(search, "drawn") == SMALL_PATIENTS);
  clean(&m);
}

Test(population_proposals, the_verdict_is_that_of_the_fresh_patients)
{
  made m = propose(100, 0.1, 3);
  const cJSON *judges = member(m.root, "cohort");
  const cJSON *risk = only_risk(&m);
  cr_expect(cJSON_IsTrue(member(m.root, "every_limit_holds")));
  cr_expect(member(m.root, "every_limit_holds_in_the_reference_patient") != NULL);
  cr_expect(cJSON_IsTrue(member(judges, "fresh")) && number(judges, "drawn") == SMALL_FRESH);
  cr_expect(fabs(number(judges, "tolerance") - m.problem->tolerance / STUDY_TIGHTER) < 1e-18);
  cr_expect(number(risk, "value") == number(risk, "patients") / number(risk, "of"));
  cr_expect(number(risk, "low") < number(risk, "value") &&
            number(risk, "value") < number(risk, "high"));
  cr_expect(number(risk, "of") == SMALL_FRESH && number(risk, "bound") == 0.1);
  cr_expect(cJSON_GetArraySize(member(judges, "regimens")) > 1, "no schedule beside it");
  for (int f = 0; f < RUN_FILE_COUNT; f++) {
    const bool of_patients = f == RUN_FILE_PATIENTS || f == RUN_FILE_COURSES;
    cr_expect(!of_patients || run_directory_has(m.directory, (run_file)f), "%s", run_files[f].name);
  }
  clean(&m);
}

Test(population_proposals, an_untouched_result_is_reproduced)
{
  made m = propose(100, 0.1, 3);
  cr_expect(reproduced(&m));
  clean(&m);
}

/* Writes result.json with its first text `from` behind `start` replaced by one of the same length,
 * and sealed again: only what it claims is wrong. */
static void forge(const made *m, const char *start, const char *from, char by)
{
  char *bytes = NULL;
  size_t length = 0, position = 0;
  char hash[HASH_TEXT_SIZE];
  cr_assert(run_directory_read(m->directory, RUN_FILE_RESULT, &bytes, &length, NULL));
  char *at = strstr(strstr(bytes, start), from);
  cr_assert(at != NULL, "no '%s' behind '%s'", from, start);
  at += strlen(from);
  cr_assert(*at != by, "'%s' begins with %c already", from, by);
  *at = by;
  cr_assert(result_hash(bytes, length, hash, &position));
  memcpy(bytes + position, hash, HASH_TEXT_SIZE - 1);
  cr_assert(run_directory_write(m->directory, RUN_FILE_RESULT, bytes, length, NULL));
  free(bytes);
}

Test(population_proposals, a_forged_claim_about_patients_is_not_reproduced)
{
  static const struct {
    const char *start, *from;
    char by;
  } forged[] = {{"\"risks\"", "\"value\": 0.0", '1'},
                {"\"risks\"", "\"patients\": ", '9'},
                {"\"cohort\"", "\"drawn\": ", '3'},
                {"\"cohort\"", "\"seed\": \"", '7'},
                {"\"cohort\"", "\"goal_value\": ", '7'}};
  made m = propose(100, 0.1, 3);
  char *right = NULL;
  size_t length = 0;
  cr_assert(run_directory_read(m.directory, RUN_FILE_RESULT, &right, &length, NULL));
  for (size_t i = 0; i < COUNT(forged); i++) {
    forge(&m, forged[i].start, forged[i].from, forged[i].by);
    cr_expect(!reproduced(&m), "%s behind %s", forged[i].from, forged[i].start);
    cr_assert(run_directory_write(m.directory, RUN_FILE_RESULT, right, length, NULL));
  }
  cr_expect(reproduced(&m));
  free(right);
  clean(&m);
}

/* --- feasible in the sample only --- */

Test(population_proposals, an_answer_that_fresh_patients_refuse_is_not_verified)
{
  static const char *const words[] = {
      "feasible-in-sample-only: the limits held in the 16 patients of the search but not in 256",
      "Blocked by  IL-6 peak, days 7 to 21: above 100 pg/mL in at most 10 % of patients",
      "fresh patients lie above 100 pg/mL, days 7-21", "They differ", "NO"};
  made m = propose(100, 0.1, 0);
  const cJSON *responsible = member(m.root, "responsible_patients");
  expect_status(&m, STEPDOSE_STATUS_FEASIBLE_IN_SAMPLE_ONLY, 3);
  expect_words(&m, words, COUNT(words));
  cr_expect(cJSON_IsFalse(member(m.root, "every_limit_holds")));
  cr_expect(number(responsible, "patients") == number(only_risk(&m), "patients"));
  cr_expect(number(responsible, "of") == SMALL_FRESH);
  cr_expect(cJSON_GetArraySize(member(responsible, "differ_in")) == 3);
  cr_expect(reproduced(&m));
  clean(&m);
}

/* --- infeasible --- */

static const cJSON *only_relaxation(const made *m)
{
  return cJSON_GetArrayItem(member(member(m->root, "infeasibility"), "each_limit_alone"), 0);
}

Test(population_proposals, an_infeasible_problem_tells_who_blocks_and_what_would_be_enough)
{
  static const char *const words[] = {
      "infeasible: ",
      "Blocked by  IL-6 peak, days 7 to 21: above 1 pg/mL in at most 10 % of",
      "of 16 patients of the search lie above 1 pg/mL",
      "Least violating regimen",
      "needed alone",
      "or the bound",
      "least violating"};
  made m = propose(1, 0.1, 3);
  expect_status(&m, STEPDOSE_STATUS_INFEASIBLE, 3);
  expect_words(&m, words, COUNT(words));
  cr_expect(cJSON_IsFalse(member(m.root, "every_limit_holds")));
  cr_expect(cJSON_GetArraySize(member(member(m.root, "patients_search"), "rounds")) == 1);
  cr_expect(reproduced(&m));
  clean(&m);
}

/* Either number alone is enough, and clearly less of it is not. A search wants less than one
 * patient to spare. */
Test(population_proposals, what_is_said_to_be_enough_is_enough)
{
  made m = propose(1, 0.1, 0);
  const double share = number(only_relaxation(&m), "bound_needed");
  const double bound = number(only_relaxation(&m), "bound_needed_at_the_same_share");
  const struct {
    double bound, share;
    bool enough;
  } cases[] = {{1, share + 1.0 / SMALL_PATIENTS, true},
               {bound * (1 + 1e-9), 0.1, true},
               {bound * 0.9, 0.1, false}};
  cr_assert(share > 0.1 && share <= 1 && bound > 1, "%g and %g", share, bound);
  for (size_t i = 0; i < COUNT(cases); i++) {
    made other = propose(cases[i].bound, fmin(cases[i].share, 0.999), 0);
    const stepdose_status status = stepdose_result_status(other.result);
    cr_expect((status != STEPDOSE_STATUS_INFEASIBLE) == cases[i].enough, "bound %g, share %g: %s",
              cases[i].bound, cases[i].share, stepdose_status_name(status));
    clean(&other);
  }
  clean(&m);
}

/* --- no memory --- */

static char *report_of(const report_run *run, const study_proposal *p, stepdose_error *error)
{
  char *summary = NULL;
  return report_proposal(run, p, &summary, error) ? summary : NULL;
}

/* Summary, tables and result.json of a proposal that fresh patients refuse: it has every part. */
Test(population_proposals, a_failed_allocation_in_a_report_is_a_named_error)
{
  enum { SWEEP = 40 };
  char directory[64];
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *problem = small_problem(1, 0.1, 0);
  const study_run run = {.directory = fixture_directory(directory), .threads = 2};
  study_proposal *p = study_propose(problem, &run, &error);
  cr_assert(p != NULL, "%s", error.message);
  const report_run told = {.problem = problem,
                           .verb = "propose",
                           .directory = directory,
                           .identity = "test",
                           .status = p->status};
  const long before = allocate_count();
  char *summary = report_of(&told, p, &error);
  const long needed = allocate_count() - before;
  cr_assert(summary != NULL && needed > SWEEP, "%s", error.message);
  release(summary);
  for (int i = 0; i < SWEEP; i++) {
    allocate_fail_after(needed * i / SWEEP, 1);
    summary = report_of(&told, p, &error);
    allocate_fail_after(-1, 0);
    cr_expect(summary == NULL && error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s",
              needed * i / SWEEP, needed, error.message);
    release(summary);
  }
  study_proposal_free(p);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}

/* --- beside the answer --- */

Test(population_proposals, near_regimens_are_told_by_the_patients_of_the_search)
{
  made m = propose(100, 0.1, 0);
  const cJSON *near_optimal = member(m.root, "near_optimal");
  const double best = number(member(m.root, "patients_search"), "goal_value");
  const cJSON *one;
  cr_assert(cJSON_GetArraySize(member(near_optimal, "listed")) > 0);
  cJSON_ArrayForEach(one, member(near_optimal, "listed"))
  {
    const cJSON *searched = member(one, "in_patients_of_the_search");
    const double loss = number(one, "loss");
    cr_expect(fabs(best - number(searched, "goal_value") - loss) < 1e-12);
    cr_expect(loss <= number(near_optimal, "loss_allowed") + 1e-12, "loss %g", loss);
    cr_expect(cJSON_GetArrayItem(member(searched, "margins"), 0)->valuedouble <= 1e-8);
  }
  clean(&m);
}

Test(population_proposals, a_given_regimen_is_judged_by_the_patients_of_the_problem)
{
  static const char *const words[] = {"risk in virtual patients", "found",      "holds",      "/16",
                                      "mean over the patients: ", "by stratum", "simulated: "};
  char directory[64];
  stepdose_error error;
  stepdose_settings settings = stepdose_settings_default();
  made m = {.problem = small_problem(100, 0.1, 0)};
  m.result = stepdose_simulate(m.problem, NULL, &settings, fixture_directory(directory), &error);
  cr_assert(m.result != NULL, "%s", error.message);
  expect_status(&m, STEPDOSE_STATUS_SIMULATED, 0);
  expect_words(&m, words, COUNT(words));
  memcpy(m.directory, directory, sizeof m.directory);
  cr_expect(reproduced(&m));
  clean(&m);
}
