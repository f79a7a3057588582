/* Errors at values: where they were written, and what they are. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/json.h"

static const json_place *place_of(const json_reader *r, const cJSON *item)
{
  return &r->places[item->valueint];
}

const char *json_source_name(const json_reader *r, const cJSON *item)
{
  return r->sources[place_of(r, item)->source].name;
}

/* Searches `item` below `node`, whose pointer is pointer[0..used). */
static bool find(const cJSON *node, const cJSON *item, char *pointer, size_t size, size_t used)
{
  long index = 0;
  for (const cJSON *child = node->child; child != NULL; child = child->next, index++) {
    char digits[24];
    snprintf(digits, sizeof digits, "%ld", index);
    const char *token = child->string != NULL ? child->string : digits;
    size_t length = json_pointer_append(pointer, size, used, token, strlen(token));
    if (child == item || find(child, item, pointer, size, length)) {
      return true;
    }
  }
  pointer[used] = '\0';
  return false;
}

void json_pointer(const json_reader *r, const cJSON *item, char *pointer, size_t size)
{
  const json_source *source = &r->sources[place_of(r, item)->source];
  const cJSON *root = source->root != NULL ? source->root : r->sources[0].root;
  pointer[0] = '\0';
  if (root != NULL && root != item) {
    find(root, item, pointer, size, 0);
  }
}

/* Adds the place of an item's key or value, and behind its pointer a key that it lacks. */
static void place_error(const json_reader *r, const cJSON *item, bool at_key, const char *lacks,
                        stepdose_error *error)
{
  const json_place *place = place_of(r, item);
  const json_source *source = &r->sources[place->source];
  char pointer[sizeof error->pointer];
  int line = 0;
  int column = 0;
  json_pointer(r, item, pointer, sizeof pointer);
  if (lacks != NULL) {
    json_pointer_append(pointer, sizeof pointer, strlen(pointer), lacks, strlen(lacks));
  }
  if (source->bytes != NULL) {
    json_line_column(source->bytes, at_key ? place->mark.key : place->mark.value, &line, &column);
  }
  error_place(error, source->name, line, column, pointer);
}

static bool fail_at(const json_reader *r, const cJSON *item, bool at_key, const char *lacks,
                    stepdose_error *error, stepdose_code code, const char *remedy,
                    const char *format, va_list arguments)
{
  char message[sizeof error->message];
  vsnprintf(message, sizeof message, format, arguments);
  error_set(error, code, remedy, "%s", message);
  place_error(r, item, at_key, lacks, error);
  return false;
}

bool json_fail(const json_reader *r, const cJSON *item, stepdose_error *error, stepdose_code code,
               const char *remedy, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  fail_at(r, item, false, NULL, error, code, remedy, format, arguments);
  va_end(arguments);
  return false;
}

bool json_fail_key(const json_reader *r, const cJSON *item, stepdose_error *error,
                   stepdose_code code, const char *remedy, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  fail_at(r, item, true, NULL, error, code, remedy, format, arguments);
  va_end(arguments);
  return false;
}

bool json_fail_missing(const json_reader *r, const cJSON *object, const char *key,
                       stepdose_error *error, const char *remedy, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  fail_at(r, object, false, key, error, STEPDOSE_MISSING_KEY, remedy, format, arguments);
  va_end(arguments);
  return false;
}

/* At most `limit` bytes of a text, cut between characters. */
static int whole_characters(const char *string, int limit)
{
  int length = (int)strnlen(string, (size_t)limit + 1);
  if (length <= limit) {
    return length;
  }
  while (limit > 0 && ((unsigned char)string[limit] & 0xC0) == 0x80) {
    limit--;
  }
  return limit;
}

void json_describe(const cJSON *item, char description[JSON_DESCRIPTION_SIZE])
{
  char number[NUMBER_TEXT_SIZE];
  if (cJSON_IsNumber(item)) {
    number_format(item->valuedouble, number);
    snprintf(description, JSON_DESCRIPTION_SIZE, "the number %s", number);
  } else if (cJSON_IsString(item)) {
    int length = whole_characters(item->valuestring, 40);
    snprintf(description, JSON_DESCRIPTION_SIZE, "the text \"%.*s%s\"", length, item->valuestring,
             item->valuestring[length] != '\0' ? "..." : "");
  } else {
    snprintf(description, JSON_DESCRIPTION_SIZE, "%s",
             cJSON_IsObject(item)  ? "an object"
             : cJSON_IsArray(item) ? "an array"
             : cJSON_IsBool(item)  ? "true or false"
                                   : "null");
  }
}
