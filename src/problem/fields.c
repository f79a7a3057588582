/* The table of fields and look-ups in it. */
#include "problem/fields.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "problem/changes.h"
#include "problem/evidence.h"

#define STRING_OF_(text) #text
#define STRING_OF(macro) STRING_OF_(macro)

static const field fields[] = {
#define FIELD(object, key, kind, child, required, low, high, unit, fallback, help)                 \
  {OBJECT_##object, key, KIND_##kind, OBJECT_##child, required, low, high, unit, fallback, help},
#include "problem/fields.def"
#undef FIELD
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static const char *const object_names[OBJECT_COUNT] = {
#define X(id, name) [OBJECT_##id] = name,
    FIELD_OBJECTS(X)
#undef X
};

static const char *const kind_texts[KIND_COUNT] = {
#define X(id, allowed) [KIND_##id] = allowed,
    FIELD_KINDS(X)
#undef X
};

int field_count(void) { return FIELD_COUNT; }

const field *field_at(int i) { return &fields[i]; }

const char *field_object_name(field_object object) { return object_names[object]; }

const char *field_kind_allowed(field_kind kind) { return kind_texts[kind]; }

const field *field_find(field_object object, const char *key)
{
  for (int i = 0; i < FIELD_COUNT; i++) {
    if (fields[i].object == object && strcmp(fields[i].key, key) == 0) {
      return &fields[i];
    }
  }
  return NULL;
}

const char *field_nearest(field_object object, const char *word)
{
  const char *keys[FIELD_COUNT];
  size_t n = 0;
  for (int i = 0; i < FIELD_COUNT; i++) {
    if (fields[i].object == object) {
      keys[n++] = fields[i].key;
    }
  }
  return text_nearest(word, keys, n);
}

static const double any_number = 1e300; /* of fields.def: no bound on this side */

void field_allowed(const field *f, char allowed[FIELD_ALLOWED_SIZE])
{
  char low[NUMBER_TEXT_SIZE];
  char high[NUMBER_TEXT_SIZE];
  const char *what = kind_texts[f->kind];
  bool is_text = f->kind == KIND_TEXT;
  bool is_list = f->kind == KIND_LIST || f->kind == KIND_TEXTS || f->kind == KIND_OBJECTS;
  number_format(f->low, low);
  number_format(f->high, high);
  if (f->low == f->high || (f->high >= any_number && f->low <= -any_number)) {
    snprintf(allowed, FIELD_ALLOWED_SIZE, "%s", what);
  } else if (f->high >= any_number) {
    snprintf(allowed, FIELD_ALLOWED_SIZE, "%s, at least %s%s%s", what, low,
             f->unit[0] != '\0' ? " " : "", f->unit);
  } else if (is_text || is_list) {
    snprintf(allowed, FIELD_ALLOWED_SIZE, "%s of %s to %s %s", what, low, high,
             is_text ? "bytes" : "elements");
  } else {
    snprintf(allowed, FIELD_ALLOWED_SIZE, "%s, from %s to %s%s%s", what, low, high,
             f->unit[0] != '\0' ? " " : "", f->unit);
  }
}
