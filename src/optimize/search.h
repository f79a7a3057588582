/* Constrained search over a box: continuous by NLopt engines behind a guard, then on a grid by
 * neighbourhood search. Knows nothing of doses: values in, goal and constraints out. */
#ifndef OPTIMIZE_SEARCH_H
#define OPTIMIZE_SEARCH_H

#include "base/progress.h"
#include "base/text.h"

enum { SEARCH_VARIABLES_MAX = 36, SEARCH_CONSTRAINTS_MAX = 160 };

/* A constraint up to this value holds: engines end on a constraint, not inside it. */
#define SEARCH_TOLERANCE 1e-8

/* Where a point that no start made comes from. */
enum { SEARCH_FROM_SCREENING = -1, SEARCH_FROM_GRID = -2 };

typedef struct search_variable {
  double low, high;    /* low < high */
  bool logarithmic;    /* the engine moves log10(value); low > 0 */
  int n_levels;        /* allowed values, increasing, within [low, high]; 0: any is final */
  const double *level; /* borrowed */
} search_variable;

/* One evaluated point. */
typedef struct search_point {
  double value[SEARCH_VARIABLES_MAX];
  double goal;                               /* larger is better; NAN if failed */
  double constraint[SEARCH_CONSTRAINTS_MAX]; /* <= 0 (SEARCH_TOLERANCE) holds */
  double violation;                          /* largest constraint, 0: all hold, INFINITY: failed */
  bool failed;                               /* the simulation failed */
  int start;                                 /* index of the start that made it, or SEARCH_FROM_ */
  long evaluation;                           /* its number, from 0, in the order of `points` */
} search_point;

/* Fills goal and constraint; false: the simulation failed (*error tells why; the search counts it
 * and goes on). `worker` (0 .. threads-1) selects the caller's own scratch. Must be a function of
 * `value` alone: calls come from several threads. Constraints and goal that are not finite count as
 * a failure. */
typedef bool search_evaluate(void *context, int worker, const double *value, double *goal,
                             double *constraint, stepdose_error *error);

typedef struct search_journal search_journal; /* optimize/journal.h */

typedef struct search_task {
  int n_variables, n_constraints;
  search_variable variable[SEARCH_VARIABLES_MAX];
  search_evaluate *evaluate;
  void *context;            /* borrowed */
  const char *engine;       /* name from the engine table, or "auto" */
  uint64_t seed;
  int starts;               /* from screened points; fewer where the budget gives each too little */
  bool given_only;          /* no screening: the points of the caller are the starts; where there
                               is a grid, its search begins at the best of them */
  int n_given;              /* starting points of the caller, tried besides the screened ones */
  const double *given;      /* (n_given x n_variables), physical, clipped to the box; borrowed */
  long evaluations_max;     /* of all stages together */
  double seconds_max;       /* wall clock; ends the run, never steers it; 0: none */
  double hang_seconds;      /* processor time an engine may spend between two evaluations; 0: 20 */
  int threads;
  double near_optimal_loss; /* goal loss within which feasible points are listed */
  search_journal *journal;  /* may be NULL */
  progress *progress;       /* may be NULL */
} search_task;

/* Why a start or the whole search ended: X(ID, name, meaning). */
#define SEARCH_ENDS(X)                                                                            \
  X(CONVERGED, "converged", "the engine met its own stopping rule")                               \
  X(EVALUATIONS, "evaluations", "its share of evaluations was used up")                           \
  X(TIME, "time", "the time limit was reached")                                                   \
  X(STOPPED, "stopped", "the user asked to stop")                                                 \
  X(ENGINE_FAILED, "engine-failed", "the engine reported an error")                               \
  X(ENGINE_HUNG, "engine-hung", "the engine did not come back and was ended")

typedef enum search_end {
#define X(id, name, meaning) SEARCH_END_##id,
  SEARCH_ENDS(X)
#undef X
  SEARCH_END_COUNT
} search_end;
const char *search_end_name(search_end end);

typedef struct search_start_report {
  double start[SEARCH_VARIABLES_MAX];
  search_point best;      /* best feasible, else least violating */
  bool feasible;
  long evaluations, failures;
  search_end end;
  int engine_code;        /* what NLopt returned */
  char engine_message[96];
} search_start_report;

typedef struct search_outcome {
  bool has_continuous, has_final;
  search_point continuous;  /* best feasible point off the grid */
  search_point final;       /* best feasible point on the grid (= continuous if there is no grid) */
  search_point least;       /* least violating point on the grid, where nothing is feasible */
  bool has_least;
  bool neighbours_complete; /* every grid neighbour of `final`, or else of `least`, was evaluated
                               and none is better */
  long neighbours;          /* how many neighbours it has */
  bool budget_used_up;      /* a further evaluation was wanted and could not be afforded */
  int n_starts;
  search_start_report *start_report; /* (n_starts) */
  long n_points;
  search_point *points;     /* every evaluation: screening, starts, grid; same for any threads */
  long n_near;
  const search_point **near; /* feasible grid points within near_optimal_loss, best first */
  long evaluations, failures, journal_answers;
  search_end end;           /* CONVERGED (also where the budget was used up, but all neighbours had
                               been tried), or what cut the whole search short */
  char first_failure[512];  /* message of the first failed simulation, or "" */
} search_outcome;

/* False only if the search could not run (no memory, invalid task); an infeasible problem is an
 * outcome. Budget: screening of max(64, 8 n) Sobol points, at most a quarter of evaluations_max
 * (and at most another quarter for given points, or all of it where only those are searched); at
 * least 40 % for the grid where there is one; the rest in equal shares for the starts. What is left
 * over goes to the grid. */
bool search_run(const search_task *task, search_outcome *outcome, stepdose_error *error);
void search_outcome_free(search_outcome *outcome);

/* The engines on offer, for --help, benches and tests; find also knows "auto". */
typedef struct search_engine_row {
  const char *name, *meaning;
} search_engine_row;
int search_engine_count(void);
const search_engine_row *search_engine_at(int i);
const search_engine_row *search_engine_find(const char *name);

#endif
