/* WFG: L. While, L. Bradstreet, L. Barone, IEEE Trans. Evol. Comput. 16 (2012) 86,
 * doi 10.1109/TEVC.2010.2077298.
 *
 * The volume of a set is the sum over its points of what each adds to the later ones; what a point
 * adds is its own box less the volume of the later points limited to that box (their coordinates
 * raised to the point's). With the points sorted from worst to best in the last objective, all
 * limited points share that coordinate: so each is a problem of one objective less, down to two,
 * which is a staircase. */
#include "optimize/hypervolume.h"

#include "base/allocate.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

typedef struct vertex {
  double key; /* what it is sorted by */
  double at[HYPERVOLUME_OBJECTIVES_MAX];
} vertex;

struct hypervolume {
  int n_objectives;
  vertex *set[HYPERVOLUME_OBJECTIVES_MAX + 1]; /* (n_max) of as many objectives, 2 and more */
  long n[HYPERVOLUME_OBJECTIVES_MAX + 1];      /* points in each */
};

hypervolume *hypervolume_open(int n_objectives, long n_max, stepdose_error *error)
{
  if (n_objectives < 2 || n_objectives > HYPERVOLUME_OBJECTIVES_MAX || n_max < 0) {
    (void)error_set(error, STEPDOSE_OUT_OF_RANGE, "use 2 to 4 goals",
                    "a hypervolume has 2 to %d objectives, not %d", HYPERVOLUME_OBJECTIVES_MAX,
                    n_objectives);
    return NULL;
  }
  hypervolume *h = allocate_zeroed(1, sizeof *h);
  bool ready = h != NULL;
  for (int m = 2; m <= n_objectives && ready; m++) {
    h->set[m] = allocate_zeroed((size_t)n_max + 1, sizeof *h->set[m]);
    ready = h->set[m] != NULL;
  }
  if (!ready) {
    (void)error_no_memory(error, "computing a hypervolume");
    hypervolume_close(h);
    return NULL;
  }
  h->n_objectives = n_objectives;
  return h;
}

void hypervolume_close(hypervolume *h)
{
  for (int m = 2; m <= HYPERVOLUME_OBJECTIVES_MAX && h != NULL; m++) {
    release(h->set[m]);
  }
  release(h);
}

static int by_key(const void *a, const void *b)
{
  double x = ((const vertex *)a)->key, y = ((const vertex *)b)->key;
  return (x > y) - (x < y);
}

static void sort_by(hypervolume *h, int m, int objective, double sign)
{
  for (long i = 0; i < h->n[m]; i++) {
    h->set[m][i].key = sign * h->set[m][i].at[objective];
  }
  qsort(h->set[m], (size_t)h->n[m], sizeof *h->set[m], by_key);
}

static double box(int m, const double *point, const double *reference)
{
  double volume = 1;
  for (int k = 0; k < m; k++) {
    volume *= reference[k] - point[k];
  }
  return volume;
}

static bool inside(int m, const double *point, const double *reference)
{
  for (int k = 0; k < m; k++) {
    if (!(point[k] < reference[k])) {
      return false;
    }
  }
  return true;
}

bool hypervolume_covers(int m, const double *a, const double *b)
{
  for (int k = 0; k < m; k++) {
    if (a[k] > b[k]) {
      return false;
    }
  }
  return true;
}

/* Adds a point to the set of m objectives unless one there covers it; drops those it covers. */
static void add(hypervolume *h, int m, const vertex *v)
{
  vertex *set = h->set[m];
  long kept = 0;
  for (long i = 0; i < h->n[m]; i++) {
    if (hypervolume_covers(m, set[i].at, v->at)) {
      /* then it covers none of those before, and nothing was dropped; what covers one point often
       * covers the next: it moves forward */
      vertex useful = set[i];
      set[i] = set[i / 2];
      set[i / 2] = useful;
      return;
    }
    if (!hypervolume_covers(m, v->at, set[i].at)) {
      set[kept] = set[i];
      kept++;
    }
  }
  set[kept] = *v;
  h->n[m] = kept + 1;
}

static vertex limit(int m, const double *point, const double *box_corner)
{
  vertex v = {0};
  for (int k = 0; k < m; k++) {
    v.at[k] = point[k] > box_corner[k] ? point[k] : box_corner[k];
  }
  return v;
}

static double staircase(hypervolume *h, const double *reference)
{
  double volume = 0, height = reference[1];
  sort_by(h, 2, 0, 1);
  for (long i = 0; i < h->n[2]; i++) {
    const double *at = h->set[2][i].at;
    if (at[1] < height) {
      volume += (reference[0] - at[0]) * (height - at[1]);
      height = at[1];
    }
  }
  return volume;
}

/* Volume of the set of m objectives; uses the sets of fewer. */
static double volume_of_set(hypervolume *h, int m, const double *reference)
{
  if (m == 2) {
    return staircase(h, reference);
  }
  double volume = 0;
  sort_by(h, m, m - 1, -1);
  for (long i = 0; i < h->n[m]; i++) {
    const double *at = h->set[m][i].at;
    h->n[m - 1] = 0;
    for (long j = i + 1; j < h->n[m]; j++) {
      vertex limited = limit(m - 1, h->set[m][j].at, at);
      add(h, m - 1, &limited);
    }
    double gain = box(m - 1, at, reference) - volume_of_set(h, m - 1, reference);
    volume += gain * (reference[m - 1] - at[m - 1]);
  }
  return volume;
}

double hypervolume_of(hypervolume *h, long n, const double *points, const double *reference)
{
  int m = h->n_objectives;
  h->n[m] = 0;
  for (long i = 0; i < n; i++) {
    vertex v = limit(m, points + i * m, points + i * m);
    if (inside(m, v.at, reference)) {
      add(h, m, &v);
    }
  }
  return volume_of_set(h, m, reference);
}

double hypervolume_gain(hypervolume *h, const double *point, long n, const double *points,
                        const double *reference)
{
  int m = h->n_objectives;
  if (!inside(m, point, reference)) {
    return 0;
  }
  h->n[m] = 0;
  for (long i = 0; i < n; i++) {
    vertex v = limit(m, points + i * m, point);
    if (inside(m, v.at, reference)) {
      add(h, m, &v);
    }
  }
  return box(m, point, reference) - volume_of_set(h, m, reference);
}
