/* The table of result.json: consistent in itself, and told in docs/result-file.md row by row. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "report/result_fields.h"

static bool has_child(const result_field *f)
{
  return f->kind == RESULT_KIND_OBJECT || f->kind == RESULT_KIND_LIST ||
         f->kind == RESULT_KIND_WITH;
}

/* WITH and further members have no key of their own. */
static bool has_key(const result_field *f) { return f->key != NULL && f->key[0] != '\0'; }

Test(report, members_of_results_have_a_place_and_a_meaning)
{
  for (int i = 0; i < result_field_count(); i++) {
    const result_field *f = result_field_at(i);
    const char *title = result_object_title(f->object);
    cr_expect_eq(f->child != RESULT_OBJECT_NONE, has_child(f), "row %d of %s", i, title);
    cr_expect_eq(f->words != RESULT_WORDS_NONE && f->key != NULL, f->kind == RESULT_KIND_WORD,
                 "row %d of %s", i, title);
    cr_expect(f->kind == RESULT_KIND_WITH || f->meaning[0] != '\0', "row %d of %s", i, title);
    for (int j = 0; j < i; j++) {
      const result_field *other = result_field_at(j);
      cr_expect(other->object != f->object || !has_key(f) || !has_key(other) ||
                    strcmp(other->key, f->key) != 0,
                "%s of %s is in the table twice", f->key, title);
    }
  }
}

/* The schema has no way to say null of other kinds. */
Test(report, only_numbers_truths_texts_and_objects_of_results_may_be_null)
{
  for (int i = 0; i < result_field_count(); i++) {
    const result_field *f = result_field_at(i);
    const bool able = f->kind == RESULT_KIND_NUMBER || f->kind == RESULT_KIND_WHOLE ||
                      f->kind == RESULT_KIND_TRUTH || f->kind == RESULT_KIND_TEXT ||
                      f->kind == RESULT_KIND_OBJECT;
    cr_expect(able || !result_presences[f->presence].null, "row %d: %s", i, f->key);
  }
}

static void expect_reached(result_object object, bool reached[RESULT_OBJECT_COUNT])
{
  reached[object] = true;
  for (int i = 0; i < result_field_count(); i++) {
    const result_field *f = result_field_at(i);
    if (f->object == object && has_child(f) && !reached[f->child]) {
      expect_reached(f->child, reached);
    }
  }
}

Test(report, every_object_of_results_has_members_and_a_place)
{
  bool reached[RESULT_OBJECT_COUNT] = {false};
  bool filled[RESULT_OBJECT_COUNT] = {false};
  expect_reached(RESULT_OBJECT_RESULT, reached);
  for (int i = 0; i < result_field_count(); i++) {
    filled[result_field_at(i)->object] = true;
  }
  for (int object = RESULT_OBJECT_NONE + 1; object < RESULT_OBJECT_COUNT; object++) {
    const char *title = result_object_title((result_object)object);
    cr_expect(reached[object], "nothing holds '%s'", title);
    cr_expect(filled[object], "'%s' has no members", title);
  }
}

/* `generate_result_schema reference` prints the tables as they are to be. */
Test(report, every_member_of_results_is_documented)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  text reference = {0};
  char *bytes = NULL;
  size_t length = 0;
  cr_assert(file_read(STEPDOSE_SOURCE_DIR "/docs/result-file.md", 1 << 20, &bytes, &length, &e),
            "%s", e.message);
  result_fields_reference(&reference);
  cr_assert(!reference.failed);
  for (char *line = reference.bytes; *line != '\0';) {
    const size_t n = strcspn(line, "\n");
    line[n] = '\0'; /* the text ends in a line break */
    cr_expect_not_null(strstr(bytes, line), "docs/result-file.md lacks the line\n%s", line);
    line += n + 1;
  }
  text_free(&reference);
  release(bytes);
}
