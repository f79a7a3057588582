/* Patients of equal weight out of weighted ones, any by its number alone. */
#ifndef POPULATION_RESAMPLING_H
#define POPULATION_RESAMPLING_H

#include "base/error.h"

typedef struct resampling {
  int n;
  double shift;
  double *up_to; /* (n): share of the weight that patients 0 .. i have; owned */
} resampling;

/* shift in [0, 1) makes another sample of another seed. Weights (n): >= 0, not all 0, copied.
 * False: no memory. */
bool resampling_open(resampling *r, int n, const double *weights, double shift,
                     stepdose_error *error);
void resampling_close(resampling *r);

/* The weighted patient that number k (0 .. 2^31 - 1) is. Among the first 2^m numbers patient i is
 * floor or ceil of 2^m w[i] / sum(w) times, whatever m: systematic resampling. */
int resampling_patient(const resampling *r, long k);

#endif
