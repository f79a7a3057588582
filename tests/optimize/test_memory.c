/* Memory that runs out, at every single allocation, is an error and nothing else. */
#include <criterion/criterion.h>

#include "optimize/problems.h"

#include "base/allocate.h"
#include "optimize/journal.h"

#include <stdlib.h>
#include <unistd.h>

static search_task small_task(const double *level)
{
  search_task task = task_of(&PROBLEMS[0], "cobyla");
  task.evaluations_max = 700;
  task.near_optimal_loss = 1;
  for (int i = 0; i < 3 && level != NULL; i++) {
    task.variable[i].n_levels = 7;
    task.variable[i].level = level;
  }
  return task;
}

/* Returns how many allocations one undisturbed run makes; checks that each of them may fail. */
static long sweep(const search_task *task, int persistent)
{
  long n = 0;
  for (bool done = false; !done; n++) {
    search_outcome o;
    stepdose_error error;
    error_clear(&error);
    allocate_fail_after(n, persistent);
    done = search_run(task, &o, &error);
    allocate_fail_after(-1, 0);
    cr_assert(done || error.code == STEPDOSE_NO_MEMORY, "allocation %ld: code %d", n, error.code);
    cr_assert(done || (o.points == NULL && o.start_report == NULL), "allocation %ld", n);
    search_outcome_free(&o);
    cr_assert(n < 10000);
  }
  return n - 1;
}

Test(optimize_memory, every_allocation_of_a_search_may_fail)
{
  static const double level[] = {0.01, 0.1, 0.5, 1, 5, 10, 100};
  for (int with_grid = 0; with_grid < 2; with_grid++) {
    for (int persistent = 0; persistent < 2; persistent++) {
      for (int threads = 1; threads <= 2; threads++) {
        search_task task = small_task(with_grid ? level : NULL);
        task.threads = threads;
        long n = sweep(&task, persistent);
        cr_expect(n > 10, "grid %d, persistent %d: %ld allocations", with_grid, persistent, n);
      }
    }
  }
}

Test(optimize_memory, a_search_after_one_that_failed_is_undisturbed)
{
  search_task task = small_task(NULL);
  search_outcome o;
  cr_assert(search_run(&task, &o, NULL));
  uint64_t expected = outcome_bits(&task, &o);
  search_outcome_free(&o);
  allocate_fail_after(5, 1);
  cr_expect(!search_run(&task, &o, NULL));
  allocate_fail_after(-1, 0);
  cr_assert(search_run(&task, &o, NULL));
  cr_expect_eq(outcome_bits(&task, &o), expected);
  search_outcome_free(&o);
}

Test(optimize_memory, every_allocation_of_a_journal_may_fail)
{
  char path[] = "/tmp/stepdose_memory_XXXXXX";
  int file = mkstemp(path);
  cr_assert(file >= 0);
  (void)close(file);
  search_journal *j = NULL;
  for (long n = 0; j == NULL; n++) {
    stepdose_error error;
    allocate_fail_after(n, 1);
    j = journal_open(path, "abc", &error);
    allocate_fail_after(-1, 0);
    cr_assert(j != NULL || error.code == STEPDOSE_NO_MEMORY, "allocation %ld", n);
    cr_assert(n < 100);
  }
  cr_expect(journal_close(j, NULL));
  (void)unlink(path);
}
