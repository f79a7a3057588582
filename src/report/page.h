/* report.html: one run on one page that needs nothing else. Its bytes depend only on the files of
 * the run, and not on when or on how many threads it ran. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/page_run.h"

/* Reads a complete run directory and writes the page into it. */
bool page_write(const char *directory, stepdose_error *error);

/* What the run is called. */
const char *page_title(const page_run *run);

/* page_style.c: the style sheet, in two pieces */
extern const char page_style_words[];
extern const char page_style_charts[];

/* page_parts.c: parts of the page that are words and tables */
void page_question(const page_run *run, text *out);
void page_limits(const page_run *run, text *out);
void page_warnings(const page_run *run, text *out);
/* page_changes.c */
void page_whatif(const page_run *run, text *out);
void page_robustness(const page_run *run, text *out);
void page_assumptions(const page_run *run, text *out);
void page_provenance(const page_run *run, text *out);

#endif
