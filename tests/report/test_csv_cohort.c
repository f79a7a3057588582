/* Tables of virtual patients: rectangular, in order, with the values of the study. */
#include "report/report.h"

#include "report/csv_table.h"
#include "study/cohort_fixtures.h"

#include <math.h>

enum { PATIENTS = 12 };

static stepdose_problem *problem;
static cohort_study *patients;

static void set_up(void)
{
  problem = fixture_patients(PATIENTS);
  population_description *d = problem->population;
  const int burden = population_covariate_index(d, "tumor_burden");
  d->range[d->n_ranges++] = (population_range){burden, 0, 48.75e9};
  patients = fixture_cohort(problem, PATIENTS, 1);
}

static void tear_down(void)
{
  cohort_study_free(patients);
  stepdose_problem_free(problem);
}

TestSuite(csv_cohort, .init = set_up, .fini = tear_down);

/* The writers append to a table that has its header. */
static csv_table parsed(void (*write)(const cohort_study *c, text *out), const char *header)
{
  text out = {0};
  csv_table t;
  const char *broken = NULL;
  text_append(&out, "%s", header);
  write(patients, &out);
  cr_assert(!out.failed && csv_table_parse(out.bytes, out.length, &t, &broken), "%s",
            broken != NULL ? broken : "no memory");
  return t;
}

Test(csv_cohort, patients_have_one_row_each_with_the_values_of_the_study)
{
  csv_table t = parsed(csv_patients, "");
  const int peak_column = csv_table_column(&t, "il6_peak.1");
  const int burden_column = csv_table_column(&t, "covariate.tumor_burden");
  const int burden = population_covariate_index(problem->population, "tumor_burden");
  const int row = fixture_row(patients, "il6_peak", 1);
  cr_assert(t.n_rows == PATIENTS && peak_column > 0 && burden_column > 0);
  cr_expect(csv_table_column(&t, "parameter.Cl_tdb") > 0 &&
            csv_table_column(&t, "response.course") > 0);
  cr_expect(t.n_columns ==
            5 + patients->n_covariates + patients->n_set + patients->outcome[0].n_rows);
  int left_out = 0;
  for (int i = 0; i < PATIENTS; i++) {
    const bool in = patients->weight[i] > 0;
    const double peak_value = csv_table_number(&t, i, peak_column);
    left_out += !in;
    cr_expect(csv_table_number(&t, i, 0) == i + 1 && csv_table_number(&t, i, 1) == in);
    cr_expect(strcmp(csv_table_cell(&t, i, 2), in ? "TRUE" : "FALSE") == 0);
    cr_expect(csv_table_number(&t, i, burden_column) ==
              patients->covariate[i * patients->n_covariates + burden]);
    cr_expect(in ? peak_value == fixture_value(patients, i, row) : isnan(peak_value),
              "patient %d: %g", i + 1, peak_value);
  }
  cr_expect(left_out > 0 && left_out < PATIENTS);
  csv_table_free(&t);
}

Test(csv_cohort, endpoints_have_the_same_rows_for_every_patient)
{
  csv_table t = parsed(csv_cohort_endpoints, "patient,endpoint,window,day,value,unit\n");
  const int n = patients->outcome[0].n_rows;
  cr_assert(t.n_rows == (long)PATIENTS * n && t.n_columns == 6);
  for (long i = 0; i < t.n_rows; i++) {
    cr_expect(csv_table_number(&t, i, 0) == (double)(i / n + 1));
    cr_expect(strcmp(csv_table_cell(&t, i, 1), csv_table_cell(&t, i % n, 1)) == 0 &&
              strcmp(csv_table_cell(&t, i, 2), csv_table_cell(&t, i % n, 2)) == 0);
  }
  csv_table_free(&t);
}

Test(csv_cohort, courses_have_every_statistic_of_every_output_on_every_day)
{
  csv_table t = parsed(csv_cohort_trajectories, "day,output,unit,statistic,value\n");
  const long a_day = (long)problem->model->n_outputs * COHORT_STATISTIC_COUNT;
  cr_assert(t.n_rows == 85 * a_day);
  for (long i = 0; i < t.n_rows; i++) {
    const cohort_figure *figure = &patients->course[i / COHORT_STATISTIC_COUNT];
    const long s = i % COHORT_STATISTIC_COUNT;
    cr_expect(csv_table_number(&t, i, 0) == (double)(i / a_day));
    cr_expect(strcmp(csv_table_cell(&t, i, 3), cohort_statistic_names[s]) == 0);
    cr_expect(csv_table_number(&t, i, 4) == figure->at[s], "row %ld", i);
  }
  csv_table_free(&t);
}
