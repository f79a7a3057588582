/* What Morris and Sobol have in common: run the rows of a design, reduce each to a few numbers,
 * estimate at growing numbers of rows with intervals and flags. Internal to the two methods. */
#ifndef OPTIMIZE_SENSITIVITY_METHOD_H
#define OPTIMIZE_SENSITIVITY_METHOD_H

#include "optimize/global_sensitivity.h"

#include "base/random.h"
#include "base/sobol.h"

/* Checks that an estimate is put to. */
enum { SENSITIVITY_CHECK_NEGATIVE = 1, SENSITIVITY_CHECK_ZERO = 2 };

typedef struct sensitivity_method sensitivity_method;

/* One output of the rows (rows x width), and what estimates are computed from. */
typedef struct sensitivity_sample {
  const sensitivity_method *method;
  long rows;
  const double *row;
  double centre; /* mean of all numbers of the rows */
  long *used;    /* (n_values) filled with the rows that each estimate used, unless NULL */
} sensitivity_sample;

struct sensitivity_method {
  const sensitivity_task *task;
  int n_factors;
  int block;    /* runs of a row */
  int width;    /* numbers that a row is reduced to */
  int n_values; /* estimates of an output */
  int variant;  /* the method's own: design or estimator */
  bool second_order;
  sobol *sequence;                        /* NULL for random points */
  int column[2 * SENSITIVITY_INPUTS_MAX]; /* coordinate of a Sobol point of each uniform number */
  /* points (block x n_inputs) of a row */
  void (*fill)(const sensitivity_method *m, long row, double *points);
  /* numbers (width) of a row from one output of its runs (block); NAN: not known */
  void (*reduce)(const sensitivity_method *m, long row, const double *output, double *number);
  /* estimates (n_values) from a sample (a sensitivity_sample) with weights of its rows */
  void (*estimate)(const void *sample, const double *weight, double *value);
  unsigned (*checks)(const sensitivity_method *m, int value);
  /* flags that compare several estimates of one stage and output (n_values); may be NULL */
  void (*compare)(const sensitivity_method *m, sensitivity_index *index);
};

/* Uniform numbers of a row, (0,1)^dimensions: the same for the same row. */
void sensitivity_uniform(const sensitivity_method *m, long row, int dimensions, double *u);
/* 0 .. n-1 in random order. */
void sensitivity_shuffle(random_stream *stream, int n, int *order);
/* Factor of an input. */
int sensitivity_factor(const sensitivity_task *task, int input);

/* Number of factors of a valid task; 0 with *error filled otherwise. */
int sensitivity_check_task(const sensitivity_task *task, stepdose_error *error);
/* Runs and analyses; `dimensions` uniform numbers a row. */
bool sensitivity_run(sensitivity_method *method, int dimensions, sensitivity_outcome *outcome,
                     stepdose_error *error);

/* What was run. */
typedef struct sensitivity_rows {
  double *number;       /* (n_outputs x rows x width) */
  double *least, *most; /* (n_outputs) smallest and largest output */
} sensitivity_rows;

/* Fills stages and index of an outcome whose rows are counted. */
bool sensitivity_analyse(const sensitivity_method *m, const sensitivity_rows *r,
                         sensitivity_outcome *outcome, stepdose_error *error);

const sensitivity_index *sensitivity_at(const sensitivity_outcome *outcome, int stage, int output,
                                        int value);

#endif
