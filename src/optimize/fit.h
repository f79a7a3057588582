/* Maximum a-posteriori fit of a few parameters within bounds to rows of data, and how sure it is.
 * Knows nothing of models: parameters in, one predicted number for each row out.
 *
 * Minimised is the objective -2 log(likelihood x priors), up to a constant, by Fisher scoring with
 * Levenberg and Marquardt's damping inside the box of bounds, from the given start and from the
 * best of screened Sobol points. Derivatives are differences of predictions: an evaluation must be
 * a function of its point alone (common random numbers). All random numbers are drawn, and all sums
 * formed, by the caller's thread: the same task gives the same bits for any number of threads
 * behind the evaluation.
 *
 * Failures. A row that cannot be predicted at a point (a failed run, a number that is not finite,
 * a logarithm of no positive number) costs as much as a residual of a thousand standard deviations
 * and has no slope there: searches move away from where they fail, and a row that fails everywhere
 * leaves the fit to the others. */
#ifndef OPTIMIZE_FIT_H
#define OPTIMIZE_FIT_H

#include "optimize/batch.h"
#include "optimize/search.h"

enum { FIT_PARAMETERS_MAX = 64, FIT_GROUPS_MAX = 32 };

/* Scales of parameters and rows: X(ID, name, unit of a standard deviation on it, meaning). */
#define FIT_SCALES(X)                                                                              \
  X(LINEAR, "linear", "", "the value itself")                                                      \
  X(LOG10, "log10", "decades", "its decimal logarithm; values are positive")                       \
  X(LOGIT, "logit", "log odds", "its log odds; values lie in (0, 1)")

typedef enum fit_scale {
#define X(id, name, unit, meaning) FIT_SCALE_##id,
  FIT_SCALES(X)
#undef X
      FIT_SCALE_COUNT
} fit_scale;
const char *fit_scale_name(fit_scale scale);
const char *fit_scale_unit(fit_scale scale);
double fit_scaled(fit_scale scale, double value); /* NAN outside of what it takes */
double fit_unscaled(fit_scale scale, double scaled);

typedef struct fit_parameter {
  const char *name; /* borrowed */
  fit_scale scale;
  double start, low, high; /* values; low < high; the start is clipped to them */
  double prior, prior_sd;  /* normal prior: a value, and its standard deviation on the scale; 0:
                              none, every place between the bounds is as likely */
} fit_parameter;

/* Laws of a row: X(ID, name, meaning). */
#define FIT_LAWS(X)                                                                                \
  X(NORMAL, "normal", "on its scale the observed is normal around the predicted value")            \
  X(BINOMIAL, "binomial", "the observed share of `n` patients; predicted is its probability")      \
  X(AT_MOST, "at most", "as normal, but only known not to exceed the observed value")              \
  X(AT_LEAST, "at least", "as normal, but only known not to fall below the observed value")

typedef enum fit_law {
#define X(id, name, meaning) FIT_LAW_##id,
  FIT_LAWS(X)
#undef X
      FIT_LAW_COUNT
} fit_law;
const char *fit_law_name(fit_law law);

typedef struct fit_row {
  fit_law law;
  fit_scale scale; /* BINOMIAL: not used */
  double observed;
  double sd;     /* on the scale; BINOMIAL: not used */
  double n;      /* BINOMIAL: patients */
  double weight; /* of its log likelihood; 0: predicted and compared, but not fitted */
  int group;     /* 0 .. n_groups-1: rows that are left out together; -1: never left out */
} fit_row;

/* What is asked for. evaluate fills (n x 2 n_rows) numbers: the predictions of all rows in the unit
 * of `observed`, then their standard errors on the scale of the row (of simulated patients; 0 or
 * NAN: none; BINOMIAL: linear). A standard error is added to the variance of its row; of a binomial
 * row it lowers the number of patients. */
typedef struct fit_task {
  int n_parameters, n_rows, n_groups;
  const fit_parameter *parameter; /* borrowed, as all below */
  const fit_row *row;
  batch_evaluate *evaluate;
  void *context;
  long batch; /* points handed over at once; 0: BATCH_SIZE */
  uint64_t seed;
  int screened;         /* Sobol points that are tried before searching; may be 0 */
  int starts;           /* of them from which is searched, besides the given start */
  int iterations_max;   /* of one search; 0: 60 */
  long evaluations_max; /* of everything; 0: no limit */
  double seconds_max;   /* by the clock of `progress`; ends the run, never steers it; 0: none */
  double difference;    /* of slopes, as a share of the range between the bounds; 0: 1e-5 */
  double tolerance;     /* gain of the objective below which a search ends; 0: 1e-12 */
  double level;         /* of intervals; 0: 0.95 */
  bool profiles;        /* intervals by the profile likelihood */
  bool leave_out;       /* fit again without each group */
  progress *progress;   /* may be NULL */
} fit_task;

/* --- what is found --------------------------------------------------------------------------- */

typedef struct fit_estimate {
  double value;
  double sd;                /* on its scale, from the covariance */
  double low, high;         /* profile interval, values; NAN: not computed */
  bool low_open, high_open; /* at the bound the fit is still within the interval */
  bool at_low, at_high;     /* the estimate lies on its bound */
} fit_estimate;

typedef struct fit_prediction {
  double predicted; /* NAN: could not be predicted */
  double error;     /* its standard error on its scale, as the evaluation gives it */
  double sd;        /* on its scale (BINOMIAL: linear): by the uncertainty of the parameters */
  double sigmas;    /* how far the observed lies above the predicted value, in standard deviations
                       of the row; BINOMIAL: signed root of the deviance; a bound that holds: 0. Of
                       a row that was left out `sd` is added to them */
} fit_prediction;

/* A direction in the space of parameters that the data do not tell more about than priors and
 * bounds do. Units: the standard deviation of the prior; without one, of a uniform distribution
 * between the bounds, both on the scale. */
typedef struct fit_direction {
  double information;                 /* of the data, in [0, 1): 1 would be as much as the prior */
  double loading[FIT_PARAMETERS_MAX]; /* unit vector */
} fit_direction;

/* From which a parameter is said to belong to a direction. */
#define FIT_LOADING 0.3

typedef struct fit_start {
  double from, to; /* objective */
  double value[FIT_PARAMETERS_MAX];
  long evaluations;
  bool converged;
} fit_start;

/* A fit without one group. */
typedef struct fit_left_out {
  bool done;
  double value[FIT_PARAMETERS_MAX];
  double objective; /* of what was left */
} fit_left_out;

/* What to be careful about: X(ID, name, what first, second and value are). */
#define FIT_WARNINGS(X)                                                                            \
  X(AT_BOUND, "at-bound", "parameter; it lies on a bound")                                         \
  X(HARDLY_INFORMED, "hardly-informed",                                                            \
    "parameter; standard deviation over that of its prior (of its bounds, where it has none)")     \
  X(CORRELATED, "correlated", "two parameters; their correlation")                                 \
  X(OPEN_INTERVAL, "open-interval", "parameter; its interval reaches a bound")                     \
  X(OTHER_OPTIMUM, "other-optimum",                                                                \
    "start, parameter; objective above the best, where that start ended elsewhere")                \
  X(BORROWED, "borrowed",                                                                          \
    "group, parameter: without the group nothing informs it, and its value is still the group's")  \
  X(NOT_PREDICTED, "not-predicted", "row; it has no part in the fit")                              \
  X(NOT_NESTED, "not-nested",                                                                      \
    "what sets the mild and the severe grade of CRS, -1: not fitted; the severe grade, more "      \
    "probable than the mild one")                                                                  \
  X(NOT_CONVERGED, "not-converged", "nothing; the search ended before its tolerance was met")

typedef enum fit_warning_kind {
#define X(id, name, meaning) FIT_WARNING_##id,
  FIT_WARNINGS(X)
#undef X
      FIT_WARNING_COUNT
} fit_warning_kind;
const char *fit_warning_name(fit_warning_kind kind);

typedef struct fit_warning {
  fit_warning_kind kind;
  int first, second; /* -1: there is none */
  double value;
} fit_warning;

typedef struct fit_outcome {
  int n_parameters, n_rows, n_groups;
  double objective, prior_part; /* -2 log likelihood of the rows that are predicted, and priors;
                                   the priors' part of it */
  double start_objective;       /* at the given start */
  bool converged;
  fit_estimate *estimate;     /* (n_parameters) */
  double *covariance;         /* (n_parameters x n_parameters) on the scales: inverse of Fisher's
                                 information of data and priors; a direction without prior is never
                                 wider than the bounds are */
  fit_prediction *prediction; /* (n_rows) */
  int n_directions;
  fit_direction *direction; /* (n_directions) least informed first */
  int n_starts;
  fit_start *start;               /* (n_starts) the given one first */
  fit_left_out *left_out;         /* (n_groups) */
  fit_prediction *left_out_value; /* (n_rows) by the fit without the row's group; NAN: none, as
                                     where the row rests on a parameter that is BORROWED */
  int n_warnings;
  fit_warning *warning; /* (n_warnings) */
  long evaluations, failures;
  search_end end; /* CONVERGED, or what cut it short (EVALUATIONS, TIME, STOPPED): then what comes
                     after the searches may be missing */
} fit_outcome;

/* Adds a warning. False: no memory. */
bool fit_warn(fit_outcome *outcome, fit_warning_kind kind, int first, int second, double value,
              stepdose_error *error);

/* False only if nothing could be fitted (invalid task, no memory, evaluation cannot go on, the
 * given start cannot be predicted at all); the outcome is empty then. The caller frees. */
bool fit_run(const fit_task *task, fit_outcome *outcome, stepdose_error *error);
void fit_outcome_free(fit_outcome *outcome);

#endif
