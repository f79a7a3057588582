/* Derivatives of the outputs of the reference patient by the inputs at the problem's own values:
 * see sensitivity_study.h. The engine differentiates by single parameters and doses; an input that
 * moves several of them has the sum of their derivatives (chain rule on the logarithms). */
#include "study/sensitivity_parts.h"

#include "base/allocate.h"
#include "simulate/gradient.h"

#include <math.h>

/* A direction of the engine, and the input that it belongs to. */
typedef struct local_direction {
  gradient_direction along;
  int input;
  double value; /* of the parameter or dose */
  double power; /* with which it follows the input */
} local_direction;

typedef struct local_work {
  sensitivity_study *study;
  gradient *gradient;
  int n, room;
  local_direction *direction; /* (room) */
  endpoint_slopes *slopes;    /* (room) */
  endpoint_row *rows;         /* (ENDPOINT_ROWS_MAX) */
  double *down, *up;          /* (n_outputs) */
  double *by_logarithm;       /* (n_outputs x n_inputs): per natural logarithm of the input */
} local_work;

static int count_directions(const sensitivity_study *s)
{
  int n = 0;
  for (int i = 0; i < s->n_inputs; i++) {
    const sensitivity_input *in = &s->input[i];
    n += in->first >= 0 ? in->last - in->first + 1 : in->n_own;
  }
  return n;
}

static void add(local_work *w, gradient_direction along, int input, double value, double power)
{
  w->direction[w->n++] = (local_direction){along, input, value, power};
}

static void list_directions(local_work *w)
{
  const sensitivity_study *s = w->study;
  for (int i = 0; i < s->n_inputs; i++) {
    const sensitivity_input *in = &s->input[i];
    for (int d = in->first; d >= 0 && d <= in->last; d++) {
      const gradient_direction along = {.kind = GRADIENT_AMOUNT, .first = d, .last = d};
      if (route_is_engager(s->doses.doses[d].route)) {
        add(w, along, i, s->doses.doses[d].amount, 1);
      }
    }
    for (int k = 0; k < in->n_own; k++) {
      const int parameter = in->effect[k].parameter;
      const gradient_direction along = {.kind = GRADIENT_PARAMETER, .parameter = parameter};
      if (s->problem->parameters[parameter] != 0) {
        add(w, along, i, s->problem->parameters[parameter], in->effect[k].power);
      }
    }
  }
}

static bool open_work(local_work *w, stepdose_error *error)
{
  const sensitivity_study *s = w->study;
  const size_t outputs = (size_t)s->n_outputs;
  w->room = count_directions(s);
  w->direction = allocate_zeroed((size_t)w->room, sizeof *w->direction);
  w->slopes = allocate_zeroed((size_t)w->room, sizeof *w->slopes);
  w->rows = allocate(ENDPOINT_ROWS_MAX * sizeof *w->rows);
  w->down = allocate_zeroed(outputs, sizeof *w->down);
  w->up = allocate_zeroed(outputs, sizeof *w->up);
  w->by_logarithm = allocate_zeroed(outputs, (size_t)s->n_inputs * sizeof *w->by_logarithm);
  if (w->direction == NULL || w->slopes == NULL || w->rows == NULL || w->down == NULL ||
      w->up == NULL || w->by_logarithm == NULL) {
    return error_no_memory(error, "a sensitivity study");
  }
  w->gradient = gradient_open(s->problem->model, w->room, error);
  return w->gradient != NULL;
}

static void close_work(local_work *w)
{
  gradient_close(w->gradient);
  release(w->direction);
  release(w->slopes);
  release(w->rows);
  release(w->down);
  release(w->up);
  release(w->by_logarithm);
}

/* Adds what direction d says of its input. */
static void add_derivatives(local_work *w, int d)
{
  const sensitivity_study *s = w->study;
  const local_direction *along = &w->direction[d];
  const gradient_copy down = gradient_copy_of(w->gradient, d, false);
  const gradient_copy up = gradient_copy_of(w->gradient, d, true);
  sensitivity_read_reference(s, down.parameters, down.found, w->rows, w->down);
  sensitivity_read_reference(s, up.parameters, up.found, w->rows, w->up);
  for (int k = 0; k < s->n_outputs; k++) {
    const double slope = (w->up[k] - w->down[k]) / (up.at - down.at);
    w->by_logarithm[k * s->n_inputs + along->input] += slope * along->value * along->power;
  }
}

static sensitivity_slope slope_of(const sensitivity_input *in, double by_logarithm)
{
  const sensitivity_described *d = &in->described;
  const double plain = by_logarithm / in->reference;
  return (sensitivity_slope){.plain = plain,
                             .scaled = in->reference > 0 ? by_logarithm * log(10) : (double)NAN,
                             .swing = d->logarithmic ? by_logarithm * log(d->high / d->low)
                                                     : plain * (d->high - d->low)};
}

static bool run_directions(local_work *w, cohort_engine *engine, stepdose_error *error)
{
  sensitivity_study *s = w->study;
  const simulate_settings settings = gradient_settings();
  const cohort_call call = {&s->request, &settings, NULL};
  gradient_direction *along = allocate_zeroed((size_t)w->room, sizeof *along);
  if (along == NULL) {
    return error_no_memory(error, "a sensitivity study");
  }
  for (int d = 0; d < w->n; d++) {
    along[d] = w->direction[d].along;
  }
  const bool done = gradient_run(w->gradient, engine, s->problem->parameters, &s->doses, w->n,
                                 along, &call, w->slopes, error);
  release(along);
  s->simulations += 2 * w->n;
  for (int d = 0; done && d < w->n; d++) {
    add_derivatives(w, d);
  }
  return done;
}

bool sensitivity_run_local(sensitivity_study *s, const sensitivity_request *request,
                           stepdose_error *error)
{
  local_work w = {.study = s};
  cohort_engine *engine = cohort_engine_open(s->problem->model, request->threads, 0, error);
  progress_stage(request->progress, "sensitivity", 1);
  s->slope = allocate_zeroed((size_t)s->n_outputs, (size_t)s->n_inputs * sizeof *s->slope);
  bool done = engine != NULL && open_work(&w, error) &&
              (s->slope != NULL || error_no_memory(error, "a sensitivity study"));
  if (done) {
    list_directions(&w);
    done = run_directions(&w, engine, error);
  }
  for (long i = 0; done && i < (long)s->n_outputs * s->n_inputs; i++) {
    s->slope[i] = slope_of(&s->input[i % s->n_inputs], w.by_logarithm[i]);
  }
  progress_step(request->progress, 1);
  close_work(&w);
  cohort_engine_close(engine);
  return done;
}
