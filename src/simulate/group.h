/* A group: as many patients as lanes are wide, integrated in lockstep with one step size, each with its own
 * parameters and doses. The integrator stops exactly at every day where something changes for any of
 * them. */
#ifndef SIMULATE_GROUP_H
#define SIMULATE_GROUP_H

#include "model/kernels.h"
#include "simulate/simulate.h"

typedef struct group group;

/* All scratch for groups of up to `lanes` patients; no allocation afterwards. NULL: *error. */
group *group_open(const model *m, int lanes, stepdose_error *error);
void group_close(group *g);
int group_lanes(const group *g);

/* One member of a group. */
typedef struct group_member {
  const double *parameters; /* (n_parameters), for doses */
  const double *derived;    /* (n_derived) from model->derive */
  const schedule *doses;
  endpoints *result;        /* filled */
  trajectory *samples;      /* filled; may be NULL */
} group_member;

/* Runs `lanes` members (a width that model->kernels offers, at most that of group_open). On failure false with
 * *error: SIMULATION_FAILED names day and state; *culprit is the member to blame. */
bool group_run(group *g, int lanes, const group_member *member, const endpoint_request *request,
               const simulate_settings *settings, int *culprit, stepdose_error *error);

#endif
