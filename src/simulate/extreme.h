/* What lies between the ends of a step: the quartic through a quantity's values at five equidistant
 * points of it, [0, 1]. */
#ifndef SIMULATE_EXTREME_H
#define SIMULATE_EXTREME_H

enum { EXTREME_POINTS = 5 };

typedef struct extreme {
  double value, at; /* at in [0, 1] */
} extreme;

/* Largest value within half a step of `vertex`. */
extreme extreme_largest(const double g[EXTREME_POINTS], double vertex);

/* Share of [0, 1] on which the quartic lies above `level`. Two crossings closer to each other than
 * a sixteenth of the step may go unseen. */
double extreme_share_above(const double g[EXTREME_POINTS], double level);

#endif
