/* Jobs numbered 0 .. count-1 shared by threads. Results are stored by index by whoever wrote the
 * job, so that the outcome does not depend on which thread did what. */
#ifndef OPTIMIZE_WORKERS_H
#define OPTIMIZE_WORKERS_H

typedef void search_job(void *context, int worker, long index);

/* Returns when all are done. The caller is worker 0; where the system gives fewer threads than
 * asked for, those that there are do all the work. */
void search_workers_run(int threads, long count, search_job *job, void *context);

#endif
