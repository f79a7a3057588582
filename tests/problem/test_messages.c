/* What a refusal or a warning says, where its code and its place do not tell it. */
#include <criterion/criterion.h>
#include <string.h>

#include "problem/problem.h"

#define SOLID STEPDOSE_SOURCE_DIR "/problems/synapse-cea-solid.json"

static const struct {
  const char *change, *pointer;
  const char *says, *says_not; /* in the message */
} refused[] = {
    {"/limits=[{\"objective\":\"crs\",\"grade_at_least\":2}]", "/limits/0/probability_max",
     "no bound", "drive"},
    {"/limits=[{\"objective\":\"crs\"}]", "/limits/0/max_drive_pg_mL", "no bound", "grade"},
    {"/limits=[{\"objective\":\"immune_activation\",\"site\":\"blood\",\"above\":0.2}]",
     "/limits/0/days_above_max", "no bound", "cd8"},
    {"/limits=[{\"objective\":\"off_tumor\",\"grade_at_least\":2,\"window\":\"first_dose\"}]",
     "/limits/0/window", "\"grade_at_least\" of \"off_tumor\" has no \"window\"", "health_min"},
    {"/limits=[{\"objective\":\"off_tumor\",\"health_min\":0.5,\"window\":\"first_dose\"}]",
     "/limits/0/window", "\"health_min\" of \"off_tumor\" has no \"window\"", "grade"},
};

Test(messages, a_refusal_speaks_of_what_was_written)
{
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    stepdose_error e = {.code = STEPDOSE_OK};
    stepdose_problem *p = problem_read(SOLID, &refused[i].change, 1, &e);
    cr_assert_null(p, "%s was accepted", refused[i].change);
    cr_expect_str_eq(e.pointer, refused[i].pointer, "%s: %s", refused[i].change, e.pointer);
    cr_expect(strstr(e.message, refused[i].says) != NULL, "%s: %s", refused[i].change, e.message);
    cr_expect(strstr(e.message, refused[i].says_not) == NULL, "%s: %s", refused[i].change,
              e.message);
  }
}

static bool is_parameter(const stepdose_problem *p, const char *name, size_t length)
{
  char key[PROBLEM_PARAMETER_KEY_SIZE];
  for (int i = 0; i < p->model->n_parameters; i++) {
    if (problem_parameter_key(p, i, key) && strlen(key) == length &&
        strncmp(key, name, length) == 0) {
      return true;
    }
  }
  return false;
}

/* More values are assumed than a warning has room for. */
Test(messages, a_list_of_names_ends_with_a_whole_name_or_says_that_it_goes_on)
{
  static const char lead[] = "not measured: ";
  stepdose_error e = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(SOLID, NULL, 0, &e);
  cr_assert_not_null(p, "%s", e.message);
  const char *list = NULL;
  for (int i = 0; i < p->n_warnings; i++) {
    const char *found = strstr(p->warnings[i], lead);
    list = found != NULL ? found + sizeof lead - 1 : list;
  }
  cr_assert_not_null(list, "no value is assumed");
  bool open = false;
  for (const char *at = list; *at != '\0';) {
    const size_t length = strcspn(at, ",");
    cr_expect(!open, "names follow \"...\": %s", list);
    open = strncmp(at, "...", length) == 0 && length == 3;
    cr_expect(open || is_parameter(p, at, length), "\"%.*s\" is no parameter", (int)length, at);
    at += length + (at[length] == ',' ? 2 : 0);
  }
  cr_expect(open, "the list is complete, the test says little: %s", list);
  problem_free(p);
}
