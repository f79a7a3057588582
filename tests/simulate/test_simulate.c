/* Properties of a simulated patient. */
#include "base/allocate.h"
#include "base/random.h"
#include "simulate/bench.h"
#include "simulate/rosenbrock.h"

#include <math.h>

static const double FOUR_HOURS = 4.0 / 24;

static schedule label(void)
{
  return (schedule){6,
                    {{0, 1, FOUR_HOURS, ROUTE_IV},
                     {7, 2, FOUR_HOURS, ROUTE_IV},
                     {14, 60, FOUR_HOURS, ROUTE_IV},
                     {21, 60, FOUR_HOURS, ROUTE_IV},
                     {42, 30, FOUR_HOURS, ROUTE_IV},
                     {63, 30, FOUR_HOURS, ROUTE_IV}}};
}

/* Amount in blood of a linear two-compartment model during and after one infusion. */
static double two_compartments(double rate, double duration, double k10, double k12, double k21,
                               double t)
{
  const double sum = k10 + k12 + k21, root = sqrt(sum * sum - 4 * k10 * k21);
  const double a = (sum + root) / 2, b = (sum - root) / 2;
  const double at = fmin(t, duration), after = t - at;
  const double part_a = (a - k21) / (a * (a - b)) * (1 - exp(-a * at)) * exp(-a * after);
  const double part_b = (k21 - b) / (b * (a - b)) * (1 - exp(-b * at)) * exp(-b * after);
  return rate * (part_a + part_b);
}

Test(simulate, drug_follows_the_closed_form_of_two_compartments)
{
  bench b;
  open_bench(&b, "hosseini2020");
  const double days[] = {0.05, FOUR_HOURS, 0.5, 2, 6.9, 7.1, 13, 30, 84};
  double value[9 * OUTPUT_COUNT];
  trajectory t = {9, days, value};
  const schedule s = {2, {{0, 1, FOUR_HOURS, ROUTE_IV}, {7, 20, FOUR_HOURS, ROUTE_IV}}};
  const double tolerances[] = {SIMULATE_TOLERANCE, 1e-9}, allowed[] = {1e-4, 1e-8};
  for (int k = 0; k < 2; k++) {
    b.settings.relative_tolerance = tolerances[k];
    run(&b, &s, &t);
    for (int i = 0; i < 9; i++) {
      double amount = 0; /* ug/kg, by superposition */
      for (int d = 0; d < 2; d++) {
        const double since = days[i] - s.doses[d].day, dosed = 1000 * s.doses[d].amount / 70;
        amount += since > 0 ? two_compartments(dosed / FOUR_HOURS, FOUR_HOURS, 5.4 / 36.78,
                                               24.17 / 36.78, 24.17 / 173.47, since)
                            : 0;
      }
      const double c = amount / 36.78;
      cr_expect(fabs(value[i * OUTPUT_COUNT + OUTPUT_DRUG] / c - 1) < allowed[k],
                "tolerance %g, day %g: %.10g, closed form %.10g", tolerances[k], days[i],
                value[i * OUTPUT_COUNT + OUTPUT_DRUG], c);
    }
  }
  close_bench(&b);
}

Test(simulate, halving_every_dose_halves_linear_exposure)
{
  bench b;
  open_bench(&b, "hosseini2020");
  b.settings.relative_tolerance = 1e-8;
  const double days[] = {1, 10, 20, 50};
  double whole[4 * OUTPUT_COUNT], half[4 * OUTPUT_COUNT];
  trajectory t1 = {4, days, whole}, t2 = {4, days, half};
  schedule s = label();
  run(&b, &s, &t1);
  for (int i = 0; i < s.n_doses; i++) {
    s.doses[i].amount /= 2;
  }
  run(&b, &s, &t2);
  for (int i = 0; i < 4; i++) {
    const double ratio = whole[i * OUTPUT_COUNT] / half[i * OUTPUT_COUNT];
    cr_expect(fabs(ratio - 2) < 1e-6, "day %g: ratio %.9g", days[i], ratio);
  }
  close_bench(&b);
}

Test(simulate, a_continuous_infusion_reaches_rate_over_clearance)
{
  bench b;
  open_bench(&b, "hosseini2020");
  b.request.horizon_days = 14;
  b.request.last_days = 7;
  const double days[] = {6.9, 13.9};
  double value[2 * OUTPUT_COUNT];
  trajectory t = {2, days, value};
  const schedule s = {2, {{0, 5, 7, ROUTE_CIV}, {7, 60, 7, ROUTE_CIV}}};
  const endpoints e = run(&b, &s, &t);
  for (int i = 0; i < 2; i++) {
    const double expected = s.doses[i].amount / 22300; /* ug/mL: rate / (mL/m2/day) */
    cr_expect(fabs(value[i * OUTPUT_COUNT + OUTPUT_DRUG] / expected - 1) < 1e-4, "day %g", days[i]);
  }
  cr_expect_eq(e.n_windows, 2);
  cr_expect_eq(e.total_mg, 0.0);
  close_bench(&b);
}

Test(simulate, changing_the_rate_of_an_infusion_to_itself_changes_nothing)
{
  bench b;
  open_bench(&b, "hosseini2020");
  b.request.horizon_days = 14;
  b.request.last_days = 7;
  b.settings.relative_tolerance = 1e-9;
  const schedule whole = {1, {{0, 15, 14, ROUTE_CIV}}};
  const schedule split = {2, {{0, 15, 6, ROUTE_CIV}, {6, 15, 8, ROUTE_CIV}}};
  const endpoints a = run(&b, &whole, NULL), c = run(&b, &split, NULL);
  cr_expect(fabs(a.tumor_final / c.tumor_final - 1) < 1e-6);
  cr_expect(fabs(a.il6_course.value / c.il6_course.value - 1) < 1e-6);
  close_bench(&b);
}

Test(simulate, without_drug_every_pool_stays_and_the_tumour_grows_exponentially)
{
  bench b;
  open_bench(&b, "hosseini2020");
  const double days[] = {1, 10, 84};
  double value[3 * OUTPUT_COUNT];
  trajectory t = {3, days, value};
  const schedule none = {0, {{0}}};
  const endpoints e = run(&b, &none, &t);
  for (int i = 0; i < 3; i++) {
    const double *v = value + i * OUTPUT_COUNT;
    cr_expect(fabs(v[OUTPUT_BLOOD_B] / 5e5 - 1) < 1e-12, "day %g: B %.15g", days[i],
              v[OUTPUT_BLOOD_B]);
    cr_expect(fabs(v[OUTPUT_BLOOD_T] / 5e5 - 1) < 1e-12, "day %g: T %.15g", days[i],
              v[OUTPUT_BLOOD_T]);
    cr_expect_eq(v[OUTPUT_DRUG], 0.0);
    cr_expect_eq(v[OUTPUT_IL6], 0.0);
    cr_expect_eq(v[OUTPUT_ACTIVATED_CD8], 0.0);
    cr_expect(fabs(v[OUTPUT_TUMOR] / (1.612e11 * exp(0.025 * days[i])) - 1) < 1e-4, "day %g",
              days[i]);
  }
  /* kill = -0.025 t / ln 10: its time average and smallest value in closed form */
  cr_expect(fabs(e.log10_kill_average + 0.025 * 42 / log(10)) < 1e-5, "%g", e.log10_kill_average);
  cr_expect(fabs(e.log10_kill_smallest_last + 0.025 * 84 / log(10)) < 1e-5);
  cr_expect_eq(e.n_windows, 0);
  close_bench(&b);
}

Test(simulate, collapse_of_the_tumour_is_resolved_on_random_regimens)
{
  /* landscape: the tumour falls three decades in three days; a loose integrator steps over it */
  bench b;
  open_bench(&b, "hosseini2020");
  const uint64_t seed = 31;
  random_stream s = random_open(seed, 0);
  double worst = 0, worst_average = 0;
  schedule worst_doses = {0, {{0}}};
  for (int k = 0; k < 500; k++) {
    schedule doses = label();
    for (int i = 0; i < doses.n_doses; i++) {
      doses.doses[i].amount = exp(log(0.05) + random_uniform(&s) * log(1200));
    }
    b.settings.relative_tolerance = SIMULATE_TOLERANCE;
    const endpoints everyday = run(&b, &doses, NULL);
    b.settings.relative_tolerance = SIMULATE_TOLERANCE / 100;
    const endpoints tight = run(&b, &doses, NULL);
    const double error = fabs(everyday.tumor_final / tight.tumor_final - 1);
    worst_average =
        fmax(worst_average, fabs(everyday.log10_kill_average - tight.log10_kill_average));
    if (error > worst) {
      worst = error, worst_doses = doses;
    }
  }
  cr_log_info("seed 31: worst day-84 tumour %.1e, worst average kill %.1e\n", worst, worst_average);
  cr_expect_lt(worst, 0.01, "seed 31: %.2e, doses %g %g %g %g %g %g", worst,
               worst_doses.doses[0].amount, worst_doses.doses[1].amount,
               worst_doses.doses[2].amount, worst_doses.doses[3].amount,
               worst_doses.doses[4].amount, worst_doses.doses[5].amount);
  cr_expect_lt(worst_average, 1e-3);
  close_bench(&b);
}

Test(simulate, peaks_are_found_between_steps)
{
  bench b;
  open_bench(&b, "hosseini2020");
  b.request.horizon_days = 30;
  static double days[30001], value[30001 * OUTPUT_COUNT];
  for (int i = 0; i <= 30000; i++) {
    days[i] = i * 1e-3;
  }
  trajectory t = {30001, days, value};
  const schedule s = label();
  const endpoints e = run(&b, &s, &t);
  for (int w = 0; w < 4; w++) {
    const double end = w < 3 ? s.doses[w + 1].day : 30;
    double il6 = 0, cd8 = 0;
    for (int i = 0; i <= 30000; i++) {
      if (days[i] >= s.doses[w].day && days[i] <= end) {
        il6 = fmax(il6, value[i * OUTPUT_COUNT + OUTPUT_IL6]);
        cd8 = fmax(cd8, value[i * OUTPUT_COUNT + OUTPUT_ACTIVATED_CD8]);
      }
    }
    cr_expect(e.il6[w].value >= il6 * (1 - 1e-9) && e.il6[w].value <= il6 * (1 + 2e-4),
              "window %d: peak %g, on a fine grid %g", w + 1, e.il6[w].value, il6);
    cr_expect(e.activated_cd8[w].value >= cd8 * (1 - 1e-9) &&
                  e.activated_cd8[w].value <= cd8 * (1 + 1e-4),
              "window %d: activated %g, on a fine grid %g", w + 1, e.activated_cd8[w].value, cd8);
    cr_expect(e.il6[w].day >= s.doses[w].day && e.il6[w].day <= end);
  }
  close_bench(&b);
}

Test(simulate, intervals_and_days_cut_the_course_as_asked)
{
  bench b;
  open_bench(&b, "hosseini2020");
  b.settings.relative_tolerance = 1e-8;
  const schedule s = label();
  const endpoints plain = run(&b, &s, NULL);
  b.request.n_intervals = 2;
  b.request.interval[0].from_day = 0, b.request.interval[0].to_day = 7;
  b.request.interval[1].from_day = 14, b.request.interval[1].to_day = 42;
  b.request.n_days = 2;
  b.request.day[0] = 30, b.request.day[1] = 84;
  const double days[] = {30};
  double value[OUTPUT_COUNT];
  trajectory t = {1, days, value};
  const endpoints e = run(&b, &s, &t);
  cr_expect(fabs(e.il6_interval[0].value / plain.il6[0].value - 1) < 1e-6);
  cr_expect(fabs(e.il6_interval[1].value / fmax(plain.il6[2].value, plain.il6[3].value) - 1) <
            1e-6);
  cr_expect(fabs(e.tumor_at[0] / value[OUTPUT_TUMOR] - 1) < 1e-6);
  cr_expect_eq(e.tumor_at[1], e.tumor_final);
  close_bench(&b);
}

Test(simulate, a_dose_split_within_a_day_cannot_hide_its_peak)
{
  bench b;
  open_bench(&b, "hosseini2020");
  b.settings.relative_tolerance = 1e-8;
  const schedule whole = {2, {{0, 60, FOUR_HOURS, ROUTE_IV}, {7, 20, FOUR_HOURS, ROUTE_IV}}};
  const double second[] = {0, 1e-17, 0.01, 0.3, 0.9};
  const endpoints e = run(&b, &whole, NULL);
  for (int i = 0; i < 5; i++) {
    const schedule split = {3,
                            {{0, 30, FOUR_HOURS, ROUTE_IV},
                             {second[i], 30, FOUR_HOURS, ROUTE_IV},
                             {7, 20, FOUR_HOURS, ROUTE_IV}}};
    const endpoints s = run(&b, &split, NULL);
    cr_expect_eq(s.n_windows, 3);
    cr_expect(s.il6[0].value == s.il6[1].value && s.il6[0].day == s.il6[1].day, "day %g",
              second[i]);
    cr_expect_eq(s.il6[0].value, s.il6_course.value, "day %g: the first window has the peak",
                 second[i]);
    cr_expect(s.activated_cd8[0].value == s.activated_cd8[1].value, "day %g", second[i]);
    cr_expect_lt(s.il6[2].value, s.il6[0].value, "day %g: the next dose has its own window",
                 second[i]);
    /* the same 60 mg in one piece give the same peak, except for the second margination of T cells
     */
    cr_expect(i > 1 || fabs(s.il6[0].value / e.il6[0].value - 1) < 0.2, "%g, in one piece %g",
              s.il6[0].value, e.il6[0].value);
  }
  const schedule apart = {2, {{0, 30, FOUR_HOURS, ROUTE_IV}, {1, 30, FOUR_HOURS, ROUTE_IV}}};
  const endpoints a = run(&b, &apart, NULL);
  cr_expect(a.il6[0].value != a.il6[1].value, "a day apart they are two doses");
  close_bench(&b);
}

Test(simulate, a_failed_integration_names_day_and_state)
{
  bench b;
  open_bench(&b, "hosseini2020");
  const schedule s = label();
  endpoints e;
  set(&b, "kBtumorprolif", 24); /* e^(24*84) overflows */
  cr_expect_not(
      simulate_patient(b.w, b.parameters, &s, &b.request, &b.settings, &e, NULL, &b.error));
  cr_expect_eq(b.error.code, STEPDOSE_SIMULATION_FAILED);
  cr_expect(strstr(b.error.message, "tumor") && strstr(b.error.message, "day"), "%s",
            b.error.message);
  set(&b, "kBtumorprolif", 0.025);
  b.settings.steps_max = 50;
  cr_expect_not(
      simulate_patient(b.w, b.parameters, &s, &b.request, &b.settings, &e, NULL, &b.error));
  cr_expect(strstr(b.error.message, "too many steps"), "%s", b.error.message);
  b.settings = simulate_settings_default();
  cr_expect(simulate_patient(b.w, b.parameters, &s, &b.request, &b.settings, &e, NULL, &b.error),
            "the workspace is usable after a failure: %s", b.error.message);
  set(&b, "Vpb", NAN);
  cr_expect_not(
      simulate_patient(b.w, b.parameters, &s, &b.request, &b.settings, &e, NULL, &b.error));
  close_bench(&b);
}

Test(simulate, same_input_gives_same_bits_and_allocates_nothing)
{
  bench b;
  open_bench(&b, "hosseini2020");
  const schedule s = label();
  const endpoints first = run(&b, &s, NULL);
  const long before = allocate_count();
  const endpoints second = run(&b, &s, NULL);
  cr_expect_eq(allocate_count(), before);
  cr_expect_eq(memcmp(&first, &second, sizeof first), 0);
  close_bench(&b);
}

Test(simulate, both_methods_agree_when_tight)
{
  bench b;
  open_bench(&b, "hosseini2020");
  const schedule s = label();
  b.settings.relative_tolerance = 1e-9;
  b.settings.method = &rosenbrock_rodas4;
  const endpoints a = run(&b, &s, NULL);
  b.settings.method = &rosenbrock_rodas5p;
  const endpoints c = run(&b, &s, NULL);
  cr_expect(fabs(a.tumor_final / c.tumor_final - 1) < 1e-6);
  for (int w = 0; w < 6; w++) {
    cr_expect(fabs(a.il6[w].value / c.il6[w].value - 1) < 1e-7, "window %d", w + 1);
  }
  close_bench(&b);
}

Test(simulate, no_memory_is_an_error_value)
{
  stepdose_error error;
  for (int n = 0; n < 2; n++) {
    allocate_fail_after(n, 1);
    simulate_workspace *w = simulate_workspace_open(model_find("hosseini2020"), &error);
    allocate_fail_after(-1, 0);
    cr_expect_null(w);
    cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
  }
}
