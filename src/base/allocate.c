/* The one door to the heap, with a countdown that lets a test fail any single allocation. */
#include "base/allocate.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_long requests;            /* allocations asked for since the start */
static atomic_long allowance = -1;      /* how many more succeed; negative: no limit */
static atomic_int refuses_for_good = 0; /* after the allowance is used up */

/* True if this request has to fail. */
static bool refused(void)
{
  atomic_fetch_add(&requests, 1);
  long left = atomic_load(&allowance);
  while (left >= 0) {
    long after_failure = atomic_load(&refuses_for_good) ? 0 : -1;
    long next = left > 0 ? left - 1 : after_failure;
    if (atomic_compare_exchange_weak(&allowance, &left, next)) {
      return left == 0;
    }
  }
  return false;
}

void *allocate(size_t size) { return refused() ? NULL : malloc(size > 0 ? size : 1); }

void *allocate_zeroed(size_t count, size_t size)
{
  if (size > 0 && count > SIZE_MAX / size) {
    return NULL;
  }
  return refused() ? NULL : calloc(count > 0 ? count : 1, size > 0 ? size : 1);
}

void *reallocate(void *block, size_t size)
{
  return refused() ? NULL : realloc(block, size > 0 ? size : 1);
}

char *allocate_copy(const char *text)
{
  size_t size = strlen(text) + 1;
  char *copy = allocate(size);
  if (copy != NULL) {
    memcpy(copy, text, size);
  }
  return copy;
}

void release(void *block) { free(block); }

void allocate_fail_after(long n, int persistent)
{
  atomic_store(&refuses_for_good, persistent);
  atomic_store(&allowance, n);
}

long allocate_count(void) { return atomic_load(&requests); }
