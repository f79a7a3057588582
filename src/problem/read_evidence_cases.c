/* Cases of evidence: each is a problem, put together as text and read like any other. */
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "problem/evidence_reader.h"

/* --- the text of a problem -------------------------------------------------------------------- */

static void append_value(text *out, const cJSON *item);

static void append_children(text *out, const cJSON *item)
{
  for (const cJSON *child = item->child; child != NULL; child = child->next) {
    if (child->string != NULL) {
      text_append_json_string(out, child->string);
      text_append(out, ": ");
    }
    append_value(out, child);
    text_append(out, child->next != NULL ? ", " : "");
  }
}

static void append_value(text *out, const cJSON *item)
{
  if (cJSON_IsObject(item) || cJSON_IsArray(item)) {
    text_append(out, cJSON_IsObject(item) ? "{" : "[");
    append_children(out, item);
    text_append(out, cJSON_IsObject(item) ? "}" : "]");
  } else if (cJSON_IsNumber(item)) {
    text_append_number(out, item->valuedouble);
  } else if (cJSON_IsString(item)) {
    text_append_json_string(out, item->valuestring);
  } else {
    text_append(out, "%s", cJSON_IsNull(item) ? "null" : cJSON_IsTrue(item) ? "true" : "false");
  }
}

static void append_field(text *out, const char *key, const char *json)
{
  text_append(out, "%s\"%s\": %s", out->length > 1 ? ", " : "", key, json);
}

static void append_member(text *out, const cJSON *item)
{
  text_append(out, "%s", out->length > 1 ? ", " : "");
  text_append_json_string(out, item->string);
  text_append(out, ": ");
  append_value(out, item);
}

/* A field of the case's problem, or of what the cases have in common. */
static const cJSON *field_of(const evidence_reader *er, const cJSON *own, const char *key)
{
  const cJSON *common = json_get(er->r.root, "common");
  const cJSON *item = json_get(own, key);
  return item != NULL || common == NULL ? item : json_get(common, key);
}

/* The first route of a molecule; where there is none, the reading of the problem says why. */
static route first_route(const cJSON *molecule)
{
  const cJSON *routes = molecule != NULL ? json_get(molecule, "routes") : NULL;
  const char *word = routes != NULL ? cJSON_GetStringValue(routes->child) : NULL;
  for (int i = 0; word != NULL && i < ROUTE_COUNT; i++) {
    if (strcmp(word, route_word((route)i)) == 0) {
      return (route)i;
    }
  }
  return ROUTE_IV;
}

static route route_of_case(const evidence_reader *er, const cJSON *own)
{
  const cJSON *item = field_of(er, own, "molecule");
  if (!cJSON_IsString(item)) {
    return first_route(item);
  }
  json_reader files = {0};
  char *directory = file_directory(er->r.path);
  char *path = directory != NULL ? file_join(directory, item->valuestring) : NULL;
  cJSON *molecule = path != NULL ? json_read_file(&files, path, NULL) : NULL;
  const route found = first_route(molecule);
  cJSON_Delete(molecule);
  json_reader_close(&files);
  release(directory);
  release(path);
  return found;
}

/* A problem needs a regimen also where a comparator is given in its place. */
static void append_placeholder(const evidence_reader *er, const cJSON *own, text *out)
{
  const route used = route_of_case(er, own);
  char json[160];
  snprintf(json, sizeof json, "{\"route\": \"%s\", %s\"steps\": [{\"day\": 0, \"%s\": 1}]}",
           route_word(used), used == ROUTE_IV ? "\"infusion_h\": 1, " : "", route_key(used));
  append_field(out, "regimen", json);
}

static void compose(const evidence_reader *er, const cJSON *object, text *out)
{
  const cJSON *own = json_get(object, "problem");
  const cJSON *common = json_get(er->r.root, "common");
  text_append(out, "{");
  if (field_of(er, own, "format") == NULL) {
    append_field(out, "format", field_find(OBJECT_PROBLEM, "format")->fallback);
  }
  for (const cJSON *item = own->child; item != NULL; item = item->next) {
    append_member(out, item);
  }
  for (const cJSON *item = common != NULL ? common->child : NULL; item != NULL; item = item->next) {
    if (json_get(own, item->string) == NULL) {
      append_member(out, item);
    }
  }
  if (json_get(object, "comparator") != NULL && field_of(er, own, "regimen") == NULL) {
    append_placeholder(er, own, out);
  }
  text_append(out, "}");
}

/* --- reading it ------------------------------------------------------------------------------- */

/* The value that a pointer leads to, as far as it leads; *rest is what is left of it. */
static const cJSON *follow(const cJSON *node, const char *pointer, const char **rest)
{
  long index = 0;
  *rest = pointer;
  for (const cJSON *child = node->child; child != NULL; child = child->next, index++) {
    char token[128] = "";
    char digits[24];
    snprintf(digits, sizeof digits, "%ld", index);
    const char *word = child->string != NULL ? child->string : digits;
    const size_t n = json_pointer_append(token, sizeof token, 0, word, strlen(word));
    if (strncmp(pointer, token, n) == 0 && (pointer[n] == '/' || pointer[n] == '\0')) {
      return follow(child, pointer + n, rest);
    }
  }
  return node;
}

/* An error in the text that was put together, told where it was written. */
static bool relocate(evidence_reader *er, const cJSON *object, const stepdose_error *cause)
{
  const cJSON *common = json_get(er->r.root, "common");
  const cJSON *own = json_get(object, "problem");
  const char *rest = cause->pointer;
  const char *rest_in_common = cause->pointer;
  const cJSON *item = follow(own, cause->pointer, &rest);
  if (item == own && common != NULL) {
    const cJSON *shared = follow(common, cause->pointer, &rest_in_common);
    item = shared != common ? shared : own;
    rest = shared != common ? rest_in_common : rest;
  }
  if (cause->code == STEPDOSE_MISSING_KEY && rest[0] == '/') {
    return json_fail_missing(&er->r.json, item, rest + 1, er->r.error, cause->remedy, "%s",
                             cause->message);
  }
  return json_fail(&er->r.json, item, er->r.error, cause->code, cause->remedy, "%s",
                   cause->message);
}

static stepdose_problem *read_composed(evidence_reader *er, const cJSON *object)
{
  stepdose_error cause = {.code = STEPDOSE_OK};
  stepdose_problem *problem = NULL;
  text composed = {0};
  compose(er, object, &composed);
  if (composed.failed) {
    error_no_memory(er->r.error, "reading a case");
  } else {
    problem = problem_read_text(er->r.path, composed.bytes, composed.length, NULL, 0, &cause);
    if (problem == NULL && strcmp(cause.file, er->r.path) == 0) {
      relocate(er, object, &cause);
    } else if (problem == NULL) {
      *er->r.error = cause;
    }
  }
  text_free(&composed);
  return problem;
}

static stepdose_problem *read_referred(evidence_reader *er, const cJSON *item)
{
  stepdose_error cause = {.code = STEPDOSE_OK};
  char *directory = file_directory(er->r.path);
  char *path = directory != NULL ? file_join(directory, item->valuestring) : NULL;
  stepdose_problem *problem = path != NULL ? problem_read(path, NULL, 0, &cause) : NULL;
  if (path == NULL) {
    error_no_memory(er->r.error, "reading a case");
  } else if (problem == NULL && cause.code == STEPDOSE_INPUT_OUTPUT) {
    reader_fail(&er->r, item, FILE_REFERENCE, "the path is relative to the evidence file",
                "cannot read \"%.200s\": %.200s", cause.file, cause.message);
  } else if (problem == NULL) {
    *er->r.error = cause;
  }
  release(directory);
  release(path);
  return problem;
}

/* As many virtual patients as the reader was asked for. */
static bool set_patients(evidence_reader *er, evidence_case *c)
{
  stepdose_problem *p = c->problem;
  char override[64];
  const char *overrides[] = {override};
  if (er->patients == 0 || p->reference_patient || p->patients == er->patients) {
    return true;
  }
  snprintf(override, sizeof override, "/population/patients=%d", er->patients);
  c->problem =
      problem_read_text(p->path, p->effective, strlen(p->effective), overrides, 1, er->r.error);
  problem_free(p);
  return c->problem != NULL;
}

/* --- its regimen ------------------------------------------------------------------------------ */

static bool is_fixed(const decision *d) { return !d->given || decision_fixed(d); }

static bool nothing_is_open(const regimen_space *s)
{
  bool fixed = is_fixed(&s->number_of_steps);
  for (int i = 0; i < s->n_steps; i++) {
    fixed = fixed && is_fixed(&s->step[i].day) && is_fixed(&s->step[i].amount);
  }
  return fixed && (!s->has_maintenance ||
                   (is_fixed(&s->maintenance.first_day) && is_fixed(&s->maintenance.every_days) &&
                    is_fixed(&s->maintenance.amount)));
}

static bool read_own_regimen(evidence_reader *er, const cJSON *object, evidence_case *c)
{
  const stepdose_problem *p = c->problem;
  const cJSON *item = json_get(object, "problem");
  const cJSON *regimen = cJSON_IsObject(item) ? field_of(er, item, "regimen") : NULL;
  const cJSON *place = regimen != NULL ? regimen : item;
  if (!nothing_is_open(&p->regimen)) {
    return reader_fail(&er->r, place, WRONG_TYPE,
                       "give fixed numbers, or name a \"comparator\" of the molecule",
                       "the regimen of a case leaves something open");
  }
  return space_schedule(&p->regimen, p->horizon_days, &c->doses) ||
         reader_fail(&er->r, place, OUT_OF_RANGE, "give fewer doses, or less premedication",
                     "with premedication there are too many doses");
}

static bool read_comparator(evidence_reader *er, const cJSON *item, evidence_case *c)
{
  const stepdose_problem *p = c->problem;
  const char *names[PROBLEM_COMPARATORS_MAX];
  for (int i = 0; i < p->n_comparators; i++) {
    names[i] = p->comparators[i].name;
  }
  const int found = reader_choose(&er->r, item, "comparator", names, p->n_comparators);
  if (found >= 0) {
    c->doses = p->comparators[found].doses;
  }
  return found >= 0;
}

bool read_evidence_case(evidence_reader *er, const cJSON *object)
{
  const cJSON *problem = json_get(object, "problem");
  const cJSON *given = json_get(object, "comparator");
  evidence_case *c = &er->e->cases[er->e->n_cases];
  if (!evidence_name_is_free(er, json_get(object, "name"), "case", er->e->cases,
                             sizeof er->e->cases[0], er->e->n_cases)) {
    return false;
  }
  snprintf(c->name, sizeof c->name, "%s", reader_string(object, "name"));
  c->problem = cJSON_IsString(problem) ? read_referred(er, problem) : read_composed(er, object);
  if (c->problem == NULL) {
    return false;
  }
  er->e->n_cases++; /* from here on freed with the evidence */
  return set_patients(er, c) &&
         (given != NULL ? read_comparator(er, given, c) : read_own_regimen(er, object, c));
}
