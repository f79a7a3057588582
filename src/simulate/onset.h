/* When a signal made a declared share of its rise: only its new heights are kept while it is
 * followed, because what the largest will be is known at the end alone. */
#ifndef SIMULATE_ONSET_H
#define SIMULATE_ONSET_H

/* When so many are kept every second one is forgotten, and of the next ones too. */
enum { ONSET_HEIGHTS_MAX = 256 };

typedef struct onset_record {
  double base; /* what the rise begins at */
  int n;
  int every, passed; /* one in `every` new heights is kept; those passed over since the last one */
  double day[ONSET_HEIGHTS_MAX], rise[ONSET_HEIGHTS_MAX]; /* both increasing, from a rise of 0 on */
  double last_day, last_rise;                             /* seen last, high or low */
} onset_record;

void onset_begin(onset_record *r, double day, double value);
/* The signal at `day`, later than all before. Between two days it is taken as a straight line. */
void onset_follow(onset_record *r, double day, double value);
/* The first day with `share` (0, 1] of the largest rise; NAN where nothing rose. */
double onset_day(const onset_record *r, double share);

#endif
