/* Every shipped population in `simulate`: nobody fails, what comes out is plausible, any patient is
 * the same alone, and weights count as they should. */
#include "base/allocate.h"
#include "simulate/cohort.h"
#include "study/cohort_fixtures.h"
#include "study/shipped_populations.h"

#include <math.h>

/* A regimen only because a problem needs one. */
static const char *any_regimen(const char *way)
{
  return strcmp(way, "civ") == 0  ? "\"steps\": [{\"day\": 0, \"dose_ug_m2_day\": 5}]"
         : strcmp(way, "sc") == 0 ? "\"steps\": [{\"day\": 0, \"dose_mg\": 1}]"
                                  : "\"infusion_h\": 4, \"steps\": [{\"day\": 0, \"dose_mg\": 1}]";
}

/* more: further members of the request, each after a comma. */
static stepdose_problem *read_synapse(const shipped_population *s, const char *more)
{
  char bytes[1024];
  stepdose_error error = {.code = STEPDOSE_OK};
  const int length = snprintf(
      bytes, sizeof bytes,
      "{\"format\": \"stepdose-problem-1\", \"model\": \"synapse\", "
      "\"molecule\": \"molecules/synapse/%s.json\", "
      "\"indication\": \"indications/synapse/%s.json\", \"horizon_days\": 84, "
      "\"population\": {\"file\": \"populations/%s.json\", \"patients\": %d, \"seed\": 1%s}, "
      "\"limits\": [{\"objective\": \"il6_peak\", \"max_pg_mL\": 1000}], "
      "\"regimen\": {\"route\": \"%s\", %s}}",
      s->molecule, s->indication, s->stem, s->patients, more, s->route, any_regimen(s->route));
  stepdose_problem *problem = problem_read_text(STEPDOSE_SOURCE_DIR "/problems/shipped.json", bytes,
                                                (size_t)length, NULL, 0, &error);
  cr_assert(problem != NULL, "%s with %s: %s %s", s->stem, s->molecule, error.pointer,
            error.message);
  return problem;
}

static stepdose_problem *read_shipped(const shipped_population *s, const char *more)
{
  char people[256];
  const char *const changes[] = {people};
  snprintf(people, sizeof people,
           "/population={\"file\": \"populations/%s.json\", \"patients\": %d, \"seed\": 1%s}",
           s->stem, s->patients, more);
  return s->molecule != NULL ? read_synapse(s, more) : fixture_problem(FIXTURE_MAIN, changes, 1);
}

/* Its own schedule in all patients, nothing beside it. */
static cohort_study *run_alone(const stepdose_problem *problem)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  cohort_request request = fixture_request(problem, problem->patients, 2);
  request.alone = true;
  cohort_study *c = cohort_study_run(&request, &error);
  cr_assert(c != NULL, "%s: %s", problem->population_name, error.message);
  return c;
}

static double total_weight(const cohort_study *c)
{
  double total = 0;
  for (int i = 0; i < c->n_patients; i++) {
    total += c->weight[i];
  }
  return total;
}

/* --- plausible ---------------------------------------------------------------------------------
 */

static void expect_plausible(const shipped_population *s, const cohort_study *c)
{
  const cohort_outcome *o = &c->outcome[0];
  const double il6 = o->figure[fixture_row(c, "il6_peak", 1)].at[COHORT_MEDIAN];
  const double response = o->response.share;
  cr_log_info("%-38s %-14s %4d of %4d plausible, worth %6.1f; first IL-6 peak %6.1f pg/mL "
              "(%.1f to %.1f), response %.0f %%\n",
              s->stem, s->molecule != NULL ? s->molecule : "mosunetuzumab", c->n_included,
              c->n_patients, c->worth.effective, il6,
              o->figure[fixture_row(c, "il6_peak", 1)].at[COHORT_P5],
              o->figure[fixture_row(c, "il6_peak", 1)].at[COHORT_P95], 100 * response);
  cr_expect_eq(o->failures, 0, "%s: %ld patients fail: %s", s->stem, o->failures, o->first_failure);
  cr_expect(c->n_included > 0.95 * c->n_patients, "%s: %d of %d plausible", s->stem, c->n_included,
            c->n_patients);
  cr_expect(il6 > s->il6_low && il6 < s->il6_high, "%s: first IL-6 peak %g pg/mL", s->stem, il6);
  cr_expect(response >= s->response_low && response <= s->response_high, "%s: response %g", s->stem,
            response);
}

/* Low and high burden are all plausible patients; the frail are 15 % by definition. */
static void expect_strata(const shipped_population *s, const cohort_study *c)
{
  const population_description *d = c->problem->population;
  for (int k = 0; k < d->n_strata; k++) {
    const double share = (double)c->in_stratum[k] / c->n_included;
    const bool frail = strcmp(d->stratum[k].name, "frail") == 0;
    cr_expect(share > 0.02 && share < 0.7, "%s, %s: %g", s->stem, d->stratum[k].name, share);
    cr_expect(!frail || fabs(share - 0.15) < 0.03, "%s: %g are frail", s->stem, share);
  }
  cr_expect(d->n_strata == 0 || c->in_stratum[0] + c->in_stratum[1] == c->n_included, "%s: burdens",
            s->stem);
}

Test(populations, every_shipped_one_simulates_plausibly, .timeout = 240)
{
  for (int k = 0; k < SHIPPED_POPULATIONS; k++) {
    const shipped_population *s = &shipped_populations[k];
    if (s->patients > 64) {
      continue; /* weighted ones: below */
    }
    stepdose_problem *problem = read_shipped(s, "");
    cohort_study *c = run_alone(problem);
    expect_plausible(s, c);
    expect_strata(s, c);
    cohort_study_free(c);
    stepdose_problem_free(problem);
  }
}

/* --- any patient alone --------------------------------------------------------------------------
 */

/* His first IL-6 peak, drawn and simulated without any other. */
static double peak_of(const stepdose_problem *problem, int patient)
{
  const model *m = problem->model;
  stepdose_error error = {.code = STEPDOSE_OK};
  cohort_report report;
  endpoints found;
  bool failed = true;
  simulate_settings settings = simulate_settings_default();
  double *parameters = allocate_zeroed((size_t)m->n_parameters, sizeof *parameters);
  population *people = population_open(problem->population, m, problem->population_seed, &error);
  cr_assert(people != NULL && population_draw(people, problem->parameters, patient, 1, parameters,
                                              NULL, NULL, &error),
            "%s", error.message);
  cohort *one = cohort_open(m, 1, parameters, &error);
  cohort_engine *engine = cohort_engine_open(m, 1, 0, &error);
  settings.relative_tolerance = problem->tolerance;
  const cohort_call call = {&problem->request, &settings, NULL};
  cr_assert(cohort_run(engine, one, 0, 1, 1, &problem->comparators[0].doses, &call, &found, &failed,
                       &report, &error) &&
                !failed,
            "%s", error.message);
  cohort_engine_close(engine);
  cohort_close(one);
  population_close(people);
  release(parameters);
  return found.il6[0].value;
}

static void expect_reproducible(const char *name, const cohort_study *c)
{
  const int row = fixture_row(c, "il6_peak", 1);
  for (int i = 5; i < c->n_patients; i += c->n_patients / 2) {
    const double alone = peak_of(c->problem, i), among = fixture_value(c, i, row);
    cr_expect(memcmp(&alone, &among, sizeof alone) == 0, "%s, patient %d: %.17g alone, %.17g", name,
              i + 1, alone, among);
  }
}

Test(populations, any_patient_of_every_shipped_one_is_the_same_alone, .timeout = 240)
{
  for (int k = 0; k < SHIPPED_POPULATIONS; k++) {
    shipped_population s = shipped_populations[k];
    const bool weighted = s.patients > 64;
    s.patients = weighted ? 64 : s.patients;
    stepdose_problem *problem = read_shipped(&s, weighted ? ", \"resample\": true" : "");
    cohort_study *c = run_alone(problem);
    expect_reproducible(s.stem, c);
    cohort_study_free(c);
    stepdose_problem_free(problem);
  }
}

/* --- weights -----------------------------------------------------------------------------------
 */

/* Weight of the patients who respond, over that of all. */
static double recounted_response(const cohort_study *c)
{
  const int row = fixture_row(c, "response", 0);
  double sum = 0;
  for (int i = 0; i < c->n_patients; i++) {
    sum += fixture_value(c, i, row) > 0.5 ? c->weight[i] : 0;
  }
  return sum / total_weight(c);
}

static double recounted_excess(const cohort_study *c)
{
  double sum = 0;
  for (int i = 0; i < c->n_patients; i++) {
    sum += c->outcome[0].exceeded[i] > 0 ? c->weight[i] : 0;
  }
  return sum / total_weight(c);
}

static void expect_weighted_shares(const char *name, const cohort_study *c)
{
  const cohort_outcome *o = &c->outcome[0];
  cr_expect(fabs(total_weight(c) / c->n_patients - 1) < 1e-9, "%s: mean weight", name);
  cr_expect(fabs(o->response.share - recounted_response(c)) < 1e-12, "%s: response", name);
  cr_expect(fabs(o->any_limit.share - recounted_excess(c)) < 1e-12, "%s: any limit", name);
  cr_expect(o->response.count > 0 && o->response.of == c->n_included, "%s: counts", name);
  cr_expect(fabs(o->response.share - (double)o->response.count / c->n_included) > 1e-4,
            "%s: weights do not matter", name);
  /* 90 % more patients than they are worth would give an interval a quarter narrower */
  const double p = o->response.share, sd = sqrt(p * (1 - p) / c->worth.effective);
  const double width = o->response.interval.high - o->response.interval.low;
  cr_expect(fabs(width / (2 * 1.96 * sd) - 1) < 0.1, "%s: interval %g wide, sd %g", name, width,
            sd);
}

/* Of 4096 patients the first two schedules would take as long again. */
Test(populations, weighted_patients_count_by_weight, .timeout = 240)
{
  for (int k = 0; k < SHIPPED_POPULATIONS; k++) {
    const shipped_population *s = &shipped_populations[k];
    if (s->patients == 64) {
      continue;
    }
    stepdose_problem *problem = read_shipped(s, "");
    cohort_study *c = run_alone(problem);
    expect_plausible(s, c);
    expect_weighted_shares(s->stem, c);
    cr_expect(c->worth.effective > 0.2 * c->n_patients && c->worth.different == c->n_patients,
              "%s: worth %g", s->stem, c->worth.effective);
    cohort_study_free(c);
    stepdose_problem_free(problem);
  }
}

/* The same people several times are no evidence of more. */
Test(populations, resampled_patients_are_worth_less_than_their_number, .timeout = 240)
{
  shipped_population s = shipped_populations[2];
  s.patients = 512;
  stepdose_problem *problem = read_shipped(&s, ", \"resample\": true");
  cohort_study *c = run_alone(problem);
  cr_log_info("%d resampled: %d different, worth %.0f; response %.1f %%\n", c->n_patients,
              c->worth.different, c->worth.effective, 100 * c->outcome[0].response.share);
  cr_expect(c->worth.different < 512 && c->worth.different > 400, "%d", c->worth.different);
  cr_expect(c->worth.effective < c->worth.different && c->worth.acceptance < 0.1);
  cr_expect_eq(total_weight(c), 512);
  cohort_study_free(c);
  stepdose_problem_free(problem);
}
