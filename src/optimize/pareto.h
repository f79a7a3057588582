/* Pareto search over a box: two to four objectives, all to be made small, under constraints; values
 * may be continuous or from a list. NSGA-II with constraint domination, and an archive of every
 * feasible point that nothing dominates. Knows nothing of doses.
 *
 * All random numbers are drawn between evaluations by the caller's thread: the same task gives the
 * same bits for any size of batches and any number of threads behind the evaluation. No point is
 * evaluated twice. */
#ifndef OPTIMIZE_PARETO_H
#define OPTIMIZE_PARETO_H

#include "optimize/batch.h"
#include "optimize/search.h"

enum { PARETO_OBJECTIVES_MAX = 4, PARETO_POPULATION = 100 };

typedef struct pareto_task {
  int n_variables, n_objectives, n_constraints;
  search_variable variable[SEARCH_VARIABLES_MAX];
  /* points (n x n_variables) are physical; values (n x (n_objectives + n_constraints)): objectives,
   * then constraints, of which one up to SEARCH_TOLERANCE holds. Constraints are added up to tell
   * the better of two infeasible points: scale them alike. A run with a value that is not finite
   * has failed. */
  batch_evaluate *evaluate;
  void *context; /* borrowed */
  long batch;    /* points handed over at once; 0: BATCH_SIZE */
  /* Asked with `context` before each generation after the first: true ends the run as if the
   * evaluations had been used up. NULL: never. */
  bool (*enough)(void *context);
  uint64_t seed;
  int population;       /* even, >= 4; 0: PARETO_POPULATION */
  long evaluations_max; /* all of them, given points too */
  int n_given;
  const double *given; /* (n_given x n_variables), clipped and rounded to levels; borrowed */
  bool has_reference;  /* of the hypervolume; otherwise it is chosen from the front */
  double reference[PARETO_OBJECTIVES_MAX];
  progress *progress; /* may be NULL */
} pareto_task;

/* The archive after a generation, the initial population being the first. */
typedef struct pareto_generation {
  long evaluations, front; /* so far; points on the front */
  double hypervolume;
} pareto_generation;

typedef struct pareto_outcome {
  int n_objectives;
  long n_points;       /* every evaluation, in its order; `goal` is not used (NAN) */
  search_point *point; /* `start`: which given point it is, or SEARCH_FROM_SCREENING */
  double *objective;   /* (n_points x n_objectives) NAN: failed */
  long failures;
  long n_front;
  long *front; /* points of the archive, by increasing first objective; of several with
                  the same objectives the first that was found */
  int n_generations;
  pareto_generation *generation;
  double reference[PARETO_OBJECTIVES_MAX]; /* given, or the worst of each objective on the front
                                              and a tenth of its range beyond */
  double ideal[PARETO_OBJECTIVES_MAX], nadir[PARETO_OBJECTIVES_MAX]; /* best and worst on the front;
                                                                        NAN without one */
  double hypervolume; /* of the front; 0 without one */
  long knee;          /* see pareto_knee: index into `front`, -1: none */
  search_end end;     /* EVALUATIONS, STOPPED, or CONVERGED: the grid has no further point */
} pareto_outcome;

/* False only if the search could not run (no memory, invalid task, evaluation cannot go on); that
 * nothing is feasible is an outcome. The caller frees. */
bool pareto_run(const pareto_task *task, pareto_outcome *outcome, stepdose_error *error);
void pareto_outcome_free(pareto_outcome *outcome);

/* Fills in what follows from the points of an outcome, which may come from several searches one
 * after the other: front, trace, range, hypervolume, knee. Given: n_objectives, n_points, point
 * (violation), objective, and the evaluations of each generation; with has_reference, reference. */
bool pareto_sum_up(pareto_outcome *outcome, bool has_reference, stepdose_error *error);

/* The point of the front (n x n_objectives) that lies farthest from the plane through its ends (the
 * best point of each objective) on the side of the ideal, after scaling each objective to 0 (ideal)
 * .. 1 (nadir); with two objectives that plane is a line. Where ends coincide it is, of all planes
 * through them, the one with the smallest weights; where the ends give no plane on which all
 * objectives count, that of equal weights through the mean of the ends. -1: no point lies
 * below it, or one point is the best in everything: the front has no knee. */
long pareto_knee(int n_objectives, long n, const double *front, double *distance);

#endif
