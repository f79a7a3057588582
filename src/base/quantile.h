/* Quantiles of distributions, for sampling by their inverse. */
#ifndef BASE_QUANTILE_H
#define BASE_QUANTILE_H

double normal_probability(double z);                       /* of a standard normal being below z */
double normal_quantile(double u);                          /* its inverse; u in (0, 1) */
double beta_quantile(double u, double alpha, double beta); /* in [0, 1]; alpha, beta > 0 */

#endif
