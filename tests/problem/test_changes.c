/* Files of changes: what is read, and what is refused where. */
#include "problem/changes.h"

#include <criterion/criterion.h>
#include <string.h>

#define MAIN STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"
#define HEAD "{\"format\": \"stepdose-changes-1\", "

static change_list *read_text(const char *bytes, stepdose_error *error)
{
  return changes_read_text("changes.json", bytes, strlen(bytes), error);
}

Test(changes, every_field_is_read)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  change_list *list = read_text(
      HEAD "\"dose_ranges\": false, \"shadow_percent\": 2, \"changes\": ["
           "{\"name\": \"a\", \"set\": [\"/horizon_days=63\", \"/search/seed=2\"], "
           "\"optimize\": true, \"without_premedication\": true}, "
           "{\"name\": \"b\", \"missed_dose\": 2, \"delayed\": {\"dose\": 3, \"days\": 2.5}, "
           "\"dose_error_percent\": -20, \"dose_error_in\": 1}, {\"name\": \"c\"}]}",
      &error);
  cr_assert(list != NULL, "%s", error.message);
  const named_change *a = &list->change[0];
  const named_change *b = &list->change[1];
  cr_expect(list->n == 3 && !list->dose_ranges && list->shadow_percent == 2);
  cr_expect(a->n_sets == 2 && a->optimize && a->without_premedication);
  cr_expect_str_eq(a->set[1], "/search/seed=2");
  cr_expect(b->missed_dose == 2 && b->delayed_dose == 3 && b->delay_days == 2.5);
  cr_expect(b->dose_error_percent == -20 && b->dose_error_in == 1);
  cr_expect(!change_keeps_problem(a) && change_keeps_problem(b));
  cr_expect(change_keeps_problem(&list->change[2]));
  changes_free(list);
}

Test(changes, what_is_left_out_has_its_default)
{
  stepdose_error error;
  change_list *list = read_text(HEAD "\"changes\": []}", &error);
  cr_assert(list != NULL && list->n == 0 && list->dose_ranges && list->shadow_percent == 0);
  changes_free(list);
}

Test(changes, mistakes_are_refused_where_they_stand)
{
  static const struct {
    const char *text, *pointer;
    stepdose_code code;
  } cases[] = {
      {"[]", "", STEPDOSE_WRONG_TYPE},
      {"{\"changes\": []}", "/format", STEPDOSE_MISSING_KEY},
      {"{\"format\": \"stepdose-changes-2\", \"changes\": []}", "/format",
       STEPDOSE_FORMAT_UNSUPPORTED},
      {HEAD "\"changes\": [{\"missed_dose\": 1}]}", "/changes/0/name", STEPDOSE_MISSING_KEY},
      {HEAD "\"changes\": [{\"name\": \"a\", \"mised_dose\": 1}]}", "/changes/0/mised_dose",
       STEPDOSE_UNKNOWN_KEY},
      {HEAD "\"changes\": [{\"name\": \"a\", \"missed_dose\": 0}]}", "/changes/0/missed_dose",
       STEPDOSE_OUT_OF_RANGE},
      {HEAD "\"changes\": [{\"name\": \"a\", \"missed_dose\": 1.5}]}", "/changes/0/missed_dose",
       STEPDOSE_WRONG_TYPE},
      {HEAD "\"changes\": [{\"name\": \"a\", \"delayed\": {\"dose\": 1}}]}",
       "/changes/0/delayed/days", STEPDOSE_MISSING_KEY},
      {HEAD "\"changes\": [{\"name\": \"a\", \"dose_error_percent\": -100}]}",
       "/changes/0/dose_error_percent", STEPDOSE_OUT_OF_RANGE},
      {HEAD "\"changes\": [{\"name\": \"a\", \"dose_error_in\": 1}]}", "/changes/0/dose_error_in",
       STEPDOSE_CONTRADICTION},
      {HEAD "\"changes\": [{\"name\": \"a\", \"missed_dose\": 1, \"optimize\": true}]}",
       "/changes/0/optimize", STEPDOSE_CONTRADICTION},
      {HEAD "\"changes\": [{\"name\": \"a\", \"set\": [\"horizon_days=63\"]}]}", "/changes/0/set/0",
       STEPDOSE_OUT_OF_RANGE},
      {HEAD "\"changes\": [{\"name\": \"a\", \"set\": [\"/limits=[]\", "
            "\"/regimen/steps/0/dose_mg=9\"]}]}",
       "/changes/0/set/1", STEPDOSE_CONTRADICTION},
      {HEAD "\"changes\": [{\"name\": \"a\", \"missed_dose\": 1, \"set\": [\"/regimen={}\"]}]}",
       "/changes/0/set/0", STEPDOSE_CONTRADICTION},
      {HEAD "\"changes\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}", "/changes/1/name",
       STEPDOSE_CONTRADICTION},
      {HEAD "\"changes\": [], \"shadow_percent\": 50}", "/shadow_percent", STEPDOSE_OUT_OF_RANGE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stepdose_error error = {.code = STEPDOSE_OK};
    change_list *list = read_text(cases[i].text, &error);
    cr_expect(list == NULL, "%s", cases[i].text);
    cr_expect(error.code == cases[i].code, "%s: %s, %s", cases[i].text,
              stepdose_code_name(error.code), error.message);
    cr_expect_str_eq(error.pointer, cases[i].pointer, "%s: %s", cases[i].text, error.pointer);
    cr_expect(error.remedy[0] != 0, "%s: no remedy", cases[i].text);
    changes_free(list);
  }
}

/* A search looks at the regimens that are allowed, and they must fit into a changed horizon. */
Test(changes, allowed_regimens_are_changed_for_a_search_or_with_the_horizon)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  change_list *list = read_text(
      HEAD
      "\"changes\": [{\"name\": \"a\", \"set\": [\"/regimen/steps/0/dose_mg=9\"], "
      "\"optimize\": true}, {\"name\": \"b\", \"set\": [\"/regimen/maintenance/first_day=14\", "
      "\"/horizon_days=18\"]}]}",
      &error);
  cr_assert(list != NULL && list->n == 2, "%s", error.message);
  cr_expect(change_sets(&list->change[1], 1, "/horizon_days"));
  cr_expect(change_sets(&list->change[1], 0, "/regimen"));
  cr_expect(!change_sets(&list->change[1], 0, "/regime"));
  changes_free(list);
}

Test(changes, a_refused_setting_names_its_change)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *p = problem_read(MAIN, NULL, 0, &error);
  change_list *list = read_text(
      HEAD "\"changes\": [{\"name\": \"too long\", \"set\": [\"/horizon_days=-1\"]}]}", &error);
  cr_assert(p != NULL && list != NULL, "%s", error.message);
  stepdose_problem *changed = change_problem(p, &list->change[0], &error);
  cr_expect(changed == NULL && error.code == STEPDOSE_OUT_OF_RANGE);
  cr_expect(strstr(error.message, "\"too long\"") != NULL, "%s", error.message);
  problem_free(changed);
  changes_free(list);
  problem_free(p);
}
