/* Progress and allocation from several threads at once: no step is lost, no two reports overlap.
 * A plain program, so that the thread sanitizer can watch it. Exit code 0: passed. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/number.h"
#include "base/progress.h"

enum { THREADS = 4, STEPS = 60000 };

typedef struct watcher {
  int inside;   /* callbacks that run now */
  int overlaps; /* how often there was more than one */
  long calls, last_done, backwards;
} watcher;

static void look(void *context, const stepdose_progress *state)
{
  watcher *w = context;
  w->inside++;
  w->overlaps += w->inside > 1;
  w->backwards += state->done < w->last_done;
  w->last_done = state->done;
  w->calls++;
  w->inside--;
}

static void *work(void *argument)
{
  progress *p = argument;
  long failures = 0;
  for (int i = 0; i < STEPS && !progress_stopped(p); i++) {
    char number[NUMBER_TEXT_SIZE];
    number_format(i / 7.0, number);
    char *copy = allocate_copy(number);
    failures += copy == NULL || strcmp(copy, number) != 0;
    release(copy);
    progress_best(p, i, 0.0);
    progress_step(p, 1);
  }
  return failures == 0 ? argument : NULL;
}

static int expect(int holds, const char *what)
{
  if (!holds) {
    fprintf(stderr, "failed: %s\n", what);
  }
  return holds ? 0 : 1;
}

int main(void)
{
  watcher w = {.inside = 0};
  pthread_t threads[THREADS];
  stepdose_settings settings = stepdose_settings_default();
  settings.progress = look;
  settings.progress_context = &w;
  progress *p = progress_open(&settings);
  int failed = expect(p != NULL, "opened");
  long allocations = allocate_count();
  progress_stage(p, "searching", (long)THREADS * STEPS);
  for (int i = 0; i < THREADS; i++) {
    failed += expect(pthread_create(&threads[i], NULL, work, p) == 0, "thread started");
  }
  for (int i = 0; i < THREADS; i++) {
    void *result = NULL;
    failed +=
        expect(pthread_join(threads[i], &result) == 0 && result != NULL, "thread did its work");
  }
  failed += expect(w.last_done == (long)THREADS * STEPS, "the last step was reported");
  double most = progress_seconds(p) / 0.1 + 2.0;
  progress_close(p);
  failed += expect(w.overlaps == 0, "one report at a time");
  failed += expect(w.backwards == 0, "the count never goes back");
  failed += expect((double)w.calls <= most, "at most ten reports a second");
  failed +=
      expect(allocate_count() - allocations == (long)THREADS * STEPS, "every allocation counted");
  printf("%ld reports of %ld steps by %d threads\n", w.calls, w.last_done, THREADS);
  return failed == 0 ? 0 : 1;
}
