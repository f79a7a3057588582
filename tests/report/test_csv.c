/* Which rows the tidy tables have: those of the model, tissues by the names of the indication. */
#include "report/report.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { DAYS = 2, TISSUES = 2, WINDOWS = 2 };

static stepdose_problem problem;
static assessment verified;
static double parameters[256];
static sampled_run samples;
static double days[DAYS] = {0, 0.5}, values[DAYS * OUTPUTS_MAX];
static const report_regimen regimen = {.verified = &verified, .samples = &samples};

static void set_up(const char *model_name, int tissues)
{
  problem.model = model_find(model_name);
  problem.parameters = parameters;
  model_parameter_defaults(problem.model, parameters);
  problem.horizon_days = 84;
  problem.n_tissues = tissues;
  snprintf(problem.tissue[0], sizeof problem.tissue[0], "gut");
  snprintf(problem.tissue[1], sizeof problem.tissue[1], "skin");
  samples = (sampled_run){.samples = {DAYS, days, values}, .n_outputs = problem.model->n_outputs};
  for (int i = 0; i < DAYS * problem.model->n_outputs; i++) {
    values[i] = i;
  }
  endpoints *e = &verified.found;
  e->n_windows = WINDOWS;
  e->n_sites = 3 + tissues;
  e->tumor_initial = e->tumor_final = 1;
  e->drive[1] = (peak){17.5, 8.25};
  e->ifn_course = (peak){300, 1.5};
  for (int s = 0; s < MODEL_SITES_MAX; s++) {
    e->activated[s] = (peak){0.125 * s, s};
    e->days_above[s] = 0.5 * s;
  }
  e->health_nadir[1] = (peak){0.75, 4};
}

static text endpoint_table(void)
{
  text out = {0};
  cr_assert(csv_endpoints(&problem, &regimen, &out));
  cr_assert_not(out.failed);
  return out;
}

Test(csv, endpoints_of_sites_and_tissues_carry_their_names)
{
  static const char *const rows[] = {"0,crs_drive_rise,2,8.25,17.5,pg/mL",
                                     "0,ifn_gamma_peak,course,1.5,300,pg/mL",
                                     "0,activated_peak.blood,course,0,0,fraction",
                                     "0,activated_peak.tumor,course,2,0.25,fraction",
                                     "0,activated_peak.skin,course,4,0.5,fraction",
                                     "0,days_activated_above.lymphoid,course,NA,0.5,days",
                                     "0,days_activated_above.gut,course,NA,1.5,days",
                                     "0,health_nadir.skin,course,4,0.75,fraction"};
  set_up("synapse", TISSUES);
  text out = endpoint_table();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    cr_expect(strstr(out.bytes, rows[i]) != NULL, "%s is missing in\n%s", rows[i], out.bytes);
  }
  text_free(&out);
}

Test(csv, endpoints_that_a_model_lacks_have_no_rows)
{
  static const char *const words[] = {"drive", "ifn", "activated_peak.", "days_activated",
                                      "health"};
  set_up("hosseini2020", 0);
  text out = endpoint_table();
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    cr_expect(strstr(out.bytes, words[i]) == NULL, "%s in\n%s", words[i], out.bytes);
  }
  text_free(&out);
}

static int count_of(const char *bytes, const char *word)
{
  int count = 0;
  for (const char *at = strstr(bytes, word); at != NULL; at = strstr(at + 1, word)) {
    count++;
  }
  return count;
}

Test(csv, trajectories_have_the_outputs_of_the_model_and_the_tissues_of_the_problem)
{
  static const struct {
    const char *model;
    int tissues, rows; /* a day */
  } cases[] = {{"hosseini2020", 0, OUTPUT_COUNT},
               {"synapse", 0, OUTPUT_ACTIVATED_TISSUE1},
               {"synapse", TISSUES, OUTPUT_ACTIVATED_TISSUE1 + 2 * TISSUES}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    text out = {0};
    set_up(cases[i].model, cases[i].tissues);
    csv_trajectories(&problem, &regimen, &out);
    cr_assert_not(out.failed);
    cr_expect(count_of(out.bytes, ",reference,") == DAYS * cases[i].rows, "%s with %d tissues: %s",
              cases[i].model, cases[i].tissues, out.bytes);
    cr_expect(count_of(out.bytes, ",health_") == DAYS * cases[i].tissues);
    text_free(&out);
  }
}

Test(csv, a_tissue_keeps_its_column_of_the_samples)
{
  char row[128];
  text out = {0};
  set_up("synapse", TISSUES);
  csv_trajectories(&problem, &regimen, &out);
  snprintf(row, sizeof row, "0.5,health_skin,fraction,reference,%d\n",
           problem.model->n_outputs + OUTPUT_HEALTH_TISSUE1 + 1);
  cr_expect(strstr(out.bytes, row) != NULL, "%s is missing in %s", row, out.bytes);
  text_free(&out);
}
