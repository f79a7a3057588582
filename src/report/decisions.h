/* What a search decided about one candidate, by name: the variables of the search, then what the
 * branch fixes of the design. */
#ifndef REPORT_DECISIONS_H
#define REPORT_DECISIONS_H

#include "optimize/evaluate_regimen.h"

enum { DECISIONS_MAX = SEARCH_VARIABLES_MAX + PROBLEM_DESIGN_MAX };

/* Names are borrowed. Returns how many. */
int decisions_of(const regimen_evaluation *e, const double *value, const char *name[DECISIONS_MAX],
                 double decided[DECISIONS_MAX]);

#endif
