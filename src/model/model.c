/* The models on offer, and lookups in their tables. */
#include "model/model.h"

#include "model/hosseini2020.h"
#include "model/synapse.h"

#include <math.h>
#include <string.h>

static const model *const models[] = {&hosseini2020, &synapse};

int model_count(void) { return (int)(sizeof(models) / sizeof(models[0])); }

const model *model_at(int i) { return models[i]; }

const model *model_find(const char *name)
{
  for (int i = 0; i < model_count(); i++) {
    if (strcmp(models[i]->name, name) == 0) {
      return models[i];
    }
  }
  return NULL;
}

int model_parameter_index(const model *m, const char *name)
{
  for (int i = 0; i < m->n_parameters; i++) {
    if (strcmp(m->parameters[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

void model_parameter_defaults(const model *m, double *parameters)
{
  for (int i = 0; i < m->n_parameters; i++) {
    parameters[i] = m->parameters[i].value;
  }
}

const model_preset *model_preset_find(const model *m, const char *name)
{
  for (int i = 0; i < m->n_presets; i++) {
    if (strcmp(m->presets[i].name, name) == 0) {
      return &m->presets[i];
    }
  }
  return NULL;
}

bool model_parameter_is_whole(const model_parameter *row)
{
  return strcmp(row->unit, "arms") == 0 || strcmp(row->unit, "law") == 0;
}

bool model_constants_finite(const double *derived, int n, stepdose_error *error)
{
  for (int i = 0; i < n; i++) {
    if (!isfinite(derived[i])) {
      return error_set(error, STEPDOSE_SIMULATION_FAILED, "check the parameters for extreme values",
                       "the parameters give a rate constant that is not finite");
    }
  }
  return true;
}

const model_output_row model_outputs[OUTPUTS_MAX] = {
#define X(name, file_name, unit, meaning) {file_name, unit, meaning},
    MODEL_OUTPUTS(X) MODEL_FURTHER_OUTPUTS(X)
#undef X
};

static const struct {
  const char *word, *unit, *key;
  bool engager;
} routes[ROUTE_COUNT] = {
#define X(name, word, unit, key, engager, meaning) {word, unit, key, engager},
    MODEL_ROUTES(X)
#undef X
};

const char *route_word(route r) { return routes[r].word; }

const char *route_unit(route r) { return routes[r].unit; }

const char *route_key(route r) { return routes[r].key; }

bool route_is_engager(route r) { return routes[r].engager; }
