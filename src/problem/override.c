/* --set POINTER=VALUE: replaces or adds one value of the problem before it is checked. */
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "problem/reader.h"

static const char *const origin = "--set";

enum { TOKEN_SIZE = 128 };

static bool fail(reader *r, stepdose_code code, const char *pointer, const char *remedy,
                 const char *message)
{
  error_set(r->error, code, remedy, "%s", message);
  error_place(r->error, origin, 1, 1, pointer);
  return false;
}

/* The first token of a pointer, unescaped; *rest is what follows. False: too long. */
static bool token_next(const char *pointer, char token[TOKEN_SIZE], const char **rest)
{
  size_t used = 0;
  const char *p = pointer + 1;
  while (*p != '\0' && *p != '/' && used + 1 < TOKEN_SIZE) {
    if (*p == '~' && (p[1] == '0' || p[1] == '1')) {
      token[used++] = p[1] == '0' ? '~' : '/';
      p += 2;
    } else {
      token[used++] = *p++;
    }
  }
  token[used] = '\0';
  *rest = p;
  return *p == '\0' || *p == '/';
}

/* An index as RFC 6901 writes it; -1 if the token is none; the length of the array for "-". */
static int token_index(const cJSON *array, const char *token)
{
  int length = cJSON_GetArraySize(array);
  int index = 0;
  if (strcmp(token, "-") == 0) {
    return length;
  }
  if (token[0] == '\0' || strlen(token) > 6 || (token[0] == '0' && token[1] != '\0')) {
    return -1;
  }
  for (const char *p = token; *p != '\0'; p++) {
    if (*p < '0' || *p > '9') {
      return -1;
    }
    index = 10 * index + (*p - '0');
  }
  return index;
}

static cJSON *child_of(cJSON *node, const char *token)
{
  if (cJSON_IsObject(node)) {
    return cJSON_GetObjectItemCaseSensitive(node, token);
  }
  return cJSON_GetArrayItem(node, token_index(node, token));
}

/* Keys under which a text is the path of a file. */
static bool names_file(const char *key)
{
  for (int i = 0; i < field_count(); i++) {
    const field *f = field_at(i);
    bool reference = f->kind == KIND_REFERENCE || f->kind == KIND_POPULATION;
    if (reference && strcmp(f->key, key) == 0) {
      return true;
    }
  }
  return false;
}

/* The object or array below `node`; files are opened, missing objects are made. */
static cJSON *descend(reader *r, cJSON *node, const char *token, const char *pointer)
{
  cJSON *child = child_of(node, token);
  if (child == NULL && cJSON_IsObject(node)) {
    return reader_add(r, node, token, "{}", origin) ? child_of(node, token) : NULL;
  }
  if (child == NULL) {
    fail(r, STEPDOSE_OUT_OF_RANGE, pointer, "name an existing element", "there is no such element");
    return NULL;
  }
  if (cJSON_IsString(child) && names_file(token)) {
    return reader_open_reference(r, node, child, &child) ? child : NULL;
  }
  if (!cJSON_IsObject(child) && !cJSON_IsArray(child)) {
    fail(r, STEPDOSE_WRONG_TYPE, pointer, "replace the whole value",
         "the pointer leads into a value without parts");
    return NULL;
  }
  return child;
}

/* Takes `value`. */
static bool put(reader *r, cJSON *node, const char *token, cJSON *value, const char *pointer)
{
  cJSON *old = child_of(node, token);
  bool done;
  if (old != NULL) {
    done = json_replace(node, old, value);
  } else if (cJSON_IsObject(node)) {
    done = json_add(node, token, value);
  } else if (token_index(node, token) == cJSON_GetArraySize(node)) {
    done = cJSON_AddItemToArray(node, value);
  } else {
    cJSON_Delete(value);
    return fail(r, STEPDOSE_OUT_OF_RANGE, pointer,
                "name an existing element, or - for a new one at the end",
                "there is no such element");
  }
  return done || error_no_memory(r->error, "applying --set");
}

/* VALUE as JSON, or else as a plain text. */
static cJSON *read_value(reader *r, const char *argument, size_t start, const char *pointer)
{
  cJSON *value = json_read_text(&r->json, origin, argument, strlen(argument), start, r->error);
  bool plain = value == NULL && r->error->code == STEPDOSE_JSON_SYNTAX;
  if (plain && json_is_utf8(argument + start)) {
    text quoted = {0};
    error_clear(r->error);
    text_append_bytes(&quoted, argument, start);
    text_append_json_string(&quoted, argument + start);
    if (quoted.failed) {
      error_no_memory(r->error, "applying --set");
    } else {
      value = json_read_text(&r->json, origin, quoted.bytes, quoted.length, start, r->error);
    }
    text_free(&quoted);
  }
  if (value == NULL) {
    error_place(r->error, NULL, 1, (int)start + 1, pointer);
  } else {
    json_root(&r->json, r->root);
  }
  return value;
}

static bool apply(reader *r, const char *argument, size_t start, const char *pointer)
{
  char token[TOKEN_SIZE];
  const char *rest = pointer;
  cJSON *node = r->root;
  for (;;) {
    if (!token_next(rest, token, &rest)) {
      return fail(r, STEPDOSE_USAGE, pointer, "check the pointer",
                  "a part of the pointer is too long");
    }
    if (*rest == '\0') {
      break;
    }
    node = descend(r, node, token, pointer);
    if (node == NULL) {
      return false;
    }
  }
  cJSON *value = read_value(r, argument, start, pointer);
  return value != NULL && put(r, node, token, value, pointer);
}

bool reader_override(reader *r, const char *argument)
{
  const char *equals = strchr(argument, '=');
  if (argument[0] != '/' || equals == NULL) {
    return fail(r, STEPDOSE_USAGE, NULL, "write POINTER=VALUE, for instance --set /horizon_days=63",
                "--set needs a JSON Pointer and a value");
  }
  if (!cJSON_IsObject(r->root)) {
    return true; /* the check of the problem says so */
  }
  size_t length = (size_t)(equals - argument);
  char *pointer = allocate(length + 1);
  if (pointer == NULL) {
    return error_no_memory(r->error, "applying --set");
  }
  snprintf(pointer, length + 1, "%s", argument);
  bool done = apply(r, argument, length + 1, pointer);
  release(pointer);
  return done;
}
