/* The table of fields.def as data. */
#ifndef PROBLEM_FIELDS_H
#define PROBLEM_FIELDS_H

#include "problem/problem.h"

/* Objects of the files: X(ID, what it is called in messages). */
#define FIELD_OBJECTS(X)                                                                           \
  X(NONE, "")                                                                                      \
  X(PROBLEM, "the problem")                                                                        \
  X(REGIMEN, "a regimen")                                                                          \
  X(PREMEDICATION, "premedication")                                                                \
  X(STAY, "a stay in hospital")                                                                    \
  X(STEP, "a step")                                                                                \
  X(MAINTENANCE, "maintenance")                                                                    \
  X(CHOICE, "a range")                                                                             \
  X(RANGE, "a range without grid")                                                                 \
  X(GOAL, "a goal")                                                                                \
  X(LIMIT, "a limit")                                                                              \
  X(WINDOW, "a window of days")                                                                    \
  X(PARETO, "pareto")                                                                              \
  X(PARETO_GOAL, "a goal of a front")                                                              \
  X(COST, "what a front minimizes")                                                                \
  X(VERIFICATION, "verification")                                                                  \
  X(SEARCH, "search")                                                                              \
  X(SENSITIVITY, "sensitivity")                                                                    \
  X(SENSITIVITY_INPUT, "an input")                                                                 \
  X(RESTART, "restart")                                                                            \
  X(REQUEST, "a request for patients")                                                             \
  X(POPULATION, "a population")                                                                    \
  X(MOLECULE, "a molecule")                                                                        \
  X(INDICATION, "an indication")                                                                   \
  X(PARAMETER, "a parameter")                                                                      \
  X(CALIBRATION, "a calibration")                                                                  \
  X(CALIBRATED_PARAMETER, "a calibrated parameter")                                                \
  X(COMPARATOR, "a comparator")                                                                    \
  X(COMPARATOR_DOSE, "a dose of a comparator")                                                     \
  X(REGIMEN_FILE, "a regimen file")                                                                \
  X(POPULATION_COORDINATE, "a coordinate")                                                         \
  X(POPULATION_ROW, "a row of an empirical law")                                                   \
  X(POPULATION_CORRELATION, "a correlation")                                                       \
  X(POPULATION_DERIVED, "a derived quantity")                                                      \
  X(POPULATION_FACTOR, "a part of a product")                                                      \
  X(POPULATION_RANGE, "a plausible range")                                                         \
  X(POPULATION_WEIGHTS, "a set of weights")                                                        \
  X(POPULATION_STRATUM, "a stratum")                                                               \
  X(EVIDENCE, "evidence")                                                                          \
  X(EVIDENCE_CASE, "a case")                                                                       \
  X(EVIDENCE_ROW, "a row of evidence")                                                             \
  X(EVIDENCE_PARAMETER, "a parameter to be fitted")                                                \
  X(EVIDENCE_PRIOR, "a prior")                                                                     \
  X(EVIDENCE_TARGET, "what a parameter sets")                                                      \
  X(CHANGES, "changes")                                                                            \
  X(CHANGE, "a change")                                                                            \
  X(DELAY, "a delay")

typedef enum field_object {
#define X(id, name) OBJECT_##id,
  FIELD_OBJECTS(X)
#undef X
      OBJECT_COUNT
} field_object;

/* Kinds of value: X(ID, what is allowed, in words). */
#define FIELD_KINDS(X)                                                                             \
  X(FORMAT, "a text that names the format")                                                        \
  X(TEXT, "a text")                                                                                \
  X(TEXTS, "a list of texts")                                                                      \
  X(FLAG, "true or false")                                                                         \
  X(NUMBER, "a number")                                                                            \
  X(WHOLE, "a whole number")                                                                       \
  X(NUMBERS, "a list of increasing numbers")                                                       \
  X(CHOICE, "a number, a range {\"min\", \"max\", \"grid\"} or a list of increasing numbers")      \
  X(WHOLE_CHOICE,                                                                                  \
    "a whole number, a range {\"min\", \"max\"} or a list of increasing whole numbers")            \
  X(RANGE, "a number or a range {\"min\", \"max\"}")                                               \
  X(OBJECT, "an object")                                                                           \
  X(LIST, "a list of objects")                                                                     \
  X(OBJECTS, "an object or a list of objects")                                                     \
  X(DESIGN, "an object of numbers, ranges {\"min\", \"max\"} or lists of increasing numbers")      \
  X(VALUES, "a number, a range {\"min\", \"max\"} or a list of increasing numbers")                \
  X(FALLING, "a list of 4 falling numbers")                                                        \
  X(UNORDERED, "a list of numbers")                                                                \
  X(WINDOW, "a text or {\"from_day\", \"to_day\"}")                                                \
  X(PARAMETERS, "an object of parameters")                                                         \
  X(REFERENCE, "the path of a file, or the object itself")                                         \
  X(POPULATION, "\"reference\", the path of a file, a population or a request for patients")       \
  X(FIELDS, "the path of a problem file, or an object with fields of a problem")

typedef enum field_kind {
#define X(id, allowed) KIND_##id,
  FIELD_KINDS(X)
#undef X
      KIND_COUNT
} field_kind;

typedef struct field {
  field_object object;
  const char *key;
  field_kind kind;
  field_object child; /* what an OBJECT, LIST, REFERENCE, ... holds */
  bool required;
  double low, high;     /* range of numbers; of texts and lists: range of their length */
  const char *unit;     /* "" where it has none */
  const char *fallback; /* JSON text of the default; NULL: none */
  const char *help;
} field;

int field_count(void);
const field *field_at(int i);
const field *field_find(field_object object, const char *key);    /* NULL if there is none */
const char *field_nearest(field_object object, const char *word); /* a key to suggest, or NULL */
const char *field_object_name(field_object object);
const char *field_kind_allowed(field_kind kind);

/* What a field takes, for remedies: "a number from 1 to 60 mg". */
enum { FIELD_ALLOWED_SIZE = 256 };
void field_allowed(const field *f, char allowed[FIELD_ALLOWED_SIZE]);

#endif
