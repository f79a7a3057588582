/* One patient, one schedule: a group of one. */
#include "simulate/simulate.h"

#include "base/allocate.h"
#include "simulate/group.h"

struct simulate_workspace {
  const model *model;
  group *group;
  double *derived; /* (n_derived) */
};

simulate_settings simulate_settings_default(void)
{
  return (simulate_settings){.relative_tolerance = SIMULATE_TOLERANCE, .steps_max = 200000};
}

simulate_workspace *simulate_workspace_open(const model *m, stepdose_error *error)
{
  simulate_workspace *w = allocate_zeroed(1, sizeof *w);
  double *derived = allocate_zeroed((size_t)m->n_derived, sizeof *derived);
  if (!w || !derived) {
    release(w);
    release(derived);
    error_no_memory(error, "a simulation workspace");
    return NULL;
  }
  *w = (simulate_workspace){m, group_open(m, 1, error), derived};
  if (!w->group) {
    simulate_workspace_close(w);
    return NULL;
  }
  return w;
}

void simulate_workspace_close(simulate_workspace *w)
{
  if (w) {
    group_close(w->group);
    release(w->derived);
    release(w);
  }
}

bool simulate_patient(simulate_workspace *w, const double *parameters, const schedule *doses,
                      const endpoint_request *request, const simulate_settings *settings,
                      endpoints *result, trajectory *samples, stepdose_error *error)
{
  const group_member member = {parameters, w->derived, doses, result, samples};
  int culprit;
  return w->model->derive(parameters, w->derived, error) &&
         group_run(w->group, 1, &member, request, settings, &culprit, error);
}
