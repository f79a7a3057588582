/* A stream from within: its lanes and the run of the patient in each. For stream.c and
 * stream_lane.c.
 */
#ifndef SIMULATE_STREAM_LANE_H
#define SIMULATE_STREAM_LANE_H

#include "simulate/collect.h"

/* The run of one patient. */
typedef struct lane_run {
  const stream_task *task; /* NULL: the lane is idle */
  double *stop; /* days at which integration must stop, increasing, ending with the horizon */
  int n_stops, next_stop;
  int next_dose;              /* first dose not yet begun */
  bool reporting;             /* day 0 has been reached */
  double step;                /* days, proposed for the next step */
  bool reaches_stop;          /* the step being tried ends at stop[next_stop] */
  bool at_stop;               /* stop[next_stop - 1] has been reached and not yet been dealt with */
  bool rejected;              /* the last step was */
  int forced;                 /* steps in a row that were taken in spite of their error */
  long steps, steps_rejected; /* here, not in the result: results of two threads lie side by side */
  bool parked;                /* idle, and its arrays repeat those of a running lane */
} lane_run;

struct stream {
  const model *model;
  int lanes;
  rosenbrock r;
  double *state, *scale, *one; /* (n_states x lanes), (n_states) twice: scratch */
  double *scratch;             /* of r */
  void *block;                 /* the one allocation that holds all arrays */
  collector *collector;
  /* the run in progress */
  const stream_source *source;
  const endpoint_request *request;
  const simulate_settings *settings;
  bool linked, exhausted; /* exhausted: the source has no more */
  lane_run lane[KERNEL_LANES_MAX];
  double day[KERNEL_LANES_MAX];
};

/* Every function: lane p of the stream. */

/* Puts a patient into a lane: initial state, day and stops to follow. */
void stream_lane_put(stream *s, int p, const stream_task *task);
/* The day on which the patient begins, and the days at which to stop. */
void stream_lane_set_stops(stream *s, int p);
/* At a stop, or on the first day: everything that changes now. Reporting begins on day 0. */
void stream_lane_pass_stop(stream *s, int p);
/* A patient that has reached the last stop is done, one at another stop goes on. */
void stream_lane_settle(stream *s, int p);

/* Step to try, in days: the last one before a stop is stretched a little rather than followed by a
 * tiny one. An idle lane tries some step too. */
double stream_lane_plan_step(stream *s, int p);
/* Whether a tried step h with this error (1: the tolerance) is taken. */
bool stream_lane_accepts(stream *s, int p, double error, double h);
/* Moves the patient on, or makes its next step shorter; ends the run if it cannot go on. */
void stream_lane_conclude(stream *s, int p, bool accepted, double h, const step_verdict *v);

#endif
