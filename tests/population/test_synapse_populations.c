/* The virtual patients of model synapse: the shipped files draw, and what they move. */
#include "tests/population/fixtures.h"

enum { PATIENTS = 256 };

/* Spreads in decades, as docs/synapse.md has them. */
#define SD_TRIMERS 0.599
#define SD_BLOOD 0.566
#define SD_ENTRY 0.3

/* A population with a molecule and an indication that it is meant for. */
static const struct {
  const char *population, *molecule, *indication;
  bool blood; /* the target is on circulating cells */
} cases[] = {
    {"nhl", "mosunetuzumab", "dlbcl", true},
    {"nhl", "odronextamab", "b-all", true},
    {"myeloma", "linvoseltamab", "multiple-myeloma", false},
    {"solid", "tarlatamab", "sclc", false},
    {"solid", "tebentafusp", "uveal-melanoma", false},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static stepdose_problem *read_case(int i)
{
  char people[160], molecule[160], indication[160];
  const char *const changes[] = {people, molecule, indication};
  stepdose_error error = {.code = STEPDOSE_OK};
  snprintf(people, sizeof people,
           "/population={\"file\": \"populations/synapse-%s.json\", \"patients\": %d, \"seed\": 1}",
           cases[i].population, (int)PATIENTS);
  snprintf(molecule, sizeof molecule, "/molecule=molecules/synapse/%s.json", cases[i].molecule);
  snprintf(indication, sizeof indication, "/indication=indications/synapse/%s.json",
           cases[i].indication);
  stepdose_problem *p = problem_read(
      STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl.json", changes, 3, &error);
  cr_assert(p != NULL, "%s in %s: %s %s", cases[i].molecule, cases[i].indication, error.pointer,
            error.message);
  return p;
}

/* (PATIENTS x n_parameters); every patient must be plausible. release() them. */
static double *draw(const stepdose_problem *p)
{
  double weights[PATIENTS];
  stepdose_error error = {.code = STEPDOSE_OK};
  double *parameters =
      allocate_zeroed((size_t)PATIENTS * (size_t)p->model->n_parameters, sizeof *parameters);
  population *people = population_open(p->population, p->model, p->population_seed, &error);
  cr_assert(people != NULL && parameters != NULL, "%s", error.message);
  cr_assert(population_draw(people, p->parameters, 0, PATIENTS, parameters, weights, NULL, &error),
            "%s", error.message);
  for (int i = 0; i < PATIENTS; i++) {
    cr_expect_eq(weights[i], 1, "patient %d of %s", i, p->population_name);
  }
  population_close(people);
  return parameters;
}

/* What patient i has over what the problem has. */
static double factor(const stepdose_problem *p, const double *parameters, int i, const char *name)
{
  const int k = model_parameter_index(p->model, name);
  cr_assert_geq(k, 0, "%s", name);
  return parameters[i * p->model->n_parameters + k] / p->parameters[k];
}

static void expect_spread(const stepdose_problem *p, const double *parameters, const char *name,
                          double sd_decades)
{
  double sum = 0, squares = 0;
  for (int i = 0; i < PATIENTS; i++) {
    const double x = log10(factor(p, parameters, i, name));
    sum += x, squares += x * x;
  }
  const double mean = sum / PATIENTS;
  cr_expect(fabs(mean) < 0.01, "%s, %s: median off by %.3f decades", p->population_name, name,
            mean);
  const double sd = sqrt(squares / PATIENTS - mean * mean);
  cr_expect(fabs(sd / sd_decades - 1) < 0.03, "%s, %s: %.3f decades", p->population_name, name, sd);
}

static const char *const moved[] = {"activation_trimers", "kill_trimers", "cytokine_trimers",
                                    "tumor_drug_entry_per_day", "blood_target_cells_per_mL"};

static void expect_nothing_else_moves(const stepdose_problem *p, const double *parameters,
                                      bool blood)
{
  for (int k = 0; k < p->model->n_parameters; k++) {
    bool varies = false, may = false;
    for (int i = 0; i < PATIENTS; i++) {
      varies = varies || parameters[i * p->model->n_parameters + k] != p->parameters[k];
    }
    for (int m = 0; m < (blood ? 5 : 4); m++) {
      may = may || strcmp(p->model->parameters[k].name, moved[m]) == 0;
    }
    cr_expect_eq(varies, may, "%s: %s", p->population_name, p->model->parameters[k].name);
  }
}

Test(synapse_populations, patients_have_the_shipped_spreads_and_nothing_else_moves)
{
  for (int c = 0; c < CASES; c++) {
    stepdose_problem *p = read_case(c);
    double *parameters = draw(p);
    expect_spread(p, parameters, "activation_trimers", SD_TRIMERS);
    expect_spread(p, parameters, "tumor_drug_entry_per_day", SD_ENTRY);
    if (cases[c].blood) {
      expect_spread(p, parameters, "blood_target_cells_per_mL", SD_BLOOD);
    }
    expect_nothing_else_moves(p, parameters, cases[c].blood);
    release(parameters);
    problem_free(p);
  }
}

Test(synapse_populations, one_factor_moves_the_three_numbers_of_trimers)
{
  for (int c = 0; c < CASES; c++) {
    stepdose_problem *p = read_case(c);
    double *parameters = draw(p);
    for (int i = 0; i < PATIENTS; i++) {
      const double common = factor(p, parameters, i, moved[0]);
      for (int m = 1; m < 3; m++) {
        const double other = factor(p, parameters, i, moved[m]);
        cr_expect(fabs(other / common - 1) < 1e-12, "%s, patient %d: %s by %g, not by %g",
                  p->population_name, i, moved[m], other, common);
      }
    }
    release(parameters);
    problem_free(p);
  }
}
