/* pareto.csv says every point of the front, in numbers that read back to the same bits. */
#include "report/csv_table.h"
#include "report/report.h"
#include "study/fixtures.h"

#include "base/number.h"

#include <math.h>

static study_pareto *draw(const stepdose_problem *problem, const char *directory)
{
  stepdose_error error;
  const study_run run = {.directory = directory, .threads = 1};
  study_pareto *s = study_pareto_run(problem, &run, &error);
  cr_assert(s != NULL, "%s", error.message);
  return s;
}

static csv_table read_table(const study_pareto *s)
{
  text written = {0};
  const char *broken = NULL;
  csv_table t;
  csv_pareto(s, &written);
  cr_assert(!written.failed);
  const size_t length = written.length;
  cr_assert(csv_table_parse(text_take(&written), length, &t, &broken), "%s", broken);
  return t;
}

static void expect_number(const csv_table *t, long row, const char *column, double value)
{
  const int at = csv_table_column(t, column);
  cr_assert(at >= 0, "there is no column %s", column);
  const double found = csv_table_number(t, row, at);
  cr_expect(number_bits(found) == number_bits(value) || (isnan(found) && isnan(value)),
            "row %ld, %s: %.17g, not %.17g", row, column, found, value);
}

static void expect_row(const study_pareto *s, const csv_table *t, long i)
{
  const pareto_point *p = &s->front[i];
  expect_number(t, i, "point", (double)(i + 1));
  expect_number(t, i, "benefit_time_averaged_log10_kill", p->benefit);
  expect_number(t, i, "benefit_time_averaged_log10_kill_verified", p->verified_benefit);
  expect_number(t, i, "cost_1_peak_pg_mL", p->cost[0]);
  expect_number(t, i, "cost_2_visits", p->cost[1]);
  expect_number(t, i, "cost_1_saved", p->exchange[0].saved);
  expect_number(t, i, "cost_2_benefit_lost", p->exchange[1].lost);
  expect_number(t, i, "total_mg", schedule_total_mg(&p->doses));
  const bool chosen = strcmp(csv_table_cell(t, i, csv_table_column(t, "chosen")), "TRUE") == 0;
  cr_expect_eq(chosen, i == s->chosen, "row %ld", i);
}

Test(csv_pareto, every_point_is_a_row_that_reads_back_to_the_same_bits)
{
  char directory[64];
  const char *const changes[] = {
      "/regimen/dose_grid_mg=[0.1,1,10,60]", "/regimen/number_of_steps={\"min\":2,\"max\":3}",
      "/horizon_days=42",
      "/pareto={\"goals\":[{\"maximize\":{\"objective\":\"tumor_control\"}},"
      "{\"minimize\":{\"objective\":\"il6_peak\",\"window\":\"first_dose\"}},"
      "{\"minimize\":{\"objective\":\"treatment_burden\",\"measure\":\"visits\"}}]}"};
  stepdose_problem *problem = fixture_problem(FIXTURE_MAIN, changes, 4);
  study_pareto *s = draw(problem, fixture_directory(directory));
  csv_table t = read_table(s);
  cr_assert(t.n_rows == s->found.n_front && t.n_rows >= 3, "%ld rows", t.n_rows);
  for (long i = 0; i < t.n_rows; i++) {
    expect_row(s, &t, i);
  }
  csv_table_free(&t);
  study_pareto_free(s);
  stepdose_problem_free(problem);
  fixture_remove(directory);
}
