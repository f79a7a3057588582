/* What every part of a reading uses: opening files, adding defaults, taking values, naming errors.
 */
#include "problem/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"

bool reader_add(reader *r, cJSON *object, const char *key, const char *json, const char *name)
{
  cJSON *item = cJSON_Parse(json);
  if (item == NULL || !json_adopt(&r->json, name, item, r->error)) {
    cJSON_Delete(item);
    return error_no_memory(r->error, "adding a default");
  }
  return json_add(object, key, item) || error_no_memory(r->error, "adding a default");
}

/* Errors of the file itself keep their place; that it cannot be read is told where it is named. */
static bool unreadable(reader *r, const cJSON *item, const stepdose_error *cause)
{
  if (cause->code != STEPDOSE_INPUT_OUTPUT) {
    *r->error = *cause;
    return false;
  }
  return reader_fail(r, item, FILE_REFERENCE,
                     "the path is relative to the file that names it; check its spelling",
                     "cannot read \"%.200s\": %.200s", cause->file, cause->message);
}

/* One that does not fit is not kept. */
static void keep_name(char out[PROBLEM_PATH_SIZE], const char *name)
{
  snprintf(out, PROBLEM_PATH_SIZE, "%s", strlen(name) < PROBLEM_PATH_SIZE ? name : "");
}

static void note_reference(reader *r, const cJSON *parent, const cJSON *item)
{
  if (r->problem == NULL || parent != r->root || item->string == NULL) {
    return;
  }
  if (strcmp(item->string, "molecule") == 0) {
    keep_name(r->problem->molecule_file, item->valuestring);
  } else if (strcmp(item->string, "indication") == 0) {
    keep_name(r->problem->indication_file, item->valuestring);
  }
}

bool reader_open_reference(reader *r, cJSON *parent, cJSON *item, cJSON **opened)
{
  stepdose_error cause = {.code = STEPDOSE_OK};
  char *directory = file_directory(r->path);
  char *path = directory != NULL ? file_join(directory, item->valuestring) : NULL;
  cJSON *tree = path != NULL ? json_read_file(&r->json, path, &cause) : NULL;
  bool no_path = path == NULL;
  release(directory);
  release(path);
  if (no_path) {
    return error_no_memory(r->error, "opening a file");
  }
  if (tree == NULL) {
    return unreadable(r, item, &cause);
  }
  *opened = tree;
  note_reference(r, parent, item);
  return json_replace(parent, item, tree) || error_no_memory(r->error, "opening a file");
}

double reader_number(const cJSON *object, const char *key)
{
  return json_get(object, key)->valuedouble;
}

double reader_number_or(const cJSON *object, const char *key, double missing)
{
  const cJSON *item = json_get(object, key);
  return item != NULL ? item->valuedouble : missing;
}

const char *reader_string(const cJSON *object, const char *key)
{
  return json_get(object, key)->valuestring;
}

bool reader_flag(const cJSON *object, const char *key)
{
  return cJSON_IsTrue(json_get(object, key));
}

bool reader_unknown(reader *r, const cJSON *item, const char *what, const char *const *names,
                    size_t n)
{
  char remedy[512];
  size_t used = 0;
  const char *nearest = text_nearest(item->valuestring, names, n);
  if (nearest != NULL) {
    used = (size_t)snprintf(remedy, sizeof remedy, "did you mean \"%s\"? ", nearest);
  }
  used += (size_t)snprintf(remedy + used, sizeof remedy - used, "allowed:");
  for (size_t i = 0; i < n && used < sizeof remedy; i++) {
    used += (size_t)snprintf(remedy + used, sizeof remedy - used, " %s", names[i]);
  }
  return reader_fail(r, item, UNKNOWN_NAME, remedy, "there is no %s \"%.64s\"", what,
                     item->valuestring);
}

int reader_choose(reader *r, const cJSON *item, const char *what, const char *const *names, int n)
{
  for (int i = 0; i < n; i++) {
    if (strcmp(item->valuestring, names[i]) == 0) {
      return i;
    }
  }
  reader_unknown(r, item, what, names, (size_t)n);
  return -1;
}

void reader_list(char list[READER_LIST_SIZE], const char *name)
{
  static const char more[] = ", ...";
  const size_t used = strlen(list), behind = sizeof more - 1;
  if (used >= behind && strcmp(list + used - behind, more) == 0) {
    return;
  }
  const bool fits = used + 2 + strlen(name) + behind < READER_LIST_SIZE;
  snprintf(list + used, READER_LIST_SIZE - used, "%s%s", used > 0 ? ", " : "", fits ? name : "...");
}

bool reader_warn(reader *r, const char *format, ...)
{
  stepdose_problem *p = r->problem;
  int room = (int)(sizeof p->warnings / sizeof p->warnings[0]);
  if (p->n_warnings < room) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(p->warnings[p->n_warnings++], sizeof p->warnings[0], format, arguments);
    va_end(arguments);
  }
  return true;
}
