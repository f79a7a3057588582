/* What the parts of a fit share: see fit.h. Places: a parameter lies at 0 on its lower and at 1 on
 * its upper bound, between them linearly on its scale. Etas: predictions on the scales of their
 * rows (binomial: the probability). */
#ifndef OPTIMIZE_FIT_STATE_H
#define OPTIMIZE_FIT_STATE_H

#include "optimize/fit.h"

/* --- fit_likelihood.c: one row --------------------------------------------------------------- */

/* Costs of a row that is not predicted. */
#define FIT_NOT_PREDICTED 1e6

typedef struct fit_term {
  double deviance;    /* -2 log likelihood, 0 for the best prediction */
  double slope;       /* of -deviance / 2, by eta */
  double information; /* Fisher's, on eta */
} fit_term;

bool fit_row_usable(const fit_row *row);
/* On the scale of the row; NAN: not predicted. */
double fit_row_eta(const fit_row *row, double predicted);
double fit_row_predicted(const fit_row *row, double eta); /* its inverse */
/* What the row's precision (BINOMIAL: number of patients) is where the prediction has an error. */
double fit_row_strength(const fit_row *row, double eta, double error);
fit_term fit_row_term(const fit_row *row, double eta, double strength);
/* See fit_prediction. */
double fit_row_sigmas(const fit_row *row, double eta, double strength);

/* --- fit_evaluate.c: points ------------------------------------------------------------------ */

typedef struct fit_state {
  const fit_task *task;
  stepdose_error *error;
  bool broken;    /* *error is filled: nothing can go on */
  search_end end; /* CONVERGED: nothing has cut it short yet */
  long evaluations, failures;
  double low[FIT_PARAMETERS_MAX], width[FIT_PARAMETERS_MAX]; /* on the scales */
  double centre[FIT_PARAMETERS_MAX]; /* of the priors: places, also outside of the bounds */
  double pull[FIT_PARAMETERS_MAX];   /* of the priors: precision of a place */
  double *weight;                    /* (n_rows) of rows at present */
  double *point, *value;             /* scratch of the evaluation: (room x n_parameters),
                                        (room x 2 n_rows) */
  bool *failed;                      /* (room) */
  long room;
} fit_state;

typedef struct fit_point {
  double place[FIT_PARAMETERS_MAX];
  double *eta, *error; /* (n_rows) NAN: not predicted */
} fit_point;

/* The caller closes in every case. */
bool fit_state_open(fit_state *s, const fit_task *task, stepdose_error *error);
void fit_state_close(fit_state *s);
/* Nothing more is to be evaluated. */
bool fit_state_ended(const fit_state *s);

double fit_place_of(const fit_state *s, int parameter, double value);
double fit_value_at(const fit_state *s, int parameter, double place);

/* Evaluates n (up to s->room) places (n x n_parameters); false: ended. */
bool fit_evaluate(fit_state *s, long n, const double *place);
/* eta and error of the i-th of them. */
void fit_read_etas(const fit_state *s, long i, double *eta, double *error);

void fit_strengths(const fit_state *s, const fit_point *p, double *strength);
double fit_objective(const fit_state *s, const fit_point *p, const double *strength);
/* The same without what rows that are not predicted cost: for people. */
double fit_objective_told(const fit_state *s, const fit_point *p, const double *strength);
double fit_prior_part(const fit_state *s, const double *place);

/* --- fit_descend.c: a search ----------------------------------------------------------------- */

typedef struct fit_search {
  fit_point here, there;
  double *strength;      /* (n_rows) of `here` */
  double objective;      /* of `here` */
  double *slope;         /* (n_rows x n_parameters) of etas by places */
  double *gradient;      /* (n_parameters) half the fall of the objective by places */
  double *information;   /* (n_parameters x n_parameters) of places, priors too */
  double *matrix;        /* scratch of that size */
  double *step;          /* (n_parameters) */
  bool has_slope, fresh; /* fresh: by differences at `here`, not carried along */
  bool central;          /* differences to both sides */
  double damping, growth;
  int rejections;  /* steps in a row that gained nothing */
  int differences; /* how often slopes may still be taken anew; where a search is not thorough the
                      caller says */
  long iterations;
  bool converged;
} fit_search;

/* Zero-initialised; the caller closes in every case. */
bool fit_search_open(fit_search *w, const fit_state *s);
void fit_search_close(fit_search *w);
/* here, its objective, slope; not the counts. */
void fit_search_copy(fit_search *to, const fit_search *from, const fit_state *s);
/* Evaluates and stands at `place`; slopes are kept. False: ended. */
bool fit_search_move(fit_search *w, fit_state *s, const double *place);
/* Goes downhill from `here`; parameters that are `fixed` (may be NULL) stay. thorough: ends only on
 * fresh slopes; otherwise carried ones do, and a coarser tolerance. Ends early where the state has
 * ended. */
void fit_search_run(fit_search *w, fit_state *s, const bool *fixed, bool thorough);

/* --- fit_slopes.c: derivatives ---------------------------------------------------------------- */

/* Fills slope at `here`, gradient and information; false: ended. */
bool fit_search_differentiate(fit_search *w, fit_state *s);
/* After a step from `there` to `here` (Broyden 1965): the smallest change of slopes that explains
 * what the step did. */
void fit_search_carry(fit_search *w, const fit_state *s);
/* Gradient and information of rows and priors from the slopes. */
void fit_search_sum_up(fit_search *w, const fit_state *s);

/* --- fit_information.c: what the data tell ---------------------------------------------------- */

/* Units of fit_direction: standard deviations on the scale. */
double fit_unit(const fit_state *s, int parameter);
/* Inverse of the information at w->here on the scales (n x n). */
bool fit_covariance(const fit_search *w, const fit_state *s, double *covariance,
                    stepdose_error *error);
/* The data's information alone, in units of fit_unit (n x n). */
void fit_data_information(const fit_search *w, const fit_state *s, double *information);
bool fit_directions(const fit_search *w, const fit_state *s, fit_outcome *outcome,
                    stepdose_error *error);
/* Standard deviation of an eta by the covariance of the parameters. */
double fit_eta_sd(const fit_search *w, const fit_state *s, int row, const double *covariance);

/* --- fit_profile.c, fit_groups.c, fit_warnings.c -----------------------------------------------
 */

/* Fills low, high and the open flags of every estimate from the optimum `best`. True: a better
 * optimum was met on the way, and `best` stands there. */
bool fit_profile_all(fit_search *best, fit_state *s, fit_search *w, fit_outcome *outcome);
bool fit_leave_out_all(const fit_search *best, fit_state *s, fit_search *w, fit_outcome *outcome);
bool fit_warn_all(const fit_state *s, fit_outcome *outcome);

#endif
