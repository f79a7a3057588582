/* What all stages of one search share: the task, why it must end, and the one place where the
 * caller's evaluation is called. */
#ifndef OPTIMIZE_STATE_H
#define OPTIMIZE_STATE_H

#include "optimize/points.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct search_state {
  const search_task *task;
  int branch;          /* of the journal */
  double began;        /* monotonic clock, s */
  atomic_int cut;      /* a search_end that cuts the search short; SEARCH_END_COUNT: none */
  atomic_bool broken;  /* the search cannot go on: see error */
  atomic_long journal_answers;
  pthread_mutex_t lock; /* guards what follows */
  stepdose_error error;
  bool has_best;
  double best_goal, best_violation; /* for progress only */
} search_state;

bool search_state_open(search_state *state, const search_task *task, stepdose_error *error);
void search_state_close(search_state *state);

/* True once the time is up, the user asked to stop, or the search is broken. */
bool search_state_ended(search_state *state);
/* Out of memory while doing `what`: the search ends with this error. Always false. */
bool search_state_no_memory(search_state *state, const char *what);

/* Calls the caller's function for p->value. False: it failed, or said something that is not finite;
 * `why` tells. */
bool search_state_ask(search_state *state, int worker, search_point *p, char *why, size_t size);

/* Evaluates point i of the set, unless the search has ended (false). */
bool search_state_evaluate(search_state *state, int worker, search_points *points, long i);
/* Evaluates all points from index `first` on, by all threads. Those that an end of the search left
 * out are dropped; false then. */
bool search_state_evaluate_batch(search_state *state, search_points *points, long first);

#endif
