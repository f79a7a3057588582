/* Evidence against the model: every row predicted, and judged. Nothing is fitted here. */
#ifndef STUDY_VALIDATE_H
#define STUDY_VALIDATE_H

#include "study/evidence_predict.h"

typedef struct validation_request {
  const char *evidence_file;
  int patients;  /* of every case with virtual patients; 0: as the file has it */
  bool has_seed; /* replaces that of the patients of every case */
  uint64_t seed;
  int threads;
  progress *progress; /* may be NULL */
} validation_request;

typedef struct study_validation {
  evidence *evidence;             /* owned */
  evidence_prediction *predicted; /* (evidence->n_rows), owned */
  char failure[512];              /* of the first patient who could not be simulated; "": none */
} study_validation;

/* NULL: *error. The caller frees. */
study_validation *study_validate(const validation_request *request, stepdose_error *error);
void study_validation_free(study_validation *v);

/* Where a prediction lies against the 95 % interval of what was observed: X(ID, word). */
#define VALIDATION_VERDICTS(X)                                                                     \
  X(WITHIN, "within")                                                                              \
  X(BELOW, "below")                                                                                \
  X(ABOVE, "above")                                                                                \
  X(UNKNOWN, "unknown")

typedef enum validation_verdict {
#define X(id, word) VALIDATION_##id,
  VALIDATION_VERDICTS(X)
#undef X
      VALIDATION_VERDICT_COUNT
} validation_verdict;
extern const char *const validation_words[VALIDATION_VERDICT_COUNT];

validation_verdict validation_judge(const evidence_row *row, const evidence_prediction *p);

/* Whether the row asks for something (asked_within), and whether the prediction is that near. */
bool validation_asks(const evidence_row *row);
bool validation_meets(const evidence_row *row, const evidence_prediction *p);

/* Rows of one use: how many, how many lie within. */
typedef struct validation_count {
  int rows, within;
} validation_count;
validation_count validation_count_of(const study_validation *v, evidence_use use);
/* Rows that ask for something: within are those that are met. */
validation_count validation_count_asked(const study_validation *v);

#endif
