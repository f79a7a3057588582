/* Days at which trajectories are written, and the sampled run itself. */
#ifndef STUDY_SAMPLING_H
#define STUDY_SAMPLING_H

#include "simulate/simulate.h"

/* A sampled trajectory that owns its memory. Zero-initialise; release with sampled_run_free. */
typedef struct sampled_run {
  trajectory samples;
  double *day;   /* (samples.n_days) */
  int n_outputs; /* of the model: samples.value is (samples.n_days x n_outputs) */
} sampled_run;

/* Room for samples every tenth of a day from 0 to the horizon. */
bool sampled_run_open(sampled_run *run, const model *m, double horizon_days, stepdose_error *error);
void sampled_run_free(sampled_run *run);

/* log10(tumour at the first sample / tumour at sample i), tumour floored at one cell. */
double sampled_run_log10_kill(const sampled_run *run, int i);

#endif
