/* One regimen for all, or one per stratum, as a list of steps: see strata.h. */
#include "study/strata.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>

const stratum_source_row stratum_sources[STRATUM_SOURCE_COUNT] = {
#define X(id, name, meaning) {name, meaning},
    STRATA_SOURCES(X)
#undef X
};

const cohort_outcome *stratum_own(const stratum_answer *a) { return &a->judged->outcome[0]; }

const cohort_outcome *stratum_common(const stratum_answer *a)
{
  return &a->judged->outcome[a->judged->n_outcomes - 1];
}

/* Whether there are patients whom neither the search nor any round of verification has seen. */
static bool has_judges(const stepdose_problem *problem)
{
  return population_seeds(problem->population) > (uint64_t)problem->verification.rounds + 2;
}

/* Weights have patients of few seeds only: there those of the first round judge. */
static uint64_t judging_seed(const stepdose_problem *problem)
{
  return study_fresh_seed(problem, has_judges(problem) ? problem->verification.rounds + 1 : 0);
}

static bool refuse(const stepdose_problem *problem, const char *pointer, const char *remedy,
                   const char *message, stepdose_error *error)
{
  error_set(error, STEPDOSE_CONTRADICTION, remedy, "%s", message);
  error_place(error, problem->path, 0, 0, pointer);
  return false;
}

static bool refuse_few(const stepdose_problem *problem, int stratum, int found, int asked,
                       const char *who, stepdose_error *error)
{
  error_set(error, STEPDOSE_OUT_OF_RANGE, "ask for more patients, or compare other strata",
            "%d of %d patients of the %s are in stratum \"%s\", at least %d are needed", found,
            asked, who, problem->population->stratum[stratum].name, (int)STRATA_PATIENTS_LEAST);
  error_place(error, problem->path, 0, 0, "/population/patients");
  return false;
}

static bool enough_patients(const stepdose_problem *p, stepdose_error *error)
{
  const int fresh = p->verification.patients;
  stratum_counts searched, judging;
  if (!stratum_count(p, p->population_seed, p->patients, &searched, error) ||
      !stratum_count(p, judging_seed(p), fresh, &judging, error)) {
    return false;
  }
  for (int i = 0; i < p->n_compared; i++) {
    const int s = p->compared[i];
    if (searched.both[s][s] < STRATA_PATIENTS_LEAST) {
      return refuse_few(p, s, searched.both[s][s], p->patients, "search", error);
    }
    if (judging.both[s][s] < STRATA_PATIENTS_LEAST) {
      return refuse_few(p, s, judging.both[s][s], fresh, "verification", error);
    }
  }
  return true;
}

bool study_can_strata(const stepdose_problem *problem, stepdose_error *error)
{
  if (problem->reference_patient) {
    return refuse(problem, "/population", "ask for virtual patients of a population with strata",
                  "the reference patient belongs to no stratum", error);
  }
  if (problem->n_compared == 0) {
    return refuse(problem, "/population", "name \"strata\" in the population",
                  "the population has no strata", error);
  }
  if (problem->population->only_stratum > 0) {
    return refuse(problem, "/population/stratum", "leave \"stratum\" out, or use propose",
                  "only one stratum is asked for: there is nothing to compare it with", error);
  }
  if (problem->n_design > 0) {
    return refuse(problem, "/design", "fix the values of the design",
                  "patients of all strata get the same molecule, but it is searched too", error);
  }
  return study_can_propose(problem, error) && enough_patients(problem, error);
}

/* --- the regimen of one stratum --------------------------------------------------------------- */

static void take_searched(stratum_answer *a, const study_proposal *p)
{
  a->status = p->status;
  a->evaluations = p->evaluations;
  a->failures = p->failures;
  if (!p->feasible || p->patients == NULL || study_cut_short(p->end)) {
    return;
  }
  a->source = STRATUM_SEARCHED;
  a->doses = p->doses;
  a->rounds = p->patients->n_rounds;
  a->searched_own = p->patients->seen->outcome[0].goal_value;
}

/* Whether a regimen keeps all that the search of the stratum had to keep in the end: the limits,
 * and more than them where they had been tightened. */
static bool is_allowed(const stepdose_problem *problem, const cohort_outcome *o,
                       const patients_round *last)
{
  double risk[PROBLEM_LIMITS_MAX], margin[PROBLEM_LIMITS_MAX];
  bool allowed = cohort_outcome_holds(o);
  study_note_risks(problem, o, risk, margin);
  for (int k = 0; last != NULL && k < problem->n_limits; k++) {
    allowed = allowed && (last->safety[k] <= 0 || margin[k] + last->safety[k] <= 0);
  }
  return allowed;
}

static cohort_study *common_in(const stratum_answer *a, const schedule *common,
                               const cohort_study *patients, const study_run *run,
                               stepdose_error *error)
{
  cohort_request request = cohort_request_of(a->problem, "common", common);
  request.alone = true;
  request.threads = run->threads;
  request.progress = run->progress;
  request.patients = patients->n_patients;
  request.seed = patients->seed;
  request.tolerance = patients->tolerance;
  return cohort_study_run(&request, error);
}

/* What fresh patients have verified is not given up for what they refuse. */
static bool is_verified(const stratum_answer *a, const study_proposal *p, const schedule *common,
                        const study_run *run, bool *verified, stepdose_error *error)
{
  *verified = true;
  if (!p->holds) {
    return true;
  }
  cohort_study *fresh = common_in(a, common, p->patients->fresh, run, error);
  *verified = fresh != NULL && cohort_outcome_holds(&fresh->outcome[0]);
  cohort_study_free(fresh);
  return fresh != NULL;
}

/* The search started from the common regimen, but it is a search: what it missed is not lost. */
static bool weigh_common(stratum_answer *a, const study_proposal *p, const schedule *common,
                         const study_run *run, stepdose_error *error)
{
  const patients_answer *found = p->patients;
  cohort_study *seen = found != NULL ? common_in(a, common, found->seen, run, error) : NULL;
  if (seen == NULL) {
    return found == NULL;
  }
  const bool searched = a->source == STRATUM_SEARCHED;
  bool better = is_allowed(a->problem, &seen->outcome[0],
                           searched ? &found->round[found->n_rounds - 1] : NULL);
  a->searched_common = seen->outcome[0].goal_value;
  better = better && !(a->searched_own > a->searched_common);
  cohort_study_free(seen);
  if (better && !is_verified(a, p, common, run, &better, error)) {
    return false;
  }
  if (better) {
    a->source = STRATUM_COMMON;
    a->doses = *common;
  }
  return true;
}

/* Each stratum has searches of its own in the journal. */
static bool search_stratum(study_strata *s, stratum_answer *a, const study_run *run,
                           stepdose_error *error)
{
  study_run own = *run;
  own.journal_first = run->journal_first + (s->n + 1) * STUDY_JOURNAL_SEARCHES;
  study_proposal *p = study_propose(a->problem, &own, error);
  if (p == NULL) {
    return false;
  }
  take_searched(a, p);
  const bool cut = study_cut_short(p->end);
  s->end = cut ? p->end : s->end;
  const bool done = cut || weigh_common(a, p, &s->common->doses, run, error);
  study_proposal_free(p);
  return done;
}

/* --- judging ---------------------------------------------------------------------------------- */

static cohort_request judging(const stepdose_problem *problem, const char *name,
                              const schedule *doses, const study_run *run)
{
  cohort_request request = cohort_request_of(problem, name, doses);
  request.patients = problem->verification.patients;
  request.seed = judging_seed(problem);
  request.tolerance = problem->tolerance / STUDY_TIGHTER;
  request.threads = run->threads;
  request.progress = run->progress;
  return request;
}

/* The restricted problem keeps the common regimen as the only schedule beside. */
static bool judge_stratum(stratum_answer *a, const schedule *common, const study_run *run,
                          stepdose_error *error)
{
  a->problem->n_comparators = 0;
  stratum_problem_start(a->problem, common);
  const cohort_request request = judging(a->problem, "own", &a->doses, run);
  a->judged = cohort_study_run(&request, error);
  return a->judged != NULL && strata_gain_of(a, error);
}

/* --- all -------------------------------------------------------------------------------------- */

/* A stratum whose search was cut short is not counted. */
static bool answer_stratum(study_strata *s, const study_run *run, stepdose_error *error)
{
  stratum_answer *a = &s->stratum[s->n];
  a->stratum = s->problem->compared[s->n];
  a->source = STRATUM_NONE;
  a->doses = s->common->doses;
  a->searched_own = a->searched_common = NAN;
  a->problem = stratum_problem_open(s->problem, a->stratum, a->limit, error);
  if (a->problem == NULL) {
    return false;
  }
  a->searched_patients = s->found.both[a->stratum][a->stratum];
  stratum_problem_start(a->problem, &s->common->doses);
  if (!search_stratum(s, a, run, error)) {
    return false;
  }
  s->n += !study_cut_short(s->end);
  return true;
}

static bool judge_all(study_strata *s, const study_run *run, stepdose_error *error)
{
  const schedule *common = &s->common->doses;
  cohort_request request = judging(s->problem, "common", common, run);
  request.alone = true;
  s->judged = cohort_study_run(&request, error);
  if (s->judged == NULL) {
    return false;
  }
  for (int i = 0; i < s->n; i++) {
    if (!judge_stratum(&s->stratum[i], common, run, error)) {
      return false;
    }
  }
  return strata_gain_overall(s, error);
}

static bool compare_strata(study_strata *s, const study_run *run, stepdose_error *error)
{
  while (s->n < s->problem->n_compared && !study_cut_short(s->end)) {
    if (!answer_stratum(s, run, error)) {
      return false;
    }
  }
  return study_cut_short(s->end) || judge_all(s, run, error);
}

/* Every regimen keeps the limits among the patients who get it. */
static bool all_hold(const study_strata *s)
{
  bool hold = cohort_outcome_holds(&s->judged->outcome[0]);
  for (int i = 0; i < s->n; i++) {
    hold = hold && cohort_outcome_holds(stratum_own(&s->stratum[i]));
  }
  return hold;
}

static bool any_has(const study_strata *s, stepdose_status status)
{
  bool any = s->common->status == status;
  for (int i = 0; i < s->n; i++) {
    any = any || s->stratum[i].status == status;
  }
  return any;
}

static stepdose_status judge(const study_strata *s)
{
  if (s->judged == NULL || any_has(s, STEPDOSE_STATUS_INTERRUPTED)) {
    return STEPDOSE_STATUS_INTERRUPTED;
  }
  if (any_has(s, STEPDOSE_STATUS_INFEASIBLE)) {
    return STEPDOSE_STATUS_INFEASIBLE;
  }
  return all_hold(s) ? STEPDOSE_STATUS_VERIFIED : STEPDOSE_STATUS_FEASIBLE_IN_SAMPLE_ONLY;
}

/* Each search wrote its own regimen.csv. */
static bool write_common(const study_strata *s, const study_run *run, stepdose_error *error)
{
  schedule read_back;
  return !s->common->has_regimen ||
         study_write_regimen(s->problem, run->directory, &s->common->doses, &read_back, error);
}

static bool run_steps(study_strata *s, const study_run *run, stepdose_error *error)
{
  s->common = study_propose(s->problem, run, error);
  if (s->common == NULL) {
    return false;
  }
  s->end = s->common->end;
  const bool enough = !s->common->has_regimen || study_cut_short(s->end);
  return enough || (compare_strata(s, run, error) && write_common(s, run, error));
}

study_strata *study_strata_run(const stepdose_problem *problem, const study_run *run,
                               stepdose_error *error)
{
  study_strata *s = allocate_zeroed(1, sizeof *s);
  if (s == NULL) {
    error_no_memory(error, "comparing strata");
    return NULL;
  }
  s->problem = problem;
  if (!stratum_count(problem, problem->population_seed, problem->patients, &s->found, error) ||
      !run_steps(s, run, error)) {
    study_strata_free(s);
    return NULL;
  }
  s->status = judge(s);
  return s;
}

void study_strata_free(study_strata *s)
{
  if (s == NULL) {
    return;
  }
  for (int i = 0; i < POPULATION_STRATA_MAX; i++) {
    cohort_study_free(s->stratum[i].judged);
    stratum_problem_free(s->stratum[i].problem);
  }
  cohort_study_free(s->judged);
  study_proposal_free(s->common);
  release(s);
}
