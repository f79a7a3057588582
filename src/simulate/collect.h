/* Endpoints collected while integrating: one collector for all lanes, shown every step, once, in
 * order of each patient's time. */
#ifndef SIMULATE_COLLECT_H
#define SIMULATE_COLLECT_H

#include "simulate/rosenbrock.h"
#include "simulate/stream.h"

enum { COLLECT_POINTS = 5 }; /* outputs are known at this many equidistant points of a step */

/* Outputs of all patients at one time: [output * lanes + patient]. */
typedef struct lane_outputs {
  _Alignas(KERNEL_ALIGNMENT) double at[KERNEL_OUTPUTS * KERNEL_LANES_MAX];
} lane_outputs;

/* What is kept of one patient. */
typedef struct lane_record {
  const stream_task *task;
  int window;       /* of the current dose, -1 before the first */
  int first_of_day; /* first window that shares its extremes with the current one */
  int next_sample;
  double log10_integral; /* of log10(tumour), days */
  double tumor_last;     /* largest tumour of the last days */
} lane_record;

typedef struct collector {
  const endpoint_request *request;
  rosenbrock *r;
  int lanes;
  double *state;                      /* (n) scratch */
  lane_outputs point[COLLECT_POINTS]; /* of the step being shown; [0] between steps */
  bool inner_ready;                   /* points 1 and 3 are filled */
  lane_record record[KERNEL_LANES_MAX];
} collector;

void collect_open(collector *c, const endpoint_request *request, rosenbrock *r, double *state);
/* The state of patient p has been set to that of a new task on day 0. */
void collect_begin(collector *c, int p, const stream_task *task);
/* A dose of patient p begins at `day`: its window opens. */
void collect_dose(collector *c, int p, double day);
/* Patients `accepted` have tried a step from day to day + h and are about to accept it. */
void collect_step(collector *c, const bool *accepted, const double *day, const lane_numbers *h);
/* Patient p has reached the horizon. */
void collect_end(collector *c, int p);

#endif
