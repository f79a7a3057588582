/* An independent oracle for hosseini2020: the 36-state equations of the paper written down plainly,
 * without the engine's merged states, derived constants or sparsity, integrated by GSL. */
#ifndef TESTS_SIMULATE_ORACLE_H
#define TESTS_SIMULATE_ORACLE_H

#include "simulate/simulate.h"

/* Outputs at increasing days, value[i * OUTPUT_COUNT + output]. False if GSL failed. */
bool oracle_run(const double *parameters, const schedule *doses, int n_days, const double *days,
                double relative_tolerance, double *value);

#endif
