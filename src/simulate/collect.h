/* Endpoints collected while integrating a group: shown every step, once, in order of time. */
#ifndef SIMULATE_COLLECT_H
#define SIMULATE_COLLECT_H

#include "simulate/group.h"
#include "simulate/rosenbrock.h"

enum { COLLECT_POINTS = 5 }; /* outputs are known at this many equidistant points of a step */

/* Outputs of all patients at one time: [output * lanes + patient]. */
typedef double group_outputs[OUTPUT_COUNT * KERNEL_LANES_MAX];

typedef struct collector {
  const endpoint_request *request;
  const group_member *member;
  rosenbrock *r;
  int lanes;
  double *state; /* (n) scratch */
  _Alignas(KERNEL_ALIGNMENT) group_outputs point[COLLECT_POINTS]; /* of the step being shown */
  bool inner_ready;                      /* points 1 and 3 are filled */
  int window[KERNEL_LANES_MAX];          /* of the current dose, -1 before the first */
  int next_sample[KERNEL_LANES_MAX];
  double log10_integral[KERNEL_LANES_MAX]; /* of log10(tumour), days */
  double log10_last[KERNEL_LANES_MAX];     /* log10(tumour) where the next step begins */
  double tumor_last[KERNEL_LANES_MAX];     /* largest tumour of the last days */
} collector;

/* `state` (n) is scratch; results get their counts of windows, intervals, days. */
void collect_open(collector *c, const endpoint_request *request, const group_member *member,
                  rosenbrock *r, double *state);
/* A dose of patient p begins at `day`: its window opens. */
void collect_dose(collector *c, int p, double day);
/* The group has tried a step from day to day + h and is about to accept it. */
void collect_step(collector *c, double day, double h);
/* The run has reached the horizon. */
void collect_close(collector *c);

#endif
