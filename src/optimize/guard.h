/* Runs foreign code in a thread of its own and ends it if it neither returns nor calls back.
 *
 * NLopt 2.7.1 can loop for ever inside an engine (COBYLA's linear solver) where no stopping rule of
 * its own is looked at. The supervisor measures the processor time that the thread has used since
 * it last left our code, so that a slow simulation or a busy machine is not mistaken for a hang. */
#ifndef OPTIMIZE_GUARD_H
#define OPTIMIZE_GUARD_H

#include <stdbool.h>

typedef struct search_guard search_guard;

typedef enum search_guard_end {
  SEARCH_GUARD_RETURNED,
  SEARCH_GUARD_QUIT,  /* ended by search_guard_quit */
  SEARCH_GUARD_HUNG,  /* ended by the supervisor */
  SEARCH_GUARD_NO_THREAD
} search_guard_end;

typedef struct search_guard_job {
  void (*body)(search_guard *guard, void *context);
  bool (*ending)(void *context); /* true: whoever waits wants to end; patience is short then */
  void *context;
  double hang_seconds; /* of processor time */
} search_guard_job;

search_guard_end search_guard_run(const search_guard_job *job);

/* Called by the body's thread. Between leave and enter the thread may be ended at any instruction:
 * call leave before entering foreign code and when a call-back returns to it, enter first thing in
 * a call-back and when the foreign code has returned. */
void search_guard_leave(search_guard *guard);
void search_guard_enter(search_guard *guard);
/* Ends the thread from within a call-back, for foreign code that does not take no for an answer. */
void search_guard_quit(search_guard *guard) __attribute__((noreturn));

#endif
