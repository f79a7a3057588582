/* Many runs of a function at once, in parts of a given size, NaN-safe. The function is the
 * caller's: it may use as many threads as it likes. */
#ifndef OPTIMIZE_BATCH_H
#define OPTIMIZE_BATCH_H

#include "base/progress.h"

/* Runs n points (n x n_inputs) and fills values (n x n_outputs). A run that failed sets its entry
 * of `failed`, which is false before; a value that it leaves is NAN. Returns false only if nothing
 * can go on (no memory, not: a run failed). Must be a function of each point alone. */
typedef bool batch_evaluate(void *context, long n, const double *points, double *values,
                            bool *failed, stepdose_error *error);

typedef struct batch {
  int n_inputs, n_outputs;
  batch_evaluate *evaluate;
  void *context;      /* borrowed */
  long size;          /* points per call at most; 0: BATCH_SIZE */
  progress *progress; /* gets a step for each point, says when to stop; may be NULL */
} batch;

enum { BATCH_SIZE = 1024 };

/* Evaluates `n` points; between two calls it looks whether the user asked to stop. *done of the
 * points, from the first, have values. All values of a failed run are NAN, and so is every value
 * that is not finite. False: the function could not go on. */
bool batch_run(const batch *b, long n, const double *points, double *values, bool *failed,
               long *done, stepdose_error *error);

#endif
