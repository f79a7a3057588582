/* Proposals over virtual patients: how good, how honest, how long.
 *
 *     bench_proposals --landscape         benchmarks L2 and L3 of the design document
 *     bench_proposals --curse [REPEATS]   in-sample against out-of-sample risk by number of
 * patients bench_proposals --seeds PROBLEM [SEEDS] [POINTER=VALUE ...]   one problem, several
 * populations
 */
#include "bench.h"
#include "study/propose.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char l3_problem[] =
    STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-population.json";

/* One joint limit instead of two. */
static const char l2_limits[] =
    "/limits=[{\"objective\":\"il6_peak\",\"window\":{\"from_day\":0,\"to_day\":21},"
    "\"max_pg_mL\":1000,\"probability_max\":0.1},"
    "{\"objective\":\"treatment_burden\",\"total_mg_max\":120}]";

enum { CHANGES_MAX = 16, FRESH = 2048 };

static int processors(void)
{
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? (int)n : 1;
}

/* NULL: why is on stderr. */
static study_proposal *propose(const stepdose_problem *problem, double *seconds)
{
  char directory[] = "/tmp/stepdose-bench-XXXXXX";
  stepdose_error error;
  if (mkdtemp(directory) == NULL) {
    return NULL;
  }
  progress *clock = progress_open(NULL);
  const study_run run = {.directory = directory, .threads = processors(), .progress = clock};
  const double start = bench_seconds();
  study_proposal *p = study_propose(problem, &run, &error);
  *seconds = bench_seconds() - start;
  progress_close(clock);
  char file[64];
  snprintf(file, sizeof file, "%s/regimen.csv", directory);
  unlink(file);
  rmdir(directory);
  if (p == NULL) {
    fprintf(stderr, "%s\n", error.message);
  }
  return p;
}

static stepdose_problem *read_problem(const char *path, const char *const *changes, size_t n)
{
  stepdose_error error;
  stepdose_problem *problem = stepdose_problem_read(path, changes, n, &error);
  if (problem == NULL) {
    fprintf(stderr, "%s: %s\n", error.pointer, error.message);
  }
  return problem;
}

static void print_doses(const schedule *s)
{
  schedule engager;
  schedule_of_engager(s, &engager);
  for (int i = 0; i < engager.n_doses && i < 5; i++) {
    printf("%s%.4g", i > 0 ? "/" : "", engager.doses[i].amount);
  }
}

static void print_risks(const stepdose_problem *problem, const patients_round *r)
{
  for (int k = 0; k < problem->n_limits; k++) {
    if (problem->limits[k].risk != RISK_MEAN || problem->limits[k].kind == LIMIT_CRS_PROBABILITY) {
      printf("  %.4f -> %.4f (<= %.4g)", r->searched[k], r->fresh[k],
             risk_bound(&problem->limits[k]));
    }
  }
}

static void print_proposal(const char *name, const study_proposal *p, double seconds)
{
  const patients_answer *a = p->patients;
  printf("%s: %s, %.1f s, %ld evaluations\n", name, stepdose_status_name(p->status), seconds,
         p->evaluations);
  for (int i = 0; a != NULL && i < a->n_rounds; i++) {
    printf("  round %d: ", i + 1);
    print_doses(&a->round[i].doses);
    printf("  J %.4f -> %.4f", -a->round[i].searched_goal, -a->round[i].fresh_goal);
    print_risks(p->problem, &a->round[i]);
    printf("%s\n", a->round[i].holds ? "  holds" : "");
  }
  for (int r = 1; a != NULL && r < a->fresh->n_outcomes; r++) {
    const cohort_outcome *o = &a->fresh->outcome[r];
    printf("  beside %s: J %.4f", o->name, -o->goal_value);
    for (int k = 0; k < p->problem->n_limits; k++) {
      const int worst = cohort_outcome_worst(o, k);
      printf("  %.4f", worst >= 0 ? o->risk[worst].value : (double)NAN);
    }
    printf("\n");
  }
}

static int landscape(void)
{
  const struct {
    const char *name, *best_known;
    int n_changes;
    const char *change[2];
  } rows[] = {
      {"L3, n = 128",
       "0.285/5.37/5.37/36.5: J -1.445; 2048 fresh: J -1.400, 9.6 and 11.9 %",
       1,
       {"/verification={\"patients\":2048,\"rounds\":3}"}},
      {"L2, n = 128",
       "0.05/24.1/24.1/23.9: J -1.726; 2048 fresh: J -1.746, 7.9 %",
       2,
       {"/verification={\"patients\":2048,\"rounds\":3}", l2_limits}},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    double seconds = 0;
    stepdose_problem *problem = read_problem(l3_problem, rows[i].change, (size_t)rows[i].n_changes);
    study_proposal *p = problem != NULL ? propose(problem, &seconds) : NULL;
    if (p == NULL) {
      return 1;
    }
    print_proposal(rows[i].name, p, seconds);
    printf("  best known: %s\n", rows[i].best_known);
    study_proposal_free(p);
    stepdose_problem_free(problem);
  }
  return 0;
}

/* --- the optimiser's curse ----------------------------------------------------------------------
 */

typedef struct curse {
  int repeats, holds, found;
  double searched, fresh, largest, searched_goal, fresh_goal, rounds;
} curse;

static bool curse_once(int patients, int seed, int rounds, curse *c)
{
  char people[128];
  char verification[96];
  double seconds = 0;
  snprintf(people, sizeof people,
           "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":%d,\"seed\":%d}",
           patients, seed);
  snprintf(verification, sizeof verification,
           "/verification={\"patients\":%d,\"seed\":%d,\"rounds\":%d}", FRESH, 1000 + 20 * seed,
           rounds);
  const char *changes[] = {people, verification, "/search/evaluations_max=300", "/search/starts=3"};
  stepdose_problem *problem = read_problem(l3_problem, changes, 4);
  study_proposal *p = problem != NULL ? propose(problem, &seconds) : NULL;
  if (p == NULL) {
    return false;
  }
  c->repeats++;
  if (p->feasible) {
    const patients_round *last = &p->patients->round[p->patients->n_rounds - 1];
    c->found++;
    c->holds += last->holds;
    c->rounds += p->patients->n_rounds;
    c->searched += fmax(last->searched[0], last->searched[1]);
    c->fresh += fmax(last->fresh[0], last->fresh[1]);
    c->largest = fmax(c->largest, fmax(last->fresh[0], last->fresh[1]));
    c->searched_goal += last->searched_goal;
    c->fresh_goal += last->fresh_goal;
  }
  study_proposal_free(p);
  stepdose_problem_free(problem);
  return true;
}

static int curse_all(int repeats)
{
  static const int sizes[] = {25, 100, 500};
  printf("L3, risk of the worse of two limits (<= 10 %%), %d fresh patients, %d populations each\n"
         "patients  back-off  found  hold  risk in sample  risk fresh  largest  J in sample  "
         "J fresh  rounds\n",
         FRESH, repeats);
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    for (int rounds = 0; rounds <= 5; rounds += 5) {
      curse c = {0};
      for (int seed = 1; seed <= repeats; seed++) {
        if (!curse_once(sizes[i], seed, rounds, &c)) {
          return 1;
        }
      }
      const double n = fmax(c.found, 1);
      printf("%8d  %8s  %5d  %4d  %14.4f  %10.4f  %7.4f  %11.4f  %7.4f  %6.1f\n", sizes[i],
             rounds > 0 ? "yes" : "no", c.found, c.holds, c.searched / n, c.fresh / n, c.largest,
             -c.searched_goal / n, -c.fresh_goal / n, c.rounds / n);
      fflush(stdout);
    }
  }
  return 0;
}

/* --- several populations ------------------------------------------------------------------------
 */

/* All proposals in the same patients, of a seed that no search or verification used. */
static double common_goal(const stepdose_problem *problem, const schedule *doses, double *risk)
{
  stepdose_error error;
  cohort_request request = cohort_request_of(problem, "proposed", doses);
  request.patients = 2 * FRESH;
  request.seed = 987654321;
  request.alone = true;
  cohort_study *c = cohort_study_run(&request, &error);
  const double reached = c != NULL ? c->outcome[0].goal_value : (double)NAN;
  *risk = c != NULL && c->outcome[0].n_risks > 0 ? c->outcome[0].risk[0].value : (double)NAN;
  cohort_study_free(c);
  return reached;
}

static int seeds(int argc, char **argv)
{
  const char *changes[CHANGES_MAX];
  const int n_seeds = argc > 3 ? atoi(argv[3]) : 5;
  int n = 0;
  double least = INFINITY;
  double most = -INFINITY;
  for (int i = 4; i < argc && n < CHANGES_MAX - 2; i++) {
    changes[n++] = argv[i];
  }
  for (int seed = 1; seed <= n_seeds; seed++) {
    char own[2][64];
    double seconds = 0;
    double risk = 0;
    snprintf(own[0], sizeof own[0], "/population/seed=%d", 100 * seed);
    snprintf(own[1], sizeof own[1], "/verification/seed=%d", 100 * seed + 50);
    changes[n] = own[0];
    changes[n + 1] = own[1];
    stepdose_problem *problem = read_problem(argv[2], changes, (size_t)n + 2);
    study_proposal *p = problem != NULL ? propose(problem, &seconds) : NULL;
    if (p == NULL) {
      return 1;
    }
    print_proposal(own[0], p, seconds);
    const double reached = common_goal(problem, &p->doses, &risk);
    printf("  in %d patients of one other seed: goal %.5f, first risk %.4f\n", 2 * FRESH, reached,
           risk);
    fflush(stdout);
    least = fmin(least, reached);
    most = fmax(most, reached);
    study_proposal_free(p);
    stepdose_problem_free(problem);
  }
  printf("spread of the goal over %d populations: %.2f %%\n", n_seeds,
         100 * (most - least) / fmax(fabs(most), 1e-9));
  return 0;
}

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "--landscape") == 0) {
    return landscape();
  }
  if (argc > 1 && strcmp(argv[1], "--curse") == 0) {
    return curse_all(argc > 2 ? atoi(argv[2]) : 5);
  }
  if (argc > 2 && strcmp(argv[1], "--seeds") == 0) {
    return seeds(argc, argv);
  }
  fputs("bench_proposals --landscape | --curse [REPEATS] | --seeds PROBLEM [SEEDS] "
        "[POINTER=VALUE ...]\n",
        stderr);
  return 1;
}
