/* When a signal made a share of its rise: on courses whose answer is known, and in simulated
 * patients against their densely sampled course. */
#include "simulate/onset.h"
#include "simulate/synapse_bench.h"

#include <math.h>

enum { HEIGHTS = 5000 };

/* --- the record ------------------------------------------------------------------------------- */

static double onset_of(int n, const double *day, const double *value, double share)
{
  onset_record r;
  onset_begin(&r, day[0], value[0]);
  for (int i = 1; i < n; i++) {
    onset_follow(&r, day[i], value[i]);
  }
  return onset_day(&r, share);
}

Test(onset, of_courses_of_straight_lines_is_exact)
{
  static const struct {
    const char *name;
    int n;
    double day[8], value[8], share, expected;
  } cases[] = {
      {"one line", 2, {0, 4}, {0, 8}, 0.5, 2},
      {"a baseline is not counted", 3, {7, 8, 9}, {100, 110, 120}, 0.5, 8},
      {"what follows the peak does not matter", 4, {0, 1, 2, 3}, {0, 10, 20, 0}, 0.5, 1},
      {"a dip below the level", 5, {0, 1, 2, 3, 4}, {0, 4, 2, 8, 10}, 0.5, 2.5},
      {"a dip above the level", 5, {0, 1, 2, 3, 4}, {0, 8, 6, 9, 10}, 0.5, 0.625},
      {"it falls first", 4, {0, 1, 2, 3}, {5, 1, 5, 9}, 0.5, 2.5},
      {"the whole rise", 4, {0, 1, 2, 3}, {0, 1, 5, 3}, 1, 2},
      {"a late larger hump", 6, {0, 1, 2, 3, 4, 5}, {0, 2, 0, 0, 10, 0}, 0.5, 3.5},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const double found = onset_of(cases[i].n, cases[i].day, cases[i].value, cases[i].share);
    cr_expect(fabs(found - cases[i].expected) < 1e-12, "%s: day %.15g, expected %g", cases[i].name,
              found, cases[i].expected);
  }
}

Test(onset, of_a_signal_that_never_rises_is_no_day)
{
  static const double day[] = {0, 1, 2}, falling[] = {3, 2, 1}, flat[] = {3, 3, 3};
  cr_expect(isnan(onset_of(3, day, falling, 0.5)));
  cr_expect(isnan(onset_of(3, day, flat, 0.5)));
  cr_expect(isnan(onset_of(1, day, flat, 0.5)));
}

/* Heights are forgotten; the straight lines between those that stay are as good as theirs. */
Test(onset, of_more_heights_than_are_kept_stays_within_their_spacing)
{
  onset_record r;
  onset_begin(&r, 0, 0);
  for (int i = 1; i <= HEIGHTS; i++) {
    const double day = 10.0 * i / HEIGHTS;
    onset_follow(&r, day, 1 - exp(-day));
  }
  const double top = 1 - exp(-10.0);
  for (int k = 1; k < 10; k++) {
    const double share = k / 10.0;
    const double exact = -log(1 - share * top);
    cr_expect(fabs(onset_day(&r, share) - exact) < 0.01, "share %g: day %g, exactly %g", share,
              onset_day(&r, share), exact);
  }
}

/* --- simulated patients ----------------------------------------------------------------------- */

enum { A_DAY = 480, DAYS = 42, SAMPLES = DAYS * A_DAY + 1 }; /* every three minutes */

static const schedule doses = {6,
                               {{-0.04, 20, 0, ROUTE_DEXAMETHASONE},
                                {0, 1, 4.0 / 24, ROUTE_IV},
                                {7, 2, 4.0 / 24, ROUTE_IV},
                                {14, 5, 0, ROUTE_SC},
                                {14.5, 5, 0, ROUTE_SC}, /* the same day: counts as one dose */
                                {28, 60, 4.0 / 24, ROUTE_IV}}};

/* The first sample of days from..to at which half of the largest rise has been made. */
static double sampled_onset(const trajectory *t, int n_outputs, double from, double to)
{
  const int first = (int)lround(from * A_DAY), last = (int)lround(to * A_DAY);
  const double *drive = t->value + OUTPUT_CRS_DRIVE;
  const double base = drive[(long)first * n_outputs];
  double largest = 0;
  for (int i = first; i <= last; i++) {
    largest = fmax(largest, drive[(long)i * n_outputs] - base);
  }
  int i = first;
  while (drive[(long)i * n_outputs] - base < ENDPOINT_ONSET_SHARE * largest) {
    i++;
  }
  return t->day[i];
}

static const struct {
  int window;
  double from, to;
} spans[] = {{0, 0, 7}, {1, 7, 14}, {2, 14, 28}, {3, 14, 28}, {4, 28, 42}};
enum { SPANS = sizeof spans / sizeof spans[0] };

Test(onset, agrees_with_the_sampled_course_of_a_patient)
{
  static double day[SAMPLES], value[SAMPLES * OUTPUTS_MAX];
  trajectory t = {SAMPLES, day, value};
  bench b;
  for (int i = 0; i < SAMPLES; i++) {
    day[i] = (double)i / A_DAY;
  }
  open_synapse_bench(&b);
  const endpoints e = run(&b, &doses, &t);
  for (int k = 0; k < SPANS; k++) {
    const peak found = e.drive_onset[spans[k].window];
    const double sampled = sampled_onset(&t, b.m->n_outputs, spans[k].from, spans[k].to);
    cr_expect(fabs(found.day - sampled) < 0.02, "dose %d: day %.4f, sampled %.4f",
              spans[k].window + 1, found.day, sampled);
    cr_expect(fabs(found.value - 24 * (found.day - spans[k].from)) < 1e-9, "dose %d: hours",
              spans[k].window + 1);
    cr_expect(found.day <= e.drive[spans[k].window].day, "dose %d: onset after the peak",
              spans[k].window + 1);
  }
  close_bench(&b);
}

Test(onset, is_unknown_where_the_model_has_no_drive)
{
  static const schedule two = {2, {{0, 1, 4.0 / 24, ROUTE_IV}, {7, 60, 4.0 / 24, ROUTE_IV}}};
  bench b;
  open_bench(&b, "hosseini2020");
  const endpoints e = run(&b, &two, NULL);
  cr_assert_eq(e.n_windows, 2);
  for (int w = 0; w < 2; w++) {
    cr_expect(isnan(e.drive_onset[w].value) && isnan(e.drive_onset[w].day));
  }
  close_bench(&b);
}
