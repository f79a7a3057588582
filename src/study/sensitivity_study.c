/* A sensitivity study from its inputs and outputs to its indices: see sensitivity_study.h. */
#include "study/sensitivity_parts.h"

#include "base/allocate.h"
#include "study/cohort_statistics.h"

#include <math.h>

#include <string.h>

sensitivity_study *sensitivity_study_open(const sensitivity_request *request, stepdose_error *error)
{
  sensitivity_study *s = allocate_zeroed(1, sizeof *s);
  if (s == NULL) {
    error_no_memory(error, "preparing a sensitivity study");
    return NULL;
  }
  s->problem = request->problem;
  s->settings = &request->problem->sensitivity;
  s->doses = *request->doses;
  if (!sensitivity_open_inputs(s, error) || !sensitivity_open_outputs(s, error)) {
    sensitivity_study_free(s);
    return NULL;
  }
  return s;
}

void sensitivity_study_free(sensitivity_study *s)
{
  if (s != NULL) {
    sensitivity_outcome_free(&s->found);
    release(s->input);
    release(s->output);
    release(s->reference);
    release(s->slope);
    release(s);
  }
}

int sensitivity_factors(const sensitivity_study *s)
{
  return s->settings->by_group ? s->n_groups : s->n_inputs;
}

const char *sensitivity_factor_name(const sensitivity_study *s, int factor)
{
  return s->settings->by_group ? s->group[factor] : s->input[factor].described.name;
}

const char *sensitivity_importance_name(sensitivity_study_method method)
{
  static const char *const names[SENSITIVITY_METHOD_COUNT] = {[SENSITIVITY_LOCAL] = "swing",
                                                              [SENSITIVITY_MORRIS] = "mu_star",
                                                              [SENSITIVITY_SOBOL] = "total"};
  return names[method];
}

sensitivity_index sensitivity_importance(const sensitivity_study *s, int stage, int output,
                                         int factor)
{
  switch (s->settings->method) {
  case SENSITIVITY_MORRIS:
    return *morris_at(&s->found, stage, output, MORRIS_MU_STAR, factor);
  case SENSITIVITY_SOBOL:
    return *sobol_total_at(&s->found, stage, output, factor);
  default:
    return (sensitivity_index){
        .value = s->slope[output * s->n_inputs + factor].swing, .low = NAN, .high = NAN};
  }
}

double sensitivity_moved(const sensitivity_study *s, int output)
{
  const int last = s->found.n_stages - 1;
  double most = NAN;
  for (int f = 0; last > 0 && f < sensitivity_factors(s); f++) {
    const double now = sensitivity_importance(s, last, output, f).value;
    most = fmax(most, fabs(now - sensitivity_importance(s, last - 1, output, f).value));
  }
  return most;
}

long sensitivity_count_flag(const sensitivity_study *s, sensitivity_flag flag)
{
  const long all = (long)s->found.n_outputs * s->found.n_values;
  long n = 0;
  for (long i = 0; i < all; i++) {
    n += (s->found.index[(s->found.n_stages - 1) * all + i].flags & flag) != 0;
  }
  return n;
}

static bool run_global(sensitivity_study *s, sensitivity_runs *runs,
                       const sensitivity_request *request, stepdose_error *error)
{
  int group[SENSITIVITY_INPUTS_MAX];
  const sensitivity_settings *settings = s->settings;
  for (int i = 0; i < s->n_inputs; i++) {
    group[i] = s->input[i].group;
  }
  const sensitivity_task task = {.n_inputs = s->n_inputs,
                                 .n_outputs = s->n_outputs,
                                 .n_groups = settings->by_group ? s->n_groups : 0,
                                 .group = group,
                                 .evaluate = sensitivity_runs_evaluate,
                                 .context = runs,
                                 .batch = runs->room,
                                 .seed = settings->seed,
                                 .points = SENSITIVITY_SCRAMBLED_SOBOL,
                                 .rows = settings->samples,
                                 .level = COHORT_CONFIDENCE,
                                 .progress = request->progress};
  return settings->method == SENSITIVITY_MORRIS
             ? morris_run(&task, MORRIS_RADIAL, &s->found, error)
             : sobol_indices_run(&task, SOBOL_FIRST_SALTELLI, settings->second_order, &s->found,
                                 error);
}

bool sensitivity_study_run(sensitivity_study *s, const sensitivity_request *request,
                           stepdose_error *error)
{
  sensitivity_runs *runs = sensitivity_runs_open(s, request->threads, error);
  bool done = runs != NULL && sensitivity_runs_reference(runs, s->reference, error);
  if (done) {
    done = s->settings->method == SENSITIVITY_LOCAL ? sensitivity_run_local(s, request, error)
                                                    : run_global(s, runs, request, error);
  }
  sensitivity_runs_close(runs);
  s->status = s->found.stopped ? STEPDOSE_STATUS_INTERRUPTED : STEPDOSE_STATUS_ANALYSED;
  return done;
}
