/* Systematic resampling that does not need to know how many are wanted: number k stands at van der
 * Corput's k-th point (bits of k in reverse order, after the point) plus the shift. The first 2^m
 * of these points are 2^m equidistant ones. */
#include "population/resampling.h"

#include <math.h>
#include <stdint.h>

#include "base/allocate.h"

static const double TWO_POW_32 = 4294967296.0;

static double reversed(uint32_t k)
{
  uint32_t bits = 0;
  for (int b = 0; b < 32; b++) {
    bits |= (k >> b & 1u) << (31 - b);
  }
  return bits / TWO_POW_32;
}

bool resampling_open(resampling *r, int n, const double *weights, double shift,
                     stepdose_error *error)
{
  double total = 0;
  double below = 0;
  *r = (resampling){.n = n, .shift = shift};
  r->up_to = allocate_zeroed((size_t)n, sizeof *r->up_to);
  if (r->up_to == NULL) {
    return error_no_memory(error, "resampling patients");
  }
  for (int i = 0; i < n; i++) {
    total += weights[i];
  }
  for (int i = 0; i < n; i++) {
    below += weights[i];
    r->up_to[i] = below / total; /* exactly 1 from the last weighted patient on */
  }
  return true;
}

void resampling_close(resampling *r) { release(r->up_to); }

int resampling_patient(const resampling *r, long k)
{
  const double sum = reversed((uint32_t)k) + r->shift;
  const double place = sum - floor(sum);
  int low = 0; /* the answer is in low .. high */
  int high = r->n - 1;
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (r->up_to[middle] > place) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
