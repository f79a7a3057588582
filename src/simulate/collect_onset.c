/* Onset of what follows each dose, by the rise of the CRS drive: see onset.h. */
#include "simulate/collect.h"

#include <math.h>

void collect_onset_open(const collector *c, int p)
{
  endpoints *e = c->record[p].task->result;
  for (int w = 0; w < e->n_windows; w++) {
    e->drive_onset[w] = (peak){NAN, NAN};
  }
}

void collect_onset_dose(collector *c, int p, double day)
{
  if (c->has_drive) {
    onset_begin(&c->record[p].onset, day, collect_output(c, COLLECT_START, OUTPUT_CRS_DRIVE, p));
  }
}

/* Before the first dose there is nothing to follow. */
void collect_onset_step(collector *c, int p, double day, double h)
{
  lane_record *k = &c->record[p];
  if (c->has_drive && k->window >= 0) {
    onset_follow(&k->onset, day + h / 2, collect_output(c, COLLECT_MIDDLE, OUTPUT_CRS_DRIVE, p));
    onset_follow(&k->onset, day + h, collect_output(c, COLLECT_END, OUTPUT_CRS_DRIVE, p));
  }
}

void collect_onset_close(collector *c, int p)
{
  lane_record *k = &c->record[p];
  endpoints *e = k->task->result;
  for (int w = k->first_of_day; c->has_drive && w <= k->window; w++) {
    const double day = onset_day(&k->onset, ENDPOINT_ONSET_SHARE);
    e->drive_onset[w] = (peak){24 * (day - e->window_day[k->first_of_day]), day};
  }
}
