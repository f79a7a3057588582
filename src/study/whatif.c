/* What if: the steps of the comparison, see whatif.h. */
#include "study/whatif.h"

#include "base/allocate.h"
#include "study/robustness.h"
#include "study/stratum_count.h"

#include <stdio.h>
#include <string.h>

static const stepdose_problem *problem_of(const study_whatif *w, int i)
{
  return w->changed[i] != NULL ? w->changed[i] : w->problem;
}

const stepdose_problem *study_whatif_problem(const study_whatif *w, const whatif_outcome *o)
{
  return o->change != NULL ? problem_of(w, (int)(o->change - w->changes->change)) : w->problem;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The molecule of a design belongs to the search: compared are regimens of one molecule. */
static bool can_search(const stepdose_problem *problem, const char *name, stepdose_error *error)
{
  if (problem->n_design == 0) {
    return study_can_propose(problem, error);
  }
  error_set(error, STEPDOSE_CONTRADICTION,
            "fix the design to numbers (--set /design/...), or leave the search out",
            "%.64s: a search would choose another molecule", name);
  error_place(error, problem->path, 0, 0, "/design");
  return false;
}

static bool counts_hospital(const stepdose_problem *problem)
{
  bool found = false;
  for (int k = 0; k < problem->n_limits; k++) {
    found = found || problem->limits[k].kind == LIMIT_HOSPITAL_DAYS;
  }
  return found;
}

/* Only limits look at days in hospital. */
static bool check_hospital(const study_whatif *w, int i, const char *changes_file,
                           stepdose_error *error)
{
  const named_change *c = &w->changes->change[i];
  char pointer[64];
  for (int k = 0; k < c->n_sets && !c->optimize && !counts_hospital(w->changed[i]); k++) {
    if (change_sets(c, k, "/hospital")) {
      error_set(error, STEPDOSE_CONTRADICTION,
                "give the problem a limit \"hospital_days_max\", or leave this out",
                "change \"%.64s\" changes nothing: no limit counts days in hospital", c->name);
      snprintf(pointer, sizeof pointer, "/changes/%d/set/%d", i, k);
      error_place(error, changes_file, 0, 0, pointer);
      return false;
    }
  }
  return true;
}

static bool read_change(study_whatif *w, int i, const char *changes_file, stepdose_error *error)
{
  const named_change *c = &w->changes->change[i];
  schedule doses;
  if (!change_keeps_problem(c)) {
    w->changed[i] = change_problem(w->problem, c, error);
    if (w->changed[i] == NULL || !check_hospital(w, i, changes_file, error) ||
        !study_can_count(w->changed[i], error)) {
      return false;
    }
  }
  const stepdose_problem *p = problem_of(w, i);
  return (!c->optimize || can_search(p, c->name, error)) &&
         whatif_regimen(w->problem, p, &w->base->doses, c, &doses, error);
}

/* Everything that can be refused is, before anything takes time. */
static bool read_all(study_whatif *w, const char *changes_file, const char *regimen_file,
                     stepdose_error *error)
{
  w->changes = changes_read(changes_file, error);
  w->base = w->changes != NULL ? study_simulate(w->problem, regimen_file, error) : NULL;
  bool done = w->base != NULL;
  for (int i = 0; done && i < w->changes->n; i++) {
    done = read_change(w, i, changes_file, error);
  }
  return done &&
         (!(w->changes->shadow_percent > 0) || can_search(w->problem, "prices of limits", error));
}

bool study_whatif_check(const stepdose_problem *problem, const char *changes_file,
                        const char *regimen_file, stepdose_error *error)
{
  study_whatif *w = allocate_zeroed(1, sizeof *w);
  if (w == NULL) {
    return error_no_memory(error, "reading changes");
  }
  w->problem = problem;
  const bool done = read_all(w, changes_file, regimen_file, error);
  study_whatif_free(w);
  return done;
}

/* --- one change ------------------------------------------------------------------------------- */

/* Everything that only the comparison needs. */
typedef struct whatif_work {
  study_whatif *study;
  const study_run *run;
  whatif_sample base; /* the base in its patients */
} whatif_work;

/* Once a search was stopped its regimen is still simulated, unseen. */
static study_run run_of(const whatif_work *w)
{
  study_run run = *w->run;
  run.progress = w->study->cut_short ? NULL : run.progress;
  return run;
}

static bool add_outcome(whatif_work *w, const stepdose_problem *problem, const schedule *doses,
                        whatif_outcome *out, stepdose_error *error)
{
  whatif_sample own = {0};
  const study_run run = run_of(w);
  const whatif_outcome *base = &w->study->outcome[0];
  bool done = whatif_evaluate(w->study->problem, problem, doses, NULL, &run, &own, out, error) &&
              whatif_compare(&w->base, base, &own, out, error);
  whatif_sample_free(&own);
  return done;
}

/* The given regimen is among the schedules that a search starts from. */
static stepdose_problem *with_start(const stepdose_problem *problem, const schedule *doses,
                                    stepdose_error *error)
{
  stepdose_problem *copy = allocate(sizeof *copy);
  if (copy == NULL) {
    error_no_memory(error, "searching a changed problem");
    return NULL;
  }
  *copy = *problem;
  const bool room = copy->n_comparators < PROBLEM_COMPARATORS_MAX;
  comparator *start = &copy->comparators[room ? copy->n_comparators : copy->n_comparators - 1];
  *start = (comparator){.name = "the given regimen", .doses = *doses};
  copy->n_comparators += room;
  return copy;
}

static bool take_proposal(whatif_work *w, const stepdose_problem *problem, const study_proposal *p,
                          whatif_outcome *out, stepdose_error *error)
{
  out->searched = true;
  out->status = p->status;
  w->study->evaluations += p->evaluations;
  w->study->cut_short = w->study->cut_short || study_cut_short(p->end);
  return !p->has_regimen || add_outcome(w, problem, &p->doses, out, error);
}

static bool search_change(whatif_work *w, int i, const schedule *doses, stepdose_error *error)
{
  study_whatif *s = w->study;
  study_run run = *w->run;
  run.journal_first = (1 + i) * STUDY_JOURNAL_SEARCHES;
  stepdose_problem *problem = with_start(problem_of(s, i), doses, error);
  if (problem == NULL) {
    return false;
  }
  study_proposal *p = study_propose(problem, &run, error);
  whatif_outcome *out = &s->outcome[s->n_outcomes++];
  out->change = &s->changes->change[i];
  const bool done = p != NULL && take_proposal(w, problem_of(s, i), p, out, error);
  study_proposal_free(p);
  release(problem);
  return done;
}

static bool run_change(whatif_work *w, int i, stepdose_error *error)
{
  study_whatif *s = w->study;
  const named_change *c = &s->changes->change[i];
  const stepdose_problem *problem = problem_of(s, i);
  whatif_outcome *out = &s->outcome[s->n_outcomes++];
  schedule doses;
  out->change = c;
  return whatif_regimen(s->problem, problem, &s->base->doses, c, &doses, error) &&
         add_outcome(w, problem, &doses, out, error) &&
         (!c->optimize || search_change(w, i, &doses, error));
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool run_base(whatif_work *w, stepdose_error *error)
{
  study_whatif *s = w->study;
  whatif_outcome *out = &s->outcome[s->n_outcomes++];
  return study_simulate_patients(s->base, w->run->threads, w->run->progress, error) &&
         whatif_evaluate(s->problem, s->problem, &s->base->doses, s->base->patients, w->run,
                         &w->base, out, error) &&
         whatif_compare(&w->base, out, &w->base, out, error);
}

static bool run_steps(whatif_work *w, stepdose_error *error)
{
  study_whatif *s = w->study;
  s->outcome = allocate_zeroed(1 + 2 * (size_t)s->changes->n, sizeof *s->outcome);
  bool done = s->outcome != NULL ? run_base(w, error) : error_no_memory(error, "comparing changes");
  for (int i = 0; done && i < s->changes->n && !s->cut_short; i++) {
    done = run_change(w, i, error);
  }
  if (done && s->changes->dose_ranges && !s->cut_short) {
    done = whatif_find_ranges(s, w->run, error);
  }
  if (done && s->changes->shadow_percent > 0 && !s->cut_short) {
    done = whatif_find_shadows(s, w->run, error);
  }
  s->status = s->cut_short ? STEPDOSE_STATUS_INTERRUPTED : STEPDOSE_STATUS_SIMULATED;
  return done;
}

study_whatif *study_whatif_run(const stepdose_problem *problem, const char *changes_file,
                               const study_run *run, stepdose_error *error)
{
  study_whatif *s = allocate_zeroed(1, sizeof *s);
  whatif_work w = {.study = s, .run = run};
  if (s == NULL) {
    error_no_memory(error, "comparing changes");
    return NULL;
  }
  s->problem = problem;
  bool done = read_all(s, changes_file, run->regimen_file, error) && run_steps(&w, error);
  if (done && changes_file == NULL) {
    s->card = robustness_run(problem, &s->base->doses, NULL, run, error);
    done = s->card != NULL;
  }
  whatif_sample_free(&w.base);
  if (!done) {
    study_whatif_free(s);
    return NULL;
  }
  return s;
}

void study_whatif_free(study_whatif *w)
{
  if (w == NULL) {
    return;
  }
  for (int i = 0; i < CHANGES_MAX; i++) {
    problem_free(w->changed[i]);
  }
  study_simulation_free(w->base);
  changes_free(w->changes);
  robustness_free(w->card);
  release(w->outcome);
  release(w);
}
