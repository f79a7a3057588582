/* sensitivity.csv: one row for each estimate, at growing numbers of samples. */
#include "report/report.h"

#include "base/number.h"

#include <math.h>

static const char *const morris_names[MORRIS_MEASURES] = {
    [MORRIS_MU] = "mu", [MORRIS_MU_STAR] = "mu_star", [MORRIS_SIGMA] = "sigma"};

static const char *const output_names[SOBOL_MEASURES] = {
    [SOBOL_MEAN] = "mean", [SOBOL_VARIANCE] = "variance", [SOBOL_FIRST_SUM] = "first_sum"};

/* The rows of one output at one stage. */
typedef struct csv_place {
  const sensitivity_study *study;
  int stage, output;
  text *out;
} csv_place;

static void append_number(text *out, double value)
{
  text_append(out, ",");
  csv_number(out, value);
}

static void append_flags(text *out, unsigned flags)
{
  const char *between = ",";
#define X(id, bit, name, meaning)                                                                  \
  if (flags & SENSITIVITY_##id) {                                                                  \
    text_append(out, "%s%s", between, name);                                                       \
    between = ";";                                                                                 \
  }
  SENSITIVITY_FLAGS(X)
#undef X
  text_append(out, flags == 0 ? ",NA\n" : "\n");
}

/* factor, other: -1 where there is none. */
static void append_head(const csv_place *p, const char *estimate, int factor, int other)
{
  const sensitivity_study *s = p->study;
  const sensitivity_output *o = &s->output[p->output];
  text_append(p->out, "%s,%s,%s,%s,%s", o->name, o->unit, estimate,
              factor >= 0 ? sensitivity_factor_name(s, factor) : "NA",
              other >= 0 ? sensitivity_factor_name(s, other) : "NA");
}

static void append_index(const csv_place *p, const char *estimate, int factor, int other,
                         const sensitivity_index *index)
{
  append_head(p, estimate, factor, other);
  append_number(p->out, (double)p->study->found.stage_rows[p->stage]);
  append_number(p->out, index->value);
  append_number(p->out, index->low);
  append_number(p->out, index->high);
  append_number(p->out, (double)index->rows);
  append_flags(p->out, index->flags);
}

static void append_morris(const csv_place *p)
{
  const sensitivity_outcome *found = &p->study->found;
  for (int m = 0; m < MORRIS_MEASURES; m++) {
    for (int f = 0; f < found->n_factors; f++) {
      append_index(p, morris_names[m], f, -1,
                   morris_at(found, p->stage, p->output, (morris_measure)m, f));
    }
  }
}

static void append_sobol(const csv_place *p)
{
  const sensitivity_outcome *found = &p->study->found;
  for (int m = 0; m < SOBOL_MEASURES; m++) {
    append_index(p, output_names[m], -1, -1,
                 sobol_output_at(found, p->stage, p->output, (sobol_measure)m));
  }
  for (int f = 0; f < found->n_factors; f++) {
    append_index(p, "first", f, -1, sobol_first_at(found, p->stage, p->output, f));
    append_index(p, "total", f, -1, sobol_total_at(found, p->stage, p->output, f));
  }
  for (int a = 0; p->study->settings->second_order && a < found->n_factors; a++) {
    for (int b = a + 1; b < found->n_factors; b++) {
      append_index(p, "second", a, b, sobol_second_at(found, p->stage, p->output, a, b));
    }
  }
}

static void append_slope(const csv_place *p, const char *estimate, int input, double value)
{
  append_head(p, estimate, input, -1);
  text_append(p->out, ",NA");
  append_number(p->out, value);
  text_append(p->out, ",NA,NA,NA,NA\n");
}

static void append_local(const csv_place *p)
{
  const sensitivity_study *s = p->study;
  for (int i = 0; i < s->n_inputs; i++) {
    const sensitivity_slope *slope = &s->slope[p->output * s->n_inputs + i];
    append_slope(p, "slope", i, slope->plain);
    append_slope(p, "slope_per_decade", i, slope->scaled);
    append_slope(p, "swing", i, slope->swing);
  }
}

void csv_sensitivity(const sensitivity_study *s, text *out)
{
  static void (*const append[SENSITIVITY_METHOD_COUNT])(const csv_place *) = {
      [SENSITIVITY_LOCAL] = append_local,
      [SENSITIVITY_MORRIS] = append_morris,
      [SENSITIVITY_SOBOL] = append_sobol};
  const int stages = s->settings->method == SENSITIVITY_LOCAL ? 1 : s->found.n_stages;
  text_append(out, "output,unit,measure,factor,other,samples,value,low,high,samples_used,flags\n");
  for (int k = 0; k < s->n_outputs; k++) {
    for (int stage = 0; stage < stages; stage++) {
      const csv_place place = {s, stage, k, out};
      append[s->settings->method](&place);
    }
  }
}
