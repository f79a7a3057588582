/* Days at which trajectories are written: see sampling.h. */
#include "study/sampling.h"

#include "base/allocate.h"

#include <math.h>

static const double samples_per_day = 10;

bool sampled_run_open(sampled_run *run, const model *m, double horizon_days, stepdose_error *error)
{
  int n = (int)floor(horizon_days * samples_per_day + 1e-9) + 1;
  bool ends_between = (n - 1) / samples_per_day < horizon_days;
  int n_days = ends_between ? n + 1 : n;
  *run = (sampled_run){.day = allocate_zeroed((size_t)n_days, sizeof(double)),
                       .n_outputs = m->n_outputs};
  run->samples.value = allocate_zeroed((size_t)n_days * (size_t)m->n_outputs, sizeof(double));
  if (run->day == NULL || run->samples.value == NULL) {
    sampled_run_free(run);
    return error_no_memory(error, "preparing trajectories");
  }
  for (int i = 0; i < n; i++) {
    run->day[i] = fmin(i / samples_per_day, horizon_days);
  }
  run->day[n_days - 1] = horizon_days;
  run->samples.n_days = n_days;
  run->samples.day = run->day;
  return true;
}

void sampled_run_free(sampled_run *run)
{
  release(run->day);
  release(run->samples.value);
  *run = (sampled_run){0};
}

double sampled_run_log10_kill(const sampled_run *run, int i)
{
  const double *value = run->samples.value;
  double at_start = value[OUTPUT_TUMOR];
  double now = value[(size_t)i * (size_t)run->n_outputs + OUTPUT_TUMOR];
  return log10(fmax(at_start, 1)) - log10(fmax(now, 1));
}
