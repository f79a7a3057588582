/* What to do after a missed or delayed dose: see restart.h. */
#include "study/restart.h"

#include "base/allocate.h"

#include <math.h>
#include <stdio.h>

/* Everything that only the run needs. */
typedef struct restart_work {
  study_restart *study;
  restart_patients *patients;
  progress *told;
  double trough[SCHEDULE_WINDOWS_MAX]; /* ug/mL just before each dose that is listed */
  double day[RESTART_GAP_DAYS_MAX + 1], left[RESTART_GAP_DAYS_MAX + 1]; /* drug by days since the
                                                                           last dose */
} restart_work;

/* --- doses and gaps --------------------------------------------------------------------------- */

static bool is_followed(const study_restart *r, int number)
{
  const int n = r->schedule.n_listed;
  const bool wanted = number <= r->problem->restart.doses_max || number == n;
  return wanted && number < SCHEDULE_WINDOWS_MAX &&
         resume_interval(&r->schedule, number - 1) >= ENDPOINT_ONE_DOSE_DAYS;
}

/* The planned interval, and the multiples of the step beyond it. */
static int count_first_gaps(const restart_settings *s, double interval)
{
  const int all = s->gap_days_max / s->gap_days_step;
  const int within = (int)floor(interval / s->gap_days_step);
  return 1 + (all > within ? all - within : 0);
}

/* A window needs a gap that is longer than planned. */
static bool check_dose(const study_restart *r, int number, stepdose_error *error)
{
  const restart_settings *s = &r->problem->restart;
  const double interval = resume_interval(&r->schedule, number - 1);
  char remedy[96];
  if (count_first_gaps(s, interval) > 1) {
    return true;
  }
  snprintf(remedy, sizeof remedy, "%d days or more are needed in steps of %d (--set works too)",
           ((int)floor(interval / s->gap_days_step) + 1) * s->gap_days_step, s->gap_days_step);
  error_set(error, STEPDOSE_CONTRADICTION, remedy,
            "the interval after dose %d is planned as %g days, and \"gap_days_max\" of %d leaves "
            "no longer gap to look at",
            number, interval, s->gap_days_max);
  error_place(error, r->problem->path, 0, 0, "/restart/gap_days_max");
  return false;
}

static bool check_doses(const study_restart *r, stepdose_error *error)
{
  int longest = 0;
  for (int number = 1; number <= r->schedule.n_listed; number++) {
    if (is_followed(r, number) &&
        (longest == 0 ||
         resume_interval(&r->schedule, number - 1) > resume_interval(&r->schedule, longest - 1))) {
      longest = number;
    }
  }
  return longest == 0 || check_dose(r, longest, error);
}

bool study_restart_check(const stepdose_problem *problem, const schedule *doses,
                         stepdose_error *error)
{
  study_restart r = {.problem = problem};
  return resume_open(doses, &r.schedule, error) && check_doses(&r, error);
}

static bool open_dose(study_restart *r, int number, stepdose_error *error)
{
  const restart_settings *settings = &r->problem->restart;
  restart_dose *d = &r->dose[r->n_doses++];
  const dose *given = &r->schedule.engager[number - 1];
  const double interval = resume_interval(&r->schedule, number - 1);
  const int within = (int)floor(interval / settings->gap_days_step);
  const int n = count_first_gaps(settings, interval);
  *d = (restart_dose){
      .number = number, .day = given->day, .amount = given->amount, .interval = interval};
  d->room = n + RESTART_RULE_COUNT * settings->gap_days_step;
  d->gap = allocate_zeroed((size_t)d->room, sizeof *d->gap);
  if (d->gap == NULL) {
    return error_no_memory(error, "preparing gaps");
  }
  d->n_gaps = n;
  for (int i = 0; i < n; i++) {
    d->gap[i].days = i == 0 ? interval : (within + i) * settings->gap_days_step;
  }
  return true;
}

static bool open_doses(study_restart *r, stepdose_error *error)
{
  const int n = r->schedule.n_listed;
  r->dose = allocate_zeroed((size_t)n, sizeof *r->dose);
  if (r->dose == NULL) {
    return error_no_memory(error, "preparing gaps");
  }
  bool done = true;
  for (int number = 1; done && number <= n; number++) {
    done = !is_followed(r, number) || open_dose(r, number, error);
  }
  return done;
}

static long count_gaps(const study_restart *r)
{
  long n = 0;
  for (int i = 0; i < r->n_doses; i++) {
    n += r->dose[i].n_gaps;
  }
  return n;
}

/* --- drug in blood ---------------------------------------------------------------------------- */

static bool find_troughs(restart_work *w, stepdose_error *error)
{
  const resumable *s = &w->study->schedule;
  const int n = s->n_listed - 1;
  double day[SCHEDULE_WINDOWS_MAX];
  schedule planned;
  for (int i = 0; i < n; i++) {
    day[i] = resume_day(s, i + 1);
  }
  const resumption all = {.end_day = resume_day(s, n) + 1};
  w->trough[0] = 0;
  return resume_schedule(s, &all, &planned, error) &&
         restart_patients_drug(w->patients, &planned, n, day, w->trough + 1, error);
}

/* What the uninterrupted schedule has just before it first gives as much as dose `number`. */
static double drug_before(const restart_work *w, int number)
{
  return w->trough[resume_first_as_large(&w->study->schedule, number)];
}

/* Drug on the days after dose d if no other follows. */
static bool find_drug_left(restart_work *w, const restart_dose *d, stepdose_error *error)
{
  const int last = w->study->problem->restart.gap_days_max;
  schedule stopped;
  const resumption never = {
      .given = d->number, .from = d->number, .gap_days = last + 2, .end_day = d->day + last + 1};
  for (int i = 0; i <= last; i++) {
    w->day[i] = d->day + i;
  }
  return resume_schedule(&w->study->schedule, &never, &stopped, error) &&
         restart_patients_drug(w->patients, &stopped, last + 1, w->day, w->left, error);
}

static double drug_left(const restart_work *w, double days)
{
  const int last = w->study->problem->restart.gap_days_max;
  const int i = (int)fmin(floor(days), last - 1);
  const double part = days - i;
  return part <= 1 ? w->left[i] + part * (w->left[i + 1] - w->left[i]) : (double)NAN;
}

/* --- gaps after one dose ---------------------------------------------------------------------- */

static bool run_gap(restart_work *w, const restart_dose *d, restart_gap *gap, stepdose_error *error)
{
  const study_restart *r = w->study;
  const resumable *s = &r->schedule;
  if (progress_stopped(w->told)) {
    return error_set(error, STEPDOSE_LIMIT_REACHED, "run the same command again",
                     "stopped after dose %d, gap of %g days: nothing was written", d->number,
                     gap->days);
  }
  gap->end_day =
      d->day + gap->days + resume_day(s, s->first_full) - resume_day(s, 0) + RESTART_FOLLOW_DAYS;
  if (!restart_gap_run(r, w->patients, d, gap, error)) {
    return false;
  }
  gap->drug_left = drug_left(w, gap->days);
  for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
    gap->rule[rule].drug_needed = drug_before(w, gap->rule[rule].from - 1);
  }
  restart_judge(&r->problem->restart, gap);
  return true;
}

static restart_gap *insert_gap(restart_dose *d, double days)
{
  int i = d->n_gaps++;
  for (; i > 0 && d->gap[i - 1].days > days; i--) {
    d->gap[i] = d->gap[i - 1];
  }
  d->gap[i] = (restart_gap){.days = days};
  return &d->gap[i];
}

/* Looks at every day on which the window may end. */
static bool refine(restart_work *w, restart_dose *d, stepdose_error *error)
{
  bool done = true;
  double day = restart_open_day(d);
  while (done && !isnan(day) && d->n_gaps < d->room) {
    done = run_gap(w, d, insert_gap(d, day), error);
    day = restart_open_day(d);
  }
  return done;
}

static void find_drug_window(const restart_work *w, restart_dose *d)
{
  const restart_settings *settings = &w->study->problem->restart;
  double needed[RESTART_RULE_COUNT];
  for (int rule = 0; rule < RESTART_RULE_COUNT; rule++) {
    needed[rule] = d->gap[0].rule[rule].drug_needed;
  }
  restart_drug_window(settings->tolerance_percent, d->interval, settings->gap_days_max + 1, w->left,
                      needed, &d->by_drug);
}

static bool run_dose(restart_work *w, restart_dose *d, stepdose_error *error)
{
  bool done = find_drug_left(w, d, error);
  for (int i = 0; done && i < d->n_gaps; i++) {
    done = run_gap(w, d, &d->gap[i], error);
    progress_step(w->told, 1);
  }
  if (!done || !refine(w, d, error)) {
    return false;
  }
  restart_find_window(d);
  find_drug_window(w, d);
  return true;
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool run_doses(restart_work *w, stepdose_error *error)
{
  study_restart *r = w->study;
  r->n_patients = restart_patients_drawn(w->patients);
  r->n_included = restart_patients_included(w->patients);
  progress_stage(w->told, "simulating gaps", count_gaps(r));
  bool done = find_troughs(w, error);
  for (int i = 0; done && i < r->n_doses; i++) {
    done = run_dose(w, &r->dose[i], error);
  }
  return done;
}

static bool open_study(study_restart *r, const stepdose_problem *problem, const schedule *doses,
                       stepdose_error *error)
{
  r->problem = problem;
  return resume_open(doses, &r->schedule, error) && check_doses(r, error) && open_doses(r, error);
}

study_restart *study_restart_run(const stepdose_problem *problem, const schedule *doses,
                                 int threads, progress *told, stepdose_error *error)
{
  study_restart *r = allocate_zeroed(1, sizeof *r);
  restart_work *w = allocate_zeroed(1, sizeof *w);
  bool done = (r != NULL && w != NULL) || error_no_memory(error, "preparing gaps");
  done = done && open_study(r, problem, doses, error);
  if (done) {
    *w = (restart_work){.study = r, .told = told};
    w->patients = restart_patients_open(problem, threads, error);
    done = w->patients != NULL && run_doses(w, error);
    restart_patients_close(w->patients);
  }
  release(w);
  if (!done) {
    study_restart_free(r);
    return NULL;
  }
  return r;
}

void study_restart_free(study_restart *r)
{
  if (r == NULL) {
    return;
  }
  for (int i = 0; i < r->n_doses; i++) {
    release(r->dose[i].gap);
  }
  release(r->dose);
  release(r);
}
