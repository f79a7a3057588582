/* Documents and places. The scanner has listed the values in the order in which they begin, which
 * is the pre-order of the tree that cJSON builds: walking both together ties each item to its
 * place. */
#include "problem/json.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "base/number.h"

static void use_allocator(void)
{
  cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = release};
  cJSON_InitHooks(&hooks);
}

static void hook_once(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, use_allocator);
}

void json_reader_close(json_reader *r)
{
  for (int i = 0; i < r->n_sources; i++) {
    release(r->sources[i].name);
    release(r->sources[i].bytes);
  }
  release(r->sources);
  release(r->places);
  *r = (json_reader){0};
}

/* Room for `more` further elements of `size` bytes. */
static bool reserve(void **array, int n, int *capacity, size_t more, size_t size)
{
  size_t wanted = (size_t)n + more;
  if (wanted <= (size_t)*capacity) {
    return true;
  }
  size_t grown = wanted + wanted / 2 + 16;
  if (grown > INT32_MAX) {
    return false;
  }
  void *larger = reallocate(*array, grown * size);
  if (larger == NULL) {
    return false;
  }
  *array = larger;
  *capacity = (int)grown;
  return true;
}

static bool source_add(json_reader *r, const char *name, char *bytes, stepdose_error *error)
{
  hook_once();
  void *sources = r->sources;
  char *copy = allocate_copy(name);
  bool done =
      copy != NULL && reserve(&sources, r->n_sources, &r->source_capacity, 1, sizeof *r->sources);
  r->sources = sources;
  if (!done) {
    release(copy);
    release(bytes);
    return error_no_memory(error, "reading JSON");
  }
  r->sources[r->n_sources++] = (json_source){.name = copy, .bytes = bytes};
  return true;
}

static bool place_add(json_reader *r, size_t more, stepdose_error *error)
{
  void *places = r->places;
  bool done = reserve(&places, r->n_places, &r->place_capacity, more, sizeof *r->places);
  r->places = places;
  return done || error_no_memory(error, "reading JSON");
}

static const json_place *place_of(const json_reader *r, const cJSON *item)
{
  return &r->places[item->valueint];
}

void json_root(json_reader *r, const cJSON *root) { r->sources[r->n_sources - 1].root = root; }

const cJSON *json_get(const cJSON *object, const char *key)
{
  return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* Numbers are read again by our own reader: it knows no locale and refuses what is not finite. */
static bool attach_number(json_reader *r, cJSON *item, stepdose_error *error)
{
  const json_place *place = place_of(r, item);
  const char *token = r->sources[place->source].bytes + place->mark.value;
  char digits[JSON_NUMBER_LENGTH_MAX + 1];
  snprintf(digits, sizeof digits, "%.*s", (int)strspn(token, "+-.eE0123456789"), token);
  if (!number_parse(digits, &item->valuedouble)) {
    return json_fail(r, item, error, STEPDOSE_NOT_FINITE, "write a number below 1.8e308",
                     "the number %s is too large to be represented", digits);
  }
  return true;
}

/* Numbers of places first, so that an error in any value can be pointed at. */
static void attach_places(cJSON *item, int *next)
{
  item->valueint = (*next)++;
  for (cJSON *child = item->child; child != NULL; child = child->next) {
    attach_places(child, next);
  }
}

static int compare_keys(const void *a, const void *b)
{
  const cJSON *first = *(const cJSON *const *)a;
  const cJSON *second = *(const cJSON *const *)b;
  int order = strcmp(first->string, second->string);
  return order != 0 ? order
                    : (first->valueint > second->valueint) - (first->valueint < second->valueint);
}

static bool refuse_duplicates(const json_reader *r, const cJSON *object, stepdose_error *error)
{
  size_t n = 0;
  const cJSON *repeated = NULL;
  for (const cJSON *child = object->child; child != NULL; child = child->next) {
    n++;
  }
  if (n < 2) {
    return true;
  }
  const cJSON **members = allocate(n * sizeof *members);
  if (members == NULL) {
    return error_no_memory(error, "reading JSON");
  }
  n = 0;
  for (const cJSON *child = object->child; child != NULL; child = child->next) {
    members[n++] = child;
  }
  qsort(members, n, sizeof *members, compare_keys);
  for (size_t i = 1; i < n; i++) {
    bool same = strcmp(members[i - 1]->string, members[i]->string) == 0;
    if (same && (repeated == NULL || members[i]->valueint < repeated->valueint)) {
      repeated = members[i];
    }
  }
  release(members);
  return repeated == NULL ||
         json_fail_key(r, repeated, error, STEPDOSE_JSON_DUPLICATE_KEY, "keep one of them",
                       "the key \"%s\" is here for the second time", repeated->string);
}

static bool attach_values(json_reader *r, cJSON *item, stepdose_error *error)
{
  if (cJSON_IsNumber(item) && !attach_number(r, item, error)) {
    return false;
  }
  if (cJSON_IsObject(item) && !refuse_duplicates(r, item, error)) {
    return false;
  }
  for (cJSON *child = item->child; child != NULL; child = child->next) {
    if (!attach_values(r, child, error)) {
      return false;
    }
  }
  return true;
}

static int tree_size(const cJSON *item)
{
  int n = 1;
  for (const cJSON *child = item->child; child != NULL; child = child->next) {
    n += tree_size(child);
  }
  return n;
}

/* The tree of the newest source, whose values the scanner has listed in `marks`. */
static cJSON *build(json_reader *r, size_t start, size_t length, const json_mark *marks,
                    size_t n_marks, stepdose_error *error)
{
  int source = r->n_sources - 1;
  int next = r->n_places;
  if (!place_add(r, n_marks, error)) {
    return NULL;
  }
  const char *bytes = r->sources[source].bytes;
  const char *end = NULL;
  cJSON *root = cJSON_ParseWithLengthOpts(bytes + start, length - start + 1, &end, 1);
  if (root == NULL) {
    error_no_memory(error, "reading JSON");
    return NULL;
  }
  if (tree_size(root) != (int)n_marks) {
    error_set(error, STEPDOSE_INTERNAL, "please report this file", "two readers of JSON disagree");
    cJSON_Delete(root);
    return NULL;
  }
  for (size_t i = 0; i < n_marks; i++) {
    r->places[r->n_places++] = (json_place){.source = source, .mark = marks[i]};
  }
  attach_places(root, &next);
  r->sources[source].root = root;
  if (!attach_values(r, root, error)) {
    cJSON_Delete(root);
    return NULL;
  }
  return root;
}

static cJSON *read_newest(json_reader *r, size_t start, size_t length, stepdose_error *error)
{
  json_source *source = &r->sources[r->n_sources - 1];
  json_mark *marks = NULL;
  size_t n_marks = 0;
  if (!json_scan(source->bytes, start, length, &marks, &n_marks, error)) {
    error_place(error, source->name, 0, 0, NULL);
    return NULL;
  }
  cJSON *root = build(r, start, length, marks, n_marks, error);
  release(marks);
  return root;
}

cJSON *json_read_text(json_reader *r, const char *name, const char *bytes, size_t length,
                      size_t start, stepdose_error *error)
{
  char *copy = allocate(length + 1);
  if (copy == NULL) {
    error_no_memory(error, "reading JSON");
    return NULL;
  }
  memcpy(copy, bytes, length);
  copy[length] = '\0';
  return source_add(r, name, copy, error) ? read_newest(r, start, length, error) : NULL;
}

cJSON *json_read_file(json_reader *r, const char *path, stepdose_error *error)
{
  char *bytes = NULL;
  size_t length = 0;
  if (!file_read(path, JSON_BYTES_MAX, &bytes, &length, error)) {
    return NULL;
  }
  return source_add(r, path, bytes, error) ? read_newest(r, 0, length, error) : NULL;
}

static void adopt(cJSON *item, int place)
{
  item->valueint = place;
  for (cJSON *child = item->child; child != NULL; child = child->next) {
    adopt(child, place);
  }
}

bool json_adopt(json_reader *r, const char *name, cJSON *tree, stepdose_error *error)
{
  int source = 0;
  while (source < r->n_sources &&
         (r->sources[source].bytes != NULL || strcmp(r->sources[source].name, name) != 0)) {
    source++;
  }
  if ((source == r->n_sources && !source_add(r, name, NULL, error)) || !place_add(r, 1, error)) {
    return false;
  }
  r->places[r->n_places] = (json_place){.source = source};
  adopt(tree, r->n_places++);
  return true;
}

bool json_add(cJSON *object, const char *key, cJSON *item)
{
  if (item != NULL && cJSON_AddItemToObject(object, key, item)) {
    return true;
  }
  cJSON_Delete(item);
  return false;
}

bool json_replace(cJSON *parent, cJSON *old, cJSON *item)
{
  char *key = item != NULL && old->string != NULL ? allocate_copy(old->string) : NULL;
  if (item == NULL || (old->string != NULL && key == NULL)) {
    cJSON_Delete(item);
    return false;
  }
  release(item->string);
  item->string = key;
  return cJSON_ReplaceItemViaPointer(parent, old, item);
}
