/* Jobs shared by threads: each takes the next index until none is left. */
#include "optimize/workers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { WORKERS_MAX = 256 };

typedef struct crew {
  atomic_long next;
  long count;
  search_job *job;
  void *context;
} crew;

typedef struct member {
  crew *crew;
  int worker;
  pthread_t thread;
} member;

static void *work(void *context)
{
  const member *m = context;
  for (;;) {
    long index = atomic_fetch_add(&m->crew->next, 1);
    if (index >= m->crew->count) {
      return NULL;
    }
    m->crew->job(m->crew->context, m->worker, index);
  }
}

void search_workers_run(int threads, long count, search_job *job, void *context)
{
  crew all = {.count = count, .job = job, .context = context};
  atomic_init(&all.next, 0);
  member others[WORKERS_MAX];
  int started = 0;
  while (started + 1 < threads && started + 1 < count && started < WORKERS_MAX) {
    others[started] = (member){.crew = &all, .worker = started + 1};
    if (pthread_create(&others[started].thread, NULL, work, &others[started]) != 0) {
      break;
    }
    started++;
  }
  member self = {.crew = &all, .worker = 0};
  work(&self);
  for (int i = 0; i < started; i++) {
    (void)pthread_join(others[i].thread, NULL);
  }
}
