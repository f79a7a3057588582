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

/* Compartment of a route: 1 blood, 2 subcutaneous depot. */
static inline int event_compartment(route r) { return r == ROUTE_SC ? 2 : 1; }

#endif
