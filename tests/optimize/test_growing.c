/* Early decisions are those of the whole cohort. */
#include "optimize/growing.h"
#include "simulate/patients.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENTS = 160, REGIMENS = 30 };

static const double limits[2] = {1100, 60}; /* pg/mL: first dose, later doses */

static bool breaks(void *context, int limit, const endpoints *e)
{
  (void)context;
  double largest = limit == 0 ? e->il6[0].value : 0;
  for (int w = 1; limit == 1 && w < e->n_windows; w++) {
    largest = fmax(largest, e->il6[w].value);
  }
  return largest > limits[limit];
}

static double goal(void *context, const endpoints *e)
{
  (void)context;
  return e->log10_kill_average;
}

/* The tumour is floored at one cell: no kill exceeds log10 of the tumour at the start. */
static double best_goal(void *context, int p)
{
  const model *m = model_find("hosseini2020");
  double state[64];
  m->initial_state(cohort_parameters(context, p), state);
  double largest = 1;
  for (int i = 0; i < m->n_states; i++) {
    largest = strcmp(m->states[i].name, "tumor") == 0 ? state[i] : largest;
  }
  return log10(largest);
}

static double worst_goal(void *context, int p)
{
  (void)context;
  (void)p;
  return -10;
}

Test(growing, every_early_verdict_is_that_of_the_whole_cohort)
{
  const model *m = model_find("hosseini2020");
  const uint64_t seed = 5;
  random_stream s = random_open(seed, 1);
  double *parameters = calloc((size_t)PATIENTS * (size_t)m->n_parameters, sizeof *parameters);
  static endpoints early[PATIENTS], all[PATIENTS];
  bool failed[PATIENTS];
  stepdose_error error;
  patients_fill(m, seed, PATIENTS, parameters);
  cohort *c = cohort_open(m, PATIENTS, parameters, &error);
  cohort_engine *e = cohort_engine_open(m, 2, 0, &error);
  const endpoint_request request = {.horizon_days = 84, .last_days = 21};
  simulate_settings settings = simulate_settings_default();
  settings.relative_tolerance = 1e-4;
  const cohort_call call = {&request, &settings, NULL};
  growing_rule rule = {.context = c,
                       .n_limits = 2,
                       .breaks = breaks,
                       .allowed = {60, 125},
                       .goal = goal,
                       .best_goal = best_goal,
                       .worst_goal = worst_goal,
                       .incumbent = -INFINITY};
  int verdicts[3] = {0}, saved = 0;
  for (int k = 0; k < REGIMENS; k++) {
    const double day[] = {0, 7, 14, 21, 42, 63};
    schedule doses = {.n_doses = 6};
    for (int i = 0; i < 6; i++) {
      doses.doses[i] =
          (dose){day[i], exp(log(0.05) + random_uniform(&s) * log(600)), 4.0 / 24, ROUTE_IV};
    }
    growing_outcome o;
    cohort_report report;
    memset(early, 0, sizeof early);
    cr_assert(growing_run(e, c, &doses, &call, &rule, early, failed, &o, &error), "%s",
              error.message);
    cr_assert(cohort_run(e, c, 0, PATIENTS, 1, &doses, &call, all, failed, &report, &error));
    int breaking[2] = {0};
    double sum = 0;
    for (int p = 0; p < PATIENTS; p++) {
      sum += goal(NULL, &all[p]);
      for (int l = 0; l < 2; l++) {
        breaking[l] += breaks(NULL, l, &all[p]);
      }
      cr_expect(p >= o.simulated || early[p].log10_kill_average == all[p].log10_kill_average);
    }
    const bool over = breaking[0] > rule.allowed[0] || breaking[1] > rule.allowed[1];
    const bool wins = sum / PATIENTS > rule.incumbent;
    cr_expect_eq(o.verdict == GROWING_COMPLETE, !over && wins,
                 "seed 5 regimen %d: %d and %d break, mean %g", k, breaking[0], breaking[1],
                 sum / PATIENTS);
    cr_expect(o.verdict != GROWING_OVER_LIMIT || over);
    cr_expect(o.verdict != GROWING_NO_BETTER || !wins);
    verdicts[o.verdict]++;
    saved += PATIENTS - o.simulated;
    if (o.verdict == GROWING_COMPLETE) {
      cr_expect_eq(o.mean_goal, sum / PATIENTS);
      rule.incumbent = o.mean_goal;
    }
  }
  cr_log_info("seed 5: complete %d, over a limit %d, no better %d; %d of %d simulations saved\n",
              verdicts[0], verdicts[1], verdicts[2], saved, PATIENTS * REGIMENS);
  cr_expect(verdicts[0] > 0 && verdicts[1] > 0 && verdicts[2] > 0,
            "all three verdicts must occur: %d %d %d", verdicts[0], verdicts[1], verdicts[2]);
  cr_expect_gt(saved, 0);
  cohort_engine_close(e);
  cohort_close(c);
  free(parameters);
}

Test(growing, a_failed_patient_breaks_every_limit)
{
  const model *m = model_find("hosseini2020");
  double *parameters = calloc(4 * (size_t)m->n_parameters, sizeof *parameters);
  static endpoints result[4];
  bool failed[4];
  stepdose_error error;
  patients_fill(m, 1, 4, parameters);
  parameters[2 * m->n_parameters + model_parameter_index(m, "kBtumorprolif")] = 24;
  cohort *c = cohort_open(m, 4, parameters, &error);
  cohort_engine *e = cohort_engine_open(m, 1, 0, &error);
  const endpoint_request request = {.horizon_days = 84, .last_days = 21};
  const simulate_settings settings = simulate_settings_default();
  const cohort_call call = {&request, &settings, NULL};
  const growing_rule rule = {.context = c,
                             .n_limits = 2,
                             .breaks = breaks,
                             .allowed = {0, 4},
                             .goal = goal,
                             .best_goal = best_goal,
                             .worst_goal = worst_goal,
                             .incumbent = -INFINITY};
  const schedule doses = {1, {{0, 0.05, 4.0 / 24, ROUTE_IV}}};
  growing_outcome o;
  cr_assert(growing_run(e, c, &doses, &call, &rule, result, failed, &o, &error));
  cr_expect_eq(o.verdict, GROWING_OVER_LIMIT);
  cr_expect_eq(o.limit, 0);
  cr_expect_eq(o.failures, 1);
  cr_expect(failed[2] && !failed[0]);
  cohort_engine_close(e);
  cohort_close(c);
  free(parameters);
}
