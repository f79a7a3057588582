/* Texts for people of the verbs that write no files: check, verify, selftest. */
#include "report/columns.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>

char *report_files(const char *directory)
{
  text out = {0};
  text_append(&out, "\nFiles in %s\n", directory);
  for (int f = 0; f < RUN_FILE_COUNT; f++) {
    if (run_directory_has(directory, (run_file)f)) {
      text_append(&out, "  %-17s %s\n", run_files[f].name, run_files[f].meaning);
    }
  }
  return text_take(&out);
}

static void append_checks(const study_checks *checks, text *out)
{
  for (int i = 0; i < checks->n; i++) {
    const study_check *c = &checks->check[i];
    text_append(out, "  %-6s %s: %s\n", c->agrees ? "ok" : "FAILED", c->what, c->found);
  }
}

char *report_verification(const study_claims *claims, const study_checks *checks)
{
  text out = {0};
  text_append(&out, "Verifying %s (%s, status %s)\n", claims->directory, claims->verb,
              stepdose_status_name(claims->status));
  append_checks(checks, &out);
  if (!claims->has_regimen) {
    text_append(&out, "The result holds no regimen: only its files could be checked.\n");
  }
  text_append(&out, checks->all_agree ? "Reproduced: what was checked is what the result says.\n"
                                      : "NOT reproduced: see the lines marked FAILED.\n");
  return text_take(&out);
}

char *report_selftest(const study_checks *checks)
{
  text out = {0};
  report_version version[REPORT_VERSIONS];
  report_versions(version);
  for (int i = 0; i < REPORT_VERSIONS; i++) {
    text_append(&out, "  %-10s %s\n", version[i].name, version[i].version);
  }
  append_checks(checks, &out);
  text_append(&out,
              checks->all_agree ? "All %d checks passed.\n"
                                : "Some of %d checks FAILED: do not use this build.\n",
              checks->n);
  return text_take(&out);
}

static void append_space(const study_cost *cost, text *out)
{
  char variables[WORDS_SIZE];
  words_count(cost->n_variables_most, "variable", variables);
  words_line(out, "  regimens", "%d %s%s%s, %s%s, up to %d constraint%s", cost->n_branches,
             cost->choices > 1 ? "combination" : "number", cost->n_branches == 1 ? "" : "s",
             cost->choices > 1 ? " of steps and choices of the design" : " of steps",
             cost->n_variables_least < cost->n_variables_most ? "up to " : "", variables,
             cost->n_constraints_most, cost->n_constraints_most == 1 ? "" : "s");
  if (isfinite(cost->grid_regimens)) {
    words_line(out, "", "%s%.0f regimens on the grid of doses and days%s",
               cost->grid_counted ? "" : "fewer than ", cost->grid_regimens,
               cost->grid_counted ? " keep the rules between doses" : ": not all keep the rules");
  }
}

static void append_cost(const study_cost *cost, int threads, text *out)
{
  char workers[WORDS_SIZE];
  words_count(threads, "thread", workers);
  text_append(out, "\nCost of `propose`\n");
  append_space(cost, out);
  words_line(
      out, "  time",
      "at most %ld evaluations in the search, and at most %ld more to explain why nothing is "
      "feasible or to repair a proposal that exceeds a limit by a hair",
      cost->evaluations_most, cost->evaluations_beyond);
  words_line(out, "", "%.1f ms each: at most about %.0f s with %s", 1000 * cost->simulation_seconds,
             ceil(cost->seconds_most), workers);
  if (cost->map_points > 0) {
    words_line(out, "  map", "%ld molecules, each with a search of its own (verb map)",
               cost->map_points);
  }
}

static void append_effective(const stepdose_problem *problem, text *out)
{
  text_append(out, "%s: valid. The effective problem, with the origin of every value:\n\n",
              problem->path);
  text_append(out, "%s", problem->origins);
}

static void append_refused(const stepdose_problem *problem, const population_acceptance *a,
                           text *out)
{
  const population_description *d = problem->population;
  for (int k = 0; k < d->n_ranges; k++) {
    words_line(out, "", "%ld outside the plausible range of %s", a->outside[k],
               d->quantity[d->range[k].covariate].name);
  }
  if (a->outside_model > 0) {
    words_line(out, "", "%ld outside what the model accepts", a->outside_model);
  }
}

static void append_patients(const stepdose_problem *problem, const study_preview *p, int threads,
                            text *out)
{
  const population_description *d = problem->population;
  const population_acceptance *a = &p->acceptance;
  char workers[WORDS_SIZE];
  words_count(threads, "thread", workers);
  text_append(out, "\nVirtual patients\n");
  words_line(out, "  drawn", "%ld from \"%s\", seed %llu, %d coordinates, %s", a->drawn,
             problem->population_name, (unsigned long long)problem->population_seed,
             d->n_coordinates, population_sampling_names[d->sampling]);
  words_line(out, "  plausible", "%ld (%.1f %%)", a->accepted,
             100.0 * (double)a->accepted / (double)a->drawn);
  append_refused(problem, a, out);
  summary_worth(out, "  weights", d, &p->worth, a->drawn);
  for (int s = 0; s < d->n_strata; s++) {
    words_line(out, s == 0 ? "  strata" : "", "%s: %d", d->stratum[s].name, p->in_stratum[s]);
  }
  if (p->n_regimens > 0) {
    words_line(out, "  time", "`simulate` takes about %.0f s with %s: %d regimen%s in each patient",
               ceil(p->seconds), workers, p->n_regimens, p->n_regimens == 1 ? "" : "s");
  } else {
    words_line(out, "  time", "not known: the problem has no regimen of its own to simulate");
  }
}

/* By the time that `simulate` takes a patient; a tighter verification takes longer. */
static void append_search(const stepdose_problem *problem, const study_preview *p,
                          const study_patients_cost *cost, int threads, text *out)
{
  if (!cost->searched || p->n_regimens == 0) {
    return;
  }
  const double each = p->seconds / ((double)p->n_regimens * problem->patients);
  const double minutes = ceil(cost->simulations_most * each / 60);
  char workers[WORDS_SIZE], few[96] = "";
  words_count(threads, "thread", workers);
  if (cost->few > 0) {
    snprintf(few, sizeof few, "%ld regimens in the first %d patients, then ", cost->regimens_in_few,
             cost->few);
  }
  words_line(out, "  propose",
             "at most %s%ld regimens in all patients, and %ld more in each of at most %d "
             "rounds with tightened limits",
             few, cost->regimens, cost->regimens_a_round, problem->verification.rounds);
  words_line(out, "", "at most about %.0f min with %s, and never much more than %g min", minutes,
             workers, problem->search.minutes_max);
}

char *report_population_problem(const stepdose_problem *problem, const study_preview *patients,
                                const study_patients_cost *cost, int threads)
{
  text out = {0};
  append_effective(problem, &out);
  append_patients(problem, patients, threads, &out);
  append_search(problem, patients, cost, threads, &out);
  summary_warnings(problem, &out);
  return text_take(&out);
}

char *report_problem(const stepdose_problem *problem, const study_cost *cost, int threads)
{
  text out = {0};
  append_effective(problem, &out);
  append_cost(cost, threads, &out);
  summary_warnings(problem, &out);
  return text_take(&out);
}
