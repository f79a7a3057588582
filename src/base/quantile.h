/* Quantiles of distributions, for sampling by their inverse. */
#ifndef BASE_QUANTILE_H
#define BASE_QUANTILE_H

double normal_probability(double z);                       /* of a standard normal being below z */
double normal_quantile(double u);                          /* its inverse; u in (0, 1) */
/* In [0, 1]; NAN unless alpha, beta > 0 and finite, and u in [0, 1]. Turns off the error handler of
 * GSL, which would abort the program, for the whole process. */
double beta_quantile(double u, double alpha, double beta);

#endif
