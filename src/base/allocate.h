/* The one door to the heap. No other file of the library calls malloc, calloc, realloc or free. */
#ifndef BASE_ALLOCATE_H
#define BASE_ALLOCATE_H

#include <stddef.h>

/* All return NULL when memory is exhausted or count*size overflows. release(NULL) does nothing. */
void *allocate(size_t size);
void *allocate_zeroed(size_t count, size_t size);
void *reallocate(void *block, size_t size);
char *allocate_copy(const char *text); /* copy of a string */
void release(void *block);

/* Test door. After n more successful allocations every further one fails (persistent) or one fails
 * (once). n < 0 turns it off. Process-wide. */
void allocate_fail_after(long n, int persistent);
long allocate_count(void); /* allocations asked for since the program started */

#endif
