/* JSON Schema (draft 2020-12) of a kind of file, from the table of fields.def. A schema tells the
 * structure: keys, types, ranges, defaults. What it cannot tell (that names exist, that numbers
 * increase, that entries agree) `stepdose check` decides.
 *
 * usage: generate_schema KIND, where KIND is one of SCHEMA_FILES */
#include "base/number.h"
#include "problem/fields.h"
#include "report/json_writer.h"
#include "stepdose.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Files that are read: X(word, the object in them, or else this one, what they hold). */
#define SCHEMA_FILES(X)                                                                            \
  X("problem", PROBLEM, NONE, "a problem: what is asked of stepdose")                              \
  X("molecule", MOLECULE, NONE, "a molecule, for problems to refer to")                            \
  X("indication", INDICATION, NONE, "an indication, for problems to refer to")                     \
  X("population", POPULATION, NONE, "a population, for problems to refer to")                      \
  X("regimen", REGIMEN_FILE, REGIMEN,                                                              \
    "a regimen of fixed numbers, for stepdose simulate --regimen")                                 \
  X("evidence", EVIDENCE, NONE, "published observations, for stepdose validate")  \
  X("changes", CHANGES, NONE, "changes of a problem, for stepdose whatif")                         \
  X("parameters", CALIBRATION, NONE, "fitted values, for problems to name as \"calibration\"")

/* Bounds from here on stand for none. */
static const double any_number = 1e300;

/* The identifiers of FIELD_OBJECTS name the definitions; NONE has none. */
static const char *const identifiers[OBJECT_COUNT] = {
#define X(id, name) #id,
    FIELD_OBJECTS(X)
#undef X
};

typedef struct schema {
  json_writer json;
  bool needed[OBJECT_COUNT]; /* referred to, so to be defined */
} schema;

typedef void write_value(schema *s, const field *f);

static void write_fields(schema *s, field_object object, const field *outer);

static void definition_name(field_object object, char name[64])
{
  size_t i = 0;
  for (; identifiers[object][i] != '\0' && i < 63; i++) {
    name[i] = (char)tolower((unsigned char)identifiers[object][i]);
  }
  name[i] = '\0';
}

static void write_type(schema *s, const char *type) { json_string(&s->json, "type", type); }

static void write_reference(schema *s, field_object object)
{
  char name[64];
  char pointer[80];
  s->needed[object] = true;
  definition_name(object, name);
  snprintf(pointer, sizeof pointer, "#/$defs/%s", name);
  json_string(&s->json, "$ref", pointer);
}

static void write_bounds(schema *s, const field *f)
{
  if (fabs(f->low) < any_number) {
    json_number_short(&s->json, "minimum", f->low);
  }
  if (fabs(f->high) < any_number) {
    json_number_short(&s->json, "maximum", f->high);
  }
}

static void write_number(schema *s, const field *f)
{
  bool whole = f->kind == KIND_WHOLE || f->kind == KIND_WHOLE_CHOICE;
  write_type(s, whole ? "integer" : "number");
  write_bounds(s, f);
}

/* The table counts bytes of UTF-8, a schema characters: never stricter than the table. */
static void write_text(schema *s, const field *f)
{
  write_type(s, "string");
  if (f->low > 0) {
    json_integer(&s->json, "minLength", 1);
  }
  json_number_short(&s->json, "maxLength", f->high);
}

static void write_format(schema *s, const field *f)
{
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)strlen(f->fallback) - 2,
           f->fallback + 1); /* no quotes */
  json_string(&s->json, "const", name);
}

static void write_flag(schema *s, const field *f)
{
  (void)f;
  write_type(s, "boolean");
}

static void write_texts(schema *s, const field *f)
{
  write_type(s, "array");
  json_number_short(&s->json, "minItems", f->low);
  json_number_short(&s->json, "maxItems", f->high);
  json_open_object(&s->json, "items");
  write_type(s, "string");
  json_close_object(&s->json);
}

/* Each number once where they are ordered, which a schema cannot tell. */
static void write_numbers(schema *s, const field *f)
{
  write_type(s, "array");
  json_integer(&s->json, "minItems", f->kind == KIND_FALLING ? PROBLEM_GRADES : 1);
  if (f->kind == KIND_FALLING) {
    json_integer(&s->json, "maxItems", PROBLEM_GRADES);
  }
  if (f->kind != KIND_UNORDERED) {
    json_truth(&s->json, "uniqueItems", true);
  }
  json_open_object(&s->json, "items");
  write_number(s, f);
  json_close_object(&s->json);
}

static void write_choice(schema *s, const field *f)
{
  json_open_array(&s->json, "anyOf");
  json_open_object(&s->json, NULL);
  write_number(s, f);
  json_close_object(&s->json);
  json_open_object(&s->json, NULL);
  write_fields(s, f->kind == KIND_CHOICE ? OBJECT_CHOICE : OBJECT_RANGE, f);
  json_close_object(&s->json);
  if (f->kind != KIND_RANGE) {
    json_open_object(&s->json, NULL);
    write_numbers(s, f);
    json_close_object(&s->json);
  }
  json_close_array(&s->json);
}

static void write_object(schema *s, const field *f) { write_reference(s, f->child); }

static void write_list(schema *s, const field *f)
{
  write_type(s, "array");
  json_number_short(&s->json, "minItems", f->low > 0 ? 1 : 0);
  json_number_short(&s->json, "maxItems", f->high);
  json_open_object(&s->json, "items");
  write_reference(s, f->child);
  json_close_object(&s->json);
}

static void write_one_or_more(schema *s, const field *f)
{
  json_open_array(&s->json, "anyOf");
  json_open_object(&s->json, NULL);
  write_reference(s, f->child);
  json_close_object(&s->json);
  json_open_object(&s->json, NULL);
  write_list(s, f);
  json_close_object(&s->json);
  json_close_array(&s->json);
}

static void write_design(schema *s, const field *f)
{
  field one = *f;
  one.kind = KIND_VALUES;
  one.low = -INFINITY;
  one.high = INFINITY;
  write_type(s, "object");
  json_open_object(&s->json, "additionalProperties");
  write_choice(s, &one);
  json_close_object(&s->json);
}

static void write_parameters(schema *s, const field *f)
{
  write_type(s, "object");
  json_open_object(&s->json, "additionalProperties");
  write_reference(s, f->child);
  json_close_object(&s->json);
}

/* A text (a path, or a name) or an object of the table. */
static void write_text_or_object(schema *s, const field *f)
{
  json_open_array(&s->json, "anyOf");
  json_open_object(&s->json, NULL);
  write_type(s, "string");
  json_close_object(&s->json);
  json_open_object(&s->json, NULL);
  write_reference(s, f->child);
  json_close_object(&s->json);
  if (f->kind == KIND_POPULATION) {
    json_open_object(&s->json, NULL);
    write_reference(s, OBJECT_REQUEST);
    json_close_object(&s->json);
  }
  json_close_array(&s->json);
}

/* A path, or fields of a problem, none of which is needed here. */
static void write_fields_of_problem(schema *s, const field *f)
{
  (void)f;
  json_open_array(&s->json, "type");
  json_string(&s->json, NULL, "string");
  json_string(&s->json, NULL, "object");
  json_close_array(&s->json);
}

static write_value *const write_by_kind[KIND_COUNT] = {
    [KIND_FORMAT] = write_format,
    [KIND_TEXT] = write_text,
    [KIND_TEXTS] = write_texts,
    [KIND_FLAG] = write_flag,
    [KIND_NUMBER] = write_number,
    [KIND_WHOLE] = write_number,
    [KIND_NUMBERS] = write_numbers,
    [KIND_CHOICE] = write_choice,
    [KIND_WHOLE_CHOICE] = write_choice,
    [KIND_RANGE] = write_choice,
    [KIND_OBJECT] = write_object,
    [KIND_LIST] = write_list,
    [KIND_OBJECTS] = write_one_or_more,
    [KIND_DESIGN] = write_design,
    [KIND_VALUES] = write_choice,
    [KIND_FALLING] = write_numbers,
    [KIND_UNORDERED] = write_numbers,
    [KIND_WINDOW] = write_text_or_object,
    [KIND_PARAMETERS] = write_parameters,
    [KIND_REFERENCE] = write_text_or_object,
    [KIND_POPULATION] = write_text_or_object,
    [KIND_FIELDS] = write_fields_of_problem,
};

static void write_default(schema *s, const field *f)
{
  double value = 0;
  char word[64];
  size_t length = strlen(f->fallback);
  if (f->fallback[0] == '"') {
    snprintf(word, sizeof word, "%.*s", (int)length - 2, f->fallback + 1);
    json_string(&s->json, "default", word);
  } else if (number_parse(f->fallback, &value)) {
    json_number_short(&s->json, "default", value);
  } else if (f->fallback[0] == '[') {
    json_open_array(&s->json, "default");
    json_close_array(&s->json);
  } else if (f->fallback[0] == '{') {
    json_open_object(&s->json, "default");
    json_close_object(&s->json);
  } else {
    json_truth(&s->json, "default", strcmp(f->fallback, "true") == 0);
  }
}

static void write_field(schema *s, const field *f)
{
  char description[512];
  bool has_unit = f->unit[0] != '\0';
  snprintf(description, sizeof description, "%s%s%s%s", f->help, has_unit ? " [" : "", f->unit,
           has_unit ? "]" : "");
  json_open_object(&s->json, f->key);
  json_string(&s->json, "description", description);
  write_by_kind[f->kind](s, f);
  if (f->fallback != NULL && f->kind != KIND_FORMAT) {
    write_default(s, f);
  }
  json_close_object(&s->json);
}

/* The members of an object; in a range inside a field (outer, else NULL) the numbers without
 * bounds of their own have those of the field. */
static void write_fields(schema *s, field_object object, const field *outer)
{
  write_type(s, "object");
  json_open_object(&s->json, "properties");
  for (int i = 0; i < field_count(); i++) {
    field f = *field_at(i);
    if (f.object != object) {
      continue;
    }
    if (outer != NULL && f.high >= any_number) {
      f.kind = outer->kind == KIND_WHOLE_CHOICE ? KIND_WHOLE : KIND_NUMBER;
      f.low = outer->low;
      f.high = outer->high;
    }
    write_field(s, &f);
  }
  json_close_object(&s->json);
  json_open_array(&s->json, "required");
  for (int i = 0; i < field_count(); i++) {
    if (field_at(i)->object == object && field_at(i)->required) {
      json_string(&s->json, NULL, field_at(i)->key);
    }
  }
  json_close_array(&s->json);
  json_truth(&s->json, "additionalProperties", false);
}

/* Definitions refer to further ones, until all that are needed are there. */
static void write_definitions(schema *s)
{
  bool defined[OBJECT_COUNT] = {false};
  bool any = true;
  json_open_object(&s->json, "$defs");
  while (any) {
    any = false;
    for (int o = 0; o < OBJECT_COUNT; o++) {
      char name[64];
      if (!s->needed[o] || defined[o]) {
        continue;
      }
      definition_name((field_object)o, name);
      json_open_object(&s->json, name);
      write_fields(s, (field_object)o, NULL);
      json_close_object(&s->json);
      defined[o] = any = true;
    }
  }
  json_close_object(&s->json);
}

static void write_root(schema *s, field_object root, field_object other)
{
  if (other == OBJECT_NONE) {
    write_fields(s, root, NULL);
    return;
  }
  json_open_array(&s->json, "anyOf");
  json_open_object(&s->json, NULL);
  write_reference(s, root);
  json_close_object(&s->json);
  json_open_object(&s->json, NULL);
  write_reference(s, other);
  json_close_object(&s->json);
  json_close_array(&s->json);
}

static void write_schema(schema *s, const char *word, field_object root, field_object other,
                         const char *holds)
{
  char line[256];
  json_open_object(&s->json, NULL);
  json_string(&s->json, "$schema", "https://json-schema.org/draft/2020-12/schema");
  snprintf(line, sizeof line, "urn:stepdose:schema:%s", word);
  json_string(&s->json, "$id", line);
  json_string(&s->json, "title", holds);
  snprintf(line, sizeof line,
           "made by stepdose %s from its table of fields; `stepdose check` reads a file in full, "
           "a schema only its structure",
           stepdose_version());
  json_string(&s->json, "$comment", line);
  write_root(s, root, other);
  write_definitions(s);
  json_close_object(&s->json);
}

int main(int argc, char **argv)
{
  text out = {0};
  schema s = {.json = {.out = &out}};
  bool found = false;
#define X(word, root, other, holds)                                                                \
  if (argc == 2 && strcmp(argv[1], word) == 0) {                                                   \
    write_schema(&s, word, OBJECT_##root, OBJECT_##other, holds);                                  \
    found = true;                                                                                  \
  }
  SCHEMA_FILES(X)
#undef X
  if (!found) {
#define X(word, root, other, holds) word " "
    fputs("usage: generate_schema KIND, one of: " SCHEMA_FILES(X) "\n", stderr);
#undef X
    return 1;
  }
  bool written = !out.failed && puts(out.bytes) >= 0 && fflush(stdout) == 0;
  text_free(&out);
  return written ? 0 : 1;
}
