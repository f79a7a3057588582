/* What a sensitivity study varies and looks at: see sensitivity_description.h. Inputs have a file
 * of their own, read_sensitivity_inputs.c. */
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

const char *const sensitivity_method_names[SENSITIVITY_METHOD_COUNT] = {
#define X(id, name, samples, meaning) name,
    SENSITIVITY_METHODS(X)
#undef X
};

const char *const sensitivity_input_kind_names[SENSITIVITY_INPUT_KIND_COUNT] = {
#define X(id, name, group, meaning) name,
    SENSITIVITY_INPUTS(X)
#undef X
};

static const long default_samples[SENSITIVITY_METHOD_COUNT] = {
#define X(id, name, samples, meaning) samples,
    SENSITIVITY_METHODS(X)
#undef X
};

/* Keys that one method alone uses, where they say something. */
static bool refuse_unused(reader *r, const cJSON *object, const char *key, bool used)
{
  const cJSON *item = json_get(object, key);
  return used || item == NULL || cJSON_IsFalse(item) ||
         reader_fail_key(r, item, CONTRADICTION, "leave it out, or choose another method",
                         "the method \"%s\" has no use for \"%s\"", reader_string(object, "method"),
                         key);
}

static bool read_method(reader *r, const cJSON *object)
{
  sensitivity_settings *s = &r->problem->sensitivity;
  const int method = reader_choose(r, json_get(object, "method"), "method of sensitivity",
                                   sensitivity_method_names, SENSITIVITY_METHOD_COUNT);
  if (method < 0) {
    return false;
  }
  s->method = (sensitivity_study_method)method;
  s->samples = (long)reader_number_or(object, "samples", (double)default_samples[method]);
  s->factor = reader_number(object, "factor");
  s->by_group = reader_flag(object, "by_group");
  s->second_order = reader_flag(object, "second_order");
  s->evaluations = (long)reader_number(object, "evaluations");
  return refuse_unused(r, object, "samples", s->method != SENSITIVITY_LOCAL) &&
         refuse_unused(r, object, "patients", s->method != SENSITIVITY_LOCAL) &&
         refuse_unused(r, object, "by_group", s->method != SENSITIVITY_LOCAL) &&
         refuse_unused(r, object, "second_order", s->method == SENSITIVITY_SOBOL);
}

/* Left out, the seed is the one that --seed replaces. */
static void read_seed(reader *r, const cJSON *object)
{
  stepdose_problem *p = r->problem;
  const cJSON *item = json_get(object, "seed");
  const uint64_t usual = p->reference_patient ? p->search.seed : p->population_seed;
  p->sensitivity.seed = item != NULL ? (uint64_t)item->valuedouble : usual;
}

static bool read_patients(reader *r, const cJSON *object)
{
  stepdose_problem *p = r->problem;
  const cJSON *item = json_get(object, "patients");
  const bool several = !p->reference_patient && p->sensitivity.method != SENSITIVITY_LOCAL;
  const int usual = p->patients < SENSITIVITY_PATIENTS ? p->patients : SENSITIVITY_PATIENTS;
  p->sensitivity.patients = item != NULL ? (int)item->valuedouble : several ? usual : 0;
  return p->sensitivity.patients == 0 || several ||
         reader_fail(r, item, CONTRADICTION, "ask for patients under \"population\"",
                     "the problem is about the reference patient alone");
}

/* Which outputs there are depends on the regimen: the study looks them up. */
static bool read_outputs(reader *r, const cJSON *list)
{
  sensitivity_settings *s = &r->problem->sensitivity;
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next) {
    if (strlen(item->valuestring) >= SENSITIVITY_NAME_SIZE) {
      return reader_fail(r, item, UNKNOWN_NAME, "see the outputs in the documentation",
                         "there is no output \"%.64s...\"", item->valuestring);
    }
    snprintf(s->output[s->n_outputs++], SENSITIVITY_NAME_SIZE, "%s", item->valuestring);
  }
  return true;
}

static bool read_section(reader *r, const cJSON *object)
{
  read_seed(r, object);
  return read_method(r, object) && read_patients(r, object) &&
         read_outputs(r, json_get(object, "outputs")) &&
         read_sensitivity_inputs(r, json_get(object, "inputs"));
}

/* A problem without the section is as one with an empty section. */
bool read_sensitivity(reader *r)
{
  const cJSON *given = json_get(r->root, "sensitivity");
  if (given != NULL) {
    return read_section(r, given);
  }
  cJSON *empty = cJSON_CreateObject();
  if (empty == NULL) {
    return error_no_memory(r->error, "reading the problem");
  }
  const bool done = reader_check(r, empty, OBJECT_SENSITIVITY) && read_section(r, empty);
  cJSON_Delete(empty);
  return done;
}
