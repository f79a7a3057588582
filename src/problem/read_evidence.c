/* Evidence, from the file to typed data: cases, rows, parameters. */
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "problem/evidence_reader.h"

void evidence_free(evidence *e)
{
  if (e == NULL) {
    return;
  }
  for (int i = 0; i < e->n_cases; i++) {
    problem_free(e->cases[i].problem);
  }
  release(e);
}

bool evidence_name_is_free(evidence_reader *er, const cJSON *name, const char *what,
                           const void *first, size_t size, int n)
{
  for (int i = 0; i < n; i++) {
    if (strcmp((const char *)first + (size_t)i * size, name->valuestring) == 0) {
      return reader_fail(&er->r, name, CONTRADICTION, "give each its own name",
                         "another %s is called \"%.64s\"", what, name->valuestring);
    }
  }
  return true;
}

static bool read_each(evidence_reader *er, const cJSON *list,
                      bool (*read)(evidence_reader *er, const cJSON *object))
{
  const cJSON *item = list != NULL ? list->child : NULL;
  for (; item != NULL; item = item->next) {
    if (!read(er, item)) {
      return false;
    }
  }
  return true;
}

static bool check_root(reader *r)
{
  if (!cJSON_IsObject(r->root)) {
    return reader_fail(r, r->root, WRONG_TYPE, "evidence is an object: { \"format\": ... }",
                       "the file does not hold an object");
  }
  const cJSON *common = json_get(r->root, "common");
  return reader_check(r, r->root, OBJECT_EVIDENCE) &&
         (common == NULL || cJSON_IsObject(common) ||
          reader_fail(r, common, WRONG_TYPE, "an object with fields of a problem is needed",
                      "\"common\" is the path of a file"));
}

static void read_title(evidence_reader *er)
{
  const cJSON *title = json_get(er->r.root, "title");
  snprintf(er->e->path, sizeof er->e->path, "%s", er->r.path);
  snprintf(er->e->title, sizeof er->e->title, "%s", title != NULL ? title->valuestring : "");
}

/* The same evidence: the same file about the same effective problems. */
static bool identify(evidence_reader *er)
{
  text what = {0};
  text_append(&what, "%s\n", er->r.json.sources[0].bytes);
  for (int i = 0; i < er->e->n_cases; i++) {
    text_append(&what, "%s\n", er->e->cases[i].problem->hash);
  }
  bool done = !what.failed || error_no_memory(er->r.error, "identifying evidence");
  if (done) {
    hash_sha256(what.bytes, what.length, er->e->hash);
  }
  text_free(&what);
  return done;
}

static bool read_all(evidence_reader *er)
{
  const cJSON *root = er->r.root;
  if (!check_root(&er->r)) {
    return false;
  }
  read_title(er);
  return read_each(er, json_get(root, "cases"), read_evidence_case) &&
         read_each(er, json_get(root, "rows"), read_evidence_row) &&
         read_evidence_ratios(er, json_get(root, "rows")) &&
         check_evidence_pairs(er, json_get(root, "rows")) &&
         read_each(er, json_get(root, "parameters"), read_evidence_parameter) && identify(er);
}

/* Takes the tree that the caller has just read, or NULL where that failed. */
static evidence *finish(evidence_reader *er, cJSON *root, stepdose_error *error)
{
  bool done = false;
  er->r.root = root;
  if (root != NULL) {
    er->e = allocate_zeroed(1, sizeof *er->e);
    done = er->e != NULL ? read_all(er) : error_no_memory(er->r.error, "reading evidence");
  }
  if (!done) {
    evidence_free(er->e);
    er->e = NULL;
  }
  if (error != NULL) {
    *error = *er->r.error;
  }
  cJSON_Delete(root);
  json_reader_close(&er->r.json);
  return er->e;
}

evidence *evidence_read(const char *path, int patients, stepdose_error *error)
{
  stepdose_error own = {.code = STEPDOSE_OK};
  evidence_reader er = {.r = {.path = path, .error = &own}, .patients = patients};
  cJSON *root = json_read_file(&er.r.json, path, &own);
  return finish(&er, root, error);
}

evidence *evidence_read_text(const char *path, const char *bytes, size_t length, int patients,
                             stepdose_error *error)
{
  stepdose_error own = {.code = STEPDOSE_OK};
  evidence_reader er = {.r = {.path = path, .error = &own}, .patients = patients};
  cJSON *root = json_read_text(&er.r.json, path, bytes, length, 0, &own);
  return finish(&er, root, error);
}
