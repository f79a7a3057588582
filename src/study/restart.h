/* Rules after a missed or delayed dose: for each dose of a schedule and each time since it was
 * given, what happens in the patients if the schedule is taken up again in different ways, and the
 * least disruptive way that is as safe as the uninterrupted schedule.
 *
 * Two criteria are computed. By risk: after no dose from the resumed one on is the risk larger than
 * the largest risk that the uninterrupted schedule has after any of its doses. By drug left: no
 * dose is resumed while there is less drug in blood than the uninterrupted schedule has just before
 * it first gives as much; so labels have been reasoned. Both allow the problem's tolerance. */
#ifndef STUDY_RESTART_H
#define STUDY_RESTART_H

#include "base/progress.h"
#include "regimen/resume.h"
#include "study/cohort_statistics.h"

/* Rules, from the least disruptive on: X(ID, name in files, what is done). */
#define RESTART_RULES(X)                                                                           \
  X(CONTINUE, "continue", "go on with the planned dose")                                           \
  X(REPEAT, "repeat", "repeat the last dose, then go on")                                          \
  X(STEP_BACK, "step_back", "resume with the last step-up dose, or repeat an earlier one")         \
  X(RESTART, "restart", "begin again with the first dose")

typedef enum restart_rule {
#define X(id, name, meaning) RULE_##id,
  RESTART_RULES(X)
#undef X
      RESTART_RULE_COUNT
} restart_rule;

typedef struct restart_rule_row {
  const char *name, *meaning;
} restart_rule_row;
extern const restart_rule_row restart_rules[RESTART_RULE_COUNT];

/* Every course is followed for as long after the gap as a restart takes to reach the first full
 * dose, and this long then. */
#define RESTART_FOLLOW_DAYS 28.0

/* The percentile of the patients that counts of a peak. */
#define RESTART_PERCENTILE COHORT_P95

/* One measure of risk; NAN where the model has none, or no patient counts. */
typedef struct restart_risk {
  double resumed; /* after the resumed dose */
  double largest; /* after any dose from the resumed one on */
} restart_risk;

/* One rule after one gap. Patients who count: plausible, simulated under every rule, and without
 * progression of the tumour before the last dose, under which the drug would not be given again. A
 * tumour that progresses during the gap is no reason to leave a patient out: nothing was given
 * against it. Doses after a progression later than the gap do not count: late peaks are an artefact
 * of tumours without a capacity. */
typedef struct restart_outcome {
  int from;    /* number from 1 of the dose that is given after the gap */
  int same_as; /* the first rule with the same doses: this one, or a less disruptive one */
  restart_risk risk[RESTART_MEASURE_COUNT];
  double any[2];      /* share of patients expected to have CRS of grade 1 (2) or higher at least
                         once from the resumed dose on; NAN without a CRS drive */
  double kill_lost;   /* log10, against the uninterrupted schedule: mean over all simulated patients
                         of the time average from day 0 to end_day; NAN without a tumour */
  double drug_needed; /* ug/mL */
  bool risk_holds, drug_holds;
} restart_outcome;

typedef struct restart_gap {
  double days; /* since the last dose */
  double end_day;
  int counted, left_out, failed; /* patients, of all plausible ones; left out: progressed before */
  int progressed;                /* of those who count, during the gap */
  double planned[RESTART_MEASURE_COUNT]; /* largest risk after any dose of the uninterrupted
                                            schedule, in the patients who count */
  double planned_any[2];
  double drug_left; /* ug/mL just before the dose: median of the patients */
  restart_outcome rule[RESTART_RULE_COUNT];
  int by_risk, by_drug; /* the least disruptive rule that holds; RESTART_RULE_COUNT: none */
} restart_gap;

/* until[r]: the longest gap in days such that after every shorter one, from the planned interval
 * on, a rule holds that is not more disruptive than r; NAN where there is no such gap. */
typedef struct restart_window {
  double until[RESTART_RULE_COUNT];
} restart_window;

/* Gaps after one dose. */
typedef struct restart_dose {
  int number; /* of the last dose given, from 1 */
  double day, amount;
  double interval; /* days to the next one, as planned: the shortest gap */
  int n_gaps, room;
  restart_gap *gap; /* (n_gaps), increasing */
  restart_window by_risk, by_drug;
} restart_dose;

typedef struct study_restart {
  const stepdose_problem *problem; /* borrowed */
  resumable schedule;
  int n_patients, n_included; /* drawn (1: the reference patient); plausible */
  int n_doses;
  restart_dose *dose; /* (n_doses) */
} study_restart;

/* What of a schedule is refused before anything is simulated: what resume_open refuses, and
 * (CONTRADICTION) settings that leave no gap longer than the planned interval after a dose. */
bool study_restart_check(const stepdose_problem *problem, const schedule *doses,
                         stepdose_error *error);
/* Everything is borrowed. NULL: LIMIT_REACHED if the user stops; what study_restart_check and
 * resume_schedule refuse; no memory. */
study_restart *study_restart_run(const stepdose_problem *problem, const schedule *doses,
                                 int threads, progress *told, stepdose_error *error);
void study_restart_free(study_restart *r);

/* --- parts, one file each --- */

/* restart_windows.c */
/* Fills risk_holds, drug_holds, by_risk and by_drug from the rest. */
void restart_judge(const restart_settings *settings, restart_gap *gap);
/* Of all gaps that are there. by_drug is not touched. */
void restart_find_window(restart_dose *after);
/* A day on which to look next to find where by_risk changes: between a gap up to which a rule holds
 * and the next one; NAN where all is known to the day. */
double restart_open_day(const restart_dose *after);
/* The same window from the drug left after 0, 1, ... n-1 days and needed (RESTART_RULE_COUNT). */
void restart_drug_window(double tolerance_percent, double interval, int n, const double *left,
                         const double *needed, restart_window *window);

/* restart_patients.c: patients, prepared once, and the threads that simulate them */
typedef struct restart_patients restart_patients;
restart_patients *restart_patients_open(const stepdose_problem *problem, int threads,
                                        stepdose_error *error);
void restart_patients_close(restart_patients *p);
int restart_patients_drawn(const restart_patients *p);
int restart_patients_included(const restart_patients *p);  /* plausible */
int restart_patients_simulated(const restart_patients *p); /* of them, those who can be */
/* Median over the patients of the drug in blood [ug/mL] on n increasing days. */
bool restart_patients_drug(restart_patients *p, const schedule *doses, int n, const double *day,
                           double *median, stepdose_error *error);
/* Simulates schedules until `end_day`. For each patient of a block and each schedule the result,
 * and whether it failed, are shown to `see`; in the order of patients. */
typedef void restart_see(void *context, double weight, const double *parameters, int n,
                         const endpoints *result, const bool *failed);
bool restart_patients_run(restart_patients *p, int n, const schedule *schedules, double end_day,
                          restart_see *see, void *context, stepdose_error *error);

/* restart_gap.c: everything about one gap but the drug left */
bool restart_gap_run(const study_restart *r, restart_patients *patients, const restart_dose *after,
                     restart_gap *gap, stepdose_error *error);

#endif
