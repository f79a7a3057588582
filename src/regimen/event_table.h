/* NONMEM event records: regimen.csv. */
#ifndef REGIMEN_EVENT_TABLE_H
#define REGIMEN_EVENT_TABLE_H

#include "base/text.h"
#include "problem/problem.h"

/* Columns ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV; TIME in days, AMT in mg (civ: ug/m2 in all,
 * RATE in ug/m2/day); CMT is the route's compartment: 1 blood, 2 subcutaneous depot, 3 and up
 * premedication (event_columns.h). 17 significant digits. One record a dose. */
void event_table_write(const schedule *doses, double horizon_days, text *out);

/* The same with equal doses at equal intervals as one record with ADDL and II. Both read back to
 * the same bits: a dose whose day is not exactly that of the repeat, or that shares its moment with
 * another dose, and every rate of a continuous infusion, is a record of its own. */
void event_table_write_compact(const schedule *doses, double horizon_days, text *out);

/* Reads the same, premedication included: what the table does not hold is not given. Including
 * ADDL/II (expanded), DUR or TINF in the place of RATE, and CMT 0 (the problem's route) written by
 * others; SS must be 0. Extra columns are ignored, EVID 0 and 2 records are skipped. Amounts, rates
 * and infusions keep the bounds of problem files; doses on or after the horizon are refused. Errors
 * name file, line and column. */
bool event_table_read(const char *path, const stepdose_problem *problem, schedule *doses,
                      stepdose_error *error);

#endif
