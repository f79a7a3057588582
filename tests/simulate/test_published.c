/* The published model's converged trajectories (tests/data: fixed-step RK4, 3.6 s steps) at the
 * default tolerance. */
#include "simulate/simulate.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 841, COLUMNS = 5 };

typedef struct published {
  const char *file;
  int n_doses;
  double day[8], mg[8];
  /* peak IL-6 of the dose windows as printed by the program that made the files; 0: not printed */
  double peak[8];
} published;

static const published regimens[] = {
    {"flat_2p8mg_q3w", 4, {0, 21, 42, 63}, {2.8, 2.8, 2.8, 2.8}, {1489, 9.6, 14.5, 0}},
    {"flat_20mg_q3w", 4, {0, 21, 42, 63}, {20, 20, 20, 20}, {2186, 45, 1.5, 0}},
    {"flat_60_60_30mg", 4, {0, 21, 42, 63}, {60, 60, 30, 30}, {2456, 17, 0, 0}},
    {"step_1_2_60_60_30mg", 6, {0, 7, 14, 21, 42, 63}, {1, 2, 60, 60, 30, 30}, {1029, 7.0, 41, 81}},
    {"step_1p6_10_10_20mg",
     6,
     {0, 7, 14, 21, 42, 63},
     {1.6, 10, 10, 20, 20, 20},
     {1248, 21, 32, 58}},
    {"step_1p6_20mg", 5, {0, 7, 21, 42, 63}, {1.6, 20, 20, 20, 20}, {1248, 0, 0, 0}},
};
enum { REGIMENS = sizeof regimens / sizeof regimens[0] };

static const int column_output[COLUMNS] = {OUTPUT_IL6, OUTPUT_TUMOR, OUTPUT_DRUG, OUTPUT_BLOOD_B,
                                           OUTPUT_BLOOD_T};

static void read_rows(const char *name, double day[ROWS], double value[ROWS][COLUMNS])
{
  char path[512], line[256];
  snprintf(path, sizeof path, "%s/tests/data/hosseini2020/%s.csv", STEPDOSE_SOURCE_DIR, name);
  FILE *f = fopen(path, "r");
  cr_assert_not_null(f, "%s", path);
  int row = 0;
  cr_assert_not_null(fgets(line, sizeof line, f));
  while (row < ROWS && fgets(line, sizeof line, f)) {
    double *v = value[row];
    cr_assert_eq(sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf", &day[row], v, v + 1, v + 2, v + 3, v + 4),
                 6);
    row++;
  }
  fclose(f);
  cr_assert_eq(row, ROWS, "%s", name);
}

static schedule doses_of(const published *p)
{
  schedule s = {.n_doses = p->n_doses};
  for (int i = 0; i < p->n_doses; i++) {
    s.doses[i] = (dose){p->day[i], p->mg[i], 4.0 / 24, ROUTE_IV};
  }
  return s;
}

static void simulate(const schedule *doses, double tolerance, endpoints *e, trajectory *t)
{
  const model *m = model_find("hosseini2020");
  double parameters[256];
  model_parameter_defaults(m, parameters);
  stepdose_error error;
  simulate_workspace *w = simulate_workspace_open(m, &error);
  const endpoint_request request = {.horizon_days = 84, .last_days = 21};
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = tolerance;
  cr_assert(simulate_patient(w, parameters, doses, &request, &settings, e, t, &error), "%s",
            error.message);
  simulate_workspace_close(w);
}

Test(published, every_row_of_six_trajectories_is_met_at_the_default_tolerance)
{
  static double day[ROWS], expected[ROWS][COLUMNS], value[ROWS * OUTPUT_COUNT];
  for (int r = 0; r < REGIMENS; r++) {
    read_rows(regimens[r].file, day, expected);
    const schedule doses = doses_of(&regimens[r]);
    endpoints e;
    trajectory t = {ROWS, day, value};
    simulate(&doses, SIMULATE_TOLERANCE, &e, &t);
    for (int c = 0; c < COLUMNS; c++) {
      double worst = 0, when = 0;
      for (int i = 0; i < ROWS; i++) {
        const double x = expected[i][c], y = value[i * OUTPUT_COUNT + column_output[c]];
        if (column_output[c] == OUTPUT_IL6 && x < 0.1) {
          continue;
        }
        const double error = x != 0 ? fabs(y - x) / fabs(x) : fabs(y);
        if (error > worst) {
          worst = error, when = day[i];
        }
      }
      cr_log_info("%s %s: worst %.1e at day %g\n", regimens[r].file,
                  model_outputs[column_output[c]].name, worst, when);
      cr_expect_lt(worst, 2e-4, "%s %s: %.2e at day %g", regimens[r].file,
                   model_outputs[column_output[c]].name, worst, when);
    }
  }
}

/* The rows hold IL-6 every 0.1 d only; between them a converged run tells the peak. Its own rows
 * must agree with the published ones to their printed digits, so that it may stand in for them. */
Test(published, peaks_of_every_window_are_met_at_the_default_tolerance)
{
  static double day[ROWS], expected[ROWS][COLUMNS], value[ROWS * OUTPUT_COUNT];
  for (int r = 0; r < REGIMENS; r++) {
    const schedule doses = doses_of(&regimens[r]);
    read_rows(regimens[r].file, day, expected);
    endpoints tight, everyday;
    trajectory t = {ROWS, day, value};
    simulate(&doses, 1e-10, &tight, &t);
    for (int i = 1; i < ROWS; i++) {
      cr_assert(fabs(value[i * OUTPUT_COUNT + OUTPUT_IL6] / expected[i][0] - 1) < 2e-7,
                "%s, day %g", regimens[r].file, day[i]);
    }
    simulate(&doses, SIMULATE_TOLERANCE, &everyday, NULL);
    for (int w = 0; w < doses.n_doses; w++) {
      const double error = fabs(everyday.il6[w].value / tight.il6[w].value - 1);
      cr_expect_lt(error, 2e-4, "%s window %d: off by %.2e", regimens[r].file, w + 1, error);
      const double printed = regimens[r].peak[w]; /* rounded to 2-4 digits */
      cr_expect(printed == 0 || fabs(everyday.il6[w].value / printed - 1) < 0.04,
                "%s window %d: %g, printed %g", regimens[r].file, w + 1, everyday.il6[w].value,
                printed);
    }
    /* first peaks are printed with four digits */
    cr_expect(fabs(everyday.il6[0].value - regimens[r].peak[0]) < 3.1, "%s: first peak %g",
              regimens[r].file, everyday.il6[0].value);
  }
}
