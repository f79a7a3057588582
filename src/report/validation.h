/* What the model says of evidence, as text for people and as a table for programs. */
#ifndef REPORT_VALIDATION_H
#define REPORT_VALIDATION_H

#include "base/text.h"
#include "study/validate.h"

#define VALIDATION_CSV "validation.csv"
#define VALIDATION_PAGE "validation.html"

/* What is asked for; then the rows that were fitted, that no fit has used, and that are seen again,
 * each with its interval, and how many lie within. NULL: no memory; the caller releases. */
char *report_validation(const study_validation *v);

/* One line a row of evidence, in its order; the units are those of the evidence. */
void csv_validation(const study_validation *v, text *out);

/* page_validation.c: the same as one page with figures, as report.html is one of a run. */
void page_validation(const study_validation *v, text *out);
/* figure_validation.c: one or two figures for each drug */
void figure_validation(const study_validation *v, text *out);

/* A ratio to another row; a share of patients, shown in percent. */
bool validation_is_ratio(const evidence_row *row);
bool validation_is_share(const evidence_row *row);

#endif
