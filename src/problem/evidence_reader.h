/* One reading of an evidence file: its parts, one file each. Functions return false with
 * reader.error filled. */
#ifndef PROBLEM_EVIDENCE_READER_H
#define PROBLEM_EVIDENCE_READER_H

#include "problem/evidence.h"
#include "problem/reader.h"

typedef struct evidence_reader {
  reader r;     /* without a problem */
  evidence *e;  /* being filled */
  int patients; /* of every case with virtual patients; 0: as the file has it */
} evidence_reader;

/* read_evidence.c: refuses a name that one of the n elements, each `size` bytes and beginning with
 * its name, already has. */
bool evidence_name_is_free(evidence_reader *er, const cJSON *name, const char *what,
                           const void *first, size_t size, int n);

bool read_evidence_case(evidence_reader *er, const cJSON *object); /* read_evidence_cases.c */

/* read_evidence_rows.c */
bool read_evidence_row(evidence_reader *er, const cJSON *object);
bool evidence_is_ratio(const cJSON *object);
bool read_evidence_ratios(evidence_reader *er, const cJSON *list); /* after all rows */

/* read_evidence_pairs.c: refuses rows that tell the same observation twice, or of CRS a severe
 * grade as more frequent than a mild one. After the ratios. */
bool check_evidence_pairs(evidence_reader *er, const cJSON *list);

/* read_evidence_scatter.c: how sure an observation is */
bool read_evidence_scatter(evidence_reader *er, const cJSON *object, evidence_row *row);

bool read_evidence_parameter(evidence_reader *er,
                             const cJSON *object); /* read_evidence_parameters.c */

#endif
