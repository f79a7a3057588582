/* The robustness card: see robustness.h. */
#include "study/robustness.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/number.h"
#include "study/parameter_draws.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double delays_days[] = {3, 7, 14};
static const double dose_errors_percent[] = {-20, 20};
static const double burdens[] = {0.3, 3};

enum { MISSED_MAX = 4 };

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

/* Everything that only the run needs. */
typedef struct card_work {
  robustness_card *card;
  const stepdose_problem *problem; /* of few of the patients, its design fixed */
  const schedule *doses;
  const schedule *approved; /* NULL: there is none */
  study_run run;            /* whose progress is quiet */
  progress *told;
} card_work;

/* --- one regimen under one problem ------------------------------------------------------------ */

static void list_broken(const whatif_outcome *o, int n_limits, robust_figure *out)
{
  out->n_broken = 0;
  for (int k = 0; k < n_limits; k++) {
    if (!o->limit_holds[k]) {
      out->broken[out->n_broken++] = k;
    }
  }
}

/* Limits are those of the changed problem itself. */
static bool judge(const card_work *w, const stepdose_problem *problem, const schedule *doses,
                  robust_figure *out, stepdose_error *error)
{
  whatif_sample sample = {0};
  whatif_outcome *o = allocate_zeroed(1, sizeof *o);
  bool done = (o != NULL || error_no_memory(error, "writing the robustness card")) &&
              whatif_evaluate(problem, problem, doses, NULL, &w->run, &sample, o, error);
  if (done) {
    *out = (robust_figure){
        .simulated = o->simulated, .goal = o->figure[WHATIF_GOAL].value, .holds = o->holds};
    list_broken(o, o->simulated ? problem->n_limits : 0, out);
  }
  whatif_sample_free(&sample);
  release(o);
  return done;
}

static bool is_better(const robust_figure *own, const robust_figure *other)
{
  if (own->holds != other->holds || !other->simulated) {
    return own->holds || (own->simulated && !other->simulated);
  }
  return own->simulated && own->goal > other->goal;
}

static bool judge_both(const card_work *w, const stepdose_problem *problem, const schedule *own,
                       const schedule *approved, robust_row *row, stepdose_error *error)
{
  if (progress_stopped(w->run.progress)) {
    return error_set(error, STEPDOSE_LIMIT_REACHED, "run the same command again",
                     "stopped before the robustness card was complete");
  }
  progress_step(w->told, 1);
  if (!judge(w, problem, own, &row->own, error) ||
      (approved != NULL && !judge(w, problem, approved, &row->approved, error))) {
    return false;
  }
  row->better = approved != NULL && is_better(&row->own, &row->approved);
  return true;
}

/* --- rows ------------------------------------------------------------------------------------- */

static robust_row *open_row(card_work *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static robust_row *open_row(card_work *w, const char *format, ...)
{
  robust_row *row = &w->card->row[w->card->n_rows++];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(row->name, sizeof row->name, format, arguments);
  va_end(arguments);
  row->goal_lost = NAN;
  return row;
}

static bool fill_row(card_work *w, const stepdose_problem *problem, const schedule *own,
                     const schedule *approved, robust_row *row, stepdose_error *error)
{
  if (!judge_both(w, problem, own, approved, row, error)) {
    return false;
  }
  row->goal_lost = w->card->row[0].own.goal - row->own.goal;
  return true;
}

/* A change that one of the two regimens cannot have has no row. */
static bool add_change(card_work *w, const named_change *c, const char *name, stepdose_error *error)
{
  const stepdose_problem *p = w->problem;
  schedule own, approved;
  const bool fits = whatif_regimen(p, p, w->doses, c, &own, NULL) &&
                    (w->approved == NULL || whatif_regimen(p, p, w->approved, c, &approved, NULL));
  return !fits || fill_row(w, p, &own, w->approved != NULL ? &approved : NULL,
                           open_row(w, "%s", name), error);
}

/* The number of the first dose that is not below the last one. */
static int first_full(const schedule *doses)
{
  schedule engager;
  schedule_of_engager(doses, &engager);
  int first = 0;
  while (engager.doses[first].amount < engager.doses[engager.n_doses - 1].amount &&
         !number_same(engager.doses[first].amount, engager.doses[engager.n_doses - 1].amount)) {
    first++;
  }
  return first + 1;
}

static bool add_missed(card_work *w, stepdose_error *error)
{
  const int last = first_full(w->doses);
  bool done = true;
  for (int n = 1; done && n <= last && n <= MISSED_MAX; n++) {
    char name[PROBLEM_NAME_SIZE];
    snprintf(name, sizeof name, "dose %d missed", n);
    done = add_change(w, &(named_change){.missed_dose = n}, name, error);
  }
  return done;
}

/* Of the second dose, and of the first full one where that is another. */
static bool add_delays(card_work *w, stepdose_error *error)
{
  const int full = first_full(w->doses);
  const int late[] = {2, full > 2 ? full : 0};
  bool done = true;
  for (int i = 0; i < 2 * COUNT(delays_days); i++) {
    char name[PROBLEM_NAME_SIZE];
    const named_change c = {.delayed_dose = late[i / COUNT(delays_days)],
                            .delay_days = delays_days[i % COUNT(delays_days)]};
    snprintf(name, sizeof name, "dose %d %g days late", c.delayed_dose, c.delay_days);
    done = done && (c.delayed_dose == 0 || add_change(w, &c, name, error));
  }
  return done;
}

static bool add_errors(card_work *w, stepdose_error *error)
{
  bool done = true;
  for (int i = 0; done && i < COUNT(dose_errors_percent); i++) {
    char name[PROBLEM_NAME_SIZE];
    const named_change c = {.dose_error_percent = dose_errors_percent[i]};
    snprintf(name, sizeof name, "all doses %+g %%", c.dose_error_percent);
    done = add_change(w, &c, name, error);
  }
  return done;
}

static bool add_burdens(card_work *w, stepdose_error *error)
{
  bool done = true;
  for (int i = 0; done && i < COUNT(burdens); i++) {
    stepdose_problem *other = robustness_burden(w->problem, burdens[i], NULL);
    if (other != NULL) {
      done = fill_row(w, other, w->doses, w->approved,
                      open_row(w, "tumour burden x %g", burdens[i]), error);
    }
    robustness_burden_free(other);
  }
  return done;
}

/* Its goals are on another scale than those of the problem's own model: no loss is told. */
static bool add_variant(card_work *w, stepdose_error *error)
{
  stepdose_error why = {.code = STEPDOSE_OK};
  stepdose_problem *other = robustness_variant(w->problem, &why);
  if (other == NULL) {
    snprintf(w->card->why_no_variant, ROBUSTNESS_REASON_SIZE, "%.250s", why.message);
    return true;
  }
  robust_row *row = open_row(w, "model %s", other->model->name);
  const bool done = judge_both(w, other, w->doses, w->approved, row, error);
  problem_free(other);
  return done;
}

/* --- draws ------------------------------------------------------------------------------------ */

static void count_draw(robustness_card *card, const robust_row *row)
{
  card->n_draws++;
  card->all_hold += row->own.holds;
  card->better += row->better;
  for (int k = 0; k < card->n_limits; k++) {
    bool broken = !row->own.simulated;
    for (int i = 0; i < row->own.n_broken; i++) {
      broken = broken || row->own.broken[i] == k;
    }
    card->limit_holds[k] += !broken;
  }
}

static bool add_draw(card_work *w, const parameter_draws *draws, int i, stepdose_error *error)
{
  robust_row row = {.goal_lost = NAN};
  stepdose_problem *drawn = parameter_draw(draws, i, error);
  if (drawn == NULL) {
    return false;
  }
  drawn->patients = w->problem->patients;
  const bool done = judge_both(w, drawn, w->doses, w->approved, &row, error);
  problem_free(drawn);
  if (done) {
    count_draw(w->card, &row);
  }
  return done;
}

static void divide(robustness_card *card)
{
  for (int k = 0; k < card->n_limits; k++) {
    card->limit_holds[k] /= card->n_draws;
  }
  card->all_hold /= card->n_draws;
  card->better /= card->n_draws;
}

static bool add_draws(card_work *w, stepdose_error *error)
{
  stepdose_error why = {.code = STEPDOSE_OK};
  parameter_draws *draws = parameter_draws_open(w->problem, w->problem->search.seed, &why);
  if (draws == NULL) {
    snprintf(w->card->why_no_draws, ROBUSTNESS_REASON_SIZE, "%.250s", why.message);
    return true;
  }
  bool done = true;
  for (int i = 0; done && i < ROBUSTNESS_DRAWS; i++) {
    done = add_draw(w, draws, i, error);
  }
  parameter_draws_close(draws);
  if (done) {
    divide(w->card);
  }
  return done;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The approved schedule by the problem's route; NULL where the regimen is that one itself. */
static const comparator *find_approved(const stepdose_problem *problem, const schedule *doses)
{
  for (int i = 0; i < problem->n_comparators; i++) {
    const comparator *c = &problem->comparators[i];
    schedule engager;
    schedule_of_engager(&c->doses, &engager);
    if (c->approved && engager.n_doses > 0 && engager.doses[0].route == problem->regimen.route) {
      return schedule_same(&c->doses, doses) ? NULL : c;
    }
  }
  return NULL;
}

static bool run_rows(card_work *w, stepdose_error *error)
{
  robust_row *first = open_row(w, "as planned");
  return fill_row(w, w->problem, w->doses, w->approved, first, error) && add_missed(w, error) &&
         add_delays(w, error) && add_errors(w, error) && add_burdens(w, error) &&
         add_variant(w, error) && add_draws(w, error);
}

static bool run_card(robustness_card *card, const stepdose_problem *of, const stepdose_problem *few,
                     const schedule *doses, const study_run *run, stepdose_error *error)
{
  const comparator *approved = find_approved(of, doses);
  card_work w = {.card = card,
                 .problem = few,
                 .doses = doses,
                 .approved = approved != NULL ? &approved->doses : NULL,
                 .run = *run,
                 .told = run->progress};
  w.run.progress = run->quiet;
  card->approved = approved != NULL ? approved->name : NULL;
  card->n_limits = of->n_limits;
  card->patients = few->reference_patient ? 1 : few->patients;
  progress_stage(run->progress, "robustness", ROBUSTNESS_ROWS_MAX);
  return run_rows(&w, error);
}

static robustness_card *open_card(const stepdose_problem *problem, const stepdose_problem *fixed,
                                  const schedule *doses, const study_run *run,
                                  stepdose_error *error)
{
  robustness_card *card = allocate_zeroed(1, sizeof *card);
  stepdose_problem *few = allocate(sizeof *few);
  bool done = (card != NULL && few != NULL) || error_no_memory(error, "writing a robustness card");
  if (done) {
    *few = *fixed;
    few->patients = few->patients < ROBUSTNESS_PATIENTS ? few->patients : ROBUSTNESS_PATIENTS;
    done = run_card(card, problem, few, doses, run, error);
  }
  release(few);
  if (!done) {
    robustness_free(card);
    return NULL;
  }
  return card;
}

robustness_card *robustness_run(const stepdose_problem *problem, const schedule *doses,
                                const double *design, const study_run *run, stepdose_error *error)
{
  if (design == NULL || problem->n_design == 0) {
    return open_card(problem, problem, doses, run, error);
  }
  stepdose_problem *fixed = robustness_fix_design(problem, design, error);
  robustness_card *card = fixed != NULL ? open_card(problem, fixed, doses, run, error) : NULL;
  problem_free(fixed);
  return card;
}

void robustness_free(robustness_card *card) { release(card); }
