/* What populations of DLBCL are compared with: what Hosseini 2020 prints (Figs 4-5, 4500 virtual
 * patients), and what the recipe found that the laws of the population were fitted by (4096
 * scrambled Sobol patients, another integrator). */
#ifndef TESTS_POPULATION_DLBCL_TABLES_H
#define TESTS_POPULATION_DLBCL_TABLES_H

#include "population/dlbcl.h"

enum { PRINTED_REGIMENS = 5, PRINTED_ROWS = 27, PERCENTILES = 3 };

static const double dlbcl_percentile[PERCENTILES] = {0.05, 0.50, 0.95};

/* Percentiles of the first IL-6 peak [pg/mL]; medians of the activated share of CD8 T cells [%] in
 * the first window and later ones, of later IL-6 peaks; patients who respond [%]. NAN: not in the
 * table. */
typedef struct dlbcl_row {
  double peak[PERCENTILES], activated;
  double later_activated[LATER_WINDOWS], later_peak[LATER_WINDOWS], responders;
} dlbcl_row;

static const dlbcl_row dlbcl_recipe[DLBCL_REGIMENS] = {
    {{10, 523, 7410}, 26.3, {7.1, 5.6, 4.9}, {2.9, 2.0, 1.7}, 70.4},
    {{7.5, 409, 6096}, 20.7, {13.4, 9.7, 8.5}, {5.1, 3.5, 3.6}, 69.9},
    {{4.3, 255, 4073}, 12.1, {11.9, 11.3, 9.9}, {6.2, 5.3, 4.8}, 68.6},
    {{4.3, 255, 4073}, 12.1, {12.9, 9.0, NAN}, {9.2, 4.3, NAN}, 68.5},
    {{5.8, 302, 4156}, NAN, {NAN, NAN, NAN}, {NAN, NAN, NAN}, NAN},
    {{11, 583, 7695}, NAN, {NAN, NAN, NAN}, {NAN, NAN, NAN}, NAN},
};

/* As printed, in the order of the 27 rows that weights are made for. */
typedef struct printed_row {
  int regimen;
  double peak[PERCENTILES];
  double activated, later_activated, later_peak, responders; /* NAN: not printed */
} printed_row;

static const printed_row dlbcl_printed[PRINTED_REGIMENS] = {
    {DLBCL_20, {11, 570, 6640}, 26, 7, 4, 0.73},
    {DLBCL_6P7, {8, 477, 5639}, 20, 7, 3, 0.71},
    {DLBCL_1P6_10, {5, 304, 3937}, 12, 7.5, 4, 0.67},
    {DLBCL_CIV_5, {6, 370, 4330}, NAN, NAN, NAN, NAN},
    {DLBCL_CIV_60, {13, 640, 7180}, NAN, NAN, NAN, NAN},
};

/* The printed rows as means: of indicators of lying below a printed percentile, and of response. */
typedef struct printed_rows {
  int n_patients, n;
  char name[PRINTED_ROWS][64];
  double target[PRINTED_ROWS];
  double *value; /* (n_patients x PRINTED_ROWS) */
} printed_rows;

/* below: NAN where the values themselves are meant. */
static inline void printed_add(printed_rows *r, const char *regimen, const char *what,
                               double target, const double *values, double below)
{
  for (int i = 0; i < r->n_patients; i++) {
    r->value[i * PRINTED_ROWS + r->n] = isnan(below) ? values[i] : values[i] < below;
  }
  snprintf(r->name[r->n], sizeof r->name[0], "%s, %s", regimen, what);
  r->target[r->n++] = target;
}

static inline void printed_add_regimen(printed_rows *r, const printed_row *p, double il6_scale,
                                       const dlbcl_outcome *o)
{
  static const char *const percentile_names[PERCENTILES] = {"5 % of first IL-6 peaks", "median",
                                                            "95 %"};
  const char *name = dlbcl_regimens[p->regimen].name;
  for (int q = 0; q < PERCENTILES; q++) {
    printed_add(r, name, percentile_names[q], dlbcl_percentile[q], o->first_peak,
                il6_scale * p->peak[q]);
  }
  if (!isnan(p->responders)) {
    printed_add(r, name, "activated share", 0.5, o->activated, p->activated);
    printed_add(r, name, "later activated share", 0.5, o->later_activated[0], p->later_activated);
    printed_add(r, name, "later IL-6 peak", 0.5, o->later_peak[0], il6_scale * p->later_peak);
    printed_add(r, name, "responders", p->responders, o->responds, NAN);
  }
}

/* il6_scale: of this population's IL-6 relative to the printed one. release() value. */
static inline bool printed_open(const stepdose_problem *problem, uint64_t seed, int n,
                                double il6_scale, printed_rows *r, stepdose_error *error)
{
  cohort *patients = dlbcl_patients(problem, seed, n, error);
  bool done = patients != NULL;
  *r = (printed_rows){.n_patients = n, .value = dlbcl_numbers(n * PRINTED_ROWS)};
  for (int k = 0; done && k < PRINTED_REGIMENS; k++) {
    const printed_row *p = &dlbcl_printed[k];
    dlbcl_outcome o = {0};
    done = dlbcl_simulate(patients, n, &dlbcl_regimens[p->regimen], &o, error);
    if (done) {
      printed_add_regimen(r, p, il6_scale, &o);
    }
    dlbcl_release(&o);
  }
  cohort_close(patients);
  return done;
}

#endif
