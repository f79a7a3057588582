/* A calibration to observations that the model has made: what comes back, and how it runs. */
#include "study/calibrate_fixtures.h"

#include "base/hash.h"

#include <math.h>

static study_calibration *calibrate(const calibrate_files *f, const stepdose_problem *p,
                                    const study_run *run)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  study_calibration *c = study_calibrate(p, f->evidence, run, &error);
  cr_assert(c != NULL, "%s: %s", error.pointer, error.message);
  return c;
}

static uint64_t bits_of(const study_calibration *c)
{
  return hash_64(c->fit.estimate, CALIBRATE_PARAMETERS * sizeof *c->fit.estimate) ^
         hash_64(c->fit.covariance, CALIBRATE_PARAMETERS * CALIBRATE_PARAMETERS * 8) ^
         hash_64(c->fit.left_out_value, CALIBRATE_ROWS * sizeof *c->fit.left_out_value);
}

Test(calibrate, values_behind_the_observations_are_found)
{
  double observed[CALIBRATE_ROWS];
  calibrate_observe(observed);
  calibrate_files f = calibrate_write(observed, "fit");
  stepdose_problem *p = calibrate_problem(1, 2000);
  study_calibration *c = calibrate(&f, p, &(study_run){.threads = 2});
  cr_expect_eq(c->status, STEPDOSE_STATUS_CALIBRATED);
  cr_expect(c->fit.objective < 0.01 && c->fit.start_objective > 10, "%g, before %g",
            c->fit.objective, c->fit.start_objective);
  for (int j = 0; j < CALIBRATE_PARAMETERS; j++) {
    const fit_estimate *e = &c->fit.estimate[j];
    cr_expect(fabs(log10(e->value / calibrate_truth[j])) < 0.1 * e->sd, "%s: %g instead of %g",
              c->parameter[j].name, e->value, calibrate_truth[j]);
    cr_expect(e->low < calibrate_truth[j] && calibrate_truth[j] < e->high, "%s: %g to %g",
              c->parameter[j].name, e->low, e->high);
  }
  study_calibration_free(c);
  problem_free(p);
  calibrate_remove(&f);
}

/* Rows of the other molecule alone do not know its anchor: the prior's centre is what is left. */
Test(calibrate, a_drug_left_out_is_predicted_by_the_prior_of_its_anchor)
{
  double observed[CALIBRATE_ROWS];
  calibrate_observe(observed);
  calibrate_files f = calibrate_write(observed, "fit");
  stepdose_problem *p = calibrate_problem(1, 2000);
  study_calibration *c = calibrate(&f, p, &(study_run){.threads = 2});
  cr_assert_eq(c->n_drugs, 2);
  cr_expect(strcmp(c->drug[1], "epcoritamab") == 0, "%s", c->drug[1]);
  const fit_left_out *without = &c->fit.left_out[1];
  cr_expect(without->done && fabs(log10(without->value[2] / 0.3)) < 1e-3, "%g", without->value[2]);
  for (int i = 0; i < CALIBRATE_ROWS; i++) {
    cr_expect(isfinite(c->fit.left_out_value[i].predicted));
    cr_expect_geq(c->fit.left_out_value[i].sd, 0.99 * c->fit.prediction[i].sd, "row %d", i);
  }
  study_calibration_free(c);
  problem_free(p);
  calibrate_remove(&f);
}

Test(calibrate, threads_change_no_bit)
{
  double observed[CALIBRATE_ROWS];
  uint64_t bits[2];
  calibrate_observe(observed);
  calibrate_files f = calibrate_write(observed, "fit");
  stepdose_problem *p = calibrate_problem(2, 2000);
  for (int k = 0; k < 2; k++) {
    study_calibration *c = calibrate(&f, p, &(study_run){.threads = 1 + 2 * k});
    cr_expect_eq(c->fit.n_starts, 2);
    bits[k] = bits_of(c);
    study_calibration_free(c);
  }
  cr_expect(bits[0] == bits[1]);
  problem_free(p);
  calibrate_remove(&f);
}

/* --- stopping and going on ---------------------------------------------------------------------
 */

typedef struct stopper {
  long after;
  volatile int stop;
} stopper;

static void count(void *context, const stepdose_progress *p)
{
  stopper *s = context;
  s->stop = s->stop || (strcmp(p->stage, "fitting") == 0 && p->done >= s->after);
}

static study_calibration *run_with_journal(const calibrate_files *f, const stepdose_problem *p,
                                           stopper *s)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  search_journal *journal = journal_open(f->journal, "test", &error);
  cr_assert(journal != NULL, "%s", error.message);
  const stepdose_settings settings = {.stop = &s->stop, .progress = count, .progress_context = s};
  study_run run = {.threads = 1, .journal = journal, .progress = progress_open(&settings)};
  study_calibration *c = calibrate(f, p, &run);
  progress_close(run.progress);
  cr_expect(journal_close(journal, NULL));
  return c;
}

Test(calibrate, an_interrupted_run_ends_in_the_same_bits)
{
  double observed[CALIBRATE_ROWS];
  calibrate_observe(observed);
  calibrate_files f = calibrate_write(observed, "fit");
  stepdose_problem *p = calibrate_problem(1, 2000);
  study_calibration *whole = calibrate(&f, p, &(study_run){.threads = 2});
  study_calibration *part = run_with_journal(&f, p, &(stopper){.after = 5});
  cr_expect_eq(part->status, STEPDOSE_STATUS_INTERRUPTED);
  cr_expect(part->fit.end == SEARCH_END_STOPPED && part->fit.evaluations < whole->fit.evaluations);
  study_calibration *rest = run_with_journal(&f, p, &(stopper){.after = 1000000});
  cr_expect(bits_of(rest) == bits_of(whole));
  cr_expect_eq(rest->fit.evaluations, whole->fit.evaluations);
  study_calibration_free(part);
  study_calibration_free(rest);
  study_calibration_free(whole);
  problem_free(p);
  calibrate_remove(&f);
}

Test(calibrate, a_limit_of_evaluations_is_told_by_the_status)
{
  double observed[CALIBRATE_ROWS];
  calibrate_observe(observed);
  calibrate_files f = calibrate_write(observed, "fit");
  stepdose_problem *p = calibrate_problem(1, 12);
  study_calibration *c = calibrate(&f, p, &(study_run){.threads = 1});
  cr_expect_eq(c->status, STEPDOSE_STATUS_INTERRUPTED);
  cr_expect_eq(c->fit.end, SEARCH_END_EVALUATIONS);
  cr_expect_leq(c->fit.evaluations, 12);
  cr_expect(c->fit.objective <= c->fit.start_objective);
  study_calibration_free(c);
  problem_free(p);
  calibrate_remove(&f);
}

/* --- what cannot be fitted ---------------------------------------------------------------------
 */

Test(calibrate, evidence_without_rows_to_fit_is_refused)
{
  static const double observed[CALIBRATE_ROWS] = {1, 1, 1, 1, 1, 1, 1, 1};
  calibrate_files f = calibrate_write(observed, "check");
  stepdose_problem *p = calibrate_problem(1, 100);
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_expect_null(study_calibrate(p, f.evidence, &(study_run){.threads = 1}, &error));
  cr_expect_eq(error.code, STEPDOSE_CONTRADICTION);
  cr_expect_str_eq(error.pointer, "/rows");
  cr_expect_str_eq(error.file, f.evidence);
  problem_free(p);
  calibrate_remove(&f);
}

Test(calibrate, a_failed_allocation_anywhere_is_a_named_error)
{
  enum { SWEEP = 60 };
  static const double observed[CALIBRATE_ROWS] = {5, 20, 60, 100, 150, 2, 5, 20};
  const study_run run = {.threads = 1};
  calibrate_files f = calibrate_write(observed, "fit");
  stepdose_problem *p = calibrate_problem(1, 2);
  const long before = allocate_count();
  study_calibration_free(calibrate(&f, p, &run));
  const long needed = allocate_count() - before;
  cr_expect_gt(needed, 500);
  for (int i = 0; i < SWEEP; i++) {
    stepdose_error error = {.code = STEPDOSE_OK};
    const long n = needed * i / SWEEP;
    allocate_fail_after(n, 1);
    study_calibration *c = study_calibrate(p, f.evidence, &run, &error);
    allocate_fail_after(-1, 0);
    cr_expect(c == NULL && error.code == STEPDOSE_NO_MEMORY, "allocation %ld of %ld: %s: %s", n,
              needed, stepdose_code_name(error.code), error.message);
    study_calibration_free(c);
  }
  problem_free(p);
  calibrate_remove(&f);
}
