/* The design map: over a grid of one or two properties of the molecule, or over a Latin hypercube
 * of all that the design leaves open, the best regimen of each molecule under all limits. What else
 * the design leaves open is searched with the regimen. */
#ifndef STUDY_MAP_H
#define STUDY_MAP_H

#include "study/propose.h"

enum { MAP_GRID_AXES_MAX = 2, MAP_AXES_MAX = PROBLEM_DESIGN_MAX, MAP_AXIS_POINTS_MAX = 64 };

typedef struct map_axis {
  int design; /* index into problem->design */
  int n;      /* values of a grid; 0 in a Latin hypercube, where every molecule has its own */
  double value[MAP_AXIS_POINTS_MAX]; /* increasing */
  /* Of a Latin hypercube: rank correlation (Spearman) of the property with the goal, over the
   * molecules whose best regimen keeps every limit; NAN: too few of them, or all are equal. */
  double influence;
} map_axis;

/* X(ID, name in files, meaning). */
#define MAP_STATUSES(X)                                                                            \
  X(UNFINISHED, "unfinished", "the run ended before this molecule was searched")                   \
  X(VERIFIED, "verified", "every limit holds at the tighter tolerance")                            \
  X(IN_SAMPLE_ONLY, "feasible-in-sample-only",                                                     \
    "the limits held in the search but not at the tighter tolerance")                              \
  X(INFEASIBLE, "infeasible", "no regimen that was tried meets every limit")                       \
  X(FAILED, "simulation-failed", "no regimen of this molecule could be simulated")

typedef enum map_status {
#define X(id, name, meaning) MAP_##id,
  MAP_STATUSES(X)
#undef X
      MAP_STATUS_COUNT
} map_status;
const char *map_status_name(map_status s);

/* One molecule with its best regimen, or the least violating one where none is feasible. */
typedef struct map_point {
  map_status status;
  int n_steps;
  schedule doses;
  double design[PROBLEM_DESIGN_MAX]; /* (problem->n_design) */
  double searched, goal;             /* at the tolerance of the search and the tighter one */
  double value[PROBLEM_LIMITS_MAX];  /* of each limit where it is worst; NAN: it has no window */
  double margin[PROBLEM_LIMITS_MAX]; /* objective_margin: <= 0 holds */
  double violation;                  /* largest, in the search */
  int blocking; /* the limit that is exceeded most; -1: none, or a rule of the regimen */
  long evaluations;
} map_point;

typedef struct study_map {
  const stepdose_problem *problem; /* borrowed */
  stepdose_status status;
  bool sampled; /* molecules of a Latin hypercube, else of a grid */
  int n_axes;
  map_axis axis[MAP_AXES_MAX];
  long n_points;
  double *at;       /* (n_points x n_axes): values of the axes' properties */
  double *share;    /* the same as shares of their ranges in (0, 1); NULL of a grid */
  map_point *point; /* (n_points); of a grid: place on axis 0 + axis[0].n * place on axis 1 */
  search_end end;   /* CONVERGED, or what cut the run short */
  long evaluations, failures, journal_answers;
  long best; /* verified, or else least violating; -1: nothing was simulated */
  bool feasible;

  schedule doses; /* of the best point, as read back from regimen.csv */
  int n_bounds;   /* its decisions that lie on an end of their range; axes count too */
  corner_bound bound[SEARCH_VARIABLES_MAX];
  assessment searched, verified;
  sampled_run samples;
} study_map;

/* NULL and *error on failure; an infeasible or interrupted map is a result. Caller frees. */
study_map *study_map_design(const stepdose_problem *problem, const study_run *run,
                            stepdose_error *error);
void study_map_free(study_map *m);

/* How many points of a map have this status. */
long study_map_count(const study_map *m, map_status status);

/* Refuses a problem that has no design to map, or too many branches, or no tumour. */
bool study_can_map(const stepdose_problem *problem, stepdose_error *error);

/* How many points a map of this problem has. */
long study_map_size(const stepdose_problem *problem);

#endif
