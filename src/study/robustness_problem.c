/* Problems that a robustness card asks about: see robustness.h. */
#include "base/allocate.h"
#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "study/robustness.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { OVERRIDE_SIZE = 256, REFERENCE_SIZE = PROBLEM_PATH_SIZE + OVERRIDE_SIZE };

/* Models: X(name, parameter with the volume of the tumour, folder of its molecules and
 * indications). */
#define ROBUST_MODELS(X)                                                                           \
  X("hosseini2020", "Vtumor", "")                                                                  \
  X("synapse", "tumor_volume_mL", "synapse/")

static const struct robust_model {
  const char *name, *volume, *folder;
} models[] = {
#define X(name, volume, folder) {name, volume, folder},
    ROBUST_MODELS(X)
#undef X
};

enum { MODELS = sizeof models / sizeof models[0] };

static int model_index(const stepdose_problem *problem)
{
  for (int i = 0; i < MODELS; i++) {
    if (strcmp(models[i].name, problem->model->name) == 0) {
      return i;
    }
  }
  return -1;
}

/* --- design ----------------------------------------------------------------------------------- */

stepdose_problem *robustness_fix_design(const stepdose_problem *problem, const double *design,
                                        stepdose_error *error)
{
  char override[PROBLEM_DESIGN_MAX][OVERRIDE_SIZE];
  const char *overrides[PROBLEM_DESIGN_MAX];
  for (int i = 0; i < problem->n_design; i++) {
    char digits[NUMBER_TEXT_SIZE];
    number_format_full(design[i], digits);
    snprintf(override[i], OVERRIDE_SIZE, "/design/%s=%s", problem->design[i].name, digits);
    overrides[i] = override[i];
  }
  stepdose_problem *fixed =
      problem_read_text(problem->path, problem->effective, strlen(problem->effective), overrides,
                        (size_t)problem->n_design, error);
  if (fixed != NULL) {
    memcpy(fixed->molecule_file, problem->molecule_file, sizeof fixed->molecule_file);
    memcpy(fixed->indication_file, problem->indication_file, sizeof fixed->indication_file);
  }
  return fixed;
}

/* --- another model ---------------------------------------------------------------------------- */

/* Shipped indications are called in lower case. */
static void file_name(const char *name, char out[OVERRIDE_SIZE])
{
  size_t n = (size_t)snprintf(out, OVERRIDE_SIZE, "%.200s.json", name);
  for (size_t i = 0; i < n && i < OVERRIDE_SIZE; i++) {
    const bool upper = out[i] >= 'A' && out[i] <= 'Z';
    out[i] = upper ? (char)(out[i] - 'A' + 'a') : out[i] == ' ' ? '-' : out[i];
  }
}

/* Files of one model stand in a folder within that of the other: molecules/X.json and
 * molecules/synapse/X.json. False: `file`, as the problem names it, does not stand so. */
static bool folder_of(const char *file, const struct robust_model *own, int *length)
{
  const char *slash = strrchr(file, '/');
  const size_t whole = slash != NULL ? (size_t)(slash - file) + 1 : 0;
  const size_t part = strlen(own->folder);
  const bool ends = whole >= part && strncmp(file + whole - part, own->folder, part) == 0 &&
                    (whole == part || file[whole - part - 1] == '/');
  *length = (int)(whole - (ends ? part : 0));
  return file[0] != 0 && ends;
}

static bool exists_beside(const stepdose_problem *problem, const char *file)
{
  char *directory = file_directory(problem->path);
  char *path = directory != NULL ? file_join(directory, file) : NULL;
  const bool exists = path != NULL && file_exists(path);
  release(directory);
  release(path);
  return exists;
}

/* What the other model has beside the problem's own `file`, else in the shipped folder beside the
 * problem. */
static void other_file(const stepdose_problem *problem, const struct robust_model *own,
                       const struct robust_model *other, const char *file, const char *name,
                       const char *shipped, char out[REFERENCE_SIZE])
{
  char base[OVERRIDE_SIZE];
  int length;
  file_name(name, base);
  if (folder_of(file, own, &length)) {
    snprintf(out, REFERENCE_SIZE, "%.*s%s%s", length, file, other->folder, base);
    if (exists_beside(problem, out)) {
      return;
    }
  }
  snprintf(out, REFERENCE_SIZE, "%s%s%s", shipped, other->folder, base);
}

stepdose_problem *robustness_variant(const stepdose_problem *problem, stepdose_error *error)
{
  const int own = model_index(problem);
  char molecule[REFERENCE_SIZE], indication[REFERENCE_SIZE];
  char override[3][REFERENCE_SIZE + 16];
  if (own < 0) {
    error_set(error, STEPDOSE_UNKNOWN_NAME, "", "no other model is known");
    return NULL;
  }
  const struct robust_model *other = &models[(own + 1) % MODELS];
  other_file(problem, &models[own], other, problem->molecule_file, problem->molecule_name,
             "molecules/", molecule);
  other_file(problem, &models[own], other, problem->indication_file, problem->indication_name,
             "indications/", indication);
  snprintf(override[0], sizeof override[0], "/model=%s", other->name);
  snprintf(override[1], sizeof override[1], "/molecule=%s", molecule);
  snprintf(override[2], sizeof override[2], "/indication=%s", indication);
  const char *const overrides[] = {
      override[0],        override[1],      override[2],       "/population=reference",
      "/model_preset=[]", "/parameters={}", "/comparators=[]", "/premedication=[]"};
  return problem_read_text(problem->path, problem->effective, strlen(problem->effective), overrides,
                           sizeof overrides / sizeof overrides[0], error);
}

/* --- tumour burden ---------------------------------------------------------------------------- */

static int covariate_that_sets(const population_description *d, int parameter)
{
  for (int j = 0; d != NULL && j < population_covariates(d); j++) {
    for (int k = 0; k < d->quantity[j].n_sets; k++) {
      if (d->quantity[j].sets[k] == parameter) {
        return j;
      }
    }
  }
  return -1;
}

static void unset(population_quantity *q, int parameter)
{
  int kept = 0;
  for (int k = 0; k < q->n_sets; k++) {
    if (q->sets[k] != parameter) {
      q->sets[kept++] = q->sets[k];
    }
  }
  q->n_sets = kept;
}

/* The patients stay who they are, with their covariates, ranges and strata: what is multiplied is
 * only what the model gets. */
static bool scale_covariate(population_description *d, int covariate, int parameter, double factor,
                            stepdose_error *error)
{
  const int added = population_covariates(d);
  if (d->n_derived == POPULATION_DERIVED_MAX || added == POPULATION_COVARIATES_MAX) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "", "the population has no room for a factor");
  }
  population_quantity *q = &d->quantity[added];
  *q = (population_quantity){.name = "scaled tumour volume",
                             .basis = POPULATION_BASIS_ASSUMED,
                             .at_least = -INFINITY,
                             .at_most = INFINITY,
                             .n_sets = 1,
                             .sets = {parameter}};
  unset(&d->quantity[covariate], parameter);
  d->product[d->n_derived++] =
      (population_product){.factor = factor, .n_factors = 1, .factors = {{false, covariate, 1}}};
  return true;
}

static bool scale(stepdose_problem *p, int parameter, double factor, stepdose_error *error)
{
  const int covariate = covariate_that_sets(p->population, parameter);
  if (p->reference_patient || covariate < 0) {
    p->parameters[parameter] *= factor;
    return true;
  }
  return scale_covariate(p->population, covariate, parameter, factor, error);
}

static int volume_parameter(const stepdose_problem *problem)
{
  const int own = model_index(problem);
  for (int i = 0; own >= 0 && i < problem->model->n_parameters; i++) {
    if (strcmp(problem->model->parameters[i].name, models[own].volume) == 0) {
      return i;
    }
  }
  return -1;
}

/* Only parameters and population are copies. */
static stepdose_problem *copy_problem(const stepdose_problem *problem, stepdose_error *error)
{
  const size_t n = (size_t)problem->model->n_parameters * sizeof(double);
  stepdose_problem *copy = allocate(sizeof *copy);
  double *parameters = allocate(n);
  population_description *people = allocate(sizeof *people);
  if (copy == NULL || parameters == NULL || people == NULL) {
    release(copy);
    release(parameters);
    release(people);
    error_no_memory(error, "changing a tumour");
    return NULL;
  }
  memcpy(parameters, problem->parameters, n);
  *copy = *problem;
  copy->parameters = parameters;
  copy->population = problem->population != NULL ? people : NULL;
  if (problem->population != NULL) {
    *people = *problem->population;
  } else {
    release(people);
  }
  return copy;
}

void robustness_burden_free(stepdose_problem *changed)
{
  if (changed != NULL) {
    release(changed->parameters);
    release(changed->population);
    release(changed);
  }
}

stepdose_problem *robustness_burden(const stepdose_problem *problem, double factor,
                                    stepdose_error *error)
{
  const int parameter = volume_parameter(problem);
  if (parameter < 0 || !problem_has_tumor(problem)) {
    error_set(error, STEPDOSE_CONTRADICTION, "", "the model has no tumour to be scaled");
    return NULL;
  }
  stepdose_problem *copy = copy_problem(problem, error);
  if (copy != NULL && !scale(copy, parameter, factor, error)) {
    robustness_burden_free(copy);
    return NULL;
  }
  return copy;
}
