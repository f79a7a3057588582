/* What the data tell about the parameters: covariance, and the directions that they leave open. */
#include "optimize/fit_state.h"

#include "base/allocate.h"
#include "base/eigen.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

double fit_unit(const fit_state *s, int parameter)
{
  const double sd = s->task->parameter[parameter].prior_sd;
  return sd > 0 ? sd : s->width[parameter] / sqrt(12);
}

/* Information of places, in units of fit_unit on the scales. */
static void in_units(const fit_state *s, double *information)
{
  const int k = s->task->n_parameters;
  for (int j = 0; j < k; j++) {
    for (int l = 0; l < k; l++) {
      information[j * k + l] *= fit_unit(s, j) / s->width[j] * (fit_unit(s, l) / s->width[l]);
    }
  }
}

void fit_data_information(const fit_search *w, const fit_state *s, double *information)
{
  const int k = s->task->n_parameters;
  memcpy(information, w->information, (size_t)k * (size_t)k * sizeof *information);
  for (int j = 0; j < k; j++) {
    information[j * k + j] -= s->pull[j];
  }
  in_units(s, information);
}

typedef struct eigen_room {
  double *matrix, *vector, *value;
} eigen_room;

static bool eigen_open(eigen_room *e, int k, stepdose_error *error)
{
  const size_t n = (size_t)k;
  *e = (eigen_room){allocate_zeroed(n * n, sizeof(double)), allocate_zeroed(n * n, sizeof(double)),
                    allocate_zeroed(n, sizeof(double))};
  return (e->matrix != NULL && e->vector != NULL && e->value != NULL) ||
         error_no_memory(error, "judging a fit");
}

static void eigen_close(eigen_room *e)
{
  release(e->matrix);
  release(e->vector);
  release(e->value);
}

/* A direction of less than one unit of information is cut off there: that much the bounds say. */
bool fit_covariance(const fit_search *w, const fit_state *s, double *covariance,
                    stepdose_error *error)
{
  const int k = s->task->n_parameters;
  eigen_room e;
  const bool ready = eigen_open(&e, k, error);
  if (ready) {
    memcpy(e.matrix, w->information, (size_t)k * (size_t)k * sizeof *e.matrix);
    in_units(s, e.matrix);
    eigen_symmetric(k, e.matrix, e.value, e.vector);
    for (int j = 0; j < k; j++) {
      for (int l = 0; l < k; l++) {
        double sum = 0;
        for (int a = 0; a < k; a++) {
          sum += e.vector[a * k + j] * e.vector[a * k + l] / fmax(e.value[a], 1);
        }
        covariance[j * k + l] = sum * fit_unit(s, j) * fit_unit(s, l);
      }
    }
  }
  eigen_close(&e);
  return ready;
}

bool fit_directions(const fit_search *w, const fit_state *s, fit_outcome *outcome,
                    stepdose_error *error)
{
  const int k = s->task->n_parameters;
  eigen_room e;
  const bool ready = eigen_open(&e, k, error);
  outcome->direction = allocate_zeroed((size_t)k, sizeof *outcome->direction);
  const bool room =
      outcome->direction != NULL || (ready && error_no_memory(error, "judging a fit"));
  if (ready && room) {
    fit_data_information(w, s, e.matrix);
    eigen_symmetric(k, e.matrix, e.value, e.vector);
    for (int a = 0; a < k && e.value[a] < 1; a++) {
      fit_direction *d = &outcome->direction[outcome->n_directions++];
      d->information = fmax(e.value[a], 0);
      memcpy(d->loading, &e.vector[a * k], (size_t)k * sizeof *d->loading);
    }
  }
  eigen_close(&e);
  return ready && room;
}

double fit_eta_sd(const fit_search *w, const fit_state *s, int row, const double *covariance)
{
  const int k = s->task->n_parameters;
  const double *slope = &w->slope[row * k];
  double variance = 0;
  for (int j = 0; j < k; j++) {
    for (int l = 0; l < k; l++) {
      variance += slope[j] / s->width[j] * covariance[j * k + l] * slope[l] / s->width[l];
    }
  }
  return sqrt(fmax(variance, 0));
}
