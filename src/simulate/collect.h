/* Endpoints collected while integrating: one collector for all lanes, shown every step, once, in
 * order of each patient's time. */
#ifndef SIMULATE_COLLECT_H
#define SIMULATE_COLLECT_H

#include "simulate/collect_track.h"
#include "simulate/extreme.h"
#include "simulate/onset.h"
#include "simulate/rosenbrock.h"
#include "simulate/stream.h"

/* Outputs of all patients at one time: [output * lanes + patient]. */
typedef struct lane_outputs {
  _Alignas(KERNEL_ALIGNMENT) double at[KERNEL_OUTPUTS * KERNEL_LANES_MAX];
} lane_outputs;

/* What is kept of one patient. */
typedef struct lane_record {
  const stream_task *task; /* NULL: day 0 has not been reached */
  int window;              /* of the current dose, -1 before the first */
  int first_of_day;        /* first window that shares its extremes with the current one */
  int next_sample;
  double log10_integral; /* of log10(tumour), days */
  double tumor_last;     /* largest tumour of the last days */
  /* Values that rises of the drive begin at. */
  double drive_at_start, drive_at_dose[SCHEDULE_WINDOWS_MAX];
  double drive_at_interval[ENDPOINT_INTERVALS_MAX];
  onset_record onset; /* of the drive in the current windows */
} lane_record;

typedef struct collector {
  const model *model;
  const endpoint_request *request;
  rosenbrock *r;
  int lanes, n_tracks, n_sites;
  collect_track track[TRACKS_MAX];
  bool has_drive;
  double *state;                      /* (n) scratch */
  lane_outputs point[EXTREME_POINTS]; /* of the step being shown; [0] between steps */
  bool inner_ready;                   /* points 1 and 3 are filled */
  lane_record record[KERNEL_LANES_MAX];
} collector;

void collect_open(collector *c, const model *m, const endpoint_request *request, rosenbrock *r,
                  double *state);
/* Nothing is collected of patient p until collect_begin. */
void collect_wait(collector *c, int p);
/* Patient p has reached day 0 of this task. */
void collect_begin(collector *c, int p, const stream_task *task);
/* A dose of engager for patient p begins at `day`: its window opens. */
void collect_dose(collector *c, int p, double day);
/* Patients `accepted` have tried a step from day to day + h and are about to accept it. */
void collect_step(collector *c, const bool *accepted, const double *day, const lane_numbers *h);
/* Patient p has reached the horizon. */
void collect_end(collector *c, int p);

/* For collect.c and collect_ends.c: has the tumour of patient p progressed; and the value of an
 * output at a point of the step. */
enum { COLLECT_START = 0, COLLECT_MIDDLE = 2, COLLECT_END = EXTREME_POINTS - 1 };

static inline bool collect_progressed(const collector *c, int p)
{
  return c->record[p].task->result->progression_day <= c->request->horizon_days;
}

static inline double collect_output(const collector *c, int point, int output, int p)
{
  return c->point[point].at[output * c->lanes + p];
}

/* collect_onset.c: when the drive rises, of models that have one. Day 0; a dose on another day than
 * the last; a step; the end of what that last day of doses began. */
void collect_onset_open(const collector *c, int p);
void collect_onset_dose(collector *c, int p, double day);
void collect_onset_step(collector *c, int p, double day, double h);
void collect_onset_close(collector *c, int p);

#endif
