/* A regimen as a change has it: missed, delayed or wrong doses, other premedication. */
#include "regimen/resume.h"
#include "study/whatif.h"

static bool check_number(const named_change *c, int number, int n, stepdose_error *error)
{
  return number <= n ||
         error_set(error, STEPDOSE_OUT_OF_RANGE, "name a dose that is given",
                   "change \"%.64s\" names dose %d, but the regimen has %d", c->name, number, n);
}

static bool check_numbers(const named_change *c, const schedule *doses, stepdose_error *error)
{
  const int n = schedule_engager_doses(doses);
  return check_number(c, c->missed_dose, n, error) && check_number(c, c->delayed_dose, n, error) &&
         check_number(c, c->dose_error_in, n, error);
}

static bool same_premedication(const regimen_space *a, const regimen_space *b)
{
  bool same = a->n_premedication == b->n_premedication;
  for (int i = 0; same && i < a->n_premedication; i++) {
    const premedication *x = &a->premedication[i];
    const premedication *y = &b->premedication[i];
    same = x->drug == y->drug && x->dose_mg == y->dose_mg && x->on_day == y->on_day &&
           x->day == y->day && x->with == y->with && x->hours_before == y->hours_before;
  }
  return same;
}

/* Premedication of the regimen itself stays where the change leaves that of the problem alone. */
static bool premedicate(const stepdose_problem *problem, const stepdose_problem *changed,
                        const named_change *c, schedule *doses, stepdose_error *error)
{
  schedule engager;
  if (!c->without_premedication && same_premedication(&problem->regimen, &changed->regimen)) {
    return true;
  }
  schedule_of_engager(doses, &engager);
  *doses = engager;
  return problem_premedicate(changed->regimen.premedication, changed->regimen.n_premedication,
                             problem_steps_end(&engager), changed->horizon_days, doses) ||
         error_set(error, STEPDOSE_OUT_OF_RANGE, "give less premedication",
                   "change \"%.64s\": with premedication there are too many doses", c->name);
}

/* A missed dose takes its premedication with it, a late one moves it. */
static bool move(const named_change *c, const schedule *planned, schedule *out,
                 stepdose_error *error)
{
  resumable r;
  *out = *planned;
  if (c->missed_dose == 0 && c->delayed_dose == 0) {
    return true;
  }
  if (!resume_open(planned, &r, error)) {
    return false;
  }
  out->n_doses = 0;
  for (int i = 0; i < r.n_listed + r.n_premedication; i++) {
    const bool engager = i < r.n_listed;
    const int number = 1 + (engager ? i : r.goes_with[i - r.n_listed]);
    dose d = engager ? r.engager[i] : r.premedication[i - r.n_listed];
    d.day += c->delayed_dose > 0 && number >= c->delayed_dose ? c->delay_days : 0;
    if (number != c->missed_dose) {
      out->doses[out->n_doses++] = d;
    }
  }
  return true;
}

static void mistake(const named_change *c, schedule *doses)
{
  int number = 0;
  for (int i = 0; i < doses->n_doses; i++) {
    dose *d = &doses->doses[i];
    if (route_is_engager(d->route)) {
      number++;
      const bool wrong = c->dose_error_in == 0 || c->dose_error_in == number;
      d->amount *= wrong ? 1 + c->dose_error_percent / 100 : 1;
    }
  }
}

/* Doses on or after the horizon are not given; what ends there already is left alone. */
static void close_at(const stepdose_problem *changed, schedule *out)
{
  const bool late = out->n_doses > 0 && out->doses[out->n_doses - 1].day >= changed->horizon_days;
  if (late) {
    schedule_close(out, changed->horizon_days);
  }
}

bool whatif_regimen(const stepdose_problem *problem, const stepdose_problem *changed,
                    const schedule *doses, const named_change *c, schedule *out,
                    stepdose_error *error)
{
  schedule planned = *doses;
  if (!check_numbers(c, doses, error) || !premedicate(problem, changed, c, &planned, error)) {
    return false;
  }
  mistake(c, &planned);
  if (!move(c, &planned, out, error)) {
    return false;
  }
  schedule_sort(out);
  close_at(changed, out);
  return schedule_engager_doses(out) > 0 ||
         error_set(error, STEPDOSE_OUT_OF_RANGE, "leave a dose",
                   "change \"%.64s\" leaves no dose before the horizon", c->name);
}
