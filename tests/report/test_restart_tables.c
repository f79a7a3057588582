/* Rules after a missed dose as a table and as text: rectangular, with the values of the study. */
#include "report/csv_table.h"
#include "report/report.h"
#include "study/restart_fixtures.h"

#include <math.h>

static stepdose_problem *problem;
static study_restart *rules;

static void set_up(void)
{
  problem = fixture_gaps(FIXTURE_TECLISTAMAB, 4, 14, 7, 2, NULL);
  rules = fixture_rules(problem, 1);
}

static void tear_down(void)
{
  study_restart_free(rules);
  stepdose_problem_free(problem);
}

TestSuite(restart_tables, .init = set_up, .fini = tear_down);

static csv_table parsed(void)
{
  text out = {0};
  csv_table t;
  const char *broken = NULL;
  csv_restart(rules, &out);
  cr_assert(!out.failed && csv_table_parse(out.bytes, out.length, &t, &broken), "%s",
            broken != NULL ? broken : "no memory");
  return t;
}

static void expect_row(const csv_table *t, long row, const restart_gap *gap, int rule)
{
  static const char *const columns[] = {"gap_days", "crs_probability_grade2_largest",
                                        "crs_probability_grade2_planned", "kill_lost_log10",
                                        "drug_needed_ug_mL"};
  const restart_outcome *o = &gap->rule[rule];
  const double values[] = {gap->days, o->risk[RESTART_CRS_GRADE2].largest,
                           gap->planned[RESTART_CRS_GRADE2], o->kill_lost, o->drug_needed};
  for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++) {
    cr_expect(csv_table_number(t, row, csv_table_column(t, columns[k])) == values[k], "row %ld, %s",
              row + 1, columns[k]);
  }
  cr_expect_str_eq(csv_table_cell(t, row, csv_table_column(t, "rule")), restart_rules[rule].name);
  cr_expect_str_eq(csv_table_cell(t, row, csv_table_column(t, "recommended_by_risk")),
                   gap->by_risk == rule ? "TRUE" : "FALSE");
}

Test(restart_tables, have_one_row_for_each_dose_gap_and_rule)
{
  csv_table t = parsed();
  long row = 0;
  for (int i = 0; i < rules->n_doses; i++) {
    for (int g = 0; g < rules->dose[i].n_gaps; g++) {
      for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
        expect_row(&t, row++, &rules->dose[i].gap[g], rule);
      }
    }
  }
  cr_expect(t.n_rows == row && row >= 3 * 2 * RESTART_RULE_COUNT, "%ld rows", t.n_rows);
  csv_table_free(&t);
}

Test(restart_tables, the_summary_names_every_last_dose_and_stays_on_the_page)
{
  study_simulation s = {.regimen_name = "the approved schedule"};
  const report_run run = {
      .problem = problem, .status = STEPDOSE_STATUS_SIMULATED, .restart = rules};
  text out = {0};
  summary_restart(&run, &s, &out);
  cr_assert(!out.failed);
  cr_expect(strstr(out.bytes, "continue to") != NULL && strstr(out.bytes, "the approved") != NULL);
  cr_expect(strstr(out.bytes, "1: 4.2 mg") != NULL && strstr(out.bytes, "14: 105 mg") != NULL);
  for (const char *line = out.bytes; *line != '\0'; line++) {
    const size_t length = strcspn(line, "\n");
    cr_expect(length <= 100, "%.*s", (int)length, line);
    line += length;
  }
  text_free(&out);
}
