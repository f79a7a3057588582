/* Outputs of which the collector keeps extremes, and where it keeps them. */
#ifndef SIMULATE_COLLECT_TRACK_H
#define SIMULATE_COLLECT_TRACK_H

#include "simulate/simulate.h"

/* Outputs whose extreme is wanted. Those of the sites (after blood) and of the tissues follow each
 * other. */
enum {
  TRACK_IL6,
  TRACK_ACTIVATED_CD8,
  TRACK_TUMOR,
  TRACK_DRIVE,
  TRACK_IFN,
  TRACK_ACTIVATED, /* lymphoid, tumour, normal tissues */
  TRACK_HEALTH = TRACK_ACTIVATED + MODEL_SITES_MAX - 1,
  TRACKS_MAX = TRACK_HEALTH + MODEL_TISSUES_MAX
};

typedef struct collect_track {
  int id, output;
  double sign; /* -1: the smallest value is wanted; kept with that sign until the end */
} collect_track;

/* Where the extremes of a track are kept; windows and intervals NULL: only of the course. */
typedef struct track_peaks {
  peak *course, *window, *interval;
} track_peaks;

static inline track_peaks track_peaks_of(endpoints *e, int track)
{
  switch (track) {
  case TRACK_IL6:
    return (track_peaks){&e->il6_course, e->il6, e->il6_interval};
  case TRACK_ACTIVATED_CD8:
    return (track_peaks){&e->activated_cd8_course, e->activated_cd8, e->activated_cd8_interval};
  case TRACK_DRIVE:
    return (track_peaks){&e->drive_course, e->drive, e->drive_interval};
  case TRACK_IFN:
    return (track_peaks){&e->ifn_course, e->ifn, e->ifn_interval};
  default:
    return track < TRACK_HEALTH
               ? (track_peaks){&e->activated[track - TRACK_ACTIVATED + 1], NULL, NULL}
               : (track_peaks){&e->health_nadir[track - TRACK_HEALTH], NULL, NULL};
  }
}

static inline void track_note(peak *p, peak candidate)
{
  if (candidate.value > p->value) {
    *p = candidate;
  }
}

#endif
