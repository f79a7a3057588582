/* The journal: what is written is found again, damage is noticed, and a run that was killed ends in
 * the same bits as one that was not. */
#include <criterion/criterion.h>

#include "optimize/problems.h"

#include "base/number.h"
#include "base/random.h"
#include "optimize/journal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char directory[64], path[96];

static void make_directory(void)
{
  (void)snprintf(directory, sizeof directory, "/tmp/stepdose_journal_XXXXXX");
  cr_assert_not_null(mkdtemp(directory));
  (void)snprintf(path, sizeof path, "%s/journal.bin", directory);
}

static void remove_directory(void)
{
  (void)unlink(path);
  (void)rmdir(directory);
}

TestSuite(optimize_journal, .init = make_directory, .fini = remove_directory, .timeout = 120);

static long file_size(void)
{
  struct stat status;
  return stat(path, &status) == 0 ? (long)status.st_size : -1;
}

static search_journal *open_journal(const char *identity)
{
  stepdose_error error;
  search_journal *j = journal_open(path, identity, &error);
  cr_assert_not_null(j, "%s", error.message);
  return j;
}

enum { N_RECORDS = 600 };

static void fill(void)
{
  search_journal *j = open_journal("abc");
  for (int i = 0; i < N_RECORDS; i++) {
    double value[3] = {i, -0.1 * i, 1.0 / 3}, c[2] = {i * 1e-300, -INFINITY};
    journal_add(j, i % 4, 1 + i % 3, value, i % 3, i / 7.0, c, i % 5 == 0);
  }
  cr_expect_eq(journal_count(j), N_RECORDS);
  stepdose_error error;
  cr_assert(journal_close(j, &error), "%s", error.message);
}

static int count_found(search_journal *j)
{
  int found = 0;
  for (int i = 0; i < N_RECORDS; i++) {
    double value[3] = {i, -0.1 * i, 1.0 / 3}, c[2] = {7, 7}, goal = 0;
    bool failed = false;
    if (!journal_find(j, i % 4, 1 + i % 3, value, i % 3, &goal, c, &failed)) {
      continue;
    }
    found++;
    cr_assert_eq(number_bits(goal), number_bits(i / 7.0), "record %d", i);
    cr_assert_eq(failed, i % 5 == 0, "record %d", i);
    cr_assert(i % 3 < 1 || number_bits(c[0]) == number_bits(i * 1e-300), "record %d", i);
    cr_assert(i % 3 < 2 || number_bits(c[1]) == number_bits(-(double)INFINITY), "record %d", i);
    cr_assert(i % 3 == 2 || number_bits(c[1]) == number_bits(7), "record %d", i);
  }
  return found;
}

Test(optimize_journal, what_is_written_is_found_again_bit_by_bit)
{
  fill();
  search_journal *j = open_journal("abc");
  cr_expect_eq(journal_count(j), N_RECORDS);
  cr_expect_eq(count_found(j), N_RECORDS);
  double value[3] = {1, -0.1, 1.0 / 3}, goal, c[2];
  bool failed;
  cr_expect(!journal_find(j, 2, 2, value, 1, &goal, c, &failed), "another branch");
  cr_expect(!journal_find(j, 1, 3, value, 1, &goal, c, &failed), "another number of variables");
  cr_expect(!journal_find(j, 1, 2, value, 2, &goal, c, &failed), "another number of constraints");
  value[1] = -0.1 * (1 + 1e-15);
  cr_expect(!journal_find(j, 1, 2, value, 1, &goal, c, &failed), "the next number");
  journal_branch(j, 3);
  cr_expect_eq(journal_current_branch(j), 3);
  cr_expect(journal_close(j, NULL));
  cr_expect(journal_close(NULL, NULL));
}

Test(optimize_journal, another_identity_is_refused_and_the_file_left_alone)
{
  fill();
  long size = file_size();
  static const char *const others[] = {"abd", "ab", "abcd", ""};
  for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
    stepdose_error error;
    cr_expect_null(journal_open(path, others[k], &error), "\"%s\"", others[k]);
    cr_expect_eq(error.code, STEPDOSE_RUN_EXISTS);
    cr_expect_eq(file_size(), size);
  }
  int file = open(path, O_WRONLY | O_TRUNC);
  cr_assert(write(file, "my thesis, only copy\n", 21) == 21);
  (void)close(file);
  stepdose_error error;
  cr_expect_null(journal_open(path, "abc", &error));
  cr_expect_eq(error.code, STEPDOSE_RUN_EXISTS);
  cr_expect_eq(file_size(), 21);
}

/* The file cut anywhere in its last 300 bytes, or in its header, opens with what is whole. */
Test(optimize_journal, a_torn_tail_is_cut_wherever_it_is_torn)
{
  fill();
  long size = file_size();
  for (long lost = 1; lost < size; lost += lost < 300 ? 1 : 997) {
    cr_assert_eq(truncate(path, size - lost), 0);
    search_journal *j = open_journal("abc");
    int found = count_found(j);
    cr_expect(found < N_RECORDS && journal_count(j) == found, "lost %ld: %d found", lost, found);
    cr_expect(file_size() <= size - lost || size - lost < 40, "lost %ld", lost);
    cr_assert(journal_close(j, NULL));
    (void)unlink(path);
    fill();
  }
}

Test(optimize_journal, a_changed_byte_ends_what_is_believed)
{
  fill();
  long size = file_size();
  random_stream s = random_open(11, 0);
  for (int trial = 0; trial < 100; trial++) {
    long at = 40 + (long)(random_uniform(&s) * (double)(size - 40));
    int file = open(path, O_RDWR);
    unsigned char byte;
    cr_assert(pread(file, &byte, 1, at) == 1);
    byte = (unsigned char)(byte ^ (1U << (trial % 8)));
    cr_assert(pwrite(file, &byte, 1, at) == 1);
    (void)close(file);
    search_journal *j = open_journal("abc");
    int found = count_found(j); /* checks every answer that is still given */
    cr_expect(found < N_RECORDS, "seed 11, trial %d, byte %ld: %d found", trial, at, found);
    cr_assert(journal_close(j, NULL));
    cr_expect(file_size() <= at, "trial %d", trial);
    (void)unlink(path);
    fill();
  }
}

Test(optimize_journal, a_second_process_is_refused)
{
  search_journal *j = open_journal("abc");
  pid_t child = fork();
  cr_assert(child >= 0);
  if (child == 0) {
    stepdose_error error;
    search_journal *other = journal_open(path, "abc", &error);
    _exit(other == NULL && error.code == STEPDOSE_RUN_EXISTS ? 0 : 1);
  }
  int status = -1;
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  cr_expect(journal_close(j, NULL));
}

Test(optimize_journal, a_place_that_cannot_be_written_is_an_error)
{
  stepdose_error error;
  cr_expect_null(journal_open("/nonexistent/journal.bin", "abc", &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
  cr_expect_str_eq(error.file, "/nonexistent/journal.bin");
  cr_expect_null(journal_open("/dev/full", "abc", &error), "no room for the header");
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
}

/* --- resuming --------------------------------------------------------------------------------- */

enum { RECORD_BYTES = 8 + 3 * 8 + 8 + 4 * 8 + 8 }; /* three variables, three constraints */

static bool fails_in_a_corner(const double *x) { return x[0] > 10 && x[2] < 0.1; }

static bool slow_vertex(void *context, int worker, const double *x, double *goal, double *c,
                        stepdose_error *error)
{
  struct timespec pause = {.tv_nsec = 20000};
  (void)nanosleep(&pause, NULL);
  return counted(context, worker, x, goal, c, error);
}

static search_task resumable_task(counter *count, const char *engine, const double *level)
{
  *count = (counter){.inner = vertex_in_log_space, .fails = fails_in_a_corner};
  search_task task = task_of(&PROBLEMS[0], engine);
  task.evaluate = slow_vertex;
  task.context = count;
  task.evaluations_max = 900;
  task.near_optimal_loss = 0.3;
  for (int i = 0; i < 3; i++) {
    task.variable[i].n_levels = 13;
    task.variable[i].level = level;
  }
  return task;
}

static uint64_t run_with_journal(search_task *task, long *answers)
{
  task->journal = open_journal("run");
  search_outcome o;
  stepdose_error error;
  cr_assert(search_run(task, &o, &error), "%s", error.message);
  uint64_t bits = outcome_bits(task, &o);
  *answers = o.journal_answers;
  search_outcome_free(&o);
  cr_assert(journal_close(task->journal, NULL));
  return bits;
}

/* A child runs the search and is killed somewhere in its next `records`; now and then its tail is
 * torn too. True: it was still running. */
static bool run_and_kill(search_task *task, double records, random_stream *s)
{
  long until = file_size() + (long)(records * RECORD_BYTES * random_uniform(s));
  pid_t child = fork();
  cr_assert(child >= 0);
  if (child == 0) {
    long answers;
    (void)run_with_journal(task, &answers);
    _exit(0);
  }
  int status = 0;
  pid_t ended = 0;
  while (ended == 0 && file_size() < until) {
    struct timespec pause = {.tv_nsec = 50000 + (long)(1e5 * random_uniform(s))};
    (void)nanosleep(&pause, NULL);
    ended = waitpid(child, &status, WNOHANG);
  }
  if (ended == 0) {
    (void)kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
  }
  if (random_uniform(s) < 0.3 && file_size() > 600) {
    cr_assert_eq(truncate(path, file_size() - (long)(500 * random_uniform(s))), 0);
  }
  return WIFSIGNALED(status);
}

Test(optimize_journal, a_killed_run_resumes_to_the_same_bits)
{
  static const double level[] = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100};
  static const char *const engines[] = {"cobyla", "isres", "crs2-penalty"};
  for (size_t e = 0; e < sizeof engines / sizeof engines[0]; e++) {
    counter count;
    search_task task = resumable_task(&count, engines[e], level);
    long answers;
    uint64_t expected = run_with_journal(&task, &answers);
    cr_expect_eq(answers, 0);
    long whole = atomic_load(&count.calls);
    (void)unlink(path);
    random_stream s = random_open(20240101, e);
    int killed = 0;
    for (int runs = 0; runs < 20; runs++) {
      killed += run_and_kill(&task, 0.08 * (double)whole, &s);
    }
    cr_expect(killed >= 10, "%s: only %d of 20 runs were still going", engines[e], killed);
    atomic_store(&count.calls, 0);
    uint64_t resumed = run_with_journal(&task, &answers);
    cr_expect_eq(resumed, expected, "%s: seed 20240101", engines[e]);
    cr_expect(answers > 0, "%s: nothing was answered by the journal", engines[e]);
    cr_expect(atomic_load(&count.calls) <= whole - answers + 1, "%s: %ld calls, %ld answers",
              engines[e], atomic_load(&count.calls), answers);
    atomic_store(&count.calls, 0);
    cr_expect_eq(run_with_journal(&task, &answers), expected, "%s: from the journal alone",
                 engines[e]);
    cr_expect(atomic_load(&count.calls) <= 1, "%s: only the failed one for its message",
              engines[e]);
    (void)unlink(path);
  }
}
