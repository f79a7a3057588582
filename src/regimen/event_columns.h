/* The columns of an event table, in the order they are written. */
#ifndef REGIMEN_EVENT_COLUMNS_H
#define REGIMEN_EVENT_COLUMNS_H

#include "regimen/event_table.h"

/* X(name, must be there when read). */
#define EVENT_COLUMNS(X)                                                                           \
  X(ID, false)                                                                                     \
  X(TIME, true)                                                                                    \
  X(AMT, true)                                                                                     \
  X(RATE, false)                                                                                   \
  X(EVID, true)                                                                                    \
  X(CMT, false)                                                                                    \
  X(II, false)                                                                                     \
  X(ADDL, false)                                                                                   \
  X(SS, false)                                                                                     \
  X(MDV, false)

typedef enum event_column {
#define X(name, required) EVENT_##name,
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

extern const int event_compartment[ROUTE_COUNT];

#endif
