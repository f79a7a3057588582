/* Endpoints collected while integrating: a collector is shown every step, once, in order of time. */
#ifndef SIMULATE_COLLECT_H
#define SIMULATE_COLLECT_H

#include "simulate/rosenbrock.h"
#include "simulate/simulate.h"

/* Outputs whose largest value is wanted. */
enum { TRACK_IL6, TRACK_ACTIVATED_CD8, TRACK_TUMOR, TRACKS };

typedef struct collector {
  const endpoint_request *request;
  endpoints *result;
  rosenbrock *group;
  double *state;                 /* (n) scratch */
  double at_start[OUTPUT_COUNT]; /* outputs where the next step begins */
  trajectory *samples;           /* may be NULL */
  int next_sample;
  double log10_integral;         /* of log10(tumour), days */
  peak tumor_last;               /* largest tumour of the last days */
  int window;                    /* of the current dose, -1 before the first */
} collector;

/* Group width 1. `state` (n) is scratch; result gets its counts of windows, intervals, days. */
void collect_open(collector *c, const endpoint_request *request, const schedule *doses,
                  rosenbrock *group, double *state, endpoints *result, trajectory *samples);
/* A dose begins at `day`: its window opens. */
void collect_dose(collector *c, double day);
/* The group has tried a step from day to day + h and is about to accept it. */
void collect_step(collector *c, double day, double h);
/* The run has reached the horizon. */
void collect_close(collector *c);

#endif
