/* Many runs of a function at once, in parts of a given size, NaN-safe. */
#include "optimize/batch.h"

#include <math.h>

static void clear(const batch *b, long n, double *values, bool *failed)
{
  for (long i = 0; i < n; i++) {
    failed[i] = false;
  }
  for (long i = 0; i < n * b->n_outputs; i++) {
    values[i] = NAN;
  }
}

static void keep_finite(const batch *b, long n, double *values, const bool *failed)
{
  for (long i = 0; i < n * b->n_outputs; i++) {
    if (failed[i / b->n_outputs] || !isfinite(values[i])) {
      values[i] = NAN;
    }
  }
}

bool batch_run(const batch *b, long n, const double *points, double *values, bool *failed,
               long *done, stepdose_error *error)
{
  long size = b->size > 0 ? b->size : BATCH_SIZE;
  for (*done = 0; *done < n && !progress_stopped(b->progress);) {
    long count = n - *done < size ? n - *done : size;
    double *part = values + *done * b->n_outputs;
    clear(b, count, part, failed + *done);
    if (!b->evaluate(b->context, count, points + *done * b->n_inputs, part, failed + *done,
                     error)) {
      return false;
    }
    keep_finite(b, count, part, failed + *done);
    *done += count;
    progress_step(b->progress, count);
  }
  return true;
}
