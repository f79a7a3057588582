/* Values that limits compare, and their margins. */
#include "base/random.h"
#include "objectives/objective.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

/* IL-6 peaks of 1/2/60/60/60/60 mg by dose window [pg/mL], rounded as published; activated
 * fractions are made up and differ from them in every window. */
static endpoints label_like_run(void)
{
  static const double il6[] = {1028, 7, 41, 81, 4, 2};
  endpoints e = {.n_windows = 6,
                 .n_intervals = 2,
                 .total_mg = 243.0,
                 .n_doses = 6,
                 .n_visits = 5,
                 .hospital_days = 6.5};
  for (int w = 0; w < 6; w++) {
    e.il6[w] = (peak){il6[w], 7.0 * w + 0.5};
    e.activated_cd8[w] = (peak){0.1 + 0.01 * w, 7.0 * w + 1.5};
  }
  e.il6_course = (peak){1028, 0.5};
  e.activated_cd8_course = (peak){0.15, 36.5};
  e.il6_interval[1] = (peak){41, 14.5};
  e.activated_cd8_interval[1] = (peak){0.12, 15.5};
  return e;
}

Test(limits, windows_select_their_peaks)
{
  static const struct {
    window_kind window;
    int n, first_window;
    double first, last;
  } cases[] = {
      {WINDOW_COURSE, 1, 0, 1028, 1028}, {WINDOW_FIRST_DOSE, 1, 1, 1028, 1028},
      {WINDOW_LATER_DOSES, 5, 2, 7, 2},  {WINDOW_EACH_DOSE, 6, 1, 1028, 2},
      {WINDOW_DAYS, 1, 0, 41, 41},
  };
  endpoints e = label_like_run();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    limit l = {.kind = LIMIT_IL6_PEAK, .bound = 50, .window = cases[i].window, .interval = 1};
    limit_value values[OBJECTIVE_VALUES_MAX];
    const char *name = problem_window_names[cases[i].window];
    int n = objective_limit_values(&l, &e, values);
    cr_assert(n == cases[i].n, "%s: %d values", name, n);
    cr_expect(values[0].value == cases[i].first && values[n - 1].value == cases[i].last, "%s",
              name);
    for (int k = 0; k < n; k++) {
      int window = cases[i].first_window == 0 ? 0 : cases[i].first_window + k;
      cr_expect(values[k].window == window, "%s value %d: window %d", name, k, values[k].window);
      cr_expect(window == 0 || values[k].day == 7.0 * (window - 1) + 0.5, "%s value %d", name, k);
    }
  }
}

Test(limits, immune_activation_reads_its_own_peaks)
{
  endpoints e = label_like_run();
  limit l = {.kind = LIMIT_ACTIVATED_CD8, .bound = 0.3, .window = WINDOW_DAYS, .interval = 1};
  limit_value values[OBJECTIVE_VALUES_MAX];
  cr_assert(objective_limit_values(&l, &e, values) == 1);
  cr_expect(values[0].value == 0.12 && values[0].day == 15.5);
  l.window = WINDOW_COURSE;
  cr_assert(objective_limit_values(&l, &e, values) == 1);
  cr_expect(values[0].value == 0.15);
}

Test(limits, a_course_without_a_later_dose_has_no_later_window)
{
  endpoints e = label_like_run();
  limit l = {.kind = LIMIT_IL6_PEAK, .bound = 50, .window = WINDOW_LATER_DOSES};
  limit_value values[OBJECTIVE_VALUES_MAX];
  e.n_windows = 1;
  cr_expect(objective_limit_values(&l, &e, values) == 0);
  l.window = WINDOW_EACH_DOSE;
  cr_expect(objective_limit_values(&l, &e, values) == 1);
  e.n_windows = 0;
  cr_expect(objective_limit_values(&l, &e, values) == 0);
  l.window = WINDOW_FIRST_DOSE;
  cr_expect(objective_limit_values(&l, &e, values) == 0);
}

Test(limits, every_window_of_the_longest_schedule_fits)
{
  static endpoints e;
  limit l = {.kind = LIMIT_IL6_PEAK, .bound = 50, .window = WINDOW_EACH_DOSE};
  limit_value values[OBJECTIVE_VALUES_MAX];
  e.n_windows = SCHEDULE_WINDOWS_MAX;
  cr_expect(objective_limit_values(&l, &e, values) == SCHEDULE_WINDOWS_MAX);
}

Test(limits, burden_is_one_value_without_a_day)
{
  static const struct {
    limit_kind kind;
    double value;
  } cases[] = {
      {LIMIT_TOTAL_MG, 243}, {LIMIT_VISITS, 5}, {LIMIT_DOSES, 6}, {LIMIT_HOSPITAL_DAYS, 6.5}};
  endpoints e = label_like_run();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    limit l = {.kind = cases[i].kind, .bound = 100};
    limit_value values[OBJECTIVE_VALUES_MAX];
    cr_assert(objective_limit_values(&l, &e, values) == 1);
    cr_expect(values[0].value == cases[i].value, "kind %d: %g", (int)cases[i].kind,
              values[0].value);
    cr_expect(values[0].window == 0 && isnan(values[0].day));
  }
}

Test(limits, margins_have_the_scale_of_their_kind)
{
  static const struct {
    limit_kind kind;
    double bound, value, margin;
  } cases[] = {
      {LIMIT_IL6_PEAK, 1100, 1100, 0.0},    {LIMIT_IL6_PEAK, 50, 500, 1.0},
      {LIMIT_IL6_PEAK, 50, 5, -1.0},        {LIMIT_IL6_PEAK, 50, 0, -12.0},
      {LIMIT_ACTIVATED_CD8, 0.3, 0.03, -1}, {LIMIT_TOTAL_MG, 100, 150, 0.5},
      {LIMIT_TOTAL_MG, 100, 25, -0.75},     {LIMIT_TOTAL_MG, 0.3, 0.1 + 0.2, 0.0},
      {LIMIT_VISITS, 4, 5, 0.25},           {LIMIT_DOSES, 8, 6, -0.25},
      {LIMIT_HOSPITAL_DAYS, 6, 6, 0},       {LIMIT_HOSPITAL_DAYS, 6, 7.5, 0.25},
      {LIMIT_CRS_DRIVE, 50, 500, 1.0},      {LIMIT_DAMAGE, 0.25, 0.025, -1.0},
      {LIMIT_DAMAGE, 0.25, 0, -12.0},       {LIMIT_ACTIVATED_SITE, 0.3, 0.3, 0.0},
      {LIMIT_DAYS_ABOVE, 4, 0, -1.0},       {LIMIT_DAYS_ABOVE, 4, 6, 0.5},
      {LIMIT_CRS_PROBABILITY, 0.1, 0.1, 0}, {LIMIT_CRS_PROBABILITY, 0.1, 0.5, 0.9542425094393249},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    limit l = {.kind = cases[i].kind, .bound = cases[i].bound};
    double margin = objective_margin(&l, cases[i].value);
    cr_expect(fabs(margin - cases[i].margin) < 1e-14, "case %d: %.17g", (int)i, margin);
  }
}

Test(limits, a_total_that_equals_its_bound_in_decimals_holds)
{
  for (int n = 1; n <= 60; n++) {
    double total = 0.0;
    for (int i = 0; i < n; i++) {
      total += 0.1;
    }
    limit l = {.kind = LIMIT_TOTAL_MG, .bound = n / 10.0};
    cr_expect(objective_margin(&l, total) == 0.0, "%d doses of 0.1 mg: %g", n,
              objective_margin(&l, total));
  }
}

Test(limits, a_margin_is_positive_exactly_beyond_the_bound)
{
  const uint64_t seed = 41;
  random_stream random = random_open(seed, 0);
  for (int trial = 0; trial < 10000; trial++) {
    limit l = {.kind = (limit_kind)(trial % LIMIT_KIND_COUNT)};
    bool share = l.kind == LIMIT_CRS_PROBABILITY; /* below 1 */
    l.bound = pow(10.0, share ? -2.0 * random_uniform(&random) - 1.01
                              : 6.0 * random_uniform(&random) - 3.0);
    double value = l.bound * pow(10.0, 2.0 * random_uniform(&random) - 1.0);
    double margin = objective_margin(&l, value);
    double opposite = objective_margin(&l, value * 1.01);
    cr_expect((margin > 0.0) == (value > l.bound), "seed %d trial %d", (int)seed, trial);
    cr_expect(opposite > margin, "seed %d trial %d: not increasing", (int)seed, trial);
    cr_expect(objective_margin(&l, l.bound) == 0.0, "seed %d trial %d", (int)seed, trial);
  }
}

Test(limits, a_value_that_is_no_number_gives_no_margin)
{
  for (int kind = 0; kind < LIMIT_KIND_COUNT; kind++) {
    limit l = {.kind = (limit_kind)kind, .bound = 10.0};
    cr_expect(isnan(objective_margin(&l, (double)NAN)), "kind %d", kind);
  }
}

/* Of every kind, at values from far below the bound to far above it. */
Test(limits, the_value_at_a_margin_is_its_inverse)
{
  random_stream stream = random_open(11, 0);
  double worst = 0;
  for (int kind = 0; kind < LIMIT_KIND_COUNT; kind++) {
    const bool probability = kind == LIMIT_CRS_PROBABILITY;
    for (int i = 0; i < 200; i++) {
      const double bound = probability ? 0.01 + 0.9 * random_uniform(&stream)
                                       : pow(10, 4 * random_uniform(&stream) - 2);
      const double value = probability ? 1e-6 + 0.99 * random_uniform(&stream)
                                       : bound * pow(10, 6 * random_uniform(&stream) - 3);
      const limit l = {.kind = (limit_kind)kind, .bound = bound, .grade = 2};
      const double found = objective_value_at(&l, objective_margin(&l, value));
      const double off = fabs(found - value) / fmax(value, 1e-3 * bound);
      worst = fmax(worst, off);
      cr_expect_lt(off, 1e-9, "%s: %.17g, not %.17g", problem_limit_kinds[kind].key, found, value);
    }
  }
  printf("largest relative difference %.2g\n", worst);
}
