/* Patients prepared for simulation. */
#include "simulate/cohort.h"

#include "base/allocate.h"

#include <string.h>

struct cohort {
  const model *model;
  int n_patients;
  double *parameters, *derived; /* (n_patients x n_parameters), (n_patients x n_derived) */
};

/* Derived constants of every patient; an error names the patient. */
static bool derive_all(cohort *c, stepdose_error *error)
{
  const model *m = c->model;
  for (int p = 0; p < c->n_patients; p++) {
    stepdose_error cause;
    if (!m->derive(cohort_parameters(c, p), c->derived + (long)p * m->n_derived, &cause)) {
      return error_set(error, cause.code, cause.remedy, "patient %d: %s", p + 1, cause.message);
    }
  }
  return true;
}

cohort *cohort_open(const model *m, int n_patients, const double *parameters, stepdose_error *error)
{
  const size_t n = (size_t)n_patients;
  cohort *c = allocate_zeroed(1, sizeof *c);
  if (!c) {
    error_no_memory(error, "a cohort");
    return NULL;
  }
  *c = (cohort){.model = m, .n_patients = n_patients};
  c->parameters = allocate_zeroed(n * (size_t)m->n_parameters, sizeof *c->parameters);
  c->derived = allocate_zeroed(n * (size_t)m->n_derived, sizeof *c->derived);
  if (!c->parameters || !c->derived) {
    cohort_close(c);
    error_no_memory(error, "a cohort");
    return NULL;
  }
  memcpy(c->parameters, parameters, n * (size_t)m->n_parameters * sizeof *parameters);
  if (!derive_all(c, error)) {
    cohort_close(c);
    return NULL;
  }
  return c;
}

void cohort_close(cohort *c)
{
  if (c) {
    release(c->parameters);
    release(c->derived);
    release(c);
  }
}

int cohort_patients(const cohort *c) { return c->n_patients; }

const double *cohort_parameters(const cohort *c, int patient)
{
  return c->parameters + (long)patient * c->model->n_parameters;
}

const double *cohort_derived(const cohort *c, int patient)
{
  return c->derived + (long)patient * c->model->n_derived;
}
