/* Tables of virtual patients. A value that nobody has is NA: of patients who are implausible or
 * could not be simulated. */
#include "report/report.h"

#include <math.h>

static void append_statistics(const cohort_study *c, int day, int output, const char *name,
                              text *out)
{
  const cohort_figure *figure = &c->course[(long)day * c->problem->model->n_outputs + output];
  for (int s = 0; s < COHORT_STATISTIC_COUNT; s++) {
    csv_number(out, c->day[day]);
    text_append(out, ",%s,%s,%s,", name, model_outputs[output].unit, cohort_statistic_names[s]);
    csv_number(out, figure->at[s]);
    text_append(out, "\n");
  }
}

void csv_cohort_trajectories(const cohort_study *c, text *out)
{
  char name[ENDPOINT_NAME_SIZE];
  for (int i = 0; i < c->n_days; i++) {
    for (int o = 0; o < c->problem->model->n_outputs; o++) {
      if (csv_output_name(c->problem, o, name)) {
        append_statistics(c, i, o, name, out);
      }
    }
  }
}

void csv_cohort_endpoints(const cohort_study *c, text *out)
{
  const cohort_outcome *o = &c->outcome[0];
  for (int i = 0; i < c->n_patients; i++) {
    for (int k = 0; k < o->n_rows; k++) {
      csv_endpoint(i + 1, &o->row[k], o->cell[(long)i * o->n_rows + k], out);
    }
  }
}

static void append_header(const cohort_study *c, text *out)
{
  const population_description *d = c->problem->population;
  text_append(out, "patient,weight,simulated");
  for (int j = 0; j < c->n_covariates; j++) {
    text_append(out, ",covariate.%s", d->quantity[j].name);
  }
  for (int k = 0; k < c->n_set; k++) {
    char key[PROBLEM_PARAMETER_KEY_SIZE];
    const bool named = problem_parameter_key(c->problem, c->set[k], key);
    text_append(out, ",parameter.%s", named ? key : c->problem->model->parameters[c->set[k]].name);
  }
  text_append(out, ",goal,limits_exceeded");
  for (int k = 0; k < c->outcome[0].n_rows; k++) {
    const endpoint_row *row = &c->outcome[0].row[k];
    if (row->window > 0) {
      text_append(out, ",%s.%d", row->name, row->window);
    } else {
      text_append(out, ",%s.course", row->name);
    }
  }
  text_append(out, "\n");
}

static void append_values(const double *values, int n, text *out)
{
  for (int i = 0; i < n; i++) {
    text_append(out, ",");
    csv_number(out, values[i]);
  }
}

static void append_patient(const cohort_study *c, int i, text *out)
{
  const cohort_outcome *o = &c->outcome[0];
  const bool simulated = c->weight[i] > 0 && !o->failed[i];
  text_append(out, "%d,", i + 1);
  csv_number(out, c->weight[i]);
  text_append(out, ",%s", simulated ? "TRUE" : "FALSE");
  append_values(c->covariate + (long)i * c->n_covariates, c->n_covariates, out);
  append_values(c->set_value + (long)i * c->n_set, c->n_set, out);
  append_values(&o->goal[i], 1, out);
  const double exceeded = simulated ? o->exceeded[i] : (double)NAN;
  append_values(&exceeded, 1, out);
  for (int k = 0; k < o->n_rows; k++) {
    append_values(&o->cell[(long)i * o->n_rows + k].value, 1, out);
  }
  text_append(out, "\n");
}

void csv_patients(const cohort_study *c, text *out)
{
  append_header(c, out);
  for (int i = 0; i < c->n_patients; i++) {
    append_patient(c, i, out);
  }
}

static void append_course(const cohort_study *c, int shown, int output, const char *name, text *out)
{
  const int n_outputs = c->problem->model->n_outputs;
  const double *course = c->shown_course + (long)shown * c->n_days * n_outputs;
  for (int d = 0; d < c->n_days; d++) {
    text_append(out, "%d,", c->shown[shown] + 1);
    csv_number(out, c->day[d]);
    text_append(out, ",%s,%s,", name, model_outputs[output].unit);
    csv_number(out, course[(long)d * n_outputs + output]);
    text_append(out, "\n");
  }
}

void csv_courses(const cohort_study *c, text *out)
{
  char name[ENDPOINT_NAME_SIZE];
  text_append(out, "patient,day,output,unit,value\n");
  for (int i = 0; i < c->n_shown; i++) {
    for (int o = 0; o < c->problem->model->n_outputs; o++) {
      if (csv_output_name(c->problem, o, name)) {
        append_course(c, i, o, name, out);
      }
    }
  }
}
