/* Endpoints of one patient as named rows: what endpoints.csv lists, one column each in
 * patients.csv. */
#ifndef STUDY_ENDPOINT_ROWS_H
#define STUDY_ENDPOINT_ROWS_H

#include "objectives/objective.h"

enum {
  ENDPOINT_NAME_SIZE = 96,
  ENDPOINT_KINDS_BY_WINDOW = 5 + PROBLEM_GRADES,
  ENDPOINT_ROWS_MAX = ENDPOINT_KINDS_BY_WINDOW * (SCHEDULE_WINDOWS_MAX + 1) + 2 * MODEL_SITES_MAX +
                      MODEL_TISSUES_MAX + 8
};

typedef struct endpoint_row {
  char name[ENDPOINT_NAME_SIZE];
  int window; /* dose number from 1; 0: the course */
  const char *unit;
  peak found; /* day NAN: none */
} endpoint_row;

/* rows: room for ENDPOINT_ROWS_MAX; returns how many. Names, windows and their order depend on the
 * problem and the regimen, not on the patient. parameters: of the patient. */
int endpoint_rows(const stepdose_problem *problem, const double *parameters, const endpoints *e,
                  endpoint_row *rows);

/* Has the tumour shrunk by at least half on the day that the goal reads, or at the end: 1 or 0;
 * NAN without a tumour. */
double endpoint_response(const stepdose_problem *problem, const endpoints *e);

#endif
