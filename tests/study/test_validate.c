/* Predictions judged against observations. */
#include "problem/evidence_text.h"

#include "study/validate.h"

#include <math.h>

Test(validate, a_prediction_is_within_below_or_above_what_was_observed)
{
  static const struct {
    double low, high, value;
    validation_verdict verdict;
  } cases[] = {{1, 2, 1.5, VALIDATION_WITHIN},        {1, 2, 1, VALIDATION_WITHIN},
               {1, 2, 2, VALIDATION_WITHIN},          {1, 2, 0.999, VALIDATION_BELOW},
               {1, 2, 2.001, VALIDATION_ABOVE},       {-INFINITY, 2, -5, VALIDATION_WITHIN},
               {1, INFINITY, 1e9, VALIDATION_WITHIN}, {1, 2, NAN, VALIDATION_UNKNOWN}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const evidence_row row = {.low = cases[i].low, .high = cases[i].high};
    const evidence_prediction p = {.value = cases[i].value};
    cr_expect_eq(validation_judge(&row, &p), cases[i].verdict, "case %zu", i);
  }
}

Test(validate, what_is_asked_is_met_up_to_the_distance_that_is_asked)
{
  static const struct {
    evidence_scale scale;
    evidence_bound bound;
    double observed, asked, value;
    bool met;
  } cases[] = {{EVIDENCE_LINEAR, EVIDENCE_EQUAL, 0.29, 0.08, 0.37, true},
               {EVIDENCE_LINEAR, EVIDENCE_EQUAL, 0.29, 0.08, 0.371, false},
               {EVIDENCE_LINEAR, EVIDENCE_EQUAL, 0.29, 0.08, 0.2, false},
               {EVIDENCE_LOG10, EVIDENCE_EQUAL, 17.5, 0.47712125471966244, 52.5, true},
               {EVIDENCE_LOG10, EVIDENCE_EQUAL, 17.5, 0.47712125471966244, 5.8, false},
               {EVIDENCE_LOG10, EVIDENCE_AT_LEAST, 1, 0, 1.001, true},
               {EVIDENCE_LOG10, EVIDENCE_AT_LEAST, 1, 0, 0.999, false},
               {EVIDENCE_LINEAR, EVIDENCE_EQUAL, 0.29, 0.08, NAN, false}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const evidence_row row = {.scale = cases[i].scale,
                              .bound = cases[i].bound,
                              .observed = cases[i].observed,
                              .asked = cases[i].asked};
    const evidence_prediction p = {.value = cases[i].value};
    cr_expect_eq(validation_meets(&row, &p), cases[i].met, "case %zu", i);
  }
}

Test(validate, evidence_that_is_not_there_is_an_input_error)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const validation_request request = {.evidence_file = "no-such-evidence.json", .threads = 1};
  cr_expect_null(study_validate(&request, &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT, "%s", error.message);
}

Test(validate, rows_of_each_use_are_counted_apart)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const validation_request request = {
      .evidence_file = EVIDENCE_SHIPPED, .threads = 2, .patients = 4};
  study_validation *v = study_validate(&request, &error);
  cr_assert_not_null(v, "%s: %s", error.pointer, error.message);
  int rows = 0;
  for (int use = 0; use < EVIDENCE_USE_COUNT; use++) {
    const validation_count count = validation_count_of(v, (evidence_use)use);
    cr_expect(count.within >= 0 && count.within <= count.rows);
    rows += count.rows;
  }
  cr_expect_eq(rows, v->evidence->n_rows);
  study_validation_free(v);
}
