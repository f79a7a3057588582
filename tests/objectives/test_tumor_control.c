/* Goals against cases computed by hand. */
#include "objectives/objective.h"

#include <criterion/criterion.h>
#include <math.h>

static double goal_value(measure m, double day, const endpoints *e)
{
  goal g = {.measure = m, .day = day, .last_days = 21.0};
  return objective_goal(&g, e, 84.0);
}

/* Tumour cells at the start and on day 42 -> what each measure of day 42 must give. */
static const struct {
  const char *name;
  double start, cells;
  double kill, fall_percent, response;
} cases[] = {
    {"thousandfold less", 1e9, 1e6, 3.0, 99.9, 1.0},
    {"half is a response", 8e8, 4e8, 0.30102999566398119521, 50.0, 1.0}, /* log10(2) */
    {"a little more than half is none", 8e8, 4.4e8, 0.25963731050575614437, 45.0, 0.0},
    {"unchanged", 1e9, 1e9, 0.0, 0.0, 0.0},
    {"tenfold growth", 1e8, 1e9, -1.0, -900.0, 0.0},
    {"less than one cell counts as one", 1e9, 0.01, 9.0, 100.0 * (1.0 - 1e-11), 1.0},
    {"none left", 1e9, 0.0, 9.0, 100.0, 1.0},
};

Test(tumor_control, measures_at_a_day_are_as_computed_by_hand)
{
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    endpoints e = {.tumor_initial = cases[i].start, .tumor_final = 1e3, .n_days = 1};
    e.tumor_at[0] = cases[i].cells;
    double kill = goal_value(MEASURE_LOG10_KILL_AT_DAY, 42.0, &e);
    double fall = goal_value(MEASURE_CHANGE_PERCENT_AT_DAY, 42.0, &e);
    double response = goal_value(MEASURE_RESPONSE_RATE, 42.0, &e);
    cr_expect(fabs(kill - cases[i].kill) < 1e-14, "%s: kill %.17g", cases[i].name, kill);
    cr_expect(fabs(fall - cases[i].fall_percent) < 1e-11, "%s: %.17g %%", cases[i].name, fall);
    cr_expect(response == cases[i].response, "%s: response %g", cases[i].name, response);
  }
}

Test(tumor_control, the_last_day_needs_no_asking)
{
  endpoints e = {.tumor_initial = 1e9, .tumor_final = 1e5};
  cr_expect(fabs(goal_value(MEASURE_LOG10_KILL_AT_DAY, 84.0, &e) - 4.0) < 1e-14);
}

Test(tumor_control, averages_and_smallest_kills_come_from_the_run)
{
  endpoints e = {.log10_kill_average = 1.898, .log10_kill_smallest_last = -0.21};
  cr_expect(goal_value(MEASURE_TIME_AVERAGED_LOG10_KILL, 84.0, &e) == 1.898);
  cr_expect(goal_value(MEASURE_SMALLEST_LOG10_KILL_LAST_DAYS, 84.0, &e) == -0.21);
}

Test(tumor_control, fewer_cells_are_never_a_worse_goal)
{
  static const measure measures[] = {MEASURE_CHANGE_PERCENT_AT_DAY, MEASURE_RESPONSE_RATE,
                                     MEASURE_LOG10_KILL_AT_DAY};
  for (size_t m = 0; m < sizeof measures / sizeof measures[0]; m++) {
    double before = -INFINITY;
    for (int step = 0; step <= 200; step++) {
      endpoints e = {.tumor_initial = 1e9, .n_days = 1};
      e.tumor_at[0] = pow(10.0, 11.0 - 0.06 * step);
      double now = goal_value(measures[m], 42.0, &e);
      cr_expect(now >= before, "%s at %g cells", problem_measures[measures[m]].name, e.tumor_at[0]);
      before = now;
    }
  }
}

Test(tumor_control, a_day_that_was_not_read_or_failed_is_no_number)
{
  static const measure measures[] = {MEASURE_CHANGE_PERCENT_AT_DAY, MEASURE_RESPONSE_RATE,
                                     MEASURE_LOG10_KILL_AT_DAY};
  for (size_t m = 0; m < sizeof measures / sizeof measures[0]; m++) {
    endpoints unread = {.tumor_initial = 1e9};
    endpoints failed = {.tumor_initial = 1e9, .n_days = 1};
    failed.tumor_at[0] = (double)NAN;
    cr_expect(isnan(goal_value(measures[m], 42.0, &unread)));
    cr_expect(isnan(goal_value(measures[m], 42.0, &failed)));
  }
}
