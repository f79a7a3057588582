/* From the rise of the CRS drive to the probability of cytokine release syndrome.
 *
 * In each dose window w the log odds of a grade or higher are linear in the logarithm of the rise D
 * of the drive, shifted by what is peculiar to the patient, z ~ N(0,1):
 *
 *     P_w(z) = 1 / (1 + exp(-(intercept + slope (log10 D_w + patient_sd z))))
 *
 * Given z the windows are independent, so that the probability of at least one event in n windows
 * is 1 - E[prod (1 - P_w)], the mean over z by the trapezoidal rule with 21 nodes (within 0.002
 * up to slope * patient_sd = 5.4, where the five Gauss-Hermite nodes of the prototype are off by up
 * to 0.1). The coefficients and where they come from: docs/synapse.md. */
#ifndef OBJECTIVES_CRS_H
#define OBJECTIVES_CRS_H

#include "problem/problem.h"

/* grade 1..4; drive (n) in pg/mL, floored at 1e-6. NAN where a drive is no number. */
double crs_probability(const crs_coefficients *c, int grade, int n, const double *drive);

#endif
