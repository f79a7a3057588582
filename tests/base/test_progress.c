/* Progress: nothing is lost at the end of a stage, and nobody is called too often. */
#include <criterion/criterion.h>

#include <math.h>
#include <time.h>

#include "base/allocate.h"
#include "base/progress.h"

typedef struct seen {
  long calls;
  stepdose_progress last;
} seen;

static void look(void *context, const stepdose_progress *state)
{
  seen *s = context;
  s->calls++;
  s->last = *state;
}

static stepdose_settings watched_by(seen *s)
{
  stepdose_settings settings = stepdose_settings_default();
  settings.progress = look;
  settings.progress_context = s;
  return settings;
}

static void wait_seconds(double seconds)
{
  struct timespec pause = {.tv_nsec = (long)(seconds * 1e9)};
  nanosleep(&pause, NULL);
}

Test(base, reports_come_at_most_ten_times_a_second_and_at_the_end_of_a_stage)
{
  enum { STEPS = 2000 };
  seen s = {.calls = 0};
  stepdose_settings settings = watched_by(&s);
  progress *p = progress_open(&settings);
  cr_assert_not_null(p);
  progress_stage(p, "searching", STEPS);
  for (int i = 0; i < STEPS; i++) {
    wait_seconds(1e-4);
    progress_step(p, 1);
  }
  cr_expect_eq(s.last.done, STEPS, "the end of the stage was not reported: %ld", s.last.done);
  double most = progress_seconds(p) / 0.1 + 2.0; /* the first one and the last one */
  cr_expect((double)s.calls <= most, "%ld calls, at most %g", s.calls, most);
  cr_expect_geq(s.calls, 2);
  progress_close(p);
}

Test(base, the_rest_of_a_stage_is_reported_when_the_next_one_begins)
{
  seen s = {.calls = 0};
  stepdose_settings settings = watched_by(&s);
  progress *p = progress_open(&settings);
  progress_stage(p, "screening", 100);
  for (int i = 0; i < 30; i++) {
    progress_step(p, 2);
  }
  progress_stage(p, "grid", 10);
  cr_expect_str_eq(s.last.stage, "screening");
  cr_expect_eq(s.last.done, 60);
  cr_expect_eq(s.last.total, 100);
  progress_step(p, 3);
  progress_best(p, 1.5, 0.25);
  progress_close(p);
  cr_expect_str_eq(s.last.stage, "grid");
  cr_expect_eq(s.last.done, 3);
  cr_expect_float_eq(s.last.best_goal, 1.5, 0.0);
  cr_expect_float_eq(s.last.worst_violation, 0.25, 0.0);
}

Test(base, steps_beyond_the_total_do_not_call_more_often)
{
  seen s = {.calls = 0};
  stepdose_settings settings = watched_by(&s);
  progress *p = progress_open(&settings);
  progress_stage(p, "searching", 10);
  for (int i = 0; i < 1000; i++) {
    progress_step(p, 1);
  }
  double most = progress_seconds(p) / 0.1 + 2.0;
  cr_expect((double)s.calls <= most, "%ld calls, at most %g", s.calls, most);
  progress_close(p);
  cr_expect_eq(s.last.done, 1000);
  cr_expect(isnan(s.last.seconds_left), "there is no estimate beyond the total");
}

Test(base, time_left_is_the_pace_so_far)
{
  seen s = {.calls = 0};
  stepdose_settings settings = watched_by(&s);
  progress *p = progress_open(&settings);
  double before = progress_seconds(p);
  progress_stage(p, "searching", 4);
  double after = progress_seconds(p);
  wait_seconds(0.12);
  progress_step(p, 1);
  cr_assert_eq(s.calls, 1);
  cr_expect(s.last.seconds >= 0.12 && s.last.seconds < 30.0, "%g s", s.last.seconds);
  /* one step of four took all the time of the stage so far: three times that is left */
  double most = 3.0 * (s.last.seconds - before);
  double least = 3.0 * (s.last.seconds - after);
  cr_expect(s.last.seconds_left >= least - 1e-6 && s.last.seconds_left <= most + 1e-6,
            "%g s left, expected %g to %g", s.last.seconds_left, least, most);
  cr_expect(isnan(s.last.best_goal), "no best point was reported yet");
  progress_close(p);
}

Test(base, the_user_can_ask_to_stop)
{
  volatile int stop = 0;
  stepdose_settings settings = stepdose_settings_default();
  settings.stop = &stop;
  progress *p = progress_open(&settings);
  cr_expect(!progress_stopped(p));
  stop = 1;
  cr_expect(progress_stopped(p));
  progress_close(p);
}

Test(base, no_progress_is_accepted_everywhere)
{
  progress_stage(NULL, "x", 1);
  progress_step(NULL, 1);
  progress_best(NULL, 1.0, 0.0);
  cr_expect(!progress_stopped(NULL));
  cr_expect_float_eq(progress_seconds(NULL), 0.0, 0.0);
  progress_close(NULL);

  allocate_fail_after(0, 0);
  cr_expect_null(progress_open(NULL));
  allocate_fail_after(-1, 0);
  progress *silent = progress_open(NULL);
  cr_assert_not_null(silent);
  progress_stage(silent, "x", 1);
  progress_step(silent, 1);
  cr_expect(!progress_stopped(silent));
  progress_close(silent);
}
