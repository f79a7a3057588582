/* The effective problem: everything inlined and said, in one canonical text, and the same as a list
 * for people. */
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/hash.h"
#include "base/number.h"
#include "problem/reader.h"

enum {
  POINTER_SIZE = 256,
  POINTER_WIDTH = 46,
  VALUE_WIDTH = 12,
  UNIT_WIDTH = 12,
  TEXT_WIDTH = 60,
  NUMBERS_SHOWN = PROBLEM_LEVELS_MAX /* of a list, to people */
};

typedef struct writer {
  const reader *r;
  text json;  /* for programs */
  text lines; /* for people */
  char pointer[POINTER_SIZE];
  int depth;
  bool flat;  /* the object that is being written fits on one line */
  bool quiet; /* its parts are no lines of their own */
} writer;

static void write_value(writer *w, const cJSON *item, const field *f, const char *unit);

static void line_break(writer *w)
{
  if (!w->flat) {
    text_append(&w->json, "\n");
    text_append_repeat(&w->json, ' ', 2 * w->depth);
  }
}

/* Appends a column and at least one blank. */
static void column(text *t, const char *content, int width)
{
  int length = (int)strlen(content);
  text_append(t, "%s", content);
  text_append_repeat(t, ' ', length < width ? width - length : 1);
}

static void line(writer *w, const char *value, const char *unit, const cJSON *item)
{
  column(&w->lines, w->pointer, POINTER_WIDTH);
  column(&w->lines, value, VALUE_WIDTH);
  column(&w->lines, unit[0] != '\0' ? unit : "-", UNIT_WIDTH);
  text_append(&w->lines, "%s\n", json_source_name(&w->r->json, item));
}

/* A value without parts as JSON: numbers in full for programs, short for people. */
static void append_scalar(text *t, const cJSON *item, bool full)
{
  char number[NUMBER_TEXT_SIZE];
  if (cJSON_IsNumber(item)) {
    (full ? number_format_full : number_format)(item->valuedouble, number);
    text_append(t, "%s", number);
  } else if (cJSON_IsString(item)) {
    text_append_json_string(t, item->valuestring);
  } else {
    text_append(t, "%s", cJSON_IsTrue(item) ? "true" : "false");
  }
}

static void append_scalars(text *t, const cJSON *list, bool full)
{
  int n = 0;
  text_append(t, "[");
  for (const cJSON *item = list->child; item != NULL && (full || n < NUMBERS_SHOWN);
       item = item->next, n++) {
    append_scalar(t, item, full);
    text_append(t, item->next == NULL ? "" : full || n + 1 < NUMBERS_SHOWN ? ", " : ", ...");
  }
  text_append(t, "]");
}

/* A long text need not be read in full to know which one it is. */
static void shorten(char *value)
{
  static const char cut[] = "...\"";
  size_t length = TEXT_WIDTH - sizeof cut;
  if (value[0] != '"' || strlen(value) <= TEXT_WIDTH) {
    return;
  }
  while (((unsigned char)value[length] & 0xC0) == 0x80) { /* not within a character */
    length--;
  }
  memcpy(value + length, cut, sizeof cut);
}

static void write_leaf(writer *w, const cJSON *item, const char *unit)
{
  void (*append)(text *, const cJSON *, bool) =
      cJSON_IsArray(item) ? append_scalars : append_scalar;
  text value = {0};
  append(&w->json, item, true);
  if (w->quiet) {
    return;
  }
  append(&value, item, false);
  if (value.failed) {
    w->lines.failed = true;
  } else {
    shorten(value.bytes);
    line(w, value.bytes, unit, item);
  }
  text_free(&value);
}

/* Begins a member of an object; returns the length of the pointer, to be cut back by end_member. */
static size_t begin_member(writer *w, const cJSON *item, int *members)
{
  size_t length = strlen(w->pointer);
  json_pointer_append(w->pointer, sizeof w->pointer, length, item->string, strlen(item->string));
  bool first = (*members)++ == 0;
  text_append(&w->json, "%s", first ? "" : w->flat ? ", " : ",");
  line_break(w);
  text_append_json_string(&w->json, item->string);
  text_append(&w->json, ": ");
  return length;
}

static void end_member(writer *w, size_t length) { w->pointer[length] = '\0'; }

static bool has_no_parts(const cJSON *object)
{
  for (const cJSON *child = object->child; child != NULL; child = child->next) {
    if (child->child != NULL) {
      return false;
    }
  }
  return true;
}

static void open_object(writer *w, const cJSON *object)
{
  text_append(&w->json, "{");
  w->depth++;
  w->flat = has_no_parts(object);
}

static void close_object(writer *w, int members)
{
  w->depth--;
  if (members > 0) {
    line_break(w);
  }
  text_append(&w->json, "}");
  w->flat = false; /* whatever holds an object is not flat */
}

/* Members in the order of the table, whatever the order in the file. `unit`: of the field that the
 * object stands for, where it stands for a quantity. */
static void write_object(writer *w, const cJSON *object, field_object kind, const char *unit)
{
  int members = 0;
  open_object(w, object);
  for (int i = 0; i < field_count(); i++) {
    const field *f = field_at(i);
    const cJSON *item = f->object == kind ? json_get(object, f->key) : NULL;
    if (item != NULL) {
      size_t length = begin_member(w, item, &members);
      write_value(w, item, f, f->unit[0] != '\0' ? f->unit : unit);
      end_member(w, length);
    }
  }
  close_object(w, members);
}

/* For people a parameter is one line, with its source. */
static void write_parameter(writer *w, const cJSON *item)
{
  char value[NUMBER_TEXT_SIZE];
  w->quiet = true;
  write_object(w, item, OBJECT_PARAMETER, "");
  w->quiet = false;
  number_format(reader_number(item, "value"), value);
  column(&w->lines, w->pointer, POINTER_WIDTH);
  column(&w->lines, value, VALUE_WIDTH);
  column(&w->lines, reader_string(item, "unit"), UNIT_WIDTH);
  text_append(&w->lines, "%s (%s%s)\n", json_source_name(&w->r->json, json_get(item, "value")),
              reader_flag(item, "assumed") ? "assumed: " : "", reader_string(item, "source"));
}

/* The member of an object that is named after parameter i; those of tissues that the indication
 * does not name have none. */
static const cJSON *named_parameter(const writer *w, const cJSON *object, int i)
{
  char key[PROBLEM_PARAMETER_KEY_SIZE];
  return problem_parameter_key(w->r->problem, i, key) ? json_get(object, key) : NULL;
}

static void write_parameters(writer *w, const cJSON *object)
{
  int members = 0;
  open_object(w, object);
  for (int i = 0; i < w->r->problem->model->n_parameters; i++) {
    const cJSON *item = named_parameter(w, object, i);
    if (item != NULL) {
      size_t length = begin_member(w, item, &members);
      write_parameter(w, item);
      end_member(w, length);
    }
  }
  close_object(w, members);
}

static void write_design(writer *w, const cJSON *object)
{
  const model *m = w->r->problem->model;
  int members = 0;
  open_object(w, object);
  for (int i = 0; i < m->n_parameters; i++) {
    const cJSON *item = named_parameter(w, object, i);
    if (item == NULL) {
      continue;
    }
    size_t length = begin_member(w, item, &members);
    if (cJSON_IsObject(item)) {
      write_object(w, item, OBJECT_RANGE, m->parameters[i].unit);
    } else {
      write_leaf(w, item, m->parameters[i].unit);
    }
    end_member(w, length);
  }
  close_object(w, members);
}

static void write_list(writer *w, const cJSON *list, field_object kind)
{
  size_t length = strlen(w->pointer);
  int index = 0;
  text_append(&w->json, "[");
  w->depth++;
  for (const cJSON *item = list->child; item != NULL; item = item->next) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%d", index++);
    json_pointer_append(w->pointer, sizeof w->pointer, length, digits, (size_t)n);
    line_break(w);
    write_object(w, item, kind, "");
    text_append(&w->json, "%s", item->next != NULL ? "," : "");
    w->pointer[length] = '\0';
  }
  w->depth--;
  if (list->child != NULL) {
    line_break(w);
  }
  text_append(&w->json, "]");
}

static field_object object_of(const field *f, const cJSON *item)
{
  if (f->kind == KIND_CHOICE || f->kind == KIND_WHOLE_CHOICE || f->kind == KIND_RANGE) {
    return OBJECT_CHOICE;
  }
  if (f->kind == KIND_POPULATION && json_get(item, "format") == NULL) {
    return OBJECT_REQUEST;
  }
  return f->child;
}

static void write_value(writer *w, const cJSON *item, const field *f, const char *unit)
{
  if (f->kind == KIND_PARAMETERS) {
    write_parameters(w, item);
  } else if (f->kind == KIND_DESIGN) {
    write_design(w, item);
  } else if (f->kind == KIND_LIST || (f->kind == KIND_OBJECTS && cJSON_IsArray(item))) {
    write_list(w, item, f->child);
  } else if (cJSON_IsObject(item)) {
    write_object(w, item, object_of(f, item), unit);
  } else {
    write_leaf(w, item, unit);
  }
}

/* Where a value comes from that no file gives. */
static const char *source_of(const reader *r, int i)
{
  switch (r->origins[i].kind) {
  case ORIGIN_PRESET:
    return r->origins[i].preset->source;
  case ORIGIN_NO_TARGET:
    return "no target density is given: the tissue counts as free of target";
  default:
    return r->problem->model->parameters[i].source;
  }
}

static bool add_parameter(reader *r, cJSON *object, int i, const char *key)
{
  const model_parameter *row = &r->problem->model->parameters[i];
  const model_preset *preset = r->origins[i].kind == ORIGIN_PRESET ? r->origins[i].preset : NULL;
  char value[NUMBER_TEXT_SIZE];
  char name[96];
  text json = {0};
  number_format_full(r->problem->parameters[i], value);
  text_append(&json, "{\"value\": %s, \"unit\": ", value);
  text_append_json_string(&json, row->unit);
  text_append(&json, ", \"source\": ");
  text_append_json_string(&json, source_of(r, i));
  text_append(&json, "}");
  snprintf(name, sizeof name, preset != NULL ? "preset %s" : "default",
           preset != NULL ? preset->name : "");
  bool done = json.failed ? error_no_memory(r->error, "writing parameters")
                          : reader_add(r, object, key, json.bytes, name);
  text_free(&json);
  return done;
}

/* Says every value that neither molecule nor indication says: the text must mean the same when the
 * defaults of a later version differ. */
static bool add_parameters(reader *r)
{
  if (json_get(r->root, "parameters") == NULL &&
      !reader_add(r, r->root, "parameters", "{}", "default")) {
    return false;
  }
  cJSON *object = cJSON_GetObjectItemCaseSensitive(r->root, "parameters");
  for (int i = 0; i < r->problem->model->n_parameters; i++) {
    char key[PROBLEM_PARAMETER_KEY_SIZE];
    origin_kind kind = r->origins[i].kind;
    bool unsaid = kind == ORIGIN_DEFAULT || kind == ORIGIN_PRESET || kind == ORIGIN_NO_TARGET;
    if (unsaid && problem_parameter_key(r->problem, i, key) && !add_parameter(r, object, i, key)) {
      return false;
    }
  }
  return true;
}

bool write_effective(reader *r)
{
  stepdose_problem *p = r->problem;
  writer w = {.r = r};
  if (!add_parameters(r)) {
    return false;
  }
  write_object(&w, r->root, OBJECT_PROBLEM, "");
  text_append(&w.json, "\n");
  p->effective = text_take(&w.json);
  p->origins = text_take(&w.lines);
  if (p->effective == NULL || p->origins == NULL) {
    return error_no_memory(r->error, "writing the effective problem");
  }
  hash_sha256(p->effective, strlen(p->effective), p->hash);
  return true;
}
