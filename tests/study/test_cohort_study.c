/* Virtual patients: the same bits however they are run, and sums that recounting confirms. */
#include "base/allocate.h"
#include "simulate/cohort.h"
#include "study/cohort_fixtures.h"

#include <math.h>

enum { PATIENTS = 300, FEW = 40 }; /* more and fewer than a block */

static bool same_bits(const void *a, const void *b, size_t bytes)
{
  return memcmp(a, b, bytes) == 0;
}

static void expect_same_patients(const cohort_study *a, const cohort_study *b, int n,
                                 const char *what)
{
  const size_t patients = (size_t)n;
  cr_assert(a->n_outcomes == b->n_outcomes && a->n_outcomes > 1, "%s: schedules", what);
  cr_expect(same_bits(a->covariate, b->covariate, patients * (size_t)a->n_covariates * 8), "%s",
            what);
  cr_expect(same_bits(a->set_value, b->set_value, patients * (size_t)a->n_set * 8), "%s", what);
  for (int r = 0; r < a->n_outcomes; r++) {
    const cohort_outcome *x = &a->outcome[r];
    const cohort_outcome *y = &b->outcome[r];
    const size_t rows = (size_t)x->n_rows;
    const size_t limits = (size_t)a->problem->n_limits;
    cr_assert(x->n_rows == y->n_rows && x->n_rows > 0, "%s: rows of %s", what, x->name);
    cr_expect(same_bits(x->cell, y->cell, patients * rows * sizeof *x->cell),
              "%s: endpoints under %s", what, x->name);
    cr_expect(same_bits(x->worst, y->worst, patients * limits * 8), "%s: limits", what);
    cr_expect(same_bits(x->goal, y->goal, patients * 8), "%s: goals", what);
  }
}

Test(cohort_study, any_number_of_threads_gives_the_same_bits)
{
  stepdose_problem *problem = fixture_patients(PATIENTS);
  cohort_study *one = fixture_cohort(problem, PATIENTS, 1);
  for (int threads = 2; threads <= 4; threads *= 2) {
    cohort_study *more = fixture_cohort(problem, PATIENTS, threads);
    const size_t courses = (size_t)one->n_days * (size_t)problem->model->n_outputs;
    expect_same_patients(one, more, PATIENTS, threads == 2 ? "2 threads" : "4 threads");
    cr_expect(same_bits(one->course, more->course, courses * sizeof *one->course),
              "courses with %d threads", threads);
    cohort_study_free(more);
  }
  cohort_study_free(one);
  stepdose_problem_free(problem);
}

Test(cohort_study, the_first_patients_do_not_depend_on_how_many_follow)
{
  stepdose_problem *problem = fixture_patients(PATIENTS);
  cohort_study *many = fixture_cohort(problem, PATIENTS, 2);
  cohort_study *few = fixture_cohort(problem, FEW, 2);
  expect_same_patients(few, many, FEW, "fewer patients");
  cohort_study_free(many);
  cohort_study_free(few);
  stepdose_problem_free(problem);
}

/* Patient i, drawn and simulated without any other. */
static endpoints alone(const stepdose_problem *problem, int i, trajectory *samples)
{
  stepdose_error error;
  cohort_report report;
  endpoints found;
  bool failed = true;
  const model *m = problem->model;
  simulate_settings settings = simulate_settings_default();
  double *parameters = allocate_zeroed((size_t)m->n_parameters, sizeof *parameters);
  double *derived = allocate_zeroed((size_t)m->n_derived, sizeof *derived);
  population *people = population_open(problem->population, m, problem->population_seed, &error);
  cohort_engine *engine = cohort_engine_open(m, 1, 0, &error);
  settings.relative_tolerance = problem->tolerance;
  const cohort_call call = {&problem->request, &settings, NULL};
  cr_assert(population_draw(people, problem->parameters, i, 1, parameters, NULL, NULL, &error));
  cr_assert(m->derive(parameters, derived, &error));
  const stream_task task = {parameters, derived, &problem->comparators[0].doses, &found, samples};
  cr_assert(cohort_run_tasks(engine, 1, &task, 1, &call, &failed, &report, &error) && !failed);
  cohort_engine_close(engine);
  population_close(people);
  release(parameters);
  release(derived);
  return found;
}

Test(cohort_study, a_patient_alone_has_the_same_bits)
{
  static const int chosen[] = {0, 7, 255, 256, PATIENTS - 1};
  stepdose_problem *problem = fixture_patients(PATIENTS);
  cohort_study *all = fixture_cohort(problem, PATIENTS, 2);
  for (size_t k = 0; k < sizeof chosen / sizeof chosen[0]; k++) {
    const endpoints e = alone(problem, chosen[k], NULL);
    for (int w = 0; w < e.n_windows; w++) {
      const double found = fixture_value(all, chosen[k], fixture_row(all, "il6_peak", w + 1));
      cr_expect(same_bits(&found, &e.il6[w].value, sizeof found), "patient %d, dose %d: %.17g",
                chosen[k] + 1, w + 1, found);
    }
  }
  cohort_study_free(all);
  stepdose_problem_free(problem);
}

static int by_value(const void *a, const void *b)
{
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

Test(cohort_study, percentiles_of_courses_are_those_of_sorted_patients)
{
  stepdose_problem *problem = fixture_patients(FEW);
  cohort_study *all = fixture_cohort(problem, FEW, 2);
  const int n = all->n_days * problem->model->n_outputs;
  double *course = allocate_zeroed((size_t)(FEW * n), sizeof *course);
  for (int i = 0; i < FEW; i++) {
    trajectory samples = {all->n_days, all->day, course + (long)i * n};
    alone(problem, i, &samples);
  }
  cr_expect(all->n_days == 85 && all->day[84] == 84 && all->every_days == 1);
  for (int k = 0; k < n; k++) {
    double sorted[FEW];
    for (int i = 0; i < FEW; i++) {
      sorted[i] = course[(long)i * n + k];
    }
    qsort(sorted, FEW, sizeof *sorted, by_value);
    const double *found = all->course[k].at;
    cr_expect(found[COHORT_P5] == sorted[FEW / 20 - 1] &&
                  found[COHORT_MEDIAN] == sorted[FEW / 2 - 1] &&
                  found[COHORT_P95] == sorted[FEW - FEW / 20 - 1],
              "value %d", k);
  }
  release(course);
  cohort_study_free(all);
  stepdose_problem_free(problem);
}

Test(cohort_study, shares_are_what_recounting_the_patients_gives)
{
  stepdose_problem *problem = fixture_patients(PATIENTS);
  cohort_study *c = fixture_cohort(problem, PATIENTS, 2);
  const cohort_outcome *o = &c->outcome[0];
  long first = 0;
  long later = 0;
  long third = 0;
  long either = 0;
  long responses = 0;
  for (int i = 0; i < PATIENTS; i++) {
    bool over = false;
    for (int w = 2; w <= 6; w++) {
      over = over || fixture_value(c, i, fixture_row(c, "il6_peak", w)) > 50;
    }
    const bool over_first = fixture_value(c, i, fixture_row(c, "il6_peak", 1)) > 1100;
    first += over_first;
    later += over;
    either += over || over_first;
    third += fixture_value(c, i, fixture_row(c, "il6_peak", 3)) > 50;
    responses += fixture_value(c, i, fixture_row(c, "tumor_change_percent", 0)) <= -50;
    cr_expect(o->exceeded[i] == over + over_first, "patient %d", i + 1);
  }
  cr_assert(first > 0 && later > 0 && third > 0 && responses > 0);
  cr_expect(o->limit[0].exceeded.count == first && o->limit[1].exceeded.count == later);
  cr_expect(o->limit[1].window[2].count == third && o->limit[1].window[0].of == 0);
  cr_expect(o->any_limit.count == either && o->any_limit.of == PATIENTS);
  cr_expect(o->response.count == responses, "%ld and %ld", o->response.count, responses);
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

/* The first schedule of the molecule in patients of the trimer-driven model. */
static cohort_study *run_with_limits(const char *limits, stepdose_problem **problem)
{
  const char *const changes[] = {"/population/patients=64", "/horizon_days=28",
                                 "/regimen/maintenance/doses=1", limits};
  *problem = fixture_problem(
      STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl-population.json", changes, 4);
  return fixture_cohort(*problem, 64, 2);
}

#define CRS_LIMIT                                                                                  \
  "{\"objective\":\"crs\",\"grade_at_least\":1,\"window\":\"course\",\"probability_max\":0.2}"

Test(cohort_study, no_patient_is_beyond_a_limit_on_the_mean_of_probabilities)
{
  stepdose_problem *problem = NULL;
  cohort_study *c = run_with_limits("/limits=[" CRS_LIMIT "]", &problem);
  const cohort_outcome *o = &c->outcome[0];
  cr_expect(o->limit[0].exceeded.count > 0, "nobody's own probability is above the bound");
  cr_expect(o->any_limit.count == o->failures, "%ld beyond", o->any_limit.count);
  cohort_study_free(c);
  stepdose_problem_free(problem);

  c = run_with_limits("/limits=[" CRS_LIMIT ",{\"objective\":\"il6_peak\",\"window\":\"course\","
                      "\"max_pg_mL\":100,\"probability_max\":0.1}]",
                      &problem);
  o = &c->outcome[0];
  cr_expect(o->limit[1].exceeded.count > 0 && o->limit[1].exceeded.count < 64,
            "%ld patients above the bound of IL-6", o->limit[1].exceeded.count);
  cr_expect(o->limit[0].exceeded.count != o->limit[1].exceeded.count);
  cr_expect(o->any_limit.count == o->limit[1].exceeded.count, "%ld beyond, %ld by IL-6",
            o->any_limit.count, o->limit[1].exceeded.count);
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

/* Only the lower half of the burdens is plausible: the others keep their numbers and do not count.
 */
Test(cohort_study, implausible_patients_keep_their_place_and_do_not_count)
{
  stepdose_problem *problem = fixture_patients(FEW);
  population_description *d = problem->population;
  cohort_study *all = fixture_cohort(problem, FEW, 1);
  const int burden = population_covariate_index(d, "tumor_burden");
  d->range[d->n_ranges++] = (population_range){burden, 0, 48.75e9};
  cohort_study *some = fixture_cohort(problem, FEW, 1);
  const int row = fixture_row(all, "il6_peak", 1);
  int plausible = 0;
  for (int i = 0; i < FEW; i++) {
    const bool in = all->covariate[i * all->n_covariates + burden] <= 48.75e9;
    const double found = fixture_value(some, i, row);
    plausible += in;
    cr_expect((some->weight[i] > 0) == in && isnan(found) == !in, "patient %d", i + 1);
    cr_expect(!in || found == fixture_value(all, i, row), "patient %d", i + 1);
  }
  cr_assert(plausible > 5 && plausible < FEW - 5);
  cr_expect(some->n_included == plausible && some->acceptance.accepted == plausible);
  cr_expect(some->outcome[0].response.of == plausible);
  cr_expect(some->in_stratum[0] == plausible && some->in_stratum[1] == 0);
  cohort_study_free(all);
  cohort_study_free(some);
  stepdose_problem_free(problem);
}

/* Some tumours double within the hour and leave the range of numbers. */
Test(cohort_study, patients_who_cannot_be_simulated_are_named_and_counted)
{
  stepdose_problem *problem = fixture_patients(FEW);
  population_description *d = problem->population;
  const int growth = population_covariate_index(d, "tumor_growth");
  d->coordinate[growth].number[POPULATION_HIGH] = 24;
  cohort_study *c = fixture_cohort(problem, FEW, 2);
  const cohort_outcome *o = &c->outcome[0];
  const int row = fixture_row(c, "il6_peak", 1);
  long failed = 0;
  long over = 0;
  for (int i = 0; i < FEW; i++) {
    failed += o->failed[i];
    over += fixture_value(c, i, row) > 1100;
    cr_expect(isnan(fixture_value(c, i, row)) == o->failed[i], "patient %d", i + 1);
  }
  cr_assert(failed > 0 && failed < FEW && o->failures == failed, "%ld failed", failed);
  cr_expect(o->n_named == failed && o->failed[o->named[0] - 1]);
  cr_expect(strstr(o->first_failure, "day") != NULL, "%s", o->first_failure);
  cr_expect(o->limit[0].exceeded.count == over + failed, "who fails counts as exceeding");
  cr_expect(o->response.of == FEW && !isnan(c->course[0].at[COHORT_MEDIAN]));
  cohort_study_free(c);
  stepdose_problem_free(problem);
}

Test(cohort_study, the_wish_to_stop_is_heard)
{
  static const volatile int stop = 1;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_error error = {.code = STEPDOSE_OK};
  settings.stop = &stop;
  stepdose_problem *problem = fixture_patients(FEW);
  progress *told = progress_open(&settings);
  cohort_request request = fixture_request(problem, FEW, 1);
  request.progress = told;
  cr_expect(cohort_study_run(&request, &error) == NULL && error.code == STEPDOSE_LIMIT_REACHED);
  progress_close(told);
  stepdose_problem_free(problem);
}

Test(cohort_study, a_failed_allocation_anywhere_is_a_named_error)
{
  enum { SWEEP = 40 };
  stepdose_error error;
  stepdose_problem *problem = fixture_patients(8);
  const cohort_request request = fixture_request(problem, 8, 1);
  const long before = allocate_count();
  cohort_study_free(cohort_study_run(&request, &error));
  const long needed = allocate_count() - before;
  cr_assert(needed > SWEEP / 2);
  for (int i = 0; i < SWEEP; i++) {
    allocate_fail_after(needed * i / SWEEP, 1);
    cohort_study *c = cohort_study_run(&request, &error);
    allocate_fail_after(-1, 0);
    cr_expect(c == NULL && error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s",
              needed * i / SWEEP, needed, error.message);
    cohort_study_free(c);
  }
  stepdose_problem_free(problem);
}
