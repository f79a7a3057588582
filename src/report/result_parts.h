/* Pieces of result.json that its two source files share. */
#ifndef REPORT_RESULT_PARTS_H
#define REPORT_RESULT_PARTS_H

#include "report/json_writer.h"
#include "study/propose.h"

void write_doses(json_writer *w, const char *key, const schedule *doses);
void write_limit_name(json_writer *w, const limit *l);
/* What only a proposal has: corner answers, near-optimal set, comparators, infeasibility, search.
 */
void write_proposal_parts(json_writer *w, const study_proposal *p);

#endif
