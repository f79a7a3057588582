/* Changes, from the file to typed data, and from there to a changed problem. */
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "problem/changes.h"
#include "problem/reader.h"

/* One reading of such a file. */
typedef struct changes_reader {
  reader r; /* without a problem */
  change_list *list;
} changes_reader;

void changes_free(change_list *list) { release(list); }

static int whole_or(const cJSON *object, const char *key, int missing)
{
  return (int)reader_number_or(object, key, missing);
}

static bool check_name(changes_reader *c, const cJSON *name)
{
  for (int i = 0; i < c->list->n; i++) {
    if (strcmp(c->list->change[i].name, name->valuestring) == 0) {
      return reader_fail(&c->r, name, CONTRADICTION, "give each change its own name",
                         "another change is called \"%.64s\"", name->valuestring);
    }
  }
  return true;
}

static bool read_sets(changes_reader *c, const cJSON *list, named_change *out)
{
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next) {
    const char *words = item->valuestring;
    if (words[0] != '/' || strchr(words, '=') == NULL) {
      return reader_fail(&c->r, item, OUT_OF_RANGE,
                         "write POINTER=VALUE, for instance \"/horizon_days=63\"",
                         "this is no JSON Pointer with a value");
    }
    if (strlen(words) >= CHANGE_SET_SIZE) {
      return reader_fail(&c->r, item, OUT_OF_RANGE, "put long values into a file of their own",
                         "the text is longer than %d bytes", CHANGE_SET_SIZE - 1);
    }
    snprintf(out->set[out->n_sets++], CHANGE_SET_SIZE, "%s", words);
  }
  return true;
}

/* A delay of 0 days, or an error of 0 percent, changes nothing. */
static void read_regimen_changes(const cJSON *object, named_change *out)
{
  const cJSON *delayed = json_get(object, "delayed");
  out->missed_dose = whole_or(object, "missed_dose", 0);
  if (delayed != NULL) {
    out->delayed_dose = (int)reader_number(delayed, "dose");
    out->delay_days = reader_number(delayed, "days");
  }
  out->dose_error_percent = reader_number_or(object, "dose_error_percent", 0);
  out->dose_error_in = whole_or(object, "dose_error_in", 0);
  out->without_premedication = reader_flag(object, "without_premedication");
}

bool change_sets(const named_change *c, int i, const char *pointer)
{
  const size_t length = strlen(pointer);
  const char next = strncmp(c->set[i], pointer, length) == 0 ? c->set[i][length] : '\0';
  return next == '=' || next == '/';
}

static bool changes_horizon(const named_change *c)
{
  bool found = false;
  for (int i = 0; i < c->n_sets; i++) {
    found = found || change_sets(c, i, "/horizon_days");
  }
  return found;
}

/* The regimen that is compared is a given one: what regimens are allowed is for a search to say, or
 * must follow a horizon that is changed as well. */
static bool check_regimen_sets(changes_reader *c, const cJSON *object, const named_change *read)
{
  const cJSON *sets = json_get(object, "set");
  for (int i = 0; i < read->n_sets && !read->optimize && !changes_horizon(read); i++) {
    if (change_sets(read, i, "/regimen")) {
      return reader_fail(&c->r, cJSON_GetArrayItem(sets, i), CONTRADICTION,
                         "say \"missed_dose\", \"delayed\" or \"dose_error_percent\", or "
                         "\"optimize\": true; another regimen is given by --regimen",
                         "this changes nothing: the regimen compared is the given one, whatever "
                         "regimens are allowed");
    }
  }
  return true;
}

/* A search would take back what was changed in the regimen. */
static bool check_change(changes_reader *c, const cJSON *object, const named_change *read)
{
  const cJSON *only = json_get(object, "dose_error_in");
  const bool regimen =
      read->missed_dose > 0 || read->delayed_dose > 0 || read->dose_error_percent != 0;
  if (read->optimize && regimen) {
    return reader_fail(&c->r, json_get(object, "optimize"), CONTRADICTION,
                       "leave \"optimize\" out, or change the problem only",
                       "a search does not keep what is changed in the regimen");
  }
  if (only != NULL && json_get(object, "dose_error_percent") == NULL) {
    return reader_fail_key(&c->r, only, CONTRADICTION, "add \"dose_error_percent\"",
                           "it is not told by how much the dose is wrong");
  }
  return true;
}

static bool read_change(changes_reader *c, const cJSON *object)
{
  named_change *out = &c->list->change[c->list->n];
  if (!check_name(c, json_get(object, "name"))) {
    return false;
  }
  *out = (named_change){.optimize = reader_flag(object, "optimize")};
  snprintf(out->name, sizeof out->name, "%s", reader_string(object, "name"));
  read_regimen_changes(object, out);
  c->list->n++;
  return read_sets(c, json_get(object, "set"), out) && check_change(c, object, out) &&
         check_regimen_sets(c, object, out);
}

static bool read_all(changes_reader *c)
{
  if (!cJSON_IsObject(c->r.root)) {
    return reader_fail(&c->r, c->r.root, WRONG_TYPE, "changes are an object: { \"format\": ... }",
                       "the file does not hold an object");
  }
  if (!reader_check(&c->r, c->r.root, OBJECT_CHANGES)) {
    return false;
  }
  c->list->dose_ranges = reader_flag(c->r.root, "dose_ranges");
  c->list->shadow_percent = reader_number_or(c->r.root, "shadow_percent", 0);
  const cJSON *item = json_get(c->r.root, "changes")->child;
  bool done = true;
  for (; done && item != NULL; item = item->next) {
    done = read_change(c, item);
  }
  return done;
}

/* Takes the tree that the caller has just read, or NULL where that failed. */
static change_list *finish(changes_reader *c, cJSON *root, stepdose_error *error)
{
  bool done = false;
  c->r.root = root;
  if (root != NULL) {
    c->list = allocate_zeroed(1, sizeof *c->list);
    done = c->list != NULL ? read_all(c) : error_no_memory(c->r.error, "reading changes");
  }
  if (!done) {
    changes_free(c->list);
    c->list = NULL;
  }
  if (error != NULL) {
    *error = *c->r.error;
  }
  cJSON_Delete(root);
  json_reader_close(&c->r.json);
  return c->list;
}

static change_list *no_changes(stepdose_error *error)
{
  change_list *none = allocate_zeroed(1, sizeof *none);
  if (none == NULL) {
    error_no_memory(error, "reading changes");
  } else {
    none->dose_ranges = true;
  }
  return none;
}

change_list *changes_read(const char *path, stepdose_error *error)
{
  if (path == NULL) {
    return no_changes(error);
  }
  stepdose_error own = {.code = STEPDOSE_OK};
  changes_reader c = {.r = {.path = path, .error = &own}};
  return finish(&c, json_read_file(&c.r.json, path, &own), error);
}

change_list *changes_read_text(const char *path, const char *bytes, size_t length,
                               stepdose_error *error)
{
  stepdose_error own = {.code = STEPDOSE_OK};
  changes_reader c = {.r = {.path = path, .error = &own}};
  return finish(&c, json_read_text(&c.r.json, path, bytes, length, 0, &own), error);
}

/* --- a changed problem ------------------------------------------------------------------------ */

bool change_keeps_problem(const named_change *c)
{
  return c->n_sets == 0 && !c->without_premedication;
}

stepdose_problem *change_problem(const stepdose_problem *problem, const named_change *c,
                                 stepdose_error *error)
{
  const char *overrides[CHANGE_SETS_MAX + 1];
  size_t n = 0;
  stepdose_error own = {.code = STEPDOSE_OK};
  for (; n < (size_t)c->n_sets; n++) {
    overrides[n] = c->set[n];
  }
  if (c->without_premedication) {
    overrides[n++] = "/premedication=[]";
  }
  stepdose_problem *changed = problem_read_text(problem->path, problem->effective,
                                                strlen(problem->effective), overrides, n, &own);
  if (changed == NULL && error != NULL) {
    *error = own;
    snprintf(error->message, sizeof error->message, "change \"%.64s\": %.400s", c->name,
             own.message);
  }
  return changed;
}
