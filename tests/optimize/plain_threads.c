/* The same search with one to four threads: the same bits, and nothing for a thread sanitizer to
 * report. A plain program, as Criterion does not run under one. */
#include "optimize/problems.h"

#include "optimize/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const double LEVEL[] = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100};

static bool fails_in_a_corner(const double *x) { return x[0] > 10 && x[2] < 0.1; }

/* Bits of the outcome; 0 if the search could not run. */
static uint64_t bits_of(const char *engine, int p, int threads, bool grid, const char *path)
{
  counter count = {.inner = PROBLEMS[p].evaluate, .fails = p == 0 ? fails_in_a_corner : NULL};
  search_task task = task_of(&PROBLEMS[p], engine);
  stepdose_settings settings = {.threads = threads};
  task.evaluate = counted;
  task.context = &count;
  task.threads = threads;
  task.evaluations_max = 900;
  task.near_optimal_loss = 0.2;
  task.progress = progress_open(&settings);
  task.journal = path != NULL ? journal_open(path, "plain", NULL) : NULL;
  for (int i = 0; i < task.n_variables && grid; i++) {
    task.variable[i].n_levels = 13;
    task.variable[i].level = LEVEL;
  }
  search_outcome outcome;
  uint64_t bits = 0;
  if (search_run(&task, &outcome, NULL)) {
    bits = outcome_bits(&task, &outcome);
    search_outcome_free(&outcome);
  }
  (void)journal_close(task.journal, NULL);
  progress_close(task.progress);
  return bits;
}

/* Compares all thread counts for one engine and problem; returns the number of differences. */
static int compare(const char *engine, int p, bool grid, bool journal)
{
  uint64_t one = bits_of(engine, p, 1, grid, NULL);
  int differences = one == 0;
  for (int threads = 1; threads <= 4; threads++) {
    char path[] = "/tmp/stepdose_threads_XXXXXX";
    int file = journal ? mkstemp(path) : -1;
    if (file >= 0) {
      (void)close(file);
    }
    uint64_t bits = bits_of(engine, p, threads, grid, journal ? path : NULL);
    if (journal) {
      (void)unlink(path);
    }
    if (bits != one) {
      printf("%s, %s, grid %d, journal %d: %d threads give other bits\n", engine,
             PROBLEMS[p].name, grid, journal, threads);
      differences++;
    }
  }
  return differences;
}

int main(void)
{
  int differences = 0, cases = 0;
  for (int e = 0; e < search_engine_count(); e++) {
    for (int p = 0; p < N_PROBLEMS; p++) {
      for (int journal = 0; journal < 2; journal++) {
        bool grid = PROBLEMS[p].logarithmic;
        differences += compare(search_engine_at(e)->name, p, grid, journal);
        differences += grid ? compare(search_engine_at(e)->name, p, false, journal) : 0;
        cases += 1 + grid;
      }
    }
  }
  printf("%d cases with 1 to 4 threads, %d differences\n", cases, differences);
  return differences == 0 ? 0 : 1;
}
