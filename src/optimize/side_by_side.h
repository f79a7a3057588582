/* Searches side by side: each runs in a thread of its own and waits wherever it needs a simulation;
 * once all of them wait, what they wait for is simulated together in the lanes of every processor.
 * A simulation does not depend on what runs beside it, so neither does a search: how many there are
 * at once changes the time and nothing else. */
#ifndef OPTIMIZE_SIDE_BY_SIDE_H
#define OPTIMIZE_SIDE_BY_SIDE_H

#include "simulate/cohort.h"

typedef struct side_by_side side_by_side;

/* request, settings: of all simulations; borrowed. threads: that simulate. NULL: *error. */
side_by_side *side_by_side_open(const model *m, int threads, const endpoint_request *request,
                                const simulate_settings *settings, stepdose_error *error);
void side_by_side_close(side_by_side *s);

/* How many searches at once keep the lanes full: jobs get a `worker` below this. */
int side_by_side_width(const side_by_side *s);

/* Runs jobs 0 .. count-1, each in one thread, many at a time. A job must not wait for another one
 * but by side_by_side_simulate. */
typedef void side_job(void *context, int worker, long index);
void side_by_side_run(side_by_side *s, long count, side_job *job, void *context);

/* Called by a job: one simulation (samples NULL). False: it failed; no reason is kept. */
bool side_by_side_simulate(side_by_side *s, const stream_task *task);

#endif
