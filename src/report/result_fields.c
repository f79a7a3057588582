/* The table of result.json, look-ups in it, and the tables of its documentation. */
#include "report/result_fields.h"

#include "optimize/fit.h"
#include "optimize/global_sensitivity.h"
#include "report/run_directory.h"
#include "study/map.h"
#include "study/restart.h"
#include "study/sensitivity_study.h"
#include "study/strata.h"

#include <string.h>

/* --- the table -------------------------------------------------------------------------------- */

#define ROW(object, key, kind, child, words, presence, unit, meaning)                              \
  {RESULT_OBJECT_##object,                                                                         \
   key,                                                                                            \
   RESULT_KIND_##kind,                                                                             \
   RESULT_OBJECT_##child,                                                                          \
   RESULT_WORDS_##words,                                                                           \
   RESULT_PRESENCE_##presence,                                                                     \
   unit,                                                                                           \
   meaning},

static const result_field fields[] = {
#define VALUE(object, key, kind, presence, unit, meaning)                                          \
  ROW(object, key, kind, NONE, NONE, presence, unit, meaning)
#define WORD(object, key, words, presence, meaning)                                                \
  ROW(object, key, WORD, NONE, words, presence, "", meaning)
#define PART(object, key, kind, child, presence, meaning)                                          \
  ROW(object, key, kind, child, NONE, presence, "", meaning)
#define NAMED(object, kind, child, words, unit, meaning)                                           \
  ROW(object, NULL, kind, child, words, SOMETIMES, unit, meaning)
#define WITH(object, other, presence) ROW(object, "", WITH, other, NONE, presence, "", "")
#include "report/result_fields.def"
#undef VALUE
#undef WORD
#undef PART
#undef NAMED
#undef WITH
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

int result_field_count(void) { return FIELDS; }

const result_field *result_field_at(int i) { return &fields[i]; }

const result_presence_row result_presences[RESULT_PRESENCE_COUNT] = {
#define X(id, always, null, words) {always, null, words},
    RESULT_PRESENCES(X)
#undef X
};

const char *result_object_title(result_object object)
{
  static const char *const titles[RESULT_OBJECT_COUNT] = {
#define X(id, title) title,
      RESULT_OBJECTS(X)
#undef X
  };
  return titles[object];
}

bool result_object_is_part(result_object object)
{
  for (int i = 0; i < FIELDS; i++) {
    if (fields[i].kind == RESULT_KIND_WITH && fields[i].child == object) {
      return true;
    }
  }
  return false;
}

/* --- lists of words --------------------------------------------------------------------------- */

enum { WORDS_MAX = 24 };

/* Each list ends with NULL. */
static const char *const lists[RESULT_WORDS_COUNT][WORDS_MAX] = {
#define X(name, text, exit_code, meaning) text,
    [RESULT_WORDS_STATUS] = {STEPDOSE_STATUSES(X)},
#undef X
#define X(id, name, meaning) name,
    [RESULT_WORDS_END] = {SEARCH_ENDS(X)},
    [RESULT_WORDS_STATISTIC] = {PROBLEM_STATISTICS(X)},
    [RESULT_WORDS_WINDOW] = {PROBLEM_WINDOWS(X)},
    [RESULT_WORDS_RESTART_RULE] = {RESTART_RULES(X)},
    [RESULT_WORDS_STRATUM_SOURCE] = {STRATA_SOURCES(X)},
    [RESULT_WORDS_FIT_WARNING] = {FIT_WARNINGS(X)},
#undef X
#define X(name, word, unit, key, engager, meaning) word,
    [RESULT_WORDS_ROUTE] = {MODEL_ROUTES(X)},
#undef X
#define X(id, objective, name, unit, exploitable, meaning) name,
    [RESULT_WORDS_MEASURE] = {PROBLEM_MEASURES(X)},
#undef X
#define X(id, objective, key, unit, low, high, window, output, meaning) key,
    [RESULT_WORDS_LIMIT_KEY] = {PROBLEM_LIMIT_KINDS(X)},
#undef X
#define X(id, key, low, high, meaning) key,
    [RESULT_WORDS_RISK] = {PROBLEM_RISKS(X) "mean"},
#undef X
#define X(id, name, unit, drive, probability, meaning) name,
    [RESULT_WORDS_RESTART_MEASURE] = {RESTART_MEASURES(X)},
#undef X
#define X(id, name, unit, meaning) name,
    [RESULT_WORDS_FIT_SCALE] = {FIT_SCALES(X)},
#undef X
#define X(id, name, samples, meaning) name,
    [RESULT_WORDS_METHOD] = {SENSITIVITY_METHODS(X)},
#undef X
#define X(id, name, group, meaning) name,
    [RESULT_WORDS_INPUT_KIND] = {SENSITIVITY_INPUTS(X)},
#undef X
#define X(id, name) name,
    [RESULT_WORDS_SOURCE] = {SENSITIVITY_SOURCES(X)},
#undef X
#define X(id, bit, name, meaning) name,
    [RESULT_WORDS_FLAG] = {SENSITIVITY_FLAGS(X)},
#undef X
#define X(id, name, hashed, meaning) name,
    [RESULT_WORDS_RUN_FILE] = {RUN_FILES(X)},
#undef X
};

/* Only files with a hash of their own are listed. */
static bool is_listed(result_words words, int i)
{
  if (words == RESULT_WORDS_RUN_FILE && !run_files[i].hashed) {
    return false;
  }
  for (int j = 0; j < i; j++) {
    if (strcmp(lists[words][j], lists[words][i]) == 0) {
      return false;
    }
  }
  return true;
}

const char *result_word(result_words words, int i)
{
  for (int k = 0; lists[words][k] != NULL; k++) {
    if (is_listed(words, k) && i-- == 0) {
      return lists[words][k];
    }
  }
  return NULL;
}

/* --- documentation ---------------------------------------------------------------------------- */

/* Heading of an object, as a link to it. */
static void append_link(result_object object, text *out)
{
  const char *title = result_object_title(object);
  text_append(out, "[%s](#", title);
  for (const char *c = title; *c != '\0'; c++) {
    text_append(out, "%c", *c == ' ' ? '-' : *c);
  }
  text_append(out, ")");
}

static void append_words(result_words words, text *out)
{
  const char *word = result_word(words, 0);
  for (int i = 0; word != NULL; word = result_word(words, ++i)) {
    text_append(out, i > 0 ? ", " : " ");
    text_append(out, word[0] != '\0' ? "`%s`" : "nothing", word);
  }
}

static void append_kind(const result_field *f, text *out)
{
  static const char *const kinds[RESULT_KIND_COUNT] = {
#define X(id, words) words,
      RESULT_KINDS(X)
#undef X
  };
  if (f->kind == RESULT_KIND_OBJECT || f->kind == RESULT_KIND_LIST) {
    text_append(out, f->kind == RESULT_KIND_LIST ? "list: " : "");
    append_link(f->child, out);
    return;
  }
  text_append(out, "%s", kinds[f->kind]);
  if (f->kind == RESULT_KIND_WORD) {
    append_words(f->words, out);
  }
}

static void append_key(const result_field *f, text *out)
{
  if (f->key != NULL) {
    text_append(out, "| `%s` | ", f->key);
    return;
  }
  text_append(out, "| any name");
  if (f->words != RESULT_WORDS_NONE) {
    text_append(out, " of");
    append_words(f->words, out);
  }
  text_append(out, " | ");
}

static void append_row(const result_field *f, text *out)
{
  const char *when = result_presences[f->presence].words;
  if (f->kind == RESULT_KIND_WITH) {
    text_append(out, "| | all members of ");
    append_link(f->child, out);
    text_append(out, " | | %s | |\n", when);
    return;
  }
  append_key(f, out);
  append_kind(f, out);
  text_append(out, " | %s | %s | %s |\n", f->unit, when, f->meaning);
}

void result_fields_reference(text *out)
{
  for (int object = RESULT_OBJECT_NONE + 1; object < RESULT_OBJECT_COUNT; object++) {
    text_append(out,
                "### %s\n\n| member | value | unit | when | meaning |\n|---|---|---|---|---|\n",
                result_object_title((result_object)object));
    for (int i = 0; i < FIELDS; i++) {
      if (fields[i].object == (result_object)object) {
        append_row(&fields[i], out);
      }
    }
    text_append(out, "\n");
  }
}
