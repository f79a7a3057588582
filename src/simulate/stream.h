/* A stream of simulations through lanes: as many patients side by side as lanes are wide, each with
 * its own parameters, doses, time and step size. A lane whose patient is done takes the next one,
 * so that lanes stay full and nobody waits for a neighbour; what a patient gets does not depend on
 * who runs beside it.
 *
 * Linked lanes share every step instead (the worst patient decides, and all stop where any does):
 * for finite differences between copies of one patient, whose errors then cancel. */
#ifndef SIMULATE_STREAM_H
#define SIMULATE_STREAM_H

#include "model/kernels.h"
#include "simulate/simulate.h"

/* One simulation. */
typedef struct stream_task {
  const double *parameters; /* (n_parameters), for doses */
  const double *derived;    /* (n_derived) from model->derive */
  const schedule *doses;
  endpoints *result;   /* filled unless the run fails */
  trajectory *samples; /* filled; may be NULL */
} stream_task;

/* Where simulations come from. Called from the thread that runs the stream. */
typedef struct stream_source {
  void *context;
  const stream_task *(*next)(void *context); /* NULL: no more */
  /* error is NULL if the run was completed; else SIMULATION_FAILED with day and state */
  void (*done)(void *context, const stream_task *task, const stepdose_error *error);
} stream_source;

typedef struct stream stream;

/* All scratch for lanes of this width; no allocation afterwards. NULL: *error. */
stream *stream_open(const model *m, int lanes, stepdose_error *error);
void stream_close(stream *s);
int stream_lanes(const stream *s);

/* Runs simulations until the source has no more. */
void stream_run(stream *s, const stream_source *source, const endpoint_request *request,
                const simulate_settings *settings);

/* Runs `count` <= lanes simulations with shared steps. If one fails, all end and are reported with
 * its error. */
void stream_run_linked(stream *s, int count, const stream_source *source,
                       const endpoint_request *request, const simulate_settings *settings);

#endif
