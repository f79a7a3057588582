/* Strict JSON documents: cJSON trees in which every value knows the file, line, column and JSON
 * Pointer (RFC 6901) where it was written, also after parts of one document were hung into another.
 */
#ifndef PROBLEM_JSON_H
#define PROBLEM_JSON_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/text.h"
#include "problem/json_scan.h"

/* A text that values came from. Sources without bytes ("default") have a name only. */
typedef struct json_source {
  char *name;
  char *bytes;       /* owned; NULL: nowhere to point at */
  const cJSON *root; /* where pointers of its values start; NULL: at the root of source 0 */
} json_source;

typedef struct json_place {
  int source;
  json_mark mark; /* in the bytes of the source */
} json_place;

/* All texts of one reading. Zero-initialise; the trees belong to the caller (cJSON_Delete). Each
 * item's `valueint` is the number of its place. */
typedef struct json_reader {
  int n_sources, n_places, source_capacity, place_capacity;
  json_source *sources;
  json_place *places;
} json_reader;

void json_reader_close(json_reader *r);

/* Reads `bytes` (copied) as one document named `name`, from byte `start` on (the bytes before it
 * only count for the column). NULL with *error filled on failure. */
cJSON *json_read_text(json_reader *r, const char *name, const char *bytes, size_t length,
                      size_t start, stepdose_error *error);
cJSON *json_read_file(json_reader *r, const char *path, stepdose_error *error);

/* Gives a whole tree (made by cJSON) the place "in source `name`, nowhere in particular". */
bool json_adopt(json_reader *r, const char *name, cJSON *tree, stepdose_error *error);

/* Pointers of values from the newest source start at `root`. */
void json_root(json_reader *r, const cJSON *root);
const char *json_source_name(const json_reader *r, const cJSON *item);

/* Each fills *error with the place and returns false. json_fail_key points at the key of the item,
 * json_fail_missing at an object and the key that it lacks. */
bool json_fail(const json_reader *r, const cJSON *item, stepdose_error *error, stepdose_code code,
               const char *remedy, const char *format, ...) __attribute__((format(printf, 6, 7)));
bool json_fail_key(const json_reader *r, const cJSON *item, stepdose_error *error,
                   stepdose_code code, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
bool json_fail_missing(const json_reader *r, const cJSON *object, const char *key,
                       stepdose_error *error, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* The pointer of an item in the file that it was written in. */
void json_pointer(const json_reader *r, const cJSON *item, char *pointer, size_t size);

const cJSON *json_get(const cJSON *object, const char *key); /* exact key; NULL if there is none */

/* Tree building through the one allocator; false: no memory, and the item was deleted. */
bool json_add(cJSON *object, const char *key, cJSON *item);
bool json_replace(cJSON *parent, cJSON *old,
                  cJSON *item); /* takes the key of `old`, which is deleted */

/* What a value is, for messages: `the number 7`, `the text "abc"`, `an object`. */
enum { JSON_DESCRIPTION_SIZE = 64 };
void json_describe(const cJSON *item, char description[JSON_DESCRIPTION_SIZE]);

#endif
