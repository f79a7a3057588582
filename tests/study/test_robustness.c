/* What a robustness card promises: its rows are what a comparison of the same changes says. */
#include "base/allocate.h"
#include "base/file.h"
#include "study/parameter_draws.h"
#include "study/robustness.h"
#include "study/whatif_fixtures.h"

#include <math.h>
#include <string.h>

static const robust_row *find_row(const robustness_card *card, const char *name)
{
  for (int i = 0; i < card->n_rows; i++) {
    if (strcmp(card->row[i].name, name) == 0) {
      return &card->row[i];
    }
  }
  cr_assert_fail("the card has no row \"%s\"", name);
  return NULL;
}

static robustness_card *make_card(const stepdose_problem *p, const schedule *doses)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const study_run run = {.threads = 2};
  robustness_card *card = robustness_run(p, doses, NULL, &run, &error);
  cr_assert(card != NULL, "%s", error.message);
  return card;
}

static const comparator *approved_of(const stepdose_problem *p)
{
  for (int i = 0; i < p->n_comparators; i++) {
    if (p->comparators[i].approved) {
      return &p->comparators[i];
    }
  }
  cr_assert_fail("no approved schedule");
  return NULL;
}

/* A regimen of its own beside the approved one. */
static schedule doubled(const schedule *doses)
{
  schedule twice = *doses;
  for (int i = 0; i < twice.n_doses; i++) {
    twice.doses[i].amount *= route_is_engager(twice.doses[i].route) ? 2 : 1;
  }
  return twice;
}

Test(robustness, rows_are_what_a_comparison_of_the_same_changes_says)
{
  stepdose_problem *problems[] = {fixture_risks(24), fixture_problem(FIXTURE_MAIN, NULL, 0)};
  for (size_t i = 0; i < 2; i++) {
    const stepdose_problem *p = problems[i];
    study_whatif *w = fixture_whatif(
        p,
        "\"dose_ranges\": false, \"changes\": [{\"name\": \"dose 2 missed\", \"missed_dose\": 2},"
        "{\"name\": \"dose 2 7 days late\", \"delayed\": {\"dose\": 2, \"days\": 7}},"
        "{\"name\": \"all doses +20 %\", \"dose_error_percent\": 20}]",
        NULL, 2);
    robustness_card *card = make_card(p, &w->base->doses);
    const double base = w->outcome[0].figure[WHATIF_GOAL].value;
    cr_expect(card->row[0].own.goal == base && card->row[0].goal_lost == 0);
    for (int k = 1; k < w->n_outcomes; k++) {
      const robust_row *row = find_row(card, w->outcome[k].change->name);
      cr_expect(row->own.goal == w->outcome[k].figure[WHATIF_GOAL].value, "%s", row->name);
      cr_expect(row->goal_lost == base - row->own.goal, "%s", row->name);
      cr_expect(row->own.n_broken == w->outcome[k].n_broken, "%s", row->name);
      cr_expect(row->own.holds == w->outcome[k].holds, "%s", row->name);
    }
    robustness_free(card);
    study_whatif_free(w);
    stepdose_problem_free(problems[i]);
  }
}

Test(robustness, the_approved_schedule_stands_beside_every_other_regimen)
{
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, NULL, 0);
  const schedule *approved = &approved_of(p)->doses;
  const schedule own = doubled(approved);
  robustness_card *of_approved = make_card(p, approved);
  robustness_card *card = make_card(p, &own);
  cr_expect(of_approved->approved == NULL, "it is not compared with itself");
  cr_assert(card->approved != NULL && card->n_rows == of_approved->n_rows);
  for (int i = 0; i < card->n_rows; i++) {
    const robust_row *row = &card->row[i];
    cr_expect(row->approved.goal == of_approved->row[i].own.goal, "%s", row->name);
    const bool larger = row->own.goal > row->approved.goal;
    const bool better = row->own.holds != row->approved.holds ? row->own.holds : larger;
    cr_expect(row->better == better, "%s", row->name);
  }
  robustness_free(card);
  robustness_free(of_approved);
  stepdose_problem_free(p);
}

/* Tumours of another size: of the reference patient as if his parameter were set; of patients,
 * whose own volumes are multiplied, as if the law of the population were. */
Test(robustness, other_tumours_are_those_of_a_problem_that_says_so)
{
  stepdose_error error;
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, NULL, 0);
  stepdose_problem *larger = robustness_burden(p, 3, &error);
  cr_assert(larger != NULL, "%s", error.message);
  int changed = 0;
  for (int i = 0; i < p->model->n_parameters; i++) {
    if (larger->parameters[i] != p->parameters[i]) {
      changed++;
      cr_expect_str_eq(p->model->parameters[i].name, "Vtumor");
      cr_expect_float_eq(larger->parameters[i], 3 * p->parameters[i], 1e-12);
    }
  }
  cr_expect(changed == 1);
  robustness_burden_free(larger);
  stepdose_problem_free(p);

  p = fixture_patients(24);
  larger = robustness_burden(p, 3, &error);
  cr_assert(larger != NULL, "%s", error.message);
  cohort_study *before = fixture_cohort(p, 24, 2);
  cohort_study *after = fixture_cohort(larger, 24, 2);
  const int volume = population_covariate_index(p->population, "tumor_volume");
  cr_assert(before->n_included == after->n_included && volume >= 0);
  double parameters[2][512];
  for (int i = 0; i < 24; i++) {
    double weight;
    population *one = population_open(p->population, p->model, p->population_seed, &error);
    population *other = population_open(larger->population, p->model, p->population_seed, &error);
    population_draw(one, p->parameters, i, 1, parameters[0], &weight, NULL, &error);
    population_draw(other, larger->parameters, i, 1, parameters[1], &weight, NULL, &error);
    for (int k = 0; k < p->model->n_parameters; k++) {
      const bool is_volume = strcmp(p->model->parameters[k].name, "Vtumor") == 0;
      const double expected = parameters[0][k] * (is_volume ? 3 : 1);
      cr_expect_float_eq(parameters[1][k], expected, 1e-9 * fabs(expected),
                         "patient %d, %s: %g, %g", i, p->model->parameters[k].name,
                         parameters[1][k], expected);
    }
    population_close(one);
    population_close(other);
  }
  cohort_study_free(before);
  cohort_study_free(after);
  robustness_burden_free(larger);
  stepdose_problem_free(p);
}

Test(robustness, the_other_model_is_asked_where_its_files_stand_beside_the_problem)
{
  stepdose_error error;
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, NULL, 0);
  stepdose_problem *other = robustness_variant(p, &error);
  cr_assert(other != NULL, "%s", error.message);
  cr_expect_str_eq(other->model->name, "synapse");
  cr_expect_str_eq(other->molecule_name, p->molecule_name);
  cr_expect(other->reference_patient && other->n_limits == p->n_limits);
  stepdose_problem_free(other);
  robustness_card *card = make_card(p, &approved_of(p)->doses);
  cr_expect(card->why_no_variant[0] == 0 && isnan(find_row(card, "model synapse")->goal_lost));
  cr_expect(card->n_draws == 0 && card->why_no_draws[0] != 0, "there is nothing to draw");
  robustness_free(card);
  stepdose_problem_free(p);
}

/* A problem that stands elsewhere names its files by paths from there, or from the root. */
Test(robustness, the_other_model_is_found_beside_the_files_that_the_problem_names)
{
  static const struct {
    const char *name, *model, *molecule, *indication, *other;
  } cases[] = {
      {"synapse, whole paths", "synapse", STEPDOSE_SOURCE_DIR "/problems/molecules/synapse",
       STEPDOSE_SOURCE_DIR "/problems/indications/synapse", "hosseini2020"},
      {"hosseini2020, whole paths", "hosseini2020", STEPDOSE_SOURCE_DIR "/problems/molecules",
       STEPDOSE_SOURCE_DIR "/problems/indications", "synapse"},
      {"relative paths", "synapse", "../problems/molecules/synapse",
       "../problems/./indications/synapse", "hosseini2020"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char molecule[512], indication[512];
    const char *const changes[] = {molecule, indication,
                                   "/limits=[{\"objective\": \"il6_peak\", \"window\": "
                                   "\"course\", \"max_pg_mL\": 1100}]"};
    const bool synapse = strcmp(cases[i].model, "synapse") == 0;
    const char *from = synapse ? "/problems/synapse-mosunetuzumab-dlbcl.json"
                               : "/problems/mosunetuzumab-dlbcl.json";
    char path[512];
    char *bytes = NULL;
    size_t length = 0;
    stepdose_error error;
    snprintf(path, sizeof path, "%s%s", STEPDOSE_SOURCE_DIR, from);
    snprintf(molecule, sizeof molecule, "/molecule=%s/mosunetuzumab.json", cases[i].molecule);
    snprintf(indication, sizeof indication, "/indication=%s/dlbcl.json", cases[i].indication);
    cr_assert(file_read(path, 1 << 20, &bytes, &length, &error));
    stepdose_problem *p = problem_read_text(STEPDOSE_SOURCE_DIR "/docs/moved.json", bytes, length,
                                            changes, 3, &error);
    cr_assert(p != NULL, "%s: %s %s", cases[i].name, error.pointer, error.message);
    stepdose_problem *fixed = robustness_fix_design(p, NULL, &error);
    cr_assert(fixed != NULL, "%s: %s", cases[i].name, error.message);
    stepdose_problem *other = robustness_variant(fixed, &error);
    cr_assert(other != NULL, "%s: %s", cases[i].name, error.message);
    cr_expect_str_eq(other->model->name, cases[i].other);
    cr_expect_str_eq(other->molecule_name, p->molecule_name);
    stepdose_problem_free(other);
    stepdose_problem_free(fixed);
    stepdose_problem_free(p);
    free(bytes);
  }
}

/* --- draws ------------------------------------------------------------------------------------ */

#define SYNAPSE_PROBLEM STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl.json"

/* Production of IL-6 as if it had been fitted: known to 0.2 decades. */
static const char calibrated[] =
    "/calibration={\"format\": \"stepdose-parameters-1\", \"title\": \"made\", \"version\": "
    "\"0.1.0\", \"evidence\": \"made.json\", \"evidence_sha256\": "
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\", \"seed\": 1, "
    "\"patients\": 0, \"objective\": 1, \"parameters\": [{\"name\": \"production\", \"scale\": "
    "\"log\", \"low\": 0.001, \"high\": 1000, \"value\": 2, \"sd\": 0.2, \"sets\": [{\"name\": "
    "\"il6_production_pg_per_cell_day\"}]}], \"covariance\": [0.04]}";

static stepdose_problem *read_calibrated(double bound)
{
  char limits[160];
  stepdose_error error;
  const char *const changes[] = {calibrated, limits};
  snprintf(limits, sizeof limits,
           "/limits=[{\"objective\": \"il6_peak\", \"window\": \"course\", \"max_pg_mL\": %.17g}]",
           bound);
  stepdose_problem *p = problem_read(SYNAPSE_PROBLEM, changes, 2, &error);
  cr_assert(p != NULL, "%s: %s", error.pointer, error.message);
  return p;
}

static double parameter_of(const stepdose_problem *p, const char *name)
{
  return p->parameters[model_parameter_index(p->model, name)];
}

static double peak_of(const stepdose_problem *p, const schedule *doses)
{
  stepdose_error error;
  whatif_sample sample = {0};
  whatif_outcome *o = allocate_zeroed(1, sizeof *o);
  const study_run run = {.threads = 1};
  cr_assert(o != NULL && whatif_evaluate(p, p, doses, NULL, &run, &sample, o, &error));
  const double highest = o->figure[WHATIF_LIMITS].value;
  whatif_sample_free(&sample);
  release(o);
  return highest;
}

/* IL-6 above its baseline is in proportion to its production, which nothing else depends on: a draw
 * keeps the limit exactly if its production is small enough. */
Test(robustness, a_limit_holds_in_the_draws_whose_production_is_small_enough)
{
  stepdose_error error;
  stepdose_problem *p = read_calibrated(1e6);
  const schedule doses = approved_of(p)->doses;
  const double baseline = parameter_of(p, "il6_baseline_pg_mL");
  const double rise = peak_of(p, &doses) - baseline;
  const double decades[] = {-1, -0.15, 0, 0.15, 1};
  int different = 0, last = -1;
  for (size_t i = 0; i < 5; i++) {
    stepdose_problem *bounded = read_calibrated(baseline + rise * pow(10, decades[i]));
    const double most = parameter_of(p, "il6_production_pg_per_cell_day") * pow(10, decades[i]);
    parameter_draws *draws = parameter_draws_open(bounded, bounded->search.seed, &error);
    cr_assert(draws != NULL);
    int expected = 0;
    for (int k = 0; k < ROBUSTNESS_DRAWS; k++) {
      stepdose_problem *drawn = parameter_draw(draws, k, &error);
      cr_assert(drawn != NULL, "%s", error.message);
      expected += parameter_of(drawn, "il6_production_pg_per_cell_day") <= most;
      problem_free(drawn);
    }
    parameter_draws_close(draws);
    robustness_card *card = make_card(bounded, &doses);
    cr_expect(card->n_draws == ROBUSTNESS_DRAWS && card->why_no_draws[0] == 0);
    cr_expect_eq(card->limit_holds[0], (double)expected / ROBUSTNESS_DRAWS, "%g decades: %g",
                 decades[i], card->limit_holds[0]);
    cr_expect_eq(card->all_hold, card->limit_holds[0]);
    different += expected != last;
    last = expected;
    robustness_free(card);
    problem_free(bounded);
  }
  cr_expect(different >= 4, "the bounds do not tell the draws apart");
  problem_free(p);
}
