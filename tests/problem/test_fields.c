/* The table of fields: consistent in itself, and told in docs/problem-file.md row by row. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "base/number.h"
#include "problem/fields.h"
#include "problem/json.h"

Test(problem, fields_have_a_place_a_meaning_and_a_range)
{
  for (int i = 0; i < field_count(); i++) {
    const field *f = field_at(i);
    cr_expect_eq(field_find(f->object, f->key), f, "%s is in the table twice", f->key);
    cr_expect(f->help[0] != '\0', "%s has no meaning", f->key);
    cr_expect(f->low <= f->high, "%s has an empty range", f->key);
    cr_expect(!f->required || f->fallback == NULL || f->kind == KIND_FORMAT,
              "%s is needed and has a default", f->key);
    bool nested = f->kind == KIND_OBJECT || f->kind == KIND_LIST || f->kind == KIND_OBJECTS ||
                  f->kind == KIND_WINDOW || f->kind == KIND_PARAMETERS ||
                  f->kind == KIND_REFERENCE || f->kind == KIND_POPULATION;
    cr_expect_eq(f->child != OBJECT_NONE, nested, "%s", f->key);
  }
}

Test(problem, defaults_are_json_within_their_range)
{
  for (int i = 0; i < field_count(); i++) {
    const field *f = field_at(i);
    json_reader r = {0};
    stepdose_error e = {.code = STEPDOSE_OK};
    if (f->fallback == NULL) {
      continue;
    }
    cJSON *value = json_read_text(&r, "default", f->fallback, strlen(f->fallback), 0, &e);
    cr_expect_not_null(value, "%s: %s", f->key, f->fallback);
    if (cJSON_IsNumber(value)) {
      cr_expect(value->valuedouble >= f->low && value->valuedouble <= f->high, "%s", f->key);
    }
    cJSON_Delete(value);
    json_reader_close(&r);
  }
}

/* A dose can be given on every route, in a step, as maintenance and in a comparator. */
Test(problem, a_range_that_is_open_above_tells_its_lower_end)
{
  char allowed[FIELD_ALLOWED_SIZE];
  field_allowed(field_find(OBJECT_EVIDENCE_PRIOR, "sd"), allowed);
  cr_expect_str_eq(allowed, "a number, at least 1e-09");
  field_allowed(field_find(OBJECT_EVIDENCE_PRIOR, "mean"), allowed);
  cr_expect_str_eq(allowed, "a number");
}

Test(problem, every_route_has_its_fields)
{
  static const field_object objects[] = {OBJECT_STEP, OBJECT_MAINTENANCE, OBJECT_COMPARATOR_DOSE};
  for (int i = 0; i < ROUTE_COUNT; i++) {
    const char *key = route_key((route)i);
    char grid[64];
    snprintf(grid, sizeof grid, "dose_grid_%s", key + strlen("dose_"));
    for (size_t j = 0; j < sizeof objects / sizeof objects[0]; j++) {
      const field *f = field_find(objects[j], key);
      cr_expect(f != NULL && strcmp(f->unit, route_unit((route)i)) == 0, "%s", key);
    }
    cr_expect_not_null(field_find(OBJECT_REGIMEN, grid), "%s", grid);
  }
}

static void row_of_field(const field *f, text *row)
{
  char allowed[FIELD_ALLOWED_SIZE];
  field_allowed(f, allowed);
  text_append(row, "| `%s` | %s | %s%s | %s |", f->key, allowed, f->required ? "needed" : "",
              f->fallback != NULL && f->kind != KIND_FORMAT ? f->fallback : "", f->help);
}

static char *read_documentation(void)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  char *bytes = NULL;
  size_t length = 0;
  cr_assert(file_read(STEPDOSE_SOURCE_DIR "/docs/problem-file.md", 1 << 20, &bytes, &length, &e),
            "%s", e.message);
  return bytes;
}

static void expect_row(const char *documentation, const text *row)
{
  cr_expect_not_null(strstr(documentation, row->bytes), "docs/problem-file.md lacks the row\n%s",
                     row->bytes);
}

Test(problem, every_field_is_documented)
{
  char *documentation = read_documentation();
  for (int i = 0; i < field_count(); i++) {
    text row = {0};
    row_of_field(field_at(i), &row);
    expect_row(documentation, &row);
    text_free(&row);
  }
  release(documentation);
}

/* Risks without a key are told in words. */
Test(problem, every_risk_and_statistic_is_documented)
{
  static const char *const rows[] = {
#define X(id, key, low, high, meaning) "| `" key "` | " meaning " |",
      PROBLEM_RISKS(X)
#undef X
#define X(id, name, meaning) "| `" name "` | " meaning " |",
          PROBLEM_STATISTICS(X)
#undef X
  };
  char *documentation = read_documentation();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    cr_expect(strncmp(rows[i], "| `` |", 6) == 0 || strstr(documentation, rows[i]) != NULL,
              "docs/problem-file.md lacks %s", rows[i]);
  }
  release(documentation);
}

Test(problem, every_measure_engine_limit_and_window_is_documented)
{
  static const char *const window_meanings[] = {
#define X(id, name, meaning) meaning,
      PROBLEM_WINDOWS(X)
#undef X
  };
  static const char *const engine_rows[] = {
#define X(name, meaning, algorithm, local, constraints) "| `" name "` | " meaning " |",
      PROBLEM_ENGINES(X)
#undef X
  };
  static const char *const dose_rows[] = {
#define X(id, name, meaning) "| `" name "` | " meaning " |",
      PROBLEM_WITH_DOSES(X) SCHEDULE_STAYS_AFTER(X)
#undef X
  };
  char *documentation = read_documentation();
  for (int i = 0; i < MEASURE_COUNT; i++) {
    const measure_row *m = &problem_measures[i];
    text row = {0};
    text_append(&row, "| `%s` | %s | %s%s |", m->name, m->unit, m->meaning,
                m->exploitable ? "; can be gamed by timing, warned about" : "");
    expect_row(documentation, &row);
    text_free(&row);
  }
  for (size_t i = 0; i < sizeof engine_rows / sizeof engine_rows[0]; i++) {
    cr_expect_not_null(strstr(documentation, engine_rows[i]), "docs/problem-file.md lacks %s",
                       engine_rows[i]);
  }
  for (int i = 0; i < LIMIT_KIND_COUNT; i++) {
    const limit_kind_row *l = &problem_limit_kinds[i];
    text row = {0};
    text_append(&row, "| `%s` | `%s` | %s | %s | %s |", l->objective, l->key, l->unit,
                l->takes_window ? "yes" : "no", l->meaning);
    expect_row(documentation, &row);
    text_free(&row);
  }
  for (int i = 0; i < WITH_DOSES_COUNT + STAY_AFTER_COUNT; i++) {
    cr_expect_not_null(strstr(documentation, dose_rows[i]), "docs/problem-file.md lacks %s",
                       dose_rows[i]);
  }
  for (int i = 0; i < WINDOW_KIND_COUNT; i++) {
    text row = {0};
    text_append(&row, "| `%s` | %s |", problem_window_names[i], window_meanings[i]);
    expect_row(documentation, &row);
    text_free(&row);
  }
  release(documentation);
}
