/* From covariates to parameters: what is set, derived, clamped, refused, grouped. */
#include "tests/population/fixtures.h"

enum { PATIENTS = 2048, SEED = 3 };

typedef struct drawn {
  stepdose_problem *problem;
  population *people;
  double *parameters, *weights, *covariates;
  int n_parameters, n_covariates;
} drawn;

static drawn draw(stepdose_problem *problem)
{
  const population_description *d = problem->population;
  drawn x = {.problem = problem,
             .n_parameters = problem->model->n_parameters,
             .n_covariates = population_covariates(d)};
  stepdose_error error = {.code = STEPDOSE_OK};
  x.people = fixture_open(d, SEED);
  x.parameters = allocate_zeroed((size_t)(PATIENTS * x.n_parameters), sizeof(double));
  x.covariates = allocate_zeroed((size_t)(PATIENTS * x.n_covariates), sizeof(double));
  x.weights = allocate_zeroed(PATIENTS, sizeof(double));
  cr_assert(population_draw(x.people, problem->parameters, 0, PATIENTS, x.parameters, x.weights,
                            x.covariates, &error),
            "%s", error.message);
  return x;
}

static void drawn_close(drawn *x)
{
  population_close(x->people);
  release(x->parameters);
  release(x->weights);
  release(x->covariates);
  problem_free(x->problem);
}

static double parameter(const drawn *x, int patient, const char *name)
{
  const int i = model_parameter_index(x->problem->model, name);
  cr_assert(i >= 0, "%s", name);
  return x->parameters[patient * x->n_parameters + i];
}

static double covariate(const drawn *x, int patient, const char *name)
{
  const int i = population_covariate_index(x->problem->population, name);
  cr_assert(i >= 0, "%s", name);
  return x->covariates[patient * x->n_covariates + i];
}

static bool same(double a, double b) { return fabs(a - b) <= 1e-12 * fabs(b); }

Test(population, dlbcl_parameters_follow_their_declared_relations)
{
  drawn x = draw(fixture_population("dlbcl-virtual.json", PATIENTS));
  for (int i = 0; i < PATIENTS; i++) {
    const double b = parameter(&x, i, "Bpbref_perml");
    const double t = parameter(&x, i, "Trpbref_perml");
    const double density = covariate(&x, i, "tumor_cell_density");
    cr_expect(b >= 1000 && b == parameter(&x, i, "Bpbo_perml"), "patient %d: blood B %g", i, b);
    cr_expect(t == parameter(&x, i, "Trpbo_perml"), "patient %d: blood T %g", i, t);
    cr_expect(same(parameter(&x, i, "KBptumor"), fmin(density / b, 6.5e6)), "patient %d", i);
    cr_expect(same(parameter(&x, i, "KTrptumor"), density / (covariate(&x, i, "tumor_b_to_t") * t)),
              "patient %d", i);
    cr_expect(parameter(&x, i, "nkill_blin") == parameter(&x, i, "nkill"), "patient %d", i);
    cr_expect(same(covariate(&x, i, "tumor_burden"), density * parameter(&x, i, "Vtumor")),
              "patient %d", i);
    cr_expect(parameter(&x, i, "VmT") == 0.9, "patient %d: VmT is nobody's business", i);
    cr_expect_eq(x.weights[i], 1, "patient %d", i);
  }
  drawn_close(&x);
}

/* The published bounds of virtual patients stand in the model's own table. */
Test(population, dlbcl_parameters_keep_their_published_bounds)
{
  drawn x = draw(fixture_population("dlbcl-virtual.json", PATIENTS));
  const model *m = x.problem->model;
  int bounded = 0;
  for (int k = 0; k < m->n_parameters; k++) {
    const model_parameter *row = &m->parameters[k];
    const bool has_bounds = !isnan(row->cohort_low);
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < PATIENTS; i++) {
      least = fmin(least, x.parameters[i * x.n_parameters + k]);
      most = fmax(most, x.parameters[i * x.n_parameters + k]);
    }
    bounded += has_bounds;
    cr_expect(least >= row->low && most <= row->high, "%s: %g to %g", row->name, least, most);
    cr_expect(!has_bounds || (least >= row->cohort_low && most <= row->cohort_high && least < most),
              "%s: %g to %g", row->name, least, most);
  }
  cr_expect_eq(bounded, 25, "%d parameters with published bounds", bounded);
  drawn_close(&x);
}

static double share_in_stratum(const drawn *x, int s)
{
  int n = 0;
  for (int i = 0; i < PATIENTS; i++) {
    n += population_in_stratum(x->people, s, x->covariates + i * x->n_covariates);
  }
  return (double)n / PATIENTS;
}

/* Burden is lognormal around its threshold; less than 1e4 of a median of 1.25e5 B cells/mL: z below
 * ln(0.08)/2.3 = -1.098, 13.6 %. */
Test(population, dlbcl_strata_hold_the_share_of_their_threshold)
{
  drawn x = draw(fixture_population("dlbcl-virtual.json", PATIENTS));
  const double low = share_in_stratum(&x, 0), high = share_in_stratum(&x, 1);
  cr_expect(fabs(low - 0.5) < 0.02 && low + high == 1, "low %g, high %g", low, high);
  cr_expect(fabs(share_in_stratum(&x, 2) - 0.136) < 0.002, "%g", share_in_stratum(&x, 2));
  drawn_close(&x);
}

Test(population, observed_scale_differs_in_il6_production_alone)
{
  drawn printed = draw(fixture_population("dlbcl-virtual.json", PATIENTS));
  drawn observed = draw(fixture_population("dlbcl-virtual-observed-scale.json", PATIENTS));
  const int il6 = model_parameter_index(printed.problem->model, "kIL6prod");
  for (int k = 0; k < PATIENTS * printed.n_parameters; k++) {
    const double scale = k % printed.n_parameters == il6 ? 7.5 / 21.5 : 1;
    cr_expect(same(observed.parameters[k], scale * printed.parameters[k]), "parameter %d", k);
  }
  drawn_close(&printed);
  drawn_close(&observed);
}

/* Shares that the recipe reports: blood B 1-1000 /uL 92.7 % (without those moved to 1 /uL), CD8
 * 50-1500 /uL 99.7 %. */
Test(population, implausible_patients_keep_their_place_without_weight)
{
  stepdose_problem *problem = fixture_population("dlbcl-virtual.json", PATIENTS);
  population_description *d = problem->population;
  d->n_ranges = 2;
  d->range[0] = (population_range){population_covariate_index(d, "blood_b"), 1001, 1e6};
  d->range[1] = (population_range){population_covariate_index(d, "blood_cd8"), 5e4, 1.5e6};
  drawn x = draw(problem);
  population_acceptance a = {0};
  double sum = 0;
  population_count_accepted(x.people, PATIENTS, x.covariates, &a);
  for (int i = 0; i < PATIENTS; i++) {
    const double b = covariate(&x, i, "blood_b"), t = covariate(&x, i, "blood_cd8");
    const bool plausible = b > 1000 && b <= 1e6 && t >= 5e4 && t <= 1.5e6;
    cr_expect_eq(x.weights[i], plausible, "patient %d: B %g, T %g", i, b, t);
    sum += x.weights[i];
  }
  cr_log_info("accepted %ld of %ld; blood B refuses %ld, CD8 %ld\n", a.accepted, a.drawn,
              a.outside[0], a.outside[1]);
  cr_expect(a.drawn == PATIENTS && a.accepted == (long)sum && a.outside_model == 0);
  cr_expect(fabs(1 - (double)a.outside[0] / PATIENTS - 0.927) < 0.005, "%ld", a.outside[0]);
  cr_expect(fabs(1 - (double)a.outside[1] / PATIENTS - 0.997) < 0.002, "%ld", a.outside[1]);
  drawn_close(&x);
}

Test(population, values_that_the_model_does_not_accept_have_no_weight)
{
  stepdose_problem *problem = fixture_population("dlbcl-virtual.json", PATIENTS);
  population_description *d = problem->population;
  const int growth = population_covariate_index(d, "tumor_growth");
  d->coordinate[growth].number[POPULATION_HIGH] = 100; /* the model accepts 25 per day */
  drawn x = draw(problem);
  population_acceptance a = {0};
  population_count_accepted(x.people, PATIENTS, x.covariates, &a);
  for (int i = 0; i < PATIENTS; i++) {
    const double wanted = covariate(&x, i, "tumor_growth");
    cr_expect_eq(x.weights[i], wanted <= 25, "growth %g", wanted);
    cr_expect_eq(parameter(&x, i, "kBtumorprolif"), fmin(wanted, 25), "growth %g", wanted);
  }
  /* u^4.2 > 1/4 for u > 0.719 */
  cr_expect(fabs((double)a.outside_model / PATIENTS - 0.281) < 0.002, "%ld", a.outside_model);
  drawn_close(&x);
}
