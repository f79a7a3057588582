/* Exact volume that a set of points dominates, up to a reference point; all objectives are to be
 * made small. */
#ifndef OPTIMIZE_HYPERVOLUME_H
#define OPTIMIZE_HYPERVOLUME_H

#include "stepdose.h"

enum { HYPERVOLUME_OBJECTIVES_MAX = 4 };

/* Whether a (n_objectives) is at least as good as b in every objective. */
bool hypervolume_covers(int n_objectives, const double *a, const double *b);

/* Scratch for up to n_max points of n_objectives (2 .. HYPERVOLUME_OBJECTIVES_MAX). */
typedef struct hypervolume hypervolume;
hypervolume *hypervolume_open(int n_objectives, long n_max, stepdose_error *error);
void hypervolume_close(hypervolume *h);

/* Of n points (n x n_objectives). Points that are not better than the reference in every objective
 * count nothing; dominated and equal ones do no harm. */
double hypervolume_of(hypervolume *h, long n, const double *points, const double *reference);

/* What `point` adds to the volume of the n points. */
double hypervolume_gain(hypervolume *h, const double *point, long n, const double *points,
                        const double *reference);

#endif
