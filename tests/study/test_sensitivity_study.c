/* Sensitivity of a regimen: answers that are known without a study, and the same bits however
 * it is run. */
#include "study/sensitivity_fixtures.h"

#include "base/allocate.h"
#include "base/file.h"
#include "study/assessment.h"

#include <math.h>

/* --- known answers ---------------------------------------------------------------------------- */

/* IL-6 is proportional to its production (Hosseini 2020, equation of IL6combo), so that its
 * logarithm moves by one decade a decade whatever else changes. */
#define SCALED_IL6                                                                                 \
  "\"inputs\":[{\"of\":\"kIL6prod\",\"min\":7,\"max\":28},{\"of\":\"dose_1\"},"                    \
  "{\"of\":\"KTrptumor\"}],\"outputs\":[\"il6_peak\"]"

Test(sensitivity_study, il6_follows_its_production_by_a_decade_a_decade)
{
  stepdose_problem *problem = read_problem("{\"method\":\"local\"," SCALED_IL6 "}", false);
  sensitivity_study *s = run_study(problem, 1);
  cr_assert_eq(s->n_outputs, 7, "six doses and the course: %d", s->n_outputs);
  for (int k = 0; k < s->n_outputs; k++) {
    const sensitivity_slope *slope = &s->slope[k * s->n_inputs + input_of(s, "kIL6prod")];
    cr_expect_float_eq(slope->scaled, 1, 1e-5, "%s: %.17g", s->output[k].name, slope->scaled);
    cr_expect_float_eq(slope->swing, log10(4), 1e-5, "%s: %.17g", s->output[k].name, slope->swing);
    cr_expect_float_eq(slope->plain * 14 * log(10), 1, 1e-5, "%s", s->output[k].name);
  }
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
}

/* The effect of the whole range is the same from everywhere: no interaction, no curvature. */
Test(sensitivity_study, an_additive_input_has_one_elementary_effect)
{
  stepdose_problem *problem = read_problem("{\"samples\":8," SCALED_IL6 "}", false);
  sensitivity_study *s = run_study(problem, 1);
  const int input = input_of(s, "kIL6prod");
  for (int k = 0; k < s->n_outputs; k++) {
    const int last = s->found.n_stages - 1;
    const double mu = morris_at(&s->found, last, k, MORRIS_MU, input)->value;
    const double sigma = morris_at(&s->found, last, k, MORRIS_SIGMA, input)->value;
    cr_expect_float_eq(mu, log10(4), 1e-3, "%s: %.17g", s->output[k].name, mu);
    cr_expect(sigma < 1e-3, "%s: %g", s->output[k].name, sigma);
  }
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
}

/* Its share of the variance is that of a number spread evenly over two octaves, and its first order
 * index within the interval of the total. */
Test(sensitivity_study, an_additive_input_explains_its_own_variance)
{
  stepdose_problem *problem =
      read_problem("{\"method\":\"sobol\",\"samples\":256," SCALED_IL6 "}", false);
  sensitivity_study *s = run_study(problem, 2);
  const int input = input_of(s, "kIL6prod");
  const int last = s->found.n_stages - 1;
  for (int k = 0; k < s->n_outputs; k++) {
    const double variance = sobol_output_at(&s->found, last, k, SOBOL_VARIANCE)->value;
    const double share = log10(4) * log10(4) / 12 / variance;
    const sensitivity_index *total = sobol_total_at(&s->found, last, k, input);
    const sensitivity_index *first = sobol_first_at(&s->found, last, k, input);
    cr_expect(total->low <= share && share <= total->high, "%s: %g outside %g to %g",
              s->output[k].name, share, total->low, total->high);
    cr_expect(first->low <= share && share <= first->high, "%s: %g outside %g to %g",
              s->output[k].name, share, first->low, first->high);
  }
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
}

/* --- derivatives ------------------------------------------------------------------------------ */

/* The reference patient with one value changed, simulated alone and tightly. */
static void read_alone(const sensitivity_study *s, int input, double x, double *value)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const stepdose_problem *p = s->problem;
  const size_t n = (size_t)p->model->n_parameters;
  double *parameters = allocate_zeroed(n, sizeof *parameters);
  endpoint_row *rows = allocate(ENDPOINT_ROWS_MAX * sizeof *rows);
  schedule doses = s->doses;
  endpoints found;
  simulate_settings settings = simulate_settings_default();
  simulate_workspace *w = simulate_workspace_open(p->model, &error);
  settings.relative_tolerance = 1e-9;
  memcpy(parameters, p->parameters, n * sizeof *parameters);
  if (s->input[input].first >= 0) {
    doses.doses[s->input[input].first].amount = x;
  } else {
    parameters[s->input[input].described.index] = x;
  }
  cr_assert(simulate_patient(w, parameters, &doses, &s->request, &settings, &found, NULL, &error));
  sensitivity_read_reference(s, parameters, &found, rows, value);
  simulate_workspace_close(w);
  release(rows);
  release(parameters);
}

Test(sensitivity_study, derivatives_agree_with_differences_of_tight_simulations)
{
  stepdose_problem *problem =
      read_problem("{\"method\":\"local\",\"inputs\":[{\"of\":\"Cl_tdb\"},{\"of\":\"Vtumor\"},"
                   "{\"of\":\"dose_2\"},{\"of\":\"KdrugactT\",\"scale\":\"linear\"}],"
                   "\"outputs\":[\"goal\",\"limit_1\",\"limit_2\",\"tumor_change_percent.course\","
                   "\"activated_cd8_peak.course\",\"log10_kill_smallest_last_days.course\"]}",
                   false);
  sensitivity_study *s = run_study(problem, 1);
  for (int i = 0; i < s->n_inputs; i++) {
    const double step = 2e-3;
    const double x = s->input[i].reference;
    double down[SENSITIVITY_OUTPUTS_MAX];
    double up[SENSITIVITY_OUTPUTS_MAX];
    read_alone(s, i, x * (1 - step), down);
    read_alone(s, i, x * (1 + step), up);
    for (int k = 0; k < s->n_outputs; k++) {
      const double expected = (up[k] - down[k]) / (2 * step);
      const double found = s->slope[k * s->n_inputs + i].plain * x;
      const double size = fmax(fabs(expected), 0.01 * fabs(s->reference[k]));
      cr_expect(fabs(found - expected) <= 2e-3 * size, "%s by %s: %g, expected %g",
                s->output[k].name, s->input[i].described.name, found, expected);
    }
  }
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
}

/* --- the same answer however it is run -------------------------------------------------------- */

static void expect_same_indices(const sensitivity_study *a, const sensitivity_study *b,
                                const char *what)
{
  const size_t n = (size_t)a->found.n_stages * (size_t)a->n_outputs * (size_t)a->found.n_values;
  cr_assert(a->found.rows == b->found.rows && a->n_outputs == b->n_outputs, "%s", what);
  for (size_t i = 0; i < n; i++) {
    const sensitivity_index *x = &a->found.index[i];
    const sensitivity_index *y = &b->found.index[i];
    cr_assert(memcmp(&x->value, &y->value, sizeof x->value) == 0 &&
                  memcmp(&x->low, &y->low, sizeof x->low) == 0 && x->flags == y->flags,
              "%s: estimate %zu is %.17g and %.17g", what, i, x->value, y->value);
  }
}

Test(sensitivity_study, any_number_of_threads_gives_the_same_bits)
{
  stepdose_problem *problem = read_problem(
      "{\"samples\":4,\"patients\":20,\"inputs\":[{\"of\":\"clearance\"},{\"of\":\"Kptumor\"},"
      "{\"of\":\"dose_1\"}],\"outputs\":[\"goal\",\"patients.goal\",\"patients.limit_1\","
      "\"best.dose_1\"],\"evaluations\":8}",
      true);
  sensitivity_study *one = run_study(problem, 1);
  for (int threads = 2; threads <= 4; threads *= 2) {
    sensitivity_study *more = run_study(problem, threads);
    expect_same_indices(one, more, threads == 2 ? "2 threads" : "4 threads");
    cr_expect(one->simulations == more->simulations && one->failures == more->failures);
    sensitivity_study_free(more);
  }
  sensitivity_study_free(one);
  stepdose_problem_free(problem);
}

/* Nothing is simulated beyond what the outputs need, and what they need does not change. */
Test(sensitivity_study, a_shorter_simulation_gives_the_same_bits)
{
  static const struct {
    const char *output;
    double days;
  } cases[] = {{"il6_peak.1", 7},       {"il6_peak.3", 21},       {"limit_1", 7},
               {"patients.limit_1", 7}, {"patients.limit_2", 84}, {"goal", 84}};
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    sensitivity_study *s[2];
    stepdose_problem *problem[2];
    for (int with = 0; with < 2; with++) {
      char section[512];
      snprintf(section, sizeof section,
               "{\"samples\":4,\"patients\":10,\"inputs\":[{\"of\":\"clearance\"},"
               "{\"of\":\"dose_1\"}],\"outputs\":[\"%s\"%s]}",
               cases[c].output, with ? ",\"goal\",\"patients.goal\"" : "");
      problem[with] = read_problem(section, true);
      s[with] = run_study(problem[with], 2);
    }
    cr_expect_eq(s[0]->horizon_days, cases[c].days, "%s: %g days", cases[c].output,
                 s[0]->horizon_days);
    cr_expect_eq(s[1]->horizon_days, 84);
    for (int f = 0; f < 2; f++) {
      const double brief = morris_at(&s[0]->found, 0, 0, MORRIS_MU, f)->value;
      const double whole = morris_at(&s[1]->found, 0, 0, MORRIS_MU, f)->value;
      cr_expect(memcmp(&brief, &whole, sizeof brief) == 0, "%s: %.17g and %.17g", cases[c].output,
                brief, whole);
    }
    for (int with = 0; with < 2; with++) {
      sensitivity_study_free(s[with]);
      stepdose_problem_free(problem[with]);
    }
  }
}

/* --- groups, failures, the recommended dose ----------------------------------------------------
 */

Test(sensitivity_study, a_group_of_one_input_is_that_input)
{
  stepdose_problem *alone = read_problem(
      "{\"method\":\"sobol\",\"samples\":32,\"inputs\":[{\"of\":\"kIL6prod\"},{\"of\":\"dose_1\"}],"
      "\"outputs\":[\"il6_peak.1\"]}",
      false);
  stepdose_problem *grouped = read_problem(
      "{\"method\":\"sobol\",\"samples\":32,\"inputs\":[{\"of\":\"kIL6prod\"},{\"of\":\"dose_1\"}],"
      "\"outputs\":[\"il6_peak.1\"],\"by_group\":true}",
      false);
  sensitivity_study *a = run_study(alone, 1);
  sensitivity_study *b = run_study(grouped, 1);
  cr_assert_eq(sensitivity_factors(b), 2);
  cr_expect_str_eq(sensitivity_factor_name(b, 0), "patient");
  cr_expect_str_eq(sensitivity_factor_name(b, 1), "regimen");
  expect_same_indices(a, b, "groups of one");
  sensitivity_study_free(a);
  sensitivity_study_free(b);
  stepdose_problem_free(alone);
  stepdose_problem_free(grouped);
}

/* Tumours that double within hours cannot be simulated: the runs are counted, and leave rows out.
 */
Test(sensitivity_study, failed_runs_are_counted_and_flagged)
{
  stepdose_problem *problem =
      read_problem("{\"samples\":16,\"inputs\":[{\"of\":\"kBtumorprolif\",\"min\":2,\"max\":24},"
                   "{\"of\":\"dose_1\"}],\"outputs\":[\"goal\"]}",
                   false);
  sensitivity_study *s = run_study(problem, 2);
  const sensitivity_index *mu = morris_at(&s->found, s->found.n_stages - 1, 0, MORRIS_MU_STAR, 0);
  cr_expect(s->found.failures > 0 && s->found.failures < s->found.runs, "%ld of %ld",
            s->found.failures, s->found.runs);
  cr_expect_eq(s->failures, s->found.failures, "each run is one simulation");
  cr_expect(strstr(s->first_failure, "day") != NULL, "%s", s->first_failure);
  cr_expect(mu->rows < s->found.rows && (mu->flags & SENSITIVITY_FEW_ROWS), "%ld rows", mu->rows);
  cr_expect_eq(sensitivity_count_flag(s, SENSITIVITY_FEW_ROWS) > 0, true);
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
}

/* The best regimen of a patient with other parameters keeps the limits when it is simulated anew,
 * and more IL-6 leaves room for no larger first dose. */
Test(sensitivity_study, the_best_dose_keeps_the_limits_of_its_own_patient)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *problem = read_problem(
      "{\"samples\":4,\"evaluations\":120,\"inputs\":[{\"of\":\"kIL6prod\",\"min\":7,"
      "\"max\":28}],\"outputs\":[\"best.dose_1\",\"best.dose_2\",\"best.goal\",\"best.feasible\"]}",
      false);
  sensitivity_study *s = run_study(problem, 2);
  const int best = output_of(s, "best.dose_1");
  const sensitivity_index *mu = morris_at(&s->found, 0, best, MORRIS_MU, 0);
  const double first = pow(10, s->reference[best]);
  simulate_workspace *w = simulate_workspace_open(problem->model, &error);
  schedule one = {.n_doses = 1,
                  .doses = {{.amount = first, .duration_days = 4.0 / 24, .route = ROUTE_IV}}};
  assessment *found = allocate(sizeof *found);
  assess(problem, w, &one, problem->tolerance, NULL, found);
  cr_expect(mu->value < 0, "%g (%ld rows)", mu->value, mu->rows);
  cr_expect_eq(s->reference[output_of(s, "best.feasible")], 1);
  cr_expect(found->simulated && found->found.il6[0].value <= 1100, "%g mg: %g pg/mL", first,
            found->found.il6[0].value);
  release(found);
  simulate_workspace_close(w);
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
}

/* --- documentation, refusals, resources
 * ------------------------------------------------------------------- */

Test(sensitivity_study, every_output_and_method_is_documented)
{
  static const char *const rows[] = {
#define X(id, name, source, meaning) (name)[0] != 0 ? "| `" name "` | " meaning " |" : meaning,
      SENSITIVITY_OUTPUTS(X)
#undef X
#define X(id, name, samples, meaning) "| `" name "` | " #samples " | " meaning " |",
          SENSITIVITY_METHODS(X)
#undef X
  };
  stepdose_error error = {.code = STEPDOSE_OK};
  char *bytes = NULL;
  size_t length = 0;
  cr_assert(
      file_read(STEPDOSE_SOURCE_DIR "/docs/problem-file.md", 1 << 20, &bytes, &length, &error),
      "%s", error.message);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    cr_expect_not_null(strstr(bytes, rows[i]), "docs/problem-file.md lacks %s", rows[i]);
  }
  release(bytes);
}

Test(sensitivity_study, what_makes_no_sense_is_refused_before_anything_runs)
{
  static const struct {
    const char *section;
    stepdose_code code;
    const char *place;
  } cases[] = {
      {"{\"outputs\":[\"goal\",\"il6_peek\"]}", STEPDOSE_UNKNOWN_NAME, "/sensitivity/outputs/1"},
      {"{\"outputs\":[\"il6_peak.9\"]}", STEPDOSE_UNKNOWN_NAME, "/sensitivity/outputs/0"},
      {"{\"outputs\":[\"limit_3\"]}", STEPDOSE_UNKNOWN_NAME, "/sensitivity/outputs/0"},
      {"{\"outputs\":[\"patients.goal\"]}", STEPDOSE_UNKNOWN_NAME, "/sensitivity/outputs/0"},
      {"{\"outputs\":[\"patients.crs_probability_grade2\"]}", STEPDOSE_UNKNOWN_NAME,
       "/sensitivity/outputs/0"},
      {"{\"method\":\"local\",\"outputs\":[\"best.goal\"]}", STEPDOSE_UNKNOWN_NAME,
       "/sensitivity/outputs/0"},
      {"{\"outputs\":[\"il6_peak.1\",\"best.dose_7\"]}", STEPDOSE_UNKNOWN_NAME,
       "/sensitivity/outputs/1"},
      {"{\"inputs\":[{\"of\":\"dose_7\"}]}", STEPDOSE_OUT_OF_RANGE, "/sensitivity/inputs"},
      {"{\"inputs\":[{\"of\":\"dose_1\",\"min\":5}]}", STEPDOSE_OUT_OF_RANGE,
       "/sensitivity/inputs"},
      {"{\"method\":\"local\",\"inputs\":[{\"of\":\"Vm_tdb\",\"min\":0,\"max\":10}]}",
       STEPDOSE_OUT_OF_RANGE, "/sensitivity/inputs"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error error = {.code = STEPDOSE_OK};
    stepdose_problem *problem = read_problem(cases[i].section, false);
    const sensitivity_request request = request_of(problem, 1);
    sensitivity_study *s = sensitivity_study_open(&request, &error);
    cr_expect(s == NULL && error.code == cases[i].code, "%s: %s", cases[i].section,
              stepdose_code_name(error.code));
    cr_expect_str_eq(error.pointer, cases[i].place, "%s: %s", cases[i].section, error.pointer);
    cr_expect(error.remedy[0] != 0, "%s has no remedy", cases[i].section);
    sensitivity_study_free(s);
    stepdose_problem_free(problem);
  }
}

Test(sensitivity_study, the_wish_to_stop_is_heard)
{
  static const volatile int stop = 1;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_error error = {.code = STEPDOSE_OK};
  settings.stop = &stop;
  stepdose_problem *problem = read_problem("{\"outputs\":[\"il6_peak.1\"]}", false);
  progress *told = progress_open(&settings);
  sensitivity_request request = request_of(problem, 1);
  request.progress = told;
  sensitivity_study *s = open_study(problem);
  cr_expect(!sensitivity_study_run(s, &request, &error) && error.code == STEPDOSE_LIMIT_REACHED,
            "%s", stepdose_code_name(error.code));
  sensitivity_study_free(s);
  progress_close(told);
  stepdose_problem_free(problem);
}

/* Fails allocation number `nth` and all after it. */
static void expect_no_memory(const stepdose_problem *problem, long nth)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const sensitivity_request request = request_of(problem, 1);
  allocate_fail_after(nth, 1);
  sensitivity_study *s = sensitivity_study_open(&request, &error);
  const bool done = s != NULL && sensitivity_study_run(s, &request, &error);
  allocate_fail_after(-1, 0);
  cr_expect(!done && error.code == STEPDOSE_NO_MEMORY, "allocation %ld: %s", nth, error.message);
  sensitivity_study_free(s);
}

Test(sensitivity_study, a_failed_allocation_anywhere_is_a_named_error)
{
  static const struct {
    const char *outputs;
    int sweep;
  } cases[] = {{"\"il6_peak.1\",\"patients.limit_1\"", 30}, {"\"best.dose_1\"", 12}};
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    char section[256];
    snprintf(section, sizeof section,
             "{\"samples\":4,\"patients\":4,\"evaluations\":8,\"inputs\":[{\"of\":\"clearance\"}],"
             "\"outputs\":[%s]}",
             cases[c].outputs);
    stepdose_problem *problem = read_problem(section, true);
    const long before = allocate_count();
    sensitivity_study_free(run_study(problem, 1));
    const long needed = allocate_count() - before;
    cr_assert(needed > cases[c].sweep, "%ld allocations", needed);
    for (int i = 0; i < cases[c].sweep; i++) {
      expect_no_memory(problem, needed * i / cases[c].sweep);
    }
    stepdose_problem_free(problem);
  }
}
