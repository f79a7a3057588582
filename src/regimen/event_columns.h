/* The columns of an event table, in the order they are written. */
#ifndef REGIMEN_EVENT_COLUMNS_H
#define REGIMEN_EVENT_COLUMNS_H

#include "regimen/event_table.h"

/* X(name, must be there when read, is written). */
#define EVENT_COLUMNS(X)                                                                           \
  X(ID, false, true)                                                                               \
  X(TIME, true, true)                                                                              \
  X(AMT, true, true)                                                                               \
  X(RATE, false, true)                                                                             \
  X(EVID, true, true)                                                                              \
  X(CMT, false, true)                                                                              \
  X(II, false, true)                                                                               \
  X(ADDL, false, true)                                                                             \
  X(SS, false, true)                                                                               \
  X(MDV, false, true)                                                                              \
  X(DUR, false, false)

/* X(column, what else it is called). DUR is that of rxode2, TINF that of mrgsolve. */
#define EVENT_ALIASES(X) X(DUR, "TINF")

typedef enum event_column {
#define X(name, required, written) EVENT_##name,
  EVENT_COLUMNS(X)
#undef X
      EVENT_COLUMN_COUNT
} event_column;

/* Compartments of routes: X(route, CMT). The engager's blood and depot, then each drug of
 * premedication. */
#define EVENT_COMPARTMENTS(X)                                                                      \
  X(IV, 1)                                                                                         \
  X(CIV, 1)                                                                                        \
  X(SC, 2)                                                                                         \
  X(DEXAMETHASONE, 3)                                                                              \
  X(TOCILIZUMAB, 4)                                                                                \
  X(DEPLETER, 5)

/* The day of further dose `number` of a record with ADDL, from 1; the dose itself is number 0. */
static inline double event_repeat_day(double first, double interval, double number)
{
  return first + number * interval;
}

extern const int event_compartment[ROUTE_COUNT];

#endif
