/* How the search of a proposal went: what it cost, why it ended, what it looked at. */
#include "report/ending.h"
#include "report/words.h"

#include <math.h>

static bool on_a_grid(const regimen_evaluation *e)
{
  bool grid = false;
  for (int i = 0; i < e->n_variables; i++) {
    grid = grid || e->variable[i].n_levels > 0;
  }
  return grid;
}

static void write_off_grid(const study_proposal *p, text *out)
{
  const study_branch *b = &p->branch[p->chosen_branch];
  const search_outcome *o = &b->outcome;
  if (!o->has_continuous || !on_a_grid(b->evaluation)) {
    return;
  }
  char list[WORDS_SIZE];
  char value[WORDS_SIZE];
  schedule doses;
  regimen_decode(&b->evaluation->branch, o->continuous.value, &doses);
  words_doses(&doses, p->problem->horizon_days, WORDS_SIZE - 1, list);
  words_goal_value(&p->problem->goal, o->continuous.goal, value);
  words_line(out, "", "off the grid the best regimen found is %s, with goal %s (not verified)",
             list, value);
}

/* Where the evaluations went that history.csv does not list, and how many starts there were. */
static void write_parts(const study_proposal *p, text *out)
{
  const search_outcome *o = &p->branch[p->chosen_branch].outcome;
  int asked = p->problem->search.starts;
  char starts[WORDS_SIZE];
  if (p->evaluations_coarse > 0) {
    words_line(out, "", "before them %ld on the first %d patients, to find where to search",
               p->evaluations_coarse, p->branch[p->chosen_branch].coarse_patients);
  }
  if (p->evaluations_relax > 0) {
    words_line(out, "", "%ld of them to tell how much each limit would have to move",
               p->evaluations_relax);
  }
  if (p->evaluations_repair > 0) {
    words_line(out, "", "%ld of them to %s", p->evaluations_repair,
               p->patients != NULL ? "search again within tightened limits"
                                   : "allow for the integrator's error at a limit");
  }
  if (o->n_starts > 0) {
    words_count(o->n_starts, "start", starts);
    words_line(out, "", "%s (%d asked for%s)", starts, asked,
               o->n_starts > asked ? "; also schedules in use and the middle of the ranges" : "");
  }
}

/* Each answer of a search over virtual patients has been verified by other ones. */
static void write_verified(const study_proposal *p, text *out)
{
  const bool none_left = p->feasible && !p->holds && p->evaluations_repair > 0 &&
                         p->patients->n_rounds <= p->problem->verification.rounds;
  if (p->tried == 1) {
    words_line(out, "", "1 regimen was verified in fresh patients");
  } else {
    words_line(out, "", "%d regimens were verified, each in fresh patients of its own", p->tried);
  }
  if (none_left) {
    words_line(out, "", "the last search found no regimen within the limits as tightened then");
  }
}

void summary_search(const study_proposal *p, text *out)
{
  char all[WORDS_SIZE];
  char failed[WORDS_SIZE];
  words_count(p->evaluations, "evaluation", all);
  words_count(p->failures, "failed simulation", failed);
  words_line(out, "Search", "%s, %s, ended: %s", all, failed, ending_of_search(p));
  write_parts(p, out);
  if (p->failures > 0) {
    words_line(out, "", "first failure: %s", p->first_failure);
  }
  const search_outcome *o =
      study_is_tightened(p) ? &p->repaired.outcome : &p->branch[p->chosen_branch].outcome;
  if (p->feasible && o->neighbours > 0) {
    words_line(out, "",
               o->neighbours_complete
                   ? "all neighbours on the grid of doses and days were tried (%ld)"
                   : "not all neighbours on the grid of doses and days were tried (of %ld)",
               o->neighbours);
  }
  write_off_grid(p, out);
  if (p->patients != NULL) {
    write_verified(p, out);
  } else if (p->safety > 0) {
    words_line(out, "", "the limits were tightened by %.1g %% to allow for the integrator's error",
               100 * (pow(10, p->safety) - 1));
  } else if (p->tried > 1) {
    words_line(out, "",
               "%d candidates were verified: those before the last exceeded a limit by a hair",
               p->tried);
  }
}
