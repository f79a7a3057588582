/* JSON Schema (draft 2020-12) of result.json, and the tables of its documentation, from the table
 * of report/result_fields.def.
 *
 * usage: generate_result_schema schema | reference */
#include "report/json_writer.h"
#include "report/result_fields.h"
#include "report/run_directory.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The identifiers of RESULT_OBJECTS name the definitions. */
static const char *const identifiers[RESULT_OBJECT_COUNT] = {
#define X(id, title) #id,
    RESULT_OBJECTS(X)
#undef X
};

static void definition_name(result_object object, char name[64])
{
  size_t i = 0;
  for (; identifiers[object][i] != '\0' && i < 63; i++) {
    name[i] = (char)tolower((unsigned char)identifiers[object][i]);
  }
  name[i] = '\0';
}

static void write_reference(json_writer *w, result_object object)
{
  char name[64];
  char pointer[80];
  definition_name(object, name);
  snprintf(pointer, sizeof pointer, "#/$defs/%s", name);
  json_string(w, "$ref", pointer);
}

static void write_type(json_writer *w, const char *type, bool null)
{
  if (!null) {
    json_string(w, "type", type);
    return;
  }
  json_open_array(w, "type");
  json_string(w, NULL, type);
  json_string(w, NULL, "null");
  json_close_array(w);
}

static void write_list(json_writer *w, const char *type, bool null)
{
  write_type(w, "array", false);
  json_open_object(w, "items");
  write_type(w, type, null);
  json_close_object(w);
}

static void write_words(json_writer *w, result_words words)
{
  const char *word = result_word(words, 0);
  json_open_array(w, "enum");
  for (int i = 0; word != NULL; word = result_word(words, ++i)) {
    json_string(w, NULL, word);
  }
  json_close_array(w);
}

static void write_pattern(json_writer *w, const char *pattern)
{
  write_type(w, "string", false);
  json_string(w, "pattern", pattern);
}

/* An object, or null in its place. */
static void write_object(json_writer *w, const result_field *f, bool null)
{
  if (!null) {
    write_reference(w, f->child);
    return;
  }
  json_open_array(w, "anyOf");
  json_open_object(w, NULL);
  write_reference(w, f->child);
  json_close_object(w);
  json_open_object(w, NULL);
  write_type(w, "null", false);
  json_close_object(w);
  json_close_array(w);
}

static void write_objects(json_writer *w, const result_field *f)
{
  write_type(w, "array", false);
  json_open_object(w, "items");
  write_reference(w, f->child);
  json_close_object(w);
}

static void write_value(json_writer *w, const result_field *f)
{
  const bool null = result_presences[f->presence].null;
  switch (f->kind) {
  case RESULT_KIND_FORMAT:
    json_string(w, "const", RESULT_FORMAT);
    break;
  case RESULT_KIND_WORD:
    write_words(w, f->words);
    break;
  case RESULT_KIND_DIGITS:
    write_pattern(w, "^[0-9]+$");
    break;
  case RESULT_KIND_HASH:
    write_pattern(w, "^[0-9a-f]{64}$");
    break;
  case RESULT_KIND_TEXTS:
    write_list(w, "string", false);
    break;
  case RESULT_KIND_WHOLES:
    write_list(w, "integer", false);
    break;
  case RESULT_KIND_NUMBERS:
    write_list(w, "number", true);
    break;
  case RESULT_KIND_OBJECT:
    write_object(w, f, null);
    break;
  case RESULT_KIND_LIST:
    write_objects(w, f);
    break;
  default:
    write_type(w,
               f->kind == RESULT_KIND_TEXT    ? "string"
               : f->kind == RESULT_KIND_TRUTH ? "boolean"
               : f->kind == RESULT_KIND_WHOLE ? "integer"
                                              : "number",
               null);
  }
}

static void write_field(json_writer *w, const char *key, const result_field *f)
{
  char description[512];
  const bool has_unit = f->unit[0] != '\0' && strcmp(f->unit, "-") != 0;
  snprintf(description, sizeof description, "%s%s%s%s", f->meaning, has_unit ? " [" : "",
           has_unit ? f->unit : "", has_unit ? "]" : "");
  json_open_object(w, key);
  json_string(w, "description", description);
  write_value(w, f);
  json_close_object(w);
}

static bool is_of(const result_field *f, result_object object, bool part)
{
  return f->object == object && (f->kind == RESULT_KIND_WITH) == part;
}

static void write_members(json_writer *w, result_object object)
{
  json_open_object(w, "properties");
  for (int i = 0; i < result_field_count(); i++) {
    const result_field *f = result_field_at(i);
    if (is_of(f, object, false) && f->key != NULL) {
      write_field(w, f->key, f);
    }
  }
  json_close_object(w);
  json_open_array(w, "required");
  for (int i = 0; i < result_field_count(); i++) {
    const result_field *f = result_field_at(i);
    if (is_of(f, object, false) && f->key != NULL && result_presences[f->presence].always) {
      json_string(w, NULL, f->key);
    }
  }
  json_close_array(w);
}

/* What an object has whole from another, or not at all. */
static void write_part(json_writer *w, const result_field *f)
{
  const bool always = result_presences[f->presence].always;
  json_open_object(w, NULL);
  if (!always) {
    json_open_array(w, "anyOf");
    json_open_object(w, NULL);
  }
  write_reference(w, f->child);
  if (!always) {
    json_close_object(w);
    json_truth(w, NULL, true);
    json_close_array(w);
  }
  json_close_object(w);
}

/* False: it has none. */
static bool write_parts(json_writer *w, result_object object)
{
  bool any = false;
  for (int i = 0; i < result_field_count(); i++) {
    if (is_of(result_field_at(i), object, true)) {
      if (!any) {
        json_open_array(w, "allOf");
      }
      any = true;
      write_part(w, result_field_at(i));
    }
  }
  if (any) {
    json_close_array(w);
  }
  return any;
}

static const result_field *find_named(result_object object)
{
  for (int i = 0; i < result_field_count(); i++) {
    const result_field *f = result_field_at(i);
    if (f->object == object && f->key == NULL) {
      return f;
    }
  }
  return NULL;
}

static void write_definition(json_writer *w, result_object object)
{
  char name[64];
  const result_field *named = find_named(object);
  definition_name(object, name);
  json_open_object(w, name);
  json_string(w, "title", result_object_title(object));
  write_type(w, "object", false);
  write_members(w, object);
  const bool has_parts = write_parts(w, object);
  if (named != NULL && named->words != RESULT_WORDS_NONE) {
    json_open_object(w, "propertyNames");
    write_words(w, named->words);
    json_close_object(w);
  }
  if (named != NULL) {
    write_field(w, "additionalProperties", named);
  } else if (!result_object_is_part(object)) {
    json_truth(w, has_parts ? "unevaluatedProperties" : "additionalProperties", false);
  }
  json_close_object(w);
}

static void write_schema(json_writer *w)
{
  char line[128];
  json_open_object(w, NULL);
  json_string(w, "$schema", "https://json-schema.org/draft/2020-12/schema");
  json_string(w, "$id", "urn:stepdose:schema:result");
  json_string(w, "title", "a result: what a run of stepdose was asked and what it found");
  snprintf(line, sizeof line, "made by stepdose %s from its table of result.json",
           stepdose_version());
  json_string(w, "$comment", line);
  write_reference(w, RESULT_OBJECT_RESULT);
  json_open_object(w, "$defs");
  for (int object = RESULT_OBJECT_NONE + 1; object < RESULT_OBJECT_COUNT; object++) {
    write_definition(w, (result_object)object);
  }
  json_close_object(w);
  json_close_object(w);
  text_append(w->out, "\n");
}

int main(int argc, char **argv)
{
  text out = {0};
  json_writer w = {.out = &out};
  if (argc == 2 && strcmp(argv[1], "schema") == 0) {
    write_schema(&w);
  } else if (argc == 2 && strcmp(argv[1], "reference") == 0) {
    result_fields_reference(&out);
  } else {
    fputs("usage: generate_result_schema schema | reference\n", stderr);
    return 1;
  }
  const bool written = !out.failed && fputs(out.bytes, stdout) >= 0 && fflush(stdout) == 0;
  text_free(&out);
  return written ? 0 : 1;
}
