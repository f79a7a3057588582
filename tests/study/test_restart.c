/* Rules after a missed or delayed dose: what must hold whatever the drug, and a gap counted anew by
 * other means. */
#include "base/allocate.h"
#include "objectives/crs.h"
#include "population/population.h"
#include "study/cohort_study.h"
#include "study/restart_fixtures.h"

#include <math.h>

enum { PATIENTS = 12, FEW = 5 };

/* A patient who returns to where he began: neither growth nor killing of the tumour, quick recovery
 * of refractory cells. */
#define RETURNS                                                                                    \
  "/parameters={\"tumor_growth_per_day\":{\"value\":0,\"unit\":\"1/day\",\"source\":\"test\"},"    \
  "\"tumor_kill_factor\":{\"value\":0,\"unit\":\"1\",\"source\":\"test\"},"                        \
  "\"refractory_recovery_per_day\":{\"value\":0.1,\"unit\":\"1/day\",\"source\":\"test\"}}"

/* --- a dose that is not late ------------------------------------------------------------------ */

Test(restart, a_dose_that_is_not_late_changes_nothing)
{
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, PATIENTS, 14, 14, 3, NULL);
  study_restart *r = fixture_rules(p, 2);
  stepdose_error error;
  cohort_request request = cohort_request_of(p, "approved", fixture_approved(p));
  request.alone = true;
  cohort_study *c = cohort_study_run(&request, &error);
  cr_assert(c != NULL, "%s", error.message);
  for (int i = 0; i < r->n_doses - 1; i++) { /* the schedule of the file ends with the last */
    const restart_dose *d = &r->dose[i];
    const restart_outcome *on = &d->gap[0].rule[RULE_CONTINUE];
    double expected = NAN;
    for (int k = 0; k < c->outcome[0].n_rows; k++) {
      const endpoint_row *row = &c->outcome[0].row[k];
      if (row->window == d->number + 1 && strcmp(row->name, "crs_probability_grade2") == 0) {
        expected = c->outcome[0].figure[k].at[COHORT_MEAN];
      }
    }
    cr_expect(d->gap[0].days == d->interval && d->gap[0].by_risk == RULE_CONTINUE);
    cr_expect(on->kill_lost == 0, "after dose %d: %g lost", d->number, on->kill_lost);
    cr_expect(fabs(on->risk[RESTART_CRS_GRADE2].resumed - expected) <= 1e-12,
              "after dose %d: %.15g, in the cohort %.15g", d->number,
              on->risk[RESTART_CRS_GRADE2].resumed, expected);
    cr_expect(on->risk[RESTART_CRS_GRADE2].largest <= d->gap[0].planned[RESTART_CRS_GRADE2]);
  }
  cohort_study_free(c);
  study_restart_free(r);
  stepdose_problem_free(p);
}

/* --- a very long gap -------------------------------------------------------------------------- */

enum { WAITED = 300 };

/* The largest rise of the drive under doses that begin on day WAITED: of a patient who has had none
 * before. (He is not quite the patient of day 0: T cells of the model settle in the first weeks.)
 */
static double drive_without_history(const stepdose_problem *p, const schedule *doses)
{
  const endpoint_request request = {
      .horizon_days = WAITED + 28, .last_days = 1, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
  simulate_settings settings = simulate_settings_default();
  stepdose_error error;
  endpoints e;
  double largest = 0;
  simulate_workspace *w = simulate_workspace_open(p->model, &error);
  cr_assert(simulate_patient(w, p->parameters, doses, &request, &settings, &e, NULL, &error));
  for (int k = 0; k < e.n_windows; k++) {
    largest = fmax(largest, e.drive[k].value);
  }
  simulate_workspace_close(w);
  return largest;
}

/* Stated: within 2 %. */
Test(restart, a_restart_after_a_very_long_gap_is_a_first_course)
{
  static const schedule course = {6,
                                  {{WAITED - 2.0 / 24, 16, 0, ROUTE_DEXAMETHASONE},
                                   {WAITED, 4.2, 0, ROUTE_SC},
                                   {WAITED + 3 - 2.0 / 24, 16, 0, ROUTE_DEXAMETHASONE},
                                   {WAITED + 3, 21, 0, ROUTE_SC},
                                   {WAITED + 6 - 2.0 / 24, 16, 0, ROUTE_DEXAMETHASONE},
                                   {WAITED + 6, 105, 0, ROUTE_SC}}};
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, 0, WAITED, WAITED, 3, RETURNS);
  p->restart.tolerance_percent = 100; /* every rule holds: no day between is looked at */
  study_restart *r = fixture_rules(p, 1);
  const double expected = drive_without_history(p, &course);
  for (int number = 1; number <= 3; number++) {
    const restart_gap *gap = fixture_gap(r, number, WAITED);
    const double found = gap->rule[RULE_RESTART].risk[RESTART_DRIVE].largest;
    cr_expect(fabs(found / expected - 1) < 0.02, "after dose %d: %g, without history %g", number,
              found, expected);
    cr_expect(fabs(found / gap->planned[RESTART_DRIVE] - 1) < 0.1, "from day 0: %g",
              gap->planned[RESTART_DRIVE]);
  }
  study_restart_free(r);
  stepdose_problem_free(p);
}

/* Without premedication, as the planned dose is given. Stated: within 2 %. */
Test(restart, to_continue_after_a_very_long_gap_is_to_begin_with_that_dose)
{
  static const schedule one = {1, {{WAITED, 105, 0, ROUTE_SC}}};
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, 0, WAITED, WAITED, 3, RETURNS);
  p->restart.tolerance_percent = 100; /* every rule holds: no day between is looked at */
  study_restart *r = fixture_rules(p, 1);
  const double found = fixture_gap(r, 3, WAITED)->rule[RULE_CONTINUE].risk[RESTART_DRIVE].resumed;
  const double expected = drive_without_history(p, &one);
  cr_expect(fabs(found / expected - 1) < 0.02, "%g, without history %g", found, expected);
  study_restart_free(r);
  stepdose_problem_free(p);
}

/* True where nothing but time differs, of full doses: the tumour stays as it is, and what recovers
 * matters more than the drug that is left. It is not true of a tumour that grows, nor of a small
 * dose, to which drug that is left adds: docs/restart.md. */
Test(restart, longer_gaps_never_lower_the_risk_of_a_full_dose_where_only_time_differs)
{
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, 0, 168, 14, 3, RETURNS);
  study_restart *r = fixture_rules(p, 2);
  cr_assert(r->n_doses == 4);
  for (int i = 2; i < r->n_doses; i++) {
    const restart_dose *d = &r->dose[i];
    for (int g = 1; g < d->n_gaps; g++) {
      const double shorter = d->gap[g - 1].rule[RULE_CONTINUE].risk[RESTART_DRIVE].resumed;
      const double longer = d->gap[g].rule[RULE_CONTINUE].risk[RESTART_DRIVE].resumed;
      cr_expect(longer > shorter, "after dose %d: %g pg/mL at %g days, %g at %g", d->number,
                shorter, d->gap[g - 1].days, longer, d->gap[g].days);
    }
  }
  study_restart_free(r);
  stepdose_problem_free(p);
}

/* --- one gap, counted anew -------------------------------------------------------------------- */

/* What is given if the third dose of 0.06/0.3/1.5 mg/kg comes 21 days after the second: that dose
 * with dexamethasone 2 h before, then weekly. */
static void late_third_dose(schedule *s, double end_day)
{
  static const double early[] = {0, 3}, amount[] = {4.2, 21};
  s->n_doses = 0;
  for (int i = 0; i < 2; i++) {
    s->doses[s->n_doses++] = (dose){early[i] - 2.0 / 24, 16, 0, ROUTE_DEXAMETHASONE};
    s->doses[s->n_doses++] = (dose){early[i], amount[i], 0, ROUTE_SC};
  }
  s->doses[s->n_doses++] = (dose){24 - 2.0 / 24, 16, 0, ROUTE_DEXAMETHASONE};
  for (double day = 24; day < end_day; day += 7) {
    s->doses[s->n_doses++] = (dose){day, 105, 0, ROUTE_SC};
  }
}

Test(restart, one_gap_counted_anew_patient_by_patient)
{
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, FEW, 21, 21, 2, NULL);
  study_restart *r = fixture_rules(p, 2);
  const restart_gap *gap = fixture_gap(r, 2, 21);
  stepdose_error error;
  schedule doses;
  simulate_settings settings = simulate_settings_default();
  const endpoint_request request = {
      .horizon_days = gap->end_day, .last_days = 1, .activated_above = ENDPOINT_ACTIVATED_ABOVE};
  late_third_dose(&doses, gap->end_day);
  double *parameters = allocate_zeroed((size_t)p->model->n_parameters, sizeof *parameters);
  population *people = population_open(p->population, p->model, p->population_seed, &error);
  simulate_workspace *w = simulate_workspace_open(p->model, &error);
  double resumed = 0, any = 0;
  for (int i = 0; i < FEW; i++) {
    endpoints e;
    double rise[SCHEDULE_WINDOWS_MAX];
    crs_coefficients crs;
    cr_assert(population_draw(people, p->parameters, i, 1, parameters, NULL, NULL, &error));
    cr_assert(simulate_patient(w, parameters, &doses, &request, &settings, &e, NULL, &error));
    problem_crs_coefficients(p->model, parameters, &crs);
    for (int k = 2; k < e.n_windows; k++) {
      rise[k] = e.drive[k].value;
    }
    resumed += crs_probability(&crs, 2, 1, &rise[2]) / FEW;
    any += crs_probability(&crs, 2, e.n_windows - 2, &rise[2]) / FEW;
  }
  const restart_outcome *on = &gap->rule[RULE_CONTINUE];
  cr_expect(gap->counted == FEW && on->from == 3);
  cr_expect(fabs(on->risk[RESTART_CRS_GRADE2].resumed / resumed - 1) < 1e-6, "%.12g and %.12g",
            on->risk[RESTART_CRS_GRADE2].resumed, resumed);
  cr_expect(fabs(on->any[1] / any - 1) < 1e-6, "%.12g and %.12g", on->any[1], any);
  cr_expect(resumed > 0.001 && any > resumed);
  simulate_workspace_close(w);
  population_close(people);
  release(parameters);
  study_restart_free(r);
  stepdose_problem_free(p);
}

/* --- rules ------------------------------------------------------------------------------------ */

Test(restart, rules_with_the_same_doses_have_the_same_numbers)
{
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, FEW, 14, 14, 4, NULL);
  study_restart *r = fixture_rules(p, 2);
  static const struct {
    int number, same_as[RESTART_RULE_COUNT], from[RESTART_RULE_COUNT];
  } cases[] = {{1, {0, 1, 1, 1}, {2, 1, 1, 1}},  /* one step was given: repeat is restart */
               {2, {0, 1, 1, 3}, {3, 2, 2, 1}},  /* the last step */
               {3, {0, 1, 2, 3}, {4, 3, 2, 1}},  /* the first full dose has premedication */
               {4, {0, 0, 2, 3}, {5, 4, 2, 1}}}; /* full doses are alike */
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const restart_gap *gap = fixture_gap(r, cases[i].number, 14);
    for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
      const restart_outcome *o = &gap->rule[rule];
      const restart_outcome *same = &gap->rule[o->same_as];
      cr_expect(o->same_as == cases[i].same_as[rule] && o->from == cases[i].from[rule],
                "after dose %d, %s: as %d, from %d", cases[i].number, restart_rules[rule].name,
                o->same_as, o->from);
      cr_expect(memcmp(o->risk, same->risk, sizeof o->risk) == 0 &&
                o->kill_lost == same->kill_lost);
    }
  }
  study_restart_free(r);
  stepdose_problem_free(p);
}

/* A patient who goes on resumes no less drug than one who begins anew. */
Test(restart, a_more_disruptive_rule_needs_no_more_drug)
{
  stepdose_problem *p = fixture_gaps(FIXTURE_ELRANATAMAB, 0, 60, 30, 4, NULL);
  study_restart *r = fixture_rules(p, 1);
  for (int i = 0; i < r->n_doses; i++) {
    for (int g = 0; g < r->dose[i].n_gaps; g++) {
      const restart_gap *gap = &r->dose[i].gap[g];
      for (int rule = 1; rule < RESTART_RULE_COUNT; rule++) {
        cr_expect(gap->rule[rule].drug_needed <= gap->rule[rule - 1].drug_needed);
      }
      cr_expect(gap->rule[RULE_RESTART].drug_needed == 0 && gap->drug_left > 0);
      cr_expect(g == 0 || gap->drug_left < r->dose[i].gap[g - 1].drug_left || g == 1,
                "after dose %d: more drug after %g days", r->dose[i].number, gap->days);
    }
  }
  study_restart_free(r);
  stepdose_problem_free(p);
}

Test(restart, a_model_without_a_drive_is_judged_by_il6)
{
  const char *const changes[] = {"/restart={\"gap_days_max\":42,\"gap_days_step\":21}"};
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, changes, 1);
  study_restart *r = fixture_rules(p, 1);
  cr_expect(p->restart.judged_by == RESTART_IL6 && r->n_included == 1);
  for (int i = 0; i < r->n_doses; i++) {
    const restart_gap *gap = &r->dose[i].gap[0];
    const restart_outcome *on = &gap->rule[RULE_CONTINUE];
    cr_expect(gap->by_risk == RULE_CONTINUE && on->risk[RESTART_IL6].largest > 0);
    cr_expect(isnan(on->risk[RESTART_CRS_GRADE2].largest) && isnan(on->any[0]));
  }
  study_restart_free(r);
  stepdose_problem_free(p);
}

/* --- settings --------------------------------------------------------------------------------- */

Test(restart, a_longest_gap_that_leaves_nothing_beyond_the_plan_is_refused)
{
  static const struct {
    int most, step;
    bool taken;
  } cases[] = {{6, 1, false},   {7, 7, false}, {7, 1, false},
               {13, 14, false}, {8, 1, true},  {14, 14, true}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error error = {.code = STEPDOSE_OK};
    stepdose_problem *p =
        fixture_gaps(FIXTURE_TECLISTAMAB, 0, cases[i].most, cases[i].step, 4, NULL);
    const bool taken = study_restart_check(p, fixture_approved(p), &error);
    cr_expect(taken == cases[i].taken, "%d days in steps of %d: %s", cases[i].most, cases[i].step,
              error.message);
    cr_expect(taken || (error.code == STEPDOSE_CONTRADICTION &&
                        strcmp(error.pointer, "/restart/gap_days_max") == 0 &&
                        strstr(error.message, "planned as 7 days") != NULL),
              "%d days in steps of %d: %s %s", cases[i].most, cases[i].step, error.pointer,
              error.message);
    stepdose_problem_free(p);
  }
}

/* --- as every study --------------------------------------------------------------------------- */

/* The schedule ends with the first full dose; more patients than are simulated at once. */
static study_restart *run_steps(const stepdose_problem *p, int threads)
{
  stepdose_error error;
  schedule steps = *fixture_approved(p);
  steps.n_doses = 6;
  study_restart *r = study_restart_run(p, &steps, threads, NULL, &error);
  cr_assert(r != NULL, "%s", error.message);
  return r;
}

Test(restart, any_number_of_threads_gives_the_same_bits)
{
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, 130, 8, 8, 1, NULL);
  p->restart.tolerance_percent = 100;
  study_restart *one = run_steps(p, 1);
  study_restart *three = run_steps(p, 3);
  cr_assert_eq(one->n_doses, three->n_doses);
  for (int i = 0; i < one->n_doses; i++) {
    const restart_dose *x = &one->dose[i], *y = &three->dose[i];
    cr_assert_eq(x->n_gaps, y->n_gaps);
    cr_expect_eq(memcmp(x->gap, y->gap, (size_t)x->n_gaps * sizeof *x->gap), 0, "after dose %d",
                 x->number);
    cr_expect_eq(memcmp(&x->by_drug, &y->by_drug, sizeof x->by_drug), 0);
  }
  study_restart_free(one);
  study_restart_free(three);
  stepdose_problem_free(p);
}

Test(restart, the_wish_to_stop_is_heard)
{
  static const volatile int stop = 1;
  stepdose_settings settings = stepdose_settings_default();
  stepdose_error error = {.code = STEPDOSE_OK};
  settings.stop = &stop;
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, 0, 14, 14, 1, NULL);
  progress *told = progress_open(&settings);
  cr_expect(study_restart_run(p, fixture_approved(p), 1, told, &error) == NULL &&
            error.code == STEPDOSE_LIMIT_REACHED);
  progress_close(told);
  stepdose_problem_free(p);
}

Test(restart, a_failed_allocation_anywhere_is_a_named_error)
{
  enum { SWEEP = 30 };
  stepdose_error error;
  stepdose_problem *p = fixture_gaps(FIXTURE_TECLISTAMAB, 2, 14, 14, 1, NULL);
  const long before = allocate_count();
  study_restart_free(fixture_rules(p, 1));
  const long needed = allocate_count() - before;
  cr_assert(needed > SWEEP / 2, "%ld", needed);
  for (int i = 0; i < SWEEP; i++) {
    allocate_fail_after(needed * i / SWEEP, 1);
    study_restart *r = study_restart_run(p, fixture_approved(p), 1, NULL, &error);
    allocate_fail_after(-1, 0);
    cr_expect(r == NULL && error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s",
              needed * i / SWEEP, needed, error.message);
    study_restart_free(r);
  }
  stepdose_problem_free(p);
}
