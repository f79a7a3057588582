/* The table of result_fields.def as data: what result.json holds. */
#ifndef REPORT_RESULT_FIELDS_H
#define REPORT_RESULT_FIELDS_H

#include "base/text.h"

/* Objects of result.json: X(ID, title). Those that others take in whole (WITH) never stand alone.
 */
#define RESULT_OBJECTS(X)                                                                          \
  X(NONE, "")                                                                                      \
  X(RESULT, "the whole file")                                                                      \
  X(PROBLEM, "problem")                                                                            \
  X(REGIMEN, "regimen")                                                                            \
  X(DOSE, "a dose")                                                                                \
  X(DESIGN, "design")                                                                              \
  X(DESIGN_VALUE, "a property of the molecule")                                                    \
  X(GOAL, "goal")                                                                                  \
  X(LIMIT_NAME, "which limit")                                                                     \
  X(LIMIT, "a limit")                                                                              \
  X(LIMIT_WORST, "the worst value of a limit")                                                     \
  X(LIMIT_VALUE, "a value of a limit")                                                             \
  X(COHORT, "cohort")                                                                              \
  X(IMPLAUSIBLE, "a plausible range")                                                              \
  X(STRATUM_SIZE, "the size of a stratum")                                                         \
  X(SHARE, "a share of the patients")                                                              \
  X(FIGURE, "percentiles")                                                                         \
  X(FIGURES, "percentiles alone")                                                                  \
  X(COHORT_REGIMEN, "a regimen in virtual patients")                                               \
  X(FAILURES, "failures")                                                                          \
  X(COHORT_LIMIT, "a limit in virtual patients")                                                   \
  X(EXCEEDED, "a limit after one dose")                                                            \
  X(RISKS, "goal and risks")                                                                       \
  X(RISK, "a risk")                                                                                \
  X(STRATUM_FINDINGS, "goal and risks in a stratum")                                               \
  X(ENDPOINT, "an endpoint")                                                                       \
  X(CRS_SHARE, "cytokine release syndrome")                                                        \
  X(ONSET, "onset of cytokine release syndrome")                                                   \
  X(RESTART, "restart")                                                                            \
  X(RESTART_RULE, "a rule after a missed dose")                                                    \
  X(RESTART_WINDOW, "a missed dose")                                                               \
  X(RULE_DAYS, "until when each rule holds")                                                       \
  X(WHATIF, "whatif")                                                                              \
  X(CHANGE, "a change")                                                                            \
  X(CHANGE_FIGURE, "a figure of a change")                                                         \
  X(DOSE_RANGE, "the range of a dose")                                                             \
  X(SHADOW_PRICES, "shadow prices")                                                                \
  X(SHADOW_PRICE, "the price of a limit")                                                          \
  X(ROBUSTNESS, "robustness")                                                                      \
  X(ROBUST_ROW, "what does not go as planned")                                                     \
  X(ROBUST_FIGURE, "a regimen after that")                                                         \
  X(DRAWS, "draws of fitted values")                                                               \
  X(DRAWN_LIMIT, "a limit over the draws")                                                         \
  X(STRATA, "strata")                                                                              \
  X(OVERALL_GAIN, "the gain over all strata")                                                      \
  X(GAIN, "what a regimen of their own gains them")                                                \
  X(STRATUM_ANSWER, "a stratum with its regimen")                                                  \
  X(STRATUM_RISKS, "a regimen in a stratum")                                                       \
  X(STRATUM_SEARCH, "the search for a stratum")                                                    \
  X(CALIBRATION, "calibration")                                                                    \
  X(EVIDENCE, "evidence")                                                                          \
  X(FIT_START, "a start of the fit")                                                               \
  X(FIT_PARAMETER, "a fitted parameter")                                                           \
  X(FIT_WARNING, "a warning of the fit")                                                           \
  X(FIT_DIRECTION, "a direction left open")                                                        \
  X(LOADINGS, "loadings")                                                                          \
  X(PARETO, "pareto")                                                                              \
  X(PARETO_GOAL, "a goal of the front")                                                            \
  X(TRACE, "the front on the way")                                                                 \
  X(FRESH_PATIENTS, "fresh patients")                                                              \
  X(PARETO_SEARCH, "the search of the front")                                                      \
  X(PARETO_POINT, "a point of the front")                                                          \
  X(PARETO_VALUE, "a goal at a point")                                                             \
  X(PARETO_LIMIT, "a limit at a point")                                                            \
  X(EXCHANGE, "one percent less")                                                                  \
  X(SENSITIVITY, "sensitivity")                                                                    \
  X(INPUT, "an input")                                                                             \
  X(OUTPUT, "an output")                                                                           \
  X(FLAG, "a flag")                                                                                \
  X(CORNER, "corner")                                                                              \
  X(BOUND, "a variable at its bound")                                                              \
  X(ASSESSMENT, "a regimen in the reference patient")                                              \
  X(LARGEST_VALUE, "a limit where it is worst")                                                    \
  X(IN_SEARCH, "a regimen in the patients of the search")                                          \
  X(NEAR_OPTIMAL, "near optimal")                                                                  \
  X(NEAR, "a regimen nearly as good")                                                              \
  X(COMPARATOR, "a comparator")                                                                    \
  X(INFEASIBILITY, "infeasibility")                                                                \
  X(RELAXATION, "a limit that would move")                                                         \
  X(PATIENTS_SEARCH, "patients of the search")                                                     \
  X(ROUND, "a round of verification")                                                              \
  X(RESPONSIBLE, "responsible patients")                                                           \
  X(DIFFERENCE, "in what they differ")                                                             \
  X(SEARCH, "search")                                                                              \
  X(BRANCH, "a branch of the search")                                                              \
  X(POINT, "a point of the search")                                                                \
  X(VARIABLES, "variables")                                                                        \
  X(START, "a start of the search")                                                                \
  X(MAP, "map")                                                                                    \
  X(LATIN_HYPERCUBE, "latin_hypercube")                                                            \
  X(AXIS, "an axis of the map")                                                                    \
  X(MAP_COUNTS, "points by status")                                                                \
  X(VERSIONS, "versions")                                                                          \
  X(FILES, "files")                                                                                \
  X(RUN, "run")

typedef enum result_object {
#define X(id, title) RESULT_OBJECT_##id,
  RESULT_OBJECTS(X)
#undef X
      RESULT_OBJECT_COUNT
} result_object;

/* Kinds of value: X(ID, in words). */
#define RESULT_KINDS(X)                                                                            \
  X(FORMAT, "the text of this format")                                                             \
  X(TEXT, "text")                                                                                  \
  X(WORD, "one of")                                                                                \
  X(DIGITS, "digits in a text")                                                                    \
  X(HASH, "64 hexadecimal digits")                                                                 \
  X(TRUTH, "true or false")                                                                        \
  X(WHOLE, "whole number")                                                                         \
  X(NUMBER, "number")                                                                              \
  X(TEXTS, "list of texts")                                                                        \
  X(WHOLES, "list of whole numbers")                                                               \
  X(NUMBERS, "list of numbers, null where there is none")                                          \
  X(OBJECT, "object")                                                                              \
  X(LIST, "list of objects")                                                                       \
  X(WITH, "all members of")

typedef enum result_kind {
#define X(id, words) RESULT_KIND_##id,
  RESULT_KINDS(X)
#undef X
      RESULT_KIND_COUNT
} result_kind;

/* When a member is there: X(ID, always there, may be null, in words). */
#define RESULT_PRESENCES(X)                                                                        \
  X(ALWAYS, true, false, "")                                                                       \
  X(OR_NULL, true, true, "null where there is none")                                               \
  X(SOMETIMES, false, false, "not always")                                                         \
  X(SOMETIMES_OR_NULL, false, true, "not always, or null")

typedef enum result_presence {
#define X(id, always, null, words) RESULT_PRESENCE_##id,
  RESULT_PRESENCES(X)
#undef X
      RESULT_PRESENCE_COUNT
} result_presence;

typedef struct result_presence_row {
  bool always, null;
  const char *words;
} result_presence_row;
extern const result_presence_row result_presences[RESULT_PRESENCE_COUNT];

/* Lists of words, each the table of its own room. */
typedef enum result_words {
  RESULT_WORDS_NONE,
  RESULT_WORDS_STATUS,
  RESULT_WORDS_END,
  RESULT_WORDS_ROUTE,
  RESULT_WORDS_MEASURE,
  RESULT_WORDS_STATISTIC,
  RESULT_WORDS_LIMIT_KEY,
  RESULT_WORDS_WINDOW,
  RESULT_WORDS_RISK,
  RESULT_WORDS_RESTART_MEASURE,
  RESULT_WORDS_RESTART_RULE,
  RESULT_WORDS_STRATUM_SOURCE,
  RESULT_WORDS_FIT_SCALE,
  RESULT_WORDS_FIT_WARNING,
  RESULT_WORDS_METHOD,
  RESULT_WORDS_INPUT_KIND,
  RESULT_WORDS_SOURCE,
  RESULT_WORDS_FLAG,
  RESULT_WORDS_RUN_FILE,
  RESULT_WORDS_COUNT
} result_words;

typedef struct result_field {
  result_object object;
  const char *key; /* NULL: further members, whose keys are names; "" of WITH */
  result_kind kind;
  result_object child; /* of OBJECT, LIST and WITH */
  result_words words;  /* of WORD, or the names of further members; NONE: any name */
  result_presence presence;
  const char *unit; /* "-": told beside it; "": has none */
  const char *meaning;
} result_field;

int result_field_count(void);
const result_field *result_field_at(int i);
const char *result_object_title(result_object object);
/* It is taken in whole by others. */
bool result_object_is_part(result_object object);
/* The i-th word of a list, each once; NULL behind the last. */
const char *result_word(result_words words, int i);
/* The tables of docs/result-file.md. */
void result_fields_reference(text *out);

#endif
