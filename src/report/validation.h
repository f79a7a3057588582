/* What the model says of evidence, as text for people and as a table for programs. */
#ifndef REPORT_VALIDATION_H
#define REPORT_VALIDATION_H

#include "base/text.h"
#include "study/validate.h"

#define VALIDATION_CSV "validation.csv"

/* What is asked for; then the rows that were fitted, that no fit has used, and that are seen again,
 * each with its interval, and how many lie within. NULL: no memory; the caller releases. */
char *report_validation(const study_validation *v);

/* One line a row of evidence, in its order; the units are those of the evidence. */
void csv_validation(const study_validation *v, text *out);

#endif
