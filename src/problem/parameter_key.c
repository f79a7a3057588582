/* How files call parameters. Those of normal tissues carry the tissue's name:
 * "gut.receptors_per_cell" stands for tissue1_receptors_per_cell of the model where the indication
 * names gut first. */
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

enum { FIRST_DIGIT = sizeof "tissue" - 1, PREFIX_LENGTH = FIRST_DIGIT + 2 };

/* Number of the tissue (from 0) that a parameter of the model belongs to, or -1. */
static int tissue_of(const char *name)
{
  bool is_tissue = strncmp(name, "tissue", FIRST_DIGIT) == 0 && name[FIRST_DIGIT] >= '1' &&
                   name[FIRST_DIGIT] <= '0' + MODEL_TISSUES_MAX && name[FIRST_DIGIT + 1] == '_';
  return is_tissue ? name[FIRST_DIGIT] - '1' : -1;
}

int parameter_of_tissue(const model *m, int tissue, const char *suffix)
{
  char name[PROBLEM_PARAMETER_KEY_SIZE];
  snprintf(name, sizeof name, "tissue%d_%s", tissue + 1, suffix);
  return model_parameter_index(m, name);
}

bool problem_parameter_key(const stepdose_problem *problem, int parameter,
                           char key[PROBLEM_PARAMETER_KEY_SIZE])
{
  const char *name = problem->model->parameters[parameter].name;
  int tissue = tissue_of(name);
  if (tissue < 0) {
    snprintf(key, PROBLEM_PARAMETER_KEY_SIZE, "%s", name);
    return true;
  }
  if (tissue >= problem->n_tissues) {
    return false;
  }
  snprintf(key, PROBLEM_PARAMETER_KEY_SIZE, "%s.%s", problem->tissue[tissue], name + PREFIX_LENGTH);
  return true;
}

int parameter_find(const stepdose_problem *problem, const char *key)
{
  const char *dot = strchr(key, '.');
  if (dot == NULL) {
    return tissue_of(key) < 0 ? model_parameter_index(problem->model, key) : -1;
  }
  for (int k = 0; k < problem->n_tissues; k++) {
    const char *name = problem->tissue[k];
    if (strlen(name) == (size_t)(dot - key) && strncmp(name, key, strlen(name)) == 0) {
      return parameter_of_tissue(problem->model, k, dot + 1);
    }
  }
  return -1;
}

bool parameter_of_unnamed_tissue(const stepdose_problem *problem, const char *key, int *example)
{
  const char *dot = strchr(key, '.');
  if (dot == NULL || dot == key || parameter_find(problem, key) >= 0) {
    return false;
  }
  for (int k = 0; k < problem->n_tissues; k++) {
    const char *name = problem->tissue[k];
    if (strlen(name) == (size_t)(dot - key) && strncmp(name, key, strlen(name)) == 0) {
      return false; /* the tissue is named, but has no such parameter */
    }
  }
  *example = parameter_of_tissue(problem->model, 0, dot + 1);
  return *example >= 0;
}

/* Why a key of the form tissue1_... or <tissue>.... is not known, where that is the reason. */
static const char *tissue_remedy(const stepdose_problem *p, const char *key)
{
  int example = -1;
  if (tissue_of(key) >= 0 && model_parameter_index(p->model, key) >= 0) {
    return "write \"<tissue>.<parameter>\", with a name from \"tissues\" of the indication";
  }
  return parameter_of_unnamed_tissue(p, key, &example)
             ? "name the tissue under \"tissues\" of the indication"
             : NULL;
}

enum { KEYS_MAX = 256 };

bool parameter_unknown(reader *r, const cJSON *item)
{
  const stepdose_problem *p = r->problem;
  char keys[KEYS_MAX][PROBLEM_PARAMETER_KEY_SIZE];
  const char *names[KEYS_MAX];
  char remedy[256];
  size_t n = 0;
  for (int i = 0; i < p->model->n_parameters && n < KEYS_MAX; i++) {
    if (problem_parameter_key(p, i, keys[n])) {
      names[n] = keys[n];
      n++;
    }
  }
  const char *nearest = text_nearest(item->string, names, n);
  const char *of_tissue = tissue_remedy(p, item->string);
  if (nearest != NULL) {
    snprintf(remedy, sizeof remedy, "did you mean \"%s\"?%s%s", nearest,
             of_tissue != NULL ? " else " : "", of_tissue != NULL ? of_tissue : "");
  } else {
    snprintf(remedy, sizeof remedy, "%s",
             of_tissue != NULL ? of_tissue
                               : "the parameters of each model are described in the documentation");
  }
  return reader_fail_key(r, item, UNKNOWN_NAME, remedy, "model %s has no parameter \"%.64s\"",
                         p->model->name, item->string);
}
