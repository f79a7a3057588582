/* Checks a tree against the table of fields: unknown and missing keys, types, ranges; opens the
 * files that it refers to and adds the defaults, so that the tree becomes the effective problem. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

typedef bool check_value(reader *r, cJSON *parent, cJSON *item, const field *f);

static bool wrong_type(reader *r, const cJSON *item, const field *f)
{
  char found[JSON_DESCRIPTION_SIZE];
  char allowed[FIELD_ALLOWED_SIZE + 16];
  json_describe(item, found);
  field_allowed(f, allowed);
  strncat(allowed, " is needed", sizeof allowed - strlen(allowed) - 1);
  return reader_fail(r, item, WRONG_TYPE, allowed, "\"%s\" is %s", f->key, found);
}

static bool out_of_range(reader *r, const cJSON *item, const field *f, const char *found)
{
  char allowed[FIELD_ALLOWED_SIZE];
  char remedy[FIELD_ALLOWED_SIZE + 192];
  field_allowed(f, allowed);
  snprintf(remedy, sizeof remedy, "%s is allowed (%s)", allowed, f->help);
  return reader_fail(r, item, OUT_OF_RANGE, remedy, "\"%s\" is %s", f->key, found);
}

static bool check_text(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  if (!cJSON_IsString(item)) {
    return wrong_type(r, item, f);
  }
  double length = (double)strlen(item->valuestring);
  if (length < f->low || length > f->high) {
    return out_of_range(r, item, f, length < f->low ? "empty" : "too long");
  }
  return true;
}

static bool check_format(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  char remedy[96];
  if (!cJSON_IsString(item)) {
    return wrong_type(r, item, f);
  }
  size_t length = strlen(f->fallback) - 2; /* without its quotes */
  if (strlen(item->valuestring) != length ||
      strncmp(item->valuestring, f->fallback + 1, length) != 0) {
    snprintf(remedy, sizeof remedy, "this version reads %s", f->fallback);
    return reader_fail(r, item, FORMAT_UNSUPPORTED, remedy, "the format is \"%.64s\"",
                       item->valuestring);
  }
  return true;
}

static bool check_flag(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  return cJSON_IsBool(item) || wrong_type(r, item, f);
}

static bool check_number(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  char found[JSON_DESCRIPTION_SIZE];
  bool whole = f->kind == KIND_WHOLE || f->kind == KIND_WHOLE_CHOICE;
  (void)parent;
  if (!cJSON_IsNumber(item)) {
    return wrong_type(r, item, f);
  }
  json_describe(item, found);
  if (whole && item->valuedouble != floor(item->valuedouble)) {
    return wrong_type(r, item, f);
  }
  if (item->valuedouble < f->low || item->valuedouble > f->high) {
    return out_of_range(r, item, f, found);
  }
  return true;
}

/* A list of numbers, which increase where the table does not say otherwise. */
static bool check_numbers(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  if (!cJSON_IsArray(item)) {
    return wrong_type(r, item, f);
  }
  if (item->child == NULL) {
    return reader_fail(r, item, EMPTY_RANGE, "give at least one number", "\"%s\" holds no value",
                       f->key);
  }
  for (cJSON *child = item->child; child != NULL; child = child->next) {
    if (!check_number(r, item, child, f)) {
      return false;
    }
    if (f->kind != KIND_UNORDERED && child != item->child &&
        child->valuedouble <= child->prev->valuedouble) {
      return reader_fail(r, child, OUT_OF_RANGE, "order the numbers, each once",
                         "the numbers of \"%s\" do not increase", f->key);
    }
  }
  return true;
}

static bool check_range(reader *r, cJSON *item, const field *f, field_object object)
{
  if (!reader_check(r, item, object)) {
    return false;
  }
  cJSON *low = cJSON_GetObjectItemCaseSensitive(item, "min");
  cJSON *high = cJSON_GetObjectItemCaseSensitive(item, "max");
  if (!check_number(r, item, low, f) || !check_number(r, item, high, f)) {
    return false;
  }
  if (low->valuedouble > high->valuedouble) {
    return reader_fail(r, item, EMPTY_RANGE, "\"min\" must not be above \"max\"",
                       "the range of \"%s\" holds no value", f->key);
  }
  return true;
}

static bool check_choice(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  if (cJSON_IsNumber(item)) {
    return check_number(r, parent, item, f);
  }
  if (cJSON_IsObject(item)) {
    return check_range(r, item, f, f->kind == KIND_CHOICE ? OBJECT_CHOICE : OBJECT_RANGE);
  }
  if (cJSON_IsArray(item) && f->kind != KIND_RANGE) {
    return check_numbers(r, parent, item, f);
  }
  return wrong_type(r, item, f);
}

static bool check_child(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  return cJSON_IsObject(item) ? reader_check(r, item, f->child) : wrong_type(r, item, f);
}

static bool check_list(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  char found[48];
  if (!cJSON_IsArray(item)) {
    return wrong_type(r, item, f);
  }
  int length = cJSON_GetArraySize(item);
  if (length == 0 && f->low > 0) {
    return reader_fail(r, item, EMPTY_RANGE, "give at least one", "\"%s\" is empty", f->key);
  }
  if (length > f->high) {
    snprintf(found, sizeof found, "a list of %d elements", length);
    return out_of_range(r, item, f, found);
  }
  for (cJSON *child = item->child; child != NULL; child = child->next) {
    bool done = f->kind == KIND_TEXTS ? cJSON_IsString(child) || wrong_type(r, child, f)
                                      : check_child(r, item, child, f);
    if (!done) {
      return false;
    }
  }
  return true;
}

static bool check_objects(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  return cJSON_IsObject(item) ? check_child(r, parent, item, f) : check_list(r, parent, item, f);
}

static bool check_falling(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) != PROBLEM_GRADES) {
    return wrong_type(r, item, f);
  }
  for (cJSON *child = item->child; child != NULL; child = child->next) {
    if (!check_number(r, item, child, f)) {
      return false;
    }
    if (child != item->child && child->valuedouble >= child->prev->valuedouble) {
      return reader_fail(r, child, OUT_OF_RANGE, "order the numbers from the largest, each once",
                         "the numbers of \"%s\" do not fall", f->key);
    }
  }
  return true;
}

/* Each member is a quantity; which names there are is known once the model has been read. */
static bool check_design(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  if (!cJSON_IsObject(item)) {
    return wrong_type(r, item, f);
  }
  for (cJSON *child = item->child; child != NULL; child = child->next) {
    field one = *f;
    one.kind = KIND_VALUES;
    one.key = child->string;
    one.low = -DBL_MAX;
    one.high = DBL_MAX;
    if (!check_choice(r, item, child, &one)) {
      return false;
    }
  }
  return true;
}

static bool check_window(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  return cJSON_IsString(item) || (cJSON_IsObject(item) && reader_check(r, item, f->child)) ||
         (!cJSON_IsObject(item) && wrong_type(r, item, f));
}

static bool check_parameters(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  if (!cJSON_IsObject(item)) {
    return wrong_type(r, item, f);
  }
  for (cJSON *child = item->child; child != NULL; child = child->next) {
    if (!check_child(r, item, child, f)) {
      return false;
    }
  }
  return true;
}

static bool check_reference(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  cJSON *opened = item;
  if (cJSON_IsString(item) && !reader_open_reference(r, parent, item, &opened)) {
    return false;
  }
  /* a file that holds something else than an object is as wrong as a value that does */
  return check_child(r, parent, opened, f);
}

static bool check_population(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  if (cJSON_IsString(item) && strcmp(item->valuestring, "reference") == 0) {
    return true;
  }
  if (!cJSON_IsObject(item) || json_get(item, "format") != NULL) {
    return check_reference(r, parent, item, f);
  }
  return reader_check(r, item, OBJECT_REQUEST);
}

/* What a problem of evidence is made of is checked when it is put together. */
static bool check_fields(reader *r, cJSON *parent, cJSON *item, const field *f)
{
  (void)parent;
  return cJSON_IsString(item) || cJSON_IsObject(item) || wrong_type(r, item, f);
}

static check_value *const check_by_kind[KIND_COUNT] = {
    [KIND_FORMAT] = check_format,       [KIND_TEXT] = check_text,
    [KIND_TEXTS] = check_list,          [KIND_FLAG] = check_flag,
    [KIND_NUMBER] = check_number,       [KIND_WHOLE] = check_number,
    [KIND_NUMBERS] = check_numbers,     [KIND_CHOICE] = check_choice,
    [KIND_WHOLE_CHOICE] = check_choice, [KIND_RANGE] = check_choice,
    [KIND_OBJECT] = check_child,        [KIND_LIST] = check_list,
    [KIND_OBJECTS] = check_objects,     [KIND_DESIGN] = check_design,
    [KIND_VALUES] = check_choice,       [KIND_FALLING] = check_falling,
    [KIND_UNORDERED] = check_numbers,
    [KIND_WINDOW] = check_window,       [KIND_PARAMETERS] = check_parameters,
    [KIND_REFERENCE] = check_reference, [KIND_POPULATION] = check_population,
    [KIND_FIELDS] = check_fields};

static bool unknown_key(reader *r, const cJSON *item, field_object object)
{
  char remedy[512];
  size_t used = 0;
  const char *nearest = field_nearest(object, item->string);
  if (nearest != NULL) {
    used = (size_t)snprintf(remedy, sizeof remedy, "did you mean \"%s\"? ", nearest);
  }
  used += (size_t)snprintf(remedy + used, sizeof remedy - used, "allowed:");
  for (int i = 0; i < field_count() && used < sizeof remedy; i++) {
    const field *f = field_at(i);
    if (f->object == object) {
      used += (size_t)snprintf(remedy + used, sizeof remedy - used, " %s", f->key);
    }
  }
  return reader_fail_key(r, item, UNKNOWN_KEY, remedy, "unknown key \"%.64s\" in %s", item->string,
                         field_object_name(object));
}

static bool refuse_unknown_keys(reader *r, const cJSON *item, field_object object)
{
  for (const cJSON *child = item->child; child != NULL; child = child->next) {
    if (field_find(object, child->string) == NULL) {
      return unknown_key(r, child, object);
    }
  }
  return true;
}

/* The format first: an unknown format explains everything else that is unknown. */
static bool check_own_format(reader *r, cJSON *item, field_object object)
{
  const field *f = field_find(object, "format");
  cJSON *format = cJSON_GetObjectItemCaseSensitive(item, "format");
  return f == NULL || format == NULL || check_format(r, item, format, f);
}

static bool add_what_is_missing(reader *r, cJSON *item, field_object object)
{
  for (int i = 0; i < field_count(); i++) {
    const field *f = field_at(i);
    if (f->object != object || json_get(item, f->key) != NULL) {
      continue;
    }
    if (f->required) {
      char remedy[FIELD_ALLOWED_SIZE + 160];
      char allowed[FIELD_ALLOWED_SIZE];
      field_allowed(f, allowed);
      snprintf(remedy, sizeof remedy, "add \"%s\" (%s): %s", f->key, f->help, allowed);
      return json_fail_missing(&r->json, item, f->key, r->error, remedy, "%s lacks \"%s\"",
                               field_object_name(object), f->key);
    }
    if (f->fallback != NULL && !reader_add(r, item, f->key, f->fallback, "default")) {
      return false;
    }
  }
  return true;
}

bool reader_check(reader *r, cJSON *item, field_object object)
{
  if (!check_own_format(r, item, object) || !refuse_unknown_keys(r, item, object) ||
      !add_what_is_missing(r, item, object)) {
    return false;
  }
  cJSON *next = NULL;
  for (cJSON *child = item->child; child != NULL; child = next) {
    const field *f = field_find(object, child->string);
    next = child->next; /* the check of a reference replaces its item */
    if (!check_by_kind[f->kind](r, item, child, f)) {
      return false;
    }
  }
  return true;
}
