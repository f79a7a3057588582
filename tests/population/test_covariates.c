/* The populations of synapse with covariates: the problem's own values in the middle, and what
 * belongs together moves together. */
#include "tests/population/fixtures.h"

enum { PATIENTS = 1024, CASES = 4 };

static const struct {
  const char *stem, *molecule;
  double weight_kg; /* at which the pharmacokinetics hold */
  bool blood;       /* the target is on circulating cells */
} cases[CASES] = {
    {"dlbcl", "mosunetuzumab", 75, true},
    {"fl", "mosunetuzumab", 75, true},
    {"multiple-myeloma", "talquetamab", 74, false},
    {"sclc", "tarlatamab", 73, false},
};

typedef struct drawn {
  const char *stem;
  stepdose_problem *problem;
  double *parameters, *covariates, *weights;
} drawn;

static drawn draw(int i)
{
  char bytes[1024];
  stepdose_error error = {.code = STEPDOSE_OK};
  const bool iv = strcmp(cases[i].molecule, "talquetamab") != 0;
  const int length = snprintf(
      bytes, sizeof bytes,
      "{\"format\": \"stepdose-problem-1\", \"model\": \"synapse\", \"horizon_days\": 28, "
      "\"molecule\": \"molecules/synapse/%s.json\", "
      "\"indication\": \"indications/synapse/%s.json\", "
      "\"population\": {\"file\": \"populations/synapse-%s.json\", \"patients\": %d, \"seed\": 3}, "
      "\"regimen\": {\"route\": \"%s\", %s\"steps\": [{\"day\": 0, \"dose_mg\": 1}]}}",
      cases[i].molecule, cases[i].stem, cases[i].stem, (int)PATIENTS, iv ? "iv" : "sc",
      iv ? "\"infusion_h\": 4, " : "");
  drawn x = {.stem = cases[i].stem};
  x.problem = problem_read_text(STEPDOSE_SOURCE_DIR "/problems/covariates.json", bytes,
                                (size_t)length, NULL, 0, &error);
  cr_assert(x.problem != NULL, "%s: %s %s", x.stem, error.pointer, error.message);
  const population_description *d = x.problem->population;
  population *people = population_open(d, x.problem->model, 3, &error);
  x.parameters = dlbcl_numbers(PATIENTS * x.problem->model->n_parameters);
  x.covariates = dlbcl_numbers(PATIENTS * population_covariates(d));
  x.weights = dlbcl_numbers(PATIENTS);
  cr_assert(people != NULL && population_draw(people, x.problem->parameters, 0, PATIENTS,
                                              x.parameters, x.weights, x.covariates, &error),
            "%s: %s", x.stem, error.message);
  population_close(people);
  return x;
}

static void close_drawn(drawn *x)
{
  release(x->parameters);
  release(x->covariates);
  release(x->weights);
  problem_free(x->problem);
}

static double covariate(const drawn *x, int patient, const char *name)
{
  const population_description *d = x->problem->population;
  const int i = population_covariate_index(d, name);
  cr_assert(i >= 0, "%s: no %s", x->stem, name);
  return x->covariates[patient * population_covariates(d) + i];
}

/* What a patient has over what the problem has. */
static double factor(const drawn *x, int patient, const char *name)
{
  const int i = model_parameter_index(x->problem->model, name);
  cr_assert(i >= 0, "%s", name);
  return x->parameters[patient * x->problem->model->n_parameters + i] / x->problem->parameters[i];
}

static bool same(double a, double b) { return fabs(a - b) <= 1e-12 * fabs(b); }

Test(covariates, every_parameter_that_moves_has_the_value_of_the_problem_in_its_middle)
{
  for (int c = 0; c < CASES; c++) {
    drawn x = draw(c);
    const model *m = x.problem->model;
    int moving = 0;
    for (int k = 0; k < m->n_parameters; k++) {
      int below = 0, above = 0;
      for (int i = 0; i < PATIENTS; i++) {
        below += x.parameters[i * m->n_parameters + k] < x.problem->parameters[k];
        above += x.parameters[i * m->n_parameters + k] > x.problem->parameters[k];
      }
      moving += below + above > 0;
      cr_expect(below + above == 0 || abs(below - above) < PATIENTS / 20,
                "%s, %s: %d below, %d above", x.stem, m->parameters[k].name, below, above);
    }
    cr_log_info("%s: %d parameters move\n", x.stem, moving);
    cr_expect(moving >= 14, "%s: %d parameters move", x.stem, moving);
    close_drawn(&x);
  }
}

Test(covariates, weight_acts_by_allometry)
{
  for (int c = 0; c < CASES; c++) {
    drawn x = draw(c);
    for (int i = 0; i < PATIENTS; i++) {
      const double w = covariate(&x, i, "weight") / cases[c].weight_kg;
      cr_expect(same(factor(&x, i, "clearance_L_per_day"),
                     covariate(&x, i, "clearance_factor") * pow(w, 0.75)),
                "%s, patient %d: clearance", x.stem, i);
      cr_expect(
          same(factor(&x, i, "central_volume_L"), covariate(&x, i, "central_volume_factor") * w),
          "%s, patient %d: volume", x.stem, i);
      cr_expect(same(factor(&x, i, "body_surface_m2"), sqrt(w)), "%s, patient %d: surface", x.stem,
                i);
    }
    close_drawn(&x);
  }
}

Test(covariates, one_factor_moves_receptors_and_one_the_trimers_needed)
{
  static const char *const trimers[] = {"activation_trimers", "kill_trimers", "cytokine_trimers"};
  static const char *const receptors[] = {"tumor_receptors_per_cell", "blood_receptors_per_cell",
                                          "lymphoid_receptors_per_cell"};
  for (int c = 0; c < CASES; c++) {
    drawn x = draw(c);
    for (int i = 0; i < PATIENTS; i++) {
      for (int k = 0; k < 3; k++) {
        cr_expect(same(factor(&x, i, trimers[k]), covariate(&x, i, "trimers_needed")), "%s: %s",
                  x.stem, trimers[k]);
        cr_expect((k > 0 && !cases[c].blood) ||
                      same(factor(&x, i, receptors[k]), covariate(&x, i, "receptor_factor")),
                  "%s: %s", x.stem, receptors[k]);
      }
    }
    close_drawn(&x);
  }
}

/* 35, 50 and 15 %; the frail have more disease, fewer T cells and faster clearance. */
Test(covariates, the_frail_differ_as_declared)
{
  for (int c = 0; c < CASES; c++) {
    drawn x = draw(c);
    double n[3] = {0}, burden[3] = {0}, t_cells[3] = {0}, clearance[3] = {0};
    for (int i = 0; i < PATIENTS; i++) {
      const int grade = (int)covariate(&x, i, "ecog");
      n[grade]++;
      burden[grade] += log(covariate(&x, i, "tumor_volume_factor"));
      t_cells[grade] += log(covariate(&x, i, "t_cell_factor"));
      clearance[grade] += log(covariate(&x, i, "clearance_factor"));
    }
    cr_expect(fabs(n[0] / PATIENTS - 0.35) < 0.02 && fabs(n[1] / PATIENTS - 0.5) < 0.02 &&
                  fabs(n[2] / PATIENTS - 0.15) < 0.02,
              "%s: %g, %g, %g", x.stem, n[0], n[1], n[2]);
    cr_expect(burden[2] / n[2] > burden[1] / n[1] && burden[1] / n[1] > burden[0] / n[0],
              "%s: burden", x.stem);
    cr_expect(t_cells[2] / n[2] < t_cells[1] / n[1] && t_cells[1] / n[1] < t_cells[0] / n[0],
              "%s: T cells", x.stem);
    cr_expect(clearance[2] / n[2] > clearance[0] / n[0], "%s: clearance", x.stem);
    close_drawn(&x);
  }
}

/* Ranges of the recipe: blood CD8 50 to 1500 per uL, and weight. */
Test(covariates, few_patients_are_implausible)
{
  for (int c = 0; c < CASES; c++) {
    drawn x = draw(c);
    int accepted = 0;
    for (int i = 0; i < PATIENTS; i++) {
      const double t = covariate(&x, i, "blood_t_cells"), w = covariate(&x, i, "weight");
      const bool ordinary = t >= 5e4 && t <= 1.5e6 && w >= 35 && w <= 160;
      cr_expect(x.weights[i] == 0 || ordinary, "%s, patient %d: %g T cells/mL, %g kg", x.stem, i, t,
                w);
      accepted += x.weights[i] > 0;
    }
    cr_log_info("%s: %d of %d plausible\n", x.stem, accepted, (int)PATIENTS);
    cr_expect(accepted > 0.97 * PATIENTS, "%s: %d of %d", x.stem, accepted, (int)PATIENTS);
    close_drawn(&x);
  }
}
