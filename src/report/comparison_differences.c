/* Fields in which the problems of several runs differ, as their problem.json have them. */
#include "base/number.h"
#include "report/comparison.h"
#include "report/html.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 24, ROWS_MAX = 80, POINTER_SIZE = 256, VALUE_SIZE = 72 };

/* Words about a value, which change with it. */
static const char *const passed_over[] = {"source", "description", "comment"};

typedef struct difference_walk {
  const comparison *c;
  html_table *table; /* NULL: only counts */
  long found;
} difference_walk;

/* Problems of another model than the first would differ in everything. */
static bool is_listed(const comparison *c, int i)
{
  return c->run[i].run->problem->model == c->run[0].run->problem->model;
}

/* The same place in each of the listed problems; NULL: that one has none. */
typedef struct same_place {
  const cJSON *in[COMPARED_RUNS_MAX];
} same_place;

static bool all_equal(const difference_walk *w, const same_place *at)
{
  for (int i = 1; i < w->c->n; i++) {
    const bool both_absent = at->in[0] == NULL && at->in[i] == NULL;
    if (is_listed(w->c, i) && !both_absent && !cJSON_Compare(at->in[0], at->in[i], true)) {
      return false;
    }
  }
  return true;
}

static bool all_are(const difference_walk *w, const same_place *at, cJSON_bool (*is)(const cJSON *))
{
  for (int i = 0; i < w->c->n; i++) {
    if (is_listed(w->c, i) && (at->in[i] == NULL || !is(at->in[i]))) {
      return false;
    }
  }
  return true;
}

/* --- one row ---------------------------------------------------------------------------------- */

/* {"value": 3, "unit": "nM", ...}: the number with its unit. */
static bool is_quantity(const cJSON *value) { return cJSON_IsNumber(page_member(value, "value")); }

static void show_number(const cJSON *number, const char *unit, char out[VALUE_SIZE])
{
  char digits[NUMBER_TEXT_SIZE];
  number_format(number->valuedouble, digits);
  const bool told = unit[0] != 0 && strcmp(unit, "1") != 0;
  snprintf(out, VALUE_SIZE, "%s%s%.24s", digits, told ? " " : "", told ? unit : "");
}

static void show_words(const char *words, char out[VALUE_SIZE])
{
  snprintf(out, VALUE_SIZE, "%.*s%s", VALUE_SIZE - 4, words,
           strlen(words) > VALUE_SIZE - 4 ? "..." : "");
}

static void show_value(const cJSON *value, char out[VALUE_SIZE])
{
  char whole[8 * VALUE_SIZE];
  if (value == NULL) {
    snprintf(out, VALUE_SIZE, "-");
  } else if (cJSON_IsString(value)) {
    show_words(value->valuestring, out);
  } else if (cJSON_IsNumber(value)) {
    show_number(value, "", out);
  } else if (is_quantity(value)) {
    show_number(page_member(value, "value"), page_string(value, "unit"), out);
  } else if (cJSON_PrintPreallocated((cJSON *)value, whole, (int)sizeof whole, false)) {
    show_words(whole, out);
  } else {
    snprintf(out, VALUE_SIZE, "%s", cJSON_IsArray(value) ? "[...]" : "{...}");
  }
}

static void write_row(difference_walk *w, const char *pointer, const same_place *at)
{
  w->found++;
  if (w->table == NULL || w->found > ROWS_MAX) {
    return;
  }
  html_cell(w->table, "%s", pointer);
  for (int i = 0; i < w->c->n; i++) {
    if (is_listed(w->c, i)) {
      char shown[VALUE_SIZE];
      show_value(at->in[i], shown);
      html_cell(w->table, "%s", shown);
    }
  }
}

/* --- the walk --------------------------------------------------------------------------------- */

static void walk(difference_walk *w, const char *pointer, const same_place *at, int depth);

static bool is_passed_over(const char *key)
{
  for (size_t i = 0; i < sizeof passed_over / sizeof passed_over[0]; i++) {
    if (strcmp(passed_over[i], key) == 0) {
      return true;
    }
  }
  return false;
}

/* Whether an object before the i-th has the key too. */
static bool seen_before(const same_place *at, int i, const char *key)
{
  for (int other = 0; other < i; other++) {
    if (page_member(at->in[other], key) != NULL) {
      return true;
    }
  }
  return false;
}

static void walk_member(difference_walk *w, const char *pointer, const same_place *at,
                        const char *key, int depth)
{
  char longer[POINTER_SIZE];
  same_place member = {{NULL}};
  snprintf(longer, sizeof longer, "%.180s/%.70s", pointer, key);
  for (int i = 0; i < w->c->n; i++) {
    member.in[i] = page_member(at->in[i], key);
  }
  walk(w, longer, &member, depth + 1);
}

static void walk_objects(difference_walk *w, const char *pointer, const same_place *at, int depth)
{
  for (int i = 0; i < w->c->n; i++) {
    const cJSON *entry;
    cJSON_ArrayForEach(entry, at->in[i])
    {
      if (!is_passed_over(entry->string) && !seen_before(at, i, entry->string)) {
        walk_member(w, pointer, at, entry->string, depth);
      }
    }
  }
}

static void walk_arrays(difference_walk *w, const char *pointer, const same_place *at, int depth)
{
  int longest = 0;
  for (int i = 0; i < w->c->n; i++) {
    const int n = cJSON_GetArraySize(at->in[i]);
    longest = n > longest ? n : longest;
  }
  for (int k = 0; k < longest; k++) {
    char longer[POINTER_SIZE];
    same_place item = {{NULL}};
    snprintf(longer, sizeof longer, "%.230s/%d", pointer, k);
    for (int i = 0; i < w->c->n; i++) {
      item.in[i] = cJSON_GetArrayItem(at->in[i], k);
    }
    walk(w, longer, &item, depth + 1);
  }
}

static void walk(difference_walk *w, const char *pointer, const same_place *at, int depth)
{
  if (all_equal(w, at)) {
    return;
  }
  const bool whole = depth >= DEEPEST || (at->in[0] != NULL && is_quantity(at->in[0]));
  if (!whole && all_are(w, at, cJSON_IsObject)) {
    walk_objects(w, pointer, at, depth);
  } else if (!whole && all_are(w, at, cJSON_IsArray)) {
    walk_arrays(w, pointer, at, depth);
  } else {
    write_row(w, pointer, at);
  }
}

static void walk_problems(difference_walk *w)
{
  same_place root = {{NULL}};
  for (int i = 0; i < w->c->n; i++) {
    root.in[i] = is_listed(w->c, i) ? w->c->run[i].run->settings : NULL;
  }
  walk(w, "", &root, 0);
}

static void write_table(const comparison *c, text *out)
{
  text columns = {0};
  text_append(&columns, "field of the problem");
  for (int i = 0; i < c->n; i++) {
    if (is_listed(c, i)) {
      text_append(&columns, "|run %d", i + 1);
    }
  }
  if (columns.failed) {
    out->failed = true;
    text_free(&columns);
    return;
  }
  html_table t = html_table_open(out, "Fields in which the problems differ", columns.bytes);
  difference_walk w = {c, &t, 0};
  walk_problems(&w);
  html_table_close(&t);
  if (w.found > ROWS_MAX) {
    text_append(out, "<p class=\"note\">%ld further fields: problem.json of the runs.</p>\n",
                w.found - ROWS_MAX);
  }
  text_free(&columns);
}

static void note_unlisted(const comparison *c, text *out)
{
  for (int i = 0; i < c->n; i++) {
    if (!is_listed(c, i)) {
      char name[WORDS_SIZE];
      comparison_name(c, i, name);
      text_append(out, "<p class=\"note\">");
      html_format(out, "Not listed: %s, which has another model (%s).", name,
                  c->run[i].run->problem->model->name);
      text_append(out, "</p>\n");
    }
  }
}

void comparison_differences(const comparison *c, text *out)
{
  difference_walk w = {c, NULL, 0};
  walk_problems(&w);
  if (w.found > 0) {
    write_table(c, out);
  } else {
    text_append(out, "<p>These runs have the same problem: they differ in verb or regimen.</p>\n");
  }
  note_unlisted(c, out);
}
