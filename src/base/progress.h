/* Progress of a run, passed down by pointer; thread-safe; calls the user's function at most ten
 * times a second, and once more at the end of a stage. That function must not call back into this
 * room. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include "stepdose.h"

typedef struct progress progress;

/* NULL when memory is exhausted. Every other function accepts a NULL progress and then does nothing
 * / says no. settings may be NULL. */
progress *progress_open(const stepdose_settings *settings);
void progress_close(progress *p);
void progress_stage(progress *p, const char *stage,
                    long total);                /* starts a stage; stage is static text */
void progress_step(progress *p, long done_now); /* done_now more of this stage */
void progress_best(progress *p, double best_goal,
                   double violation);       /* shown with the next report */
bool progress_stopped(const progress *p);   /* the user asked to stop */
double progress_seconds(const progress *p); /* since progress_open (monotonic clock) */

#endif
