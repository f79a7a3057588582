/* Every state of synapse along the way, step by step: amounts and cells never negative beyond the
 * tolerance, shares never above one. */
#include "model/synapse_patients.h"
#include "simulate/dosing.h"
#include "simulate/random_regimen.h"
#include "simulate/rosenbrock.h"

#include <criterion/criterion.h>

typedef struct walk {
  const model *m;
  rosenbrock r;
  double day, step, scale[64], largest[64];
  double worst; /* most negative value, in units of what the tolerance allows a step */
  const char *state;
} walk;

static void look(walk *w)
{
  for (int i = 0; i < w->m->n_states; i++) {
    const double y = w->r.state[i];
    w->largest[i] = fmax(w->largest[i], fabs(y));
    const double allowed = w->r.tolerance * (w->scale[i] + w->largest[i]);
    if (-y / allowed > w->worst) {
      w->worst = -y / allowed, w->state = w->m->states[i].name;
    }
    if (strcmp(w->m->states[i].unit, "1") == 0 && strcmp(w->m->states[i].name, "margination")) {
      cr_assert_lt(y, 1 + 1e-3, "%s = %g", w->m->states[i].name, y);
    }
  }
}

static void walk_to(walk *w, double stop)
{
  const bool yes[KERNEL_LANES_MAX] = {true};
  int steps = 0;
  while (w->day < stop - 1e-12) {
    const double h = fmin(w->step, stop - w->day);
    const lane_numbers step = {{h}};
    step_verdict v;
    rosenbrock_try(&w->r, &step, &v);
    if (v.error.at[0] <= 1) {
      rosenbrock_accept(&w->r, yes);
      w->day += h;
      look(w);
    }
    w->step = h * fmin(5, fmax(0.2, v.factor.at[0]));
    cr_assert_lt(++steps, 5000, "day %g", w->day);
  }
}

static void walk_schedule(walk *w, const double *parameters, const schedule *s, double horizon)
{
  double stops[DOSING_STOPS_OF_DOSES + 1];
  int n = dosing_stops_of_doses(s, stops, 0), next = 0;
  stops[n++] = horizon;
  w->day = dosing_first_day(s);
  n = dosing_tidy_stops(stops, n, w->day, horizon);
  for (int i = 0; i < n; i++) {
    for (; next < s->n_doses && s->doses[next].day <= w->day + DOSING_SAME_DAY; next++) {
      dosing_give(w->m, parameters, s, &s->doses[next], w->r.state);
    }
    dosing_infusions(w->m, parameters, s, 0.5 * (w->day + stops[i]), w->r.input);
    rosenbrock_restart(&w->r);
    w->step = 1e-4;
    walk_to(w, stops[i]);
  }
}

Test(synapse_states, states_stay_non_negative_and_shares_below_one)
{
  const model *m = model_find("synapse");
  static _Alignas(KERNEL_ALIGNMENT) double scratch[16384], derived[2048];
  random_stream s = random_open(77, 0);
  walk w = {.m = m, .worst = 0};
  int worst_patient = 0;
  const char *worst_state = "";
  double worst = 0;
  cr_assert_leq(rosenbrock_scratch_size(m->n_states, m->kernels(1)), 16384);
  for (int i = 0; i < m->n_states; i++) {
    w.scale[i] = m->states[i].scale;
  }
  for (int patient = 0; patient < 200; patient++) {
    double p[SYNAPSE_PARAMETERS_MAX];
    schedule doses;
    stepdose_error error;
    synapse_random_parameters(m, &s, patient % 5, p);
    random_regimen(&s, &doses);
    cr_assert(m->derive(p, derived, &error));
    memset(scratch, 0, sizeof scratch);
    memset(w.largest, 0, sizeof w.largest);
    rosenbrock_open(&w.r, &rosenbrock_rodas4, m->kernels(1), m->n_states, w.scale, scratch);
    w.r.tolerance = SIMULATE_TOLERANCE;
    w.r.derived = derived;
    m->initial_state(p, w.r.state);
    walk_schedule(&w, p, &doses, 28);
    if (w.worst > worst) {
      worst = w.worst, worst_state = w.state, worst_patient = patient;
    }
  }
  cr_log_info("seed 77: most negative %.1f tolerances, %s\n", worst, worst_state);
  cr_expect_lt(worst, 20, "seed 77, patient %d: %s is negative by %g tolerances", worst_patient,
               worst_state, worst);
}
