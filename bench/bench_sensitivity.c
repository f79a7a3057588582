/* How long does a sensitivity study take, and how much does it say? 20 inputs x 512 base samples x
 * 200 virtual patients on the mosunetuzumab problem, by Saltelli's design; and how many evaluations
 * the search of the recommended dose needs.
 * usage: bench_sensitivity [SAMPLES [THREADS]]  the study (default: 512, one thread per processor)
 *        bench_sensitivity --best               the recommended dose */
#include "bench.h"

#include "study/propose.h"
#include "study/sensitivity_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PROBLEM STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"

enum { SECTION_SIZE = 2048, SHOWN = 5 };

static const char *const inputs[] = {"blood_b",        "il6_production",
                                     "tumor_b_to_t",   "tumor_growth",
                                     "tumor_volume",   "clearance",
                                     "central_volume", "blood_cd8",
                                     "KdrugactT",      "tumor_cell_density",
                                     "fTap",           "fBkill",
                                     "KmTB_kill",      "KdrugB",
                                     "Kptumor",        "IL6_tiss_contribution",
                                     "dose_1",         "dose_2",
                                     "dose_3_to_4",    "dose_5_to_6"};

enum { INPUTS = sizeof inputs / sizeof inputs[0] };

static stepdose_problem *read_problem(int samples)
{
  stepdose_error error;
  char section[SECTION_SIZE];
  const char *const changes[] = {
      "/population={\"file\":\"populations/dlbcl-virtual.json\",\"patients\":512,\"seed\":1}",
      section};
  size_t used = (size_t)snprintf(
      section, sizeof section,
      "/sensitivity={\"method\":\"sobol\",\"samples\":%d,\"patients\":200,\"seed\":1,\"inputs\":[",
      samples);
  for (int i = 0; i < INPUTS; i++) {
    used += (size_t)snprintf(section + used, sizeof section - used, "%s{\"of\":\"%s\"}",
                             i > 0 ? "," : "", inputs[i]);
  }
  snprintf(section + used, sizeof section - used, "]}");
  stepdose_problem *problem = problem_read(PROBLEM, changes, 2, &error);
  if (problem == NULL) {
    fprintf(stderr, "%s: %s\n", error.pointer, error.message);
  }
  return problem;
}

/* --- the study -------------------------------------------------------------------------------- */

static bool larger(const sensitivity_study *s, int output, int a, int b)
{
  const int last = s->found.n_stages - 1;
  return sensitivity_importance(s, last, output, a).value >
         sensitivity_importance(s, last, output, b).value;
}

static void rank(const sensitivity_study *s, int output, int order[INPUTS])
{
  for (int i = 0; i < INPUTS; i++) {
    int at = i;
    for (; at > 0 && larger(s, output, i, order[at - 1]); at--) {
      order[at] = order[at - 1];
    }
    order[at] = i;
  }
}

static void print_output(const sensitivity_study *s, int output)
{
  const int last = s->found.n_stages - 1;
  int order[INPUTS];
  rank(s, output, order);
  printf("| %s | %.2f | %.3f |", s->output[output].name,
         sobol_output_at(&s->found, last, output, SOBOL_FIRST_SUM)->value,
         sensitivity_moved(s, output));
  for (int i = 0; i < SHOWN; i++) {
    const sensitivity_index total = sensitivity_importance(s, last, output, order[i]);
    printf(" %s %.3f (%.3f-%.3f)%s", sensitivity_factor_name(s, order[i]), total.value, total.low,
           total.high, i + 1 < SHOWN ? "," : " |\n");
  }
}

static void print_study(const sensitivity_study *s, double seconds, double processor)
{
  printf(
      "%d inputs x %ld base samples x %d patients (and the reference patient), seed 1: %ld runs, "
      "%ld simulations of %g days\nseconds: %.1f by the clock, %.1f of processors; %.0f us a "
      "simulation of one processor; %ld simulations and %ld runs failed\n\n"
      "| output | sum of first order | moved since half | largest total indices (95 %% "
      "interval) |\n|---|---|---|---|\n",
      s->n_inputs, s->found.rows, s->n_patients, s->found.runs, s->simulations, s->horizon_days,
      seconds, processor, 1e6 * processor / (double)s->simulations, s->failures, s->found.failures);
  for (int k = 0; k < s->n_outputs; k++) {
    print_output(s, k);
  }
}

static int time_study(int samples, int threads)
{
  stepdose_error error;
  stepdose_problem *problem = read_problem(samples);
  if (problem == NULL) {
    return 1;
  }
  const sensitivity_request request = {problem, &problem->comparators[0].doses, threads, NULL};
  sensitivity_study *s = sensitivity_study_open(&request, &error);
  const double begun = bench_seconds(), used = bench_cpu_seconds();
  const bool done = s != NULL && sensitivity_study_run(s, &request, &error);
  if (done) {
    print_study(s, bench_seconds() - begun, bench_cpu_seconds() - used);
  } else {
    fprintf(stderr, "%s\n", error.message);
  }
  sensitivity_study_free(s);
  stepdose_problem_free(problem);
  return done ? 0 : 1;
}

/* --- the recommended dose --------------------------------------------------------------------- */

static const double productions[] = {0.5, 0.7, 1.4, 2};
static const long budgets[] = {60, 120, 200, 300};

/* A proposal's search at IL-6 production x times that of the problem. */
static bool search_in_full(stepdose_problem *problem, double x, study_branch *out)
{
  stepdose_error error;
  const study_run run = {.threads = 1};
  const study_question asked = {.relaxed_limit = -1, .share = 1};
  const int production = model_parameter_index(problem->model, "kIL6prod");
  const double usual = problem->parameters[production];
  problem->parameters[production] *= x;
  const bool done = study_search_branch(problem, &run, &asked, out, &error);
  problem->parameters[production] = usual;
  return done;
}

static sensitivity_study *open_study(long evaluations, stepdose_problem **problem)
{
  stepdose_error error;
  char section[256];
  const char *const changes[] = {section};
  snprintf(section, sizeof section,
           "/sensitivity={\"evaluations\":%ld,\"inputs\":[{\"of\":\"kIL6prod\"}],"
           "\"outputs\":[\"best.feasible\",\"best.goal\"]}",
           evaluations);
  *problem = problem_read(PROBLEM, changes, 1, &error);
  if (*problem == NULL) {
    return NULL;
  }
  const sensitivity_request request = {*problem, &(*problem)->comparators[0].doses, 1, NULL};
  return sensitivity_study_open(&request, &error);
}

static void print_best(const sensitivity_study *s, sensitivity_runs *runs, long budget)
{
  stepdose_error error;
  printf("| %ld |", budget);
  for (size_t i = 0; i < sizeof productions / sizeof productions[0]; i++) {
    double value[2] = {NAN, NAN};
    bool failed = false;
    /* the range of the input is a factor of two to either side */
    const double point = 0.5 + 0.5 * log2(productions[i]);
    const double u = fmin(fmax(point, 1e-9), 1 - 1e-9);
    (void)sensitivity_runs_evaluate(runs, 1, &u, value, &failed, &error);
    printf(value[0] > 0 ? " %.4f |" : " none |", value[1]);
  }
  printf(" %ld |\n", s->simulations);
}

static int compare_budgets(void)
{
  stepdose_error error;
  stepdose_problem *problem = problem_read(PROBLEM, NULL, 0, &error);
  if (problem == NULL) {
    return 1;
  }
  puts("Goal of the best regimen at 0.5, 0.7, 1.4 and 2 times the production of IL-6\n\n"
       "| evaluations | 0.5 | 0.7 | 1.4 | 2 | simulations |\n|---|---|---|---|---|---|");
  printf("| %ld, as propose does |", problem->search.evaluations_max);
  for (size_t i = 0; i < sizeof productions / sizeof productions[0]; i++) {
    study_branch found;
    if (search_in_full(problem, productions[i], &found)) {
      printf(found.outcome.has_final ? " %.4f |" : " none |", found.outcome.final.goal);
      study_branch_close(&found);
    }
  }
  puts(" |");
  stepdose_problem_free(problem);
  for (size_t b = 0; b < sizeof budgets / sizeof budgets[0]; b++) {
    sensitivity_study *s = open_study(budgets[b], &problem);
    sensitivity_runs *runs = s != NULL ? sensitivity_runs_open(s, 1, &error) : NULL;
    if (runs != NULL) {
      print_best(s, runs, budgets[b]);
    }
    sensitivity_runs_close(runs);
    sensitivity_study_free(s);
    stepdose_problem_free(problem);
  }
  return 0;
}

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "--best") == 0) {
    return compare_budgets();
  }
  return time_study(argc > 1 ? atoi(argv[1]) : 512, argc > 2 ? atoi(argv[2]) : 0);
}
