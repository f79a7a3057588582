/* Which engine? Every engine on offer on benchmark L1 (problems/mosunetuzumab-dlbcl.json: four
 * doses, first IL-6 peak
 * <= 1100, later ones <= 50 pg/mL), 5 seeds x 8 starts each, same budget, from the same screened
 * starts. A start counts as "at the optimum" within 1 % of the best feasible value that any engine
 * found. */
#include "bench.h"

#include "optimize/evaluate_regimen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SEEDS = 5, STARTS_MAX = 16, ENGINES_MAX = 16, BUDGET = 3000 };

typedef struct start_row {
  double best;  /* feasible goal, NAN if none */
  long to_best; /* evaluations until within 1 % of its own best */
  long evaluations;
  search_end end;
} start_row;

typedef struct engine_row {
  const char *name;
  int n_starts, hung;
  start_row start[SEEDS * STARTS_MAX];
  double best_of_seed[SEEDS], seconds;
} engine_row;

static bool feasible(const search_point *p) { return !p->failed && p->violation <= 0; }

static void read_start(const search_outcome *o, int start, start_row *row)
{
  const search_start_report *report = &o->start_report[start];
  *row = (start_row){NAN, 0, report->evaluations, report->end};
  if (!report->feasible) {
    return;
  }
  row->best = report->best.goal;
  long seen = 0;
  for (long i = 0; i < o->n_points; i++) {
    if (o->points[i].start == start) {
      seen++;
      if (feasible(&o->points[i]) && o->points[i].goal >= row->best - 0.01 * fabs(row->best)) {
        row->to_best = seen;
        return;
      }
    }
  }
}

static bool run_engine(const stepdose_problem *problem, engine_row *row)
{
  stepdose_error error;
  const int branch = regimen_branch_count(&problem->regimen) - 1;
  regimen_evaluation *e = regimen_evaluation_open(problem, branch, -1, 2, &error);
  const double begin = bench_seconds();
  for (int seed = 0; e && seed < SEEDS; seed++) {
    search_task task = {.engine = row->name,
                        .seed = (uint64_t)seed + 1,
                        .starts = 8,
                        .evaluations_max = BUDGET,
                        .threads = 2,
                        .near_optimal_loss = 0.05};
    search_outcome outcome;
    regimen_evaluation_bind(e, &task);
    if (!search_run(&task, &outcome, &error)) {
      fprintf(stderr, "%s: %s\n", row->name, error.message);
      regimen_evaluation_close(e);
      return false;
    }
    row->best_of_seed[seed] = outcome.has_continuous ? outcome.continuous.goal : (double)NAN;
    for (int i = 0; i < outcome.n_starts && row->n_starts < SEEDS * STARTS_MAX; i++) {
      read_start(&outcome, i, &row->start[row->n_starts]);
      row->hung += row->start[row->n_starts].end == SEARCH_END_ENGINE_HUNG;
      row->n_starts++;
    }
    search_outcome_free(&outcome);
  }
  row->seconds = (bench_seconds() - begin) / SEEDS;
  regimen_evaluation_close(e);
  return e != NULL;
}

static void print_engine(const engine_row *r, double best)
{
  int at_optimum = 0, any = 0, seeds = 0;
  double to_best[SEEDS * STARTS_MAX], used[SEEDS * STARTS_MAX];
  for (int i = 0; i < r->n_starts; i++) {
    used[i] = (double)r->start[i].evaluations;
    if (!isnan(r->start[i].best)) {
      to_best[any++] = (double)r->start[i].to_best;
      at_optimum += r->start[i].best >= 0.99 * best;
    }
  }
  double worst_seed = INFINITY;
  for (int k = 0; k < SEEDS; k++) {
    seeds += r->best_of_seed[k] >= 0.995 * best;
    worst_seed =
        fmin(worst_seed, isnan(r->best_of_seed[k]) ? -(double)INFINITY : r->best_of_seed[k]);
  }
  printf("| %s | %d of %d | %d | %d of %d | %.4f | %.0f | %.0f | %d | %.1f |\n", r->name,
         at_optimum, r->n_starts, any, seeds, SEEDS, worst_seed,
         any ? bench_median(to_best, any) : (double)NAN, bench_median(used, r->n_starts), r->hung,
         r->seconds);
}

int main(void)
{
  stepdose_error error;
  stepdose_problem *problem = stepdose_problem_read(
      STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json", NULL, 0, &error);
  if (!problem) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  static engine_row rows[ENGINES_MAX];
  double best = -INFINITY;
  const int n = search_engine_count();
  for (int i = 0; i < n && i < ENGINES_MAX; i++) {
    rows[i].name = search_engine_at(i)->name;
    if (!run_engine(problem, &rows[i])) {
      return 1;
    }
    for (int k = 0; k < SEEDS; k++) {
      best = fmax(best, rows[i].best_of_seed[k]);
    }
  }
  printf("Best feasible continuous value found by any: %.4f. Budget %d evaluations for screening, "
         "starts and grid "
         "together.\n\n| engine | starts within 1 %% | starts with a feasible point | seeds within "
         "0.5 %% | worst seed | "
         "evaluations to 1 %% of own best (median) | evaluations of a start (median) | hung | "
         "seconds a seed |\n"
         "|---|---|---|---|---|---|---|---|---|\n",
         best, BUDGET);
  for (int i = 0; i < n && i < ENGINES_MAX; i++) {
    print_engine(&rows[i], best);
  }
  stepdose_problem_free(problem);
  return 0;
}
