/* All printed rows of Hosseini 2020 (Figs 4-5) at once: weights by maximum entropy on the DLBCL
 * population. */
#include "population/weights.h"
#include "tests/population/dlbcl.h"

enum { PATIENTS = 2048, SEED = 1, PRINTED = 5, ROWS = 27, PERCENTILES = 3 };

static const double percentile[PERCENTILES] = {0.05, 0.50, 0.95};

/* As printed. Medians of activated shares (%) and of the first later peak (pg/mL), share of
 * responders; NAN: not printed for blinatumomab. */
typedef struct printed_row {
  int regimen; /* of dlbcl_regimens */
  double peak[PERCENTILES];
  double activated, later_activated, later_peak, responders;
} printed_row;

static const printed_row printed[PRINTED] = {
    {0, {11, 570, 6640}, 26, 7, 4, 0.73},     {1, {8, 477, 5639}, 20, 7, 3, 0.71},
    {2, {5, 304, 3937}, 12, 7.5, 4, 0.67},    {4, {6, 370, 4330}, NAN, NAN, NAN, NAN},
    {5, {13, 640, 7180}, NAN, NAN, NAN, NAN},
};

typedef struct rows {
  int n;
  double target[ROWS];
  double *value; /* (PATIENTS x ROWS) */
} rows;

static void add_row(rows *r, double target, const double *values, double below)
{
  for (int i = 0; i < PATIENTS; i++) {
    r->value[i * ROWS + r->n] = isnan(below) ? values[i] : values[i] < below;
  }
  r->target[r->n++] = target;
}

static rows make_rows(const stepdose_problem *problem)
{
  rows r = {.value = allocate_zeroed((size_t)PATIENTS * ROWS, sizeof(double))};
  for (int k = 0; k < PRINTED; k++) {
    const printed_row *p = &printed[k];
    dlbcl_outcome o = dlbcl_run(problem, SEED, PATIENTS, &dlbcl_regimens[p->regimen]);
    for (int q = 0; q < PERCENTILES; q++) {
      add_row(&r, percentile[q], o.first_peak, p->peak[q]);
    }
    if (!isnan(p->responders)) {
      add_row(&r, 0.5, o.activated, p->activated);
      add_row(&r, 0.5, o.later_activated[0], p->later_activated);
      add_row(&r, 0.5, o.later_peak[0], p->later_peak);
      add_row(&r, p->responders, o.responds, NAN);
    }
    dlbcl_release(&o);
  }
  cr_assert_eq(r.n, ROWS);
  return r;
}

/* The recipe finds 0.36 before, 0.007 after and an effective size of 23 % with a ridge of 1e-3. */
Test(population, weights_meet_all_printed_rows_within_one_percent, .timeout = 120)
{
  stepdose_problem *problem = fixture_population("dlbcl-virtual.json", PATIENTS);
  rows r = make_rows(problem);
  double *weights = allocate_zeroed(PATIENTS, sizeof *weights);
  const weights_request request = {PATIENTS, ROWS, r.value, r.target, NULL, 1e-3};
  weights_report report;
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_assert(weights_match(&request, weights, &report, &error), "%s", error.message);
  cr_log_info("largest error %.3f -> %.4f, effective size %.1f %% of %d, %d iterations\n",
              report.error_before, report.error_after, 100 * report.effective_size / PATIENTS,
              PATIENTS, report.iterations);
  cr_expect(fabs(report.error_before - 0.36) < 0.05, "before: %g", report.error_before);
  cr_expect(report.error_after < 0.01, "after: %g", report.error_after);
  cr_expect(report.effective_size > 0.20 * PATIENTS, "worth %g", report.effective_size);
  release(weights);
  release(r.value);
  problem_free(problem);
}
