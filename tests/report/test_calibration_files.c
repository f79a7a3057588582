/* What a calibration writes: fitted values that a problem reads again, tables, a summary. */
#include "study/calibrate_fixtures.h"

#include "report/csv_table.h"
#include "report/report.h"
#include "study/parameter_draws.h"

#include <math.h>

static study_calibration *calibrate(calibrate_files *f, stepdose_problem **p)
{
  double observed[CALIBRATE_ROWS];
  stepdose_error error = {.code = STEPDOSE_OK};
  calibrate_observe(observed);
  *f = calibrate_write(observed, "fit");
  *p = calibrate_problem(2, 2000);
  study_calibration *c = study_calibrate(*p, f->evidence, &(study_run){.threads = 2}, &error);
  cr_assert(c != NULL, "%s: %s", error.pointer, error.message);
  return c;
}

static void close_all(study_calibration *c, stepdose_problem *p, const calibrate_files *f)
{
  study_calibration_free(c);
  problem_free(p);
  calibrate_remove(f);
}

/* --- parameters.json ---------------------------------------------------------------------------
 */

static stepdose_problem *read_calibrated(const study_calibration *c, const calibrate_files *f)
{
  char path[128], change[160];
  const char *changes[] = {change};
  stepdose_error error = {.code = STEPDOSE_OK};
  text out = {0};
  parameters_json(c, &out);
  snprintf(path, sizeof path, "%s/parameters.json", f->directory);
  snprintf(change, sizeof change, "/calibration=%s", path);
  cr_assert(!out.failed && file_write(path, out.bytes, out.length, &error));
  text_free(&out);
  stepdose_problem *p = problem_read(CALIBRATE_PROBLEM, changes, 1, &error);
  cr_assert(p != NULL, "%s: %s: %s", error.file, error.pointer, error.message);
  return p;
}

Test(calibration_files, a_problem_reads_the_fitted_values_bit_by_bit)
{
  calibrate_files f;
  stepdose_problem *p;
  study_calibration *c = calibrate(&f, &p);
  stepdose_problem *calibrated = read_calibrated(c, &f);
  const problem_calibration *read = calibrated->calibration;
  const model *m = calibrated->model;
  cr_assert(read != NULL && read->n_parameters == CALIBRATE_PARAMETERS);
  cr_expect_str_eq(read->evidence_hash, c->evidence->hash);
  for (int j = 0; j < CALIBRATE_PARAMETERS; j++) {
    cr_expect_eq(read->parameter[j].value, c->fit.estimate[j].value);
    cr_expect_eq(read->parameter[j].sd, c->fit.estimate[j].sd);
  }
  cr_expect_eq(memcmp(read->covariance, c->fit.covariance, sizeof(double) * 9), 0);
  cr_expect_eq(calibrated->parameters[model_parameter_index(m, "il6_production_pg_per_cell_day")],
               c->fit.estimate[0].value);
  /* the anchor is of another molecule */
  const int anchor = model_parameter_index(m, "potency_anchor");
  cr_expect_eq(calibrated->parameters[anchor], p->parameters[anchor]);
  problem_free(calibrated);
  close_all(c, p, &f);
}

/* Means and spread of 400 draws: standard errors are 5 % of the spread. */
Test(calibration_files, drawn_problems_spread_as_the_fit_does)
{
  enum { DRAWS = 400 };
  calibrate_files f;
  stepdose_problem *p;
  study_calibration *c = calibrate(&f, &p);
  stepdose_problem *calibrated = read_calibrated(c, &f);
  stepdose_error error = {.code = STEPDOSE_OK};
  parameter_draws *d = parameter_draws_open(calibrated, 3, &error);
  double mean = 0, square = 0;
  cr_assert(d != NULL, "%s", error.message);
  const int at = model_parameter_index(calibrated->model, "cytokine_trimers");
  for (long i = 0; i < DRAWS; i++) {
    stepdose_problem *drawn = parameter_draw(d, i, &error);
    cr_assert(drawn != NULL, "%s: %s", error.pointer, error.message);
    const double off = log10(drawn->parameters[at] / c->fit.estimate[1].value);
    mean += off / DRAWS;
    square += off * off / DRAWS;
    problem_free(drawn);
  }
  const double sd = c->fit.estimate[1].sd;
  cr_expect(fabs(mean) < 0.2 * sd, "%g of %g", mean, sd);
  cr_expect(fabs(sqrt(square) / sd - 1) < 0.15, "%g of %g", sqrt(square), sd);
  parameter_draws_close(d);
  problem_free(calibrated);
  close_all(c, p, &f);
}

Test(calibration_files, without_a_calibration_nothing_is_drawn)
{
  stepdose_problem *p = calibrate_problem(1, 10);
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_expect_null(parameter_draws_open(p, 1, &error));
  cr_expect_eq(error.code, STEPDOSE_CONTRADICTION);
  problem_free(p);
}

/* --- tables and summary ------------------------------------------------------------------------
 */

static csv_table parse(void (*write)(const study_calibration *, text *), const study_calibration *c)
{
  text out = {0};
  csv_table t = {0};
  const char *broken = NULL;
  write(c, &out);
  const size_t length = out.length;
  char *bytes = text_take(&out);
  cr_assert(bytes != NULL && csv_table_parse(bytes, length, &t, &broken), "%s",
            broken != NULL ? broken : "");
  return t;
}

Test(calibration_files, tables_hold_every_row_and_every_parameter)
{
  calibrate_files f;
  stepdose_problem *p;
  study_calibration *c = calibrate(&f, &p);
  csv_table rows = parse(csv_fit_rows, c), values = parse(csv_fit_parameters, c);
  cr_expect_eq(rows.n_rows, CALIBRATE_ROWS + 1);
  cr_expect_eq(values.n_rows, CALIBRATE_PARAMETERS);
  for (int i = 0; i < CALIBRATE_ROWS; i++) {
    const double fitted = csv_table_number(&rows, i, csv_table_column(&rows, "fitted"));
    const double left_out = csv_table_number(&rows, i, csv_table_column(&rows, "left_out"));
    cr_expect_eq(fitted, c->after[i].value);
    cr_expect_eq(left_out, c->fit.left_out_value[i].predicted);
  }
  cr_expect_str_eq(csv_table_cell(&rows, CALIBRATE_ROWS, csv_table_column(&rows, "use")), "check");
  cr_expect(isnan(csv_table_number(&rows, CALIBRATE_ROWS, csv_table_column(&rows, "left_out"))));
  cr_expect_eq(csv_table_number(&values, 1, csv_table_column(&values, "fitted")),
               c->fit.estimate[1].value);
  csv_table_free(&rows);
  csv_table_free(&values);
  close_all(c, p, &f);
}

Test(calibration_files, the_summary_names_values_rows_and_what_is_unseen)
{
  static const char *const expected[] = {"il6_production_pg_per_cell_day",
                                         "cytokine_trimers",
                                         "anchor",
                                         "peak, m 0.1",
                                         "epcoritamab",
                                         "unseen",
                                         "check",
                                         "Research use only"};
  calibrate_files f;
  stepdose_problem *p;
  text out = {0};
  study_calibration *c = calibrate(&f, &p);
  const report_run run = {.problem = p, .status = c->status, .calibration = c};
  summary_calibration(&run, &out);
  cr_assert(!out.failed);
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    cr_expect_not_null(strstr(out.bytes, expected[i]), "no \"%s\" in\n%s", expected[i], out.bytes);
  }
  text_free(&out);
  close_all(c, p, &f);
}
