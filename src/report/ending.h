/* How a run ended, in one sentence. */
#ifndef REPORT_ENDING_H
#define REPORT_ENDING_H

#include "report/report.h"

enum { ENDING_SIZE = 320 };

/* Why the search ended: "converged", "evaluation budget used up", ... */
const char *ending_of_search(const study_proposal *p);
/* What the status of this run means; p NULL for a simulation. */
void ending_meaning(const report_run *run, const study_proposal *p, char out[ENDING_SIZE]);
/* What the reader can do next, or NULL; of a proposal, or after searches that ended so. */
const char *ending_next(const report_run *run, const study_proposal *p);
const char *ending_next_after(stepdose_status status, search_end end);

#endif
