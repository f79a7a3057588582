/* One patient, one schedule: endpoints and, if asked for, trajectories. */
#ifndef SIMULATE_SIMULATE_H
#define SIMULATE_SIMULATE_H

#include "simulate/schedule.h"

enum { ENDPOINT_INTERVALS_MAX = 16, ENDPOINT_DAYS_MAX = 16 };

/* Which endpoints a run has to collect besides those of the dose windows. */
typedef struct endpoint_request {
  double horizon_days;
  double last_days; /* length of the window of log10_kill_smallest_last */
  int n_intervals;
  struct {
    double from_day, to_day;
  } interval[ENDPOINT_INTERVALS_MAX];
  int n_days;
  double day[ENDPOINT_DAYS_MAX]; /* days at which the tumour is read, increasing */
  double activated_above;        /* share of activated T cells above which time is counted */
  hospital_rule hospital;
  bool until_progression;        /* peaks of IL-6, drive, interferon and activated CD8 T cells count
                                    before the tumour has progressed only */
} endpoint_request;

/* Progression: from this day on, the tumour is this many times as large as on day 0. The diameter
 * has then grown by a fifth, as RECIST 1.1 asks (1.2^3 in volume); the first look is after three
 * weeks. What a model without a capacity makes of a tumour after that is no forecast. */
#define ENDPOINT_PROGRESSION_FROM_DAY 21.0
#define ENDPOINT_PROGRESSION_RATIO 1.728

#define ENDPOINT_ACTIVATED_ABOVE 0.3 /* default of activated_above */

/* A patient counts as falling ill when the CRS drive has made this share of its rise after a dose:
 * its peak often is where the next dose cuts the window off. */
#define ENDPOINT_ONSET_SHARE 0.5

typedef struct peak {
  double value;
  double day; /* when it was reached */
} peak;

/* Doses that begin less than this after another count as one dose: a dose split over a day cannot
 * hide its peak in a window of no length. */
#define ENDPOINT_ONE_DOSE_DAYS 1.0

/* Window w begins with dose w of engager and ends with dose w+1 or the horizon, both ends included;
 * extremes are found between integration steps. Windows of doses that count as one have the
 * extremes of all of them together. Doses beyond SCHEDULE_WINDOWS_MAX stay in the last window. */
typedef struct endpoints {
  int n_windows, n_intervals, n_days;
  peak il6[SCHEDULE_WINDOWS_MAX], il6_course, il6_interval[ENDPOINT_INTERVALS_MAX]; /* pg/mL */
  peak activated_cd8[SCHEDULE_WINDOWS_MAX], activated_cd8_course,
      activated_cd8_interval[ENDPOINT_INTERVALS_MAX];
  /* Rise of the CRS drive (pg/mL) above its value at the dose, on day 0, or where the interval
   * begins: the tail of an earlier dose is not counted again. 0 where the model has no drive; so is
   * interferon-gamma. */
  peak drive[SCHEDULE_WINDOWS_MAX], drive_course, drive_interval[ENDPOINT_INTERVALS_MAX];
  /* Hours from the dose (the first one of that day) until the drive had made ENDPOINT_ONSET_SHARE
   * of its rise, and when that was; both NAN where it did not rise. */
  peak drive_onset[SCHEDULE_WINDOWS_MAX];
  peak ifn[SCHEDULE_WINDOWS_MAX], ifn_course, ifn_interval[ENDPOINT_INTERVALS_MAX]; /* pg/mL */
  /* By site: blood, lymphoid, tumour, normal tissues (model.h). */
  int n_sites;
  peak activated[MODEL_SITES_MAX];      /* largest share of activated T cells */
  double days_above[MODEL_SITES_MAX];   /* days with a share above request.activated_above */
  peak health_nadir[MODEL_TISSUES_MAX]; /* smallest healthy share, and its day */
  double window_day[SCHEDULE_WINDOWS_MAX];
  double tumor_initial, tumor_final, tumor_smallest; /* cells */
  double tumor_at[ENDPOINT_DAYS_MAX];                /* cells, on the days asked for */
  double progression_day;                            /* INFINITY: not before the horizon */
  double log10_kill_average; /* time average of log10(tumour at start / tumour), tumour floored at
                                one cell */
  double log10_kill_smallest_last; /* smallest log10 kill during the last `last_days` days */
  double total_mg;
  int n_doses;                /* of engager */
  int n_visits;               /* days with a dose, premedication included */
  double hospital_days;       /* 0 where the request has no rule for them */
  long steps, rejected_steps; /* of the integrator */
} endpoints;

/* Sampled outputs: value[i * model.n_outputs + output] at day[i]. */
typedef struct trajectory {
  int n_days;
  const double *day; /* increasing, borrowed */
  double *value;     /* (n_days x model.n_outputs), filled */
} trajectory;

typedef struct simulate_settings {
  double relative_tolerance; /* of the local error, each step; default SIMULATE_TOLERANCE */
  long steps_max;            /* per run */
  /* NULL: Rodas4, or Rodas5P where the tolerance is below SIMULATE_TIGHT; see bench/README.md for
   * why */
  const struct rosenbrock_method *method;
} simulate_settings;

#define SIMULATE_TOLERANCE 2e-5 /* with Rodas4: measured errors in bench/README.md */
#define SIMULATE_TIGHT 1e-6
simulate_settings simulate_settings_default(void);

/* All scratch of one thread, sized once for a model; no allocation afterwards. */
typedef struct simulate_workspace simulate_workspace;
simulate_workspace *simulate_workspace_open(const model *m, stepdose_error *error);
void simulate_workspace_close(simulate_workspace *w);

/* parameters (n_parameters). `samples` may be NULL. On failure false with *error: SIMULATION_FAILED
 * names day and state; *result and samples are then undefined. */
bool simulate_patient(simulate_workspace *w, const double *parameters, const schedule *doses,
                      const endpoint_request *request, const simulate_settings *settings,
                      endpoints *result, trajectory *samples, stepdose_error *error);

#endif
