/* What the files of the design map share. */
#ifndef STUDY_MAP_PARTS_H
#define STUDY_MAP_PARTS_H

#include "optimize/side_by_side.h"
#include "study/map.h"

#include <pthread.h>
#include <stdatomic.h>

/* The best regimen of one molecule within one branch, so far. */
typedef struct map_best {
  bool evaluated; /* something was simulated */
  bool feasible;
  double goal, violation;
  double value[SEARCH_VARIABLES_MAX];
} map_best;

/* What one worker needs: the problem of the molecule in hand, and scratch for its simulations. */
typedef struct map_seat {
  stepdose_problem problem; /* with the map's design values in its parameters, and only what the map
                               leaves open in its design; borrows all but `parameters` */
  double *parameters;       /* (n_parameters) of a simulation */
  double *derived;          /* (n_derived) */
} map_seat;

/* A stage of the run: jobs for searches of points by branches. */
typedef struct map_stage {
  const char *name;
  long budget; /* evaluations of one search */
  bool cold;   /* starts: schedules in use and screened points besides the neighbours' regimens */
  bool only_gain; /* searches only where a neighbour's regimen is better than the point's own */
  int reach;      /* neighbours within this many places of a grid */
} map_stage;

typedef struct map_work {
  const stepdose_problem *problem;
  const study_run *run;
  study_map *map;
  side_by_side *side;
  simulate_settings settings;
  map_seat *seat; /* (side_by_side_width) */
  int n_seats;
  int n_branches;
  /* (n_points x n_branches): of stages before, of this one, and before the last sweep */
  map_best *best, *next, *before;
  bool *solved;   /* (n_points): by a stage before */
  double *safety; /* (n_points): limits are tightened by this; 0 but in repair */
  map_stage stage;
  long n_jobs;
  long *job; /* (n_points x n_branches): point * n_branches + branch */
  atomic_long failures, journal_answers;
  pthread_mutex_t lock; /* guards what follows, and evaluations of points */
  bool has_best_goal;
  double best_goal;
  search_end end;
  bool broken;
  stepdose_error error;
} map_work;

/* One search while it runs. */
typedef struct map_inquiry {
  map_work *work;
  map_seat *seat;
  regimen_evaluation *evaluation;
  long point;
  int branch;
  long evaluations;
} map_inquiry;

/* map_axes.c */
void map_open_axes(study_map *m);
bool map_open_molecules(study_map *m);                                        /* false: no memory */
void map_place(const study_map *m, long point, int place[MAP_GRID_AXES_MAX]); /* of a grid */

/* map_influence.c: of the axes of a Latin hypercube. False: no memory. */
bool map_find_influence(study_map *m);

/* map_inquiry.c */
/* Puts the molecule of a point into a seat. */
void map_take_seat(const map_work *w, map_seat *seat, long point);
bool map_is_better(const map_best *a, const map_best *b);
/* A search_evaluate; context: map_inquiry, in a job of side_by_side_run. */
bool map_evaluate(void *inquiry, int worker, const double *value, double *goal_value,
                  double *constraint, stepdose_error *error);
/* Evaluates one candidate outside a search; it replaces *best if it is better. */
void map_offer(map_inquiry *q, const double *value, map_best *best);

/* map_search.c: a side_job; context: map_work */
void map_search(void *work, int worker, long index);
void map_break(map_work *w,
               const stepdose_error *error); /* the work cannot go on; the first counts */

/* map_stages.c: all stages of the search. False: *error. */
bool map_run_stages(map_work *w, stepdose_error *error);
bool map_run_repair(map_work *w, stepdose_error *error); /* of points whose safety is not 0 */

/* map_assess.c */
int map_best_branch(const map_work *w, long point); /* of a point: that of its best regimen */
/* Fills the points from what the stages found; asks for repair by safety. */
bool map_assess_points(map_work *w, bool may_repair, long *n_to_repair, stepdose_error *error);

#endif
