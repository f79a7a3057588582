/* What the files of the sensitivity study share. */
#ifndef STUDY_SENSITIVITY_PARTS_H
#define STUDY_SENSITIVITY_PARTS_H

#include "objectives/risk.h"
#include "population/population.h"
#include "simulate/cohort.h"
#include "study/sensitivity_study.h"

enum { SENSITIVITY_SLAB = 2048 }; /* simulations in memory at once */

/* sensitivity_inputs.c */
bool sensitivity_open_inputs(sensitivity_study *s, stepdose_error *error);
/* Value of input i at u in (0, 1) of its range. */
double sensitivity_input_value(const sensitivity_input *in, double u);

/* What the values of all inputs make of the regimen and of patients. */
typedef struct sensitivity_change {
  schedule doses;
  double *parameters; /* (n_parameters) of the reference patient */
  double *factor;     /* (n_parameters) on those of virtual patients; where it is 0: */
  double *value;      /* (n_parameters) what they become */
} sensitivity_change;
/* x: value of each input (n_inputs). */
void sensitivity_change_to(const sensitivity_study *s, const double *x, sensitivity_change *c);
/* The parameters of a virtual patient, who is `own` in the problem itself. */
void sensitivity_change_patient(const sensitivity_study *s, const sensitivity_change *c,
                                const double *own, double *parameters);

/* sensitivity_outputs.c */
bool sensitivity_open_outputs(sensitivity_study *s, stepdose_error *error);

/* sensitivity_values.c */
/* Scratch: rows for ENDPOINT_ROWS_MAX. Fills the values (n_outputs) of the reference patient. */
void sensitivity_read_reference(const sensitivity_study *s, const double *parameters,
                                const endpoints *e, endpoint_row *rows, double *value);
/* One number of one virtual patient, that an output of patients sums up. */
double sensitivity_read_patient(const sensitivity_study *s, int output, const double *parameters,
                                const endpoints *e);

/* Plausible patients of the population as they are in the problem itself. */
typedef struct sensitivity_patients {
  double *own;    /* (n x n_parameters) */
  double *weight; /* (n) */
  bool *member;   /* (n x n_strata) */
} sensitivity_patients;

/* Everything that only the runs need. */
typedef struct sensitivity_runs {
  sensitivity_study *study;
  cohort_engine *engine;
  simulate_settings settings;
  bool of_reference; /* an output is of the reference patient, who comes before the others then */
  int n_each;        /* simulations of a point */
  sensitivity_patients patients;
  struct sensitivity_searches *searches; /* NULL: no output asks for the best regimen */
  /* of one call */
  long room;                  /* points */
  double *x;                  /* (room x n_inputs) */
  sensitivity_change *change; /* (room) */
  double *numbers;            /* of the changes */
  double *kept;               /* (room x n_patients x n_outputs): numbers of virtual patients */
  bool *lost;                 /* (room x n_patients): could not be simulated */
  weighted_value *scratch;    /* (n_patients) */
  endpoint_row *rows;         /* (ENDPOINT_ROWS_MAX) */
  /* of one slab */
  double *parameters; /* (SENSITIVITY_SLAB x n_parameters) */
  double *derived;    /* (SENSITIVITY_SLAB x n_derived) */
  stream_task *task;  /* (SENSITIVITY_SLAB) */
  endpoints *result;  /* (SENSITIVITY_SLAB) */
  bool *failed;       /* (SENSITIVITY_SLAB) */
  long *place;        /* (SENSITIVITY_SLAB): point * n_each + number in the point */
} sensitivity_runs;

/* sensitivity_best.c: the recommended dose of a point. */
enum { SENSITIVITY_SEARCHES = 16 }; /* points of a call at most, where each needs a search */

typedef struct sensitivity_best {
  bool found, feasible;
  double goal, violation;
  schedule doses; /* the best one; where none is feasible, the least violating one */
  long evaluations, failures;
} sensitivity_best;

/* Searches once at the problem's own values, with more evaluations: all others start from there.
 * NULL: *error. */
typedef struct sensitivity_searches sensitivity_searches;
sensitivity_searches *sensitivity_searches_open(sensitivity_study *s, int threads,
                                                stepdose_error *error);
void sensitivity_searches_close(sensitivity_searches *w);
/* Fills those values (n x n_outputs) that come from the best regimen: NAN where none was found
 * within the limits. */
bool sensitivity_search_points(sensitivity_searches *w, long n, const sensitivity_change *change,
                               double *values, stepdose_error *error);

/* sensitivity_patients.c */
int sensitivity_strata(const sensitivity_study *s);
bool sensitivity_draw_patients(sensitivity_runs *w, stepdose_error *error);
/* Fills those values (n_outputs) of a point that sum up virtual patients; they stay as they are
 * where too many could not be simulated. */
void sensitivity_sum_up(const sensitivity_runs *w, long point, double *value);

/* sensitivity_runs.c: a batch_evaluate, context: sensitivity_runs. */
sensitivity_runs *sensitivity_runs_open(sensitivity_study *s, int threads, stepdose_error *error);
void sensitivity_runs_close(sensitivity_runs *w);
bool sensitivity_runs_evaluate(void *runs, long n, const double *points, double *values,
                               bool *failed, stepdose_error *error);
/* The same of the problem's own inputs. */
bool sensitivity_runs_reference(sensitivity_runs *w, double *values, stepdose_error *error);

/* sensitivity_local.c */
bool sensitivity_run_local(sensitivity_study *s, const sensitivity_request *request,
                           stepdose_error *error);

#endif
