/* Workload W1 as another solver needs it: constants, initial state, scales, and the segments
 * between the days on which something jumps. Every peer is restarted at the start of each segment.
 */
#ifndef PEERS_WORKLOAD_H
#define PEERS_WORKLOAD_H

#include "system.h"

#include "bench/w1.h"

enum { WORKLOAD_SEGMENTS = 2 * BENCH_LABEL_DOSES };

typedef struct workload_segment {
  double start, end;  /* days */
  double drug_rate;   /* ug/kg/day into TDB_CENTRAL while it lasts */
  double margination; /* added to MARGINATION at its start: a dose begins */
  int first, last;    /* its outputs: times[first..last-1], the last of them being its end */
} workload_segment;

/* Output times: those of the timed runs (whole days and ends of segments), or dense ones for the
 * IL-6 peak. */
typedef struct workload_times {
  int n;
  double *day;
  bool *daily; /* (n) a whole day or the end of a segment */
} workload_times;

typedef struct workload {
  const model_kernels *kernels; /* width 1 */
  _Alignas(KERNEL_ALIGNMENT) double derived[HOSSEINI2020_DERIVED];
  double initial[SYSTEM_N], scale[SYSTEM_N];
  workload_segment segment[WORKLOAD_SEGMENTS];
  workload_times times;
} workload;

/* Days between two dense outputs. The peak is taken from the parabola through the three outputs
 * around it: its error is measured by the reference (w1.h), whose peak is found without them. */
#define WORKLOAD_DENSE_DAYS 0.001

/* parameters: NULL is the reference patient. */
bool workload_open(workload *w, const double *parameters, bool dense);
void workload_close(workload *w);

#endif
