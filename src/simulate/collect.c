/* Endpoints collected while integrating.
 *
 * A step shows the outputs at its start, middle and end. A parabola through them tells whether an
 * extreme can lie inside that would matter; only then two more points are interpolated, and the
 * extreme of the quartic through all five is found. IL-6 is linear in the states and the methods'
 * interpolants are at most quartic, so for IL-6 that quartic is the interpolant itself. */
#include "simulate/collect.h"

#include "simulate/dosing.h"

#include <math.h>

static double larger(double a, double b) { return a > b ? a : b; }

static double smaller(double a, double b) { return a < b ? a : b; }

static void interpolate_point(collector *c, int point)
{
  lane_numbers x;
  for (int p = 0; p < c->lanes; p++) {
    x.at[p] = point / (double)COLLECT_END;
  }
  rosenbrock_interpolate(c->r, &x, c->state);
  c->r->kernels->outputs(c->r->derived, c->state, c->point[point].at);
}

/* The values of an output at all points of the step. */
static void points_of(collector *c, int output, double sign, int p, double g[EXTREME_POINTS])
{
  if (!c->inner_ready) {
    interpolate_point(c, 1);
    interpolate_point(c, 3);
    c->inner_ready = true;
  }
  for (int i = 0; i < EXTREME_POINTS; i++) {
    g[i] = sign * collect_output(c, i, output, p);
  }
}

static bool in_interval(const collector *c, int i, double day)
{
  return c->request->interval[i].from_day <= day && day <= c->request->interval[i].to_day;
}

/* Peaks that no longer count once the tumour has progressed. */
static bool ends_with_progression(int track)
{
  return track == TRACK_IL6 || track == TRACK_ACTIVATED_CD8 || track == TRACK_DRIVE ||
         track == TRACK_IFN;
}

/* Smallest value that a candidate must beat to matter anywhere. Steps never cross the ends of
 * windows and intervals (they are stops), so the middle of a step tells to which of them it
 * belongs. */
static double value_to_beat(const collector *c, int track, int p, double middle)
{
  const lane_record *r = &c->record[p];
  if (track == TRACK_TUMOR) {
    const bool last = middle >= c->request->horizon_days - c->request->last_days;
    return last ? r->tumor_last : (double)INFINITY;
  }
  const track_peaks k = track_peaks_of(r->task->result, track);
  double least = k.window && r->window >= 0 ? k.window[r->window].value : k.course->value;
  for (int i = 0; k.interval && i < c->request->n_intervals; i++) {
    if (in_interval(c, i, middle) && k.interval[i].value < least) {
      least = k.interval[i].value;
    }
  }
  return least;
}

static void note_everywhere(collector *c, int track, int p, peak found, double middle)
{
  lane_record *r = &c->record[p];
  if (track == TRACK_TUMOR) {
    r->tumor_last = larger(r->tumor_last, found.value);
    return;
  }
  const track_peaks k = track_peaks_of(r->task->result, track);
  track_note(k.course, found);
  for (int w = r->window; k.window && w >= 0 && w >= r->first_of_day; w--) {
    track_note(&k.window[w], found);
  }
  for (int i = 0; k.interval && i < c->request->n_intervals; i++) {
    if (in_interval(c, i, middle)) {
      track_note(&k.interval[i], found);
    }
  }
}

static void track_inside(collector *c, const collect_track *t, int p, double vertex, double day,
                         double h)
{
  double g[EXTREME_POINTS];
  points_of(c, t->output, t->sign, p, g);
  const extreme found = extreme_largest(g, vertex);
  note_everywhere(c, t->id, p, (peak){found.value, day + found.at * h}, day + h / 2);
}

static void track_extreme(collector *c, const collect_track *t, int p, double day, double h)
{
  const double g0 = t->sign * collect_output(c, COLLECT_START, t->output, p);
  const double gm = t->sign * collect_output(c, COLLECT_MIDDLE, t->output, p);
  const double g1 = t->sign * collect_output(c, COLLECT_END, t->output, p);
  const double ends = larger(g0, g1);
  double beat = value_to_beat(c, t->id, p, day + h / 2);
  if (ends > beat) {
    beat = ends;
    note_everywhere(c, t->id, p, g0 > g1 ? (peak){g0, day} : (peak){g1, day + h}, day + h / 2);
  }
  const double curvature = 2 * (g0 - 2 * gm + g1), slope = -3 * g0 + 4 * gm - g1;
  if (curvature >= 0) {
    return;
  }
  /* A parabola is only an estimate of what lies between: it may place an extreme that lies close to
   * an end of the step just outside, and its height has a margin. */
  const double vertex = -slope / (2 * curvature);
  if (vertex > -0.2 && vertex < 1.2) {
    const double x = vertex < 0 ? 0 : vertex > 1 ? 1 : vertex;
    const double estimate = g0 + x * (slope + x * curvature);
    if (estimate + 0.1 * (estimate - ends) >= beat) {
      track_inside(c, t, p, x, day, h);
    }
  }
}

/* Where intervals begin with this step: the value that their rise begins at. */
static void follow_drive(collector *c, int p, double middle)
{
  lane_record *k = &c->record[p];
  for (int i = 0; i < c->request->n_intervals; i++) {
    if (in_interval(c, i, middle) && !isfinite(k->task->result->drive_interval[i].value)) {
      k->drive_at_interval[i] = collect_output(c, COLLECT_START, OUTPUT_CRS_DRIVE, p);
    }
  }
}

/* Time with a share of activated cells above the level asked for. */
static void follow_share(collector *c, int p, int site, peak largest, double h)
{
  const double level = c->request->activated_above;
  double *days = &c->record[p].task->result->days_above[site];
  if (!(largest.value > level)) {
    return;
  }
  const int output = site ? OUTPUT_ACTIVATED_LYMPHOID + site - 1 : OUTPUT_ACTIVATED_CD8;
  const double g0 = collect_output(c, COLLECT_START, output, p);
  const double gm = collect_output(c, COLLECT_MIDDLE, output, p);
  const double g1 = collect_output(c, COLLECT_END, output, p);
  /* a parabola through the three leaves their range by less than an eighth of this */
  const double bend = fabs(g0 - 2 * gm + g1);
  if (smaller(smaller(g0, gm), g1) - bend > level) {
    *days += h;
  } else if (larger(larger(g0, gm), g1) + bend > level) {
    double g[EXTREME_POINTS];
    points_of(c, output, 1, p, g);
    *days += h * extreme_share_above(g, level);
  }
}

/* The crossing is found on a straight line through the logarithms at both ends of the step. */
static void follow_progression(collector *c, int p, double day, double h)
{
  endpoints *e = c->record[p].task->result;
  const double level = ENDPOINT_PROGRESSION_RATIO * e->tumor_initial;
  const double start = collect_output(c, COLLECT_START, OUTPUT_TUMOR, p);
  const double end = collect_output(c, COLLECT_END, OUTPUT_TUMOR, p);
  if (collect_progressed(c, p) || !(level > 0 && end >= level) ||
      day + h < ENDPOINT_PROGRESSION_FROM_DAY) {
    return;
  }
  const double crossed = start < level ? day + h * log(level / start) / log(end / start) : day;
  e->progression_day = larger(crossed, ENDPOINT_PROGRESSION_FROM_DAY);
}

static void follow_tumor(collector *c, int p, double day, double h)
{
  endpoints *e = c->record[p].task->result;
  const double middle = collect_output(c, COLLECT_MIDDLE, OUTPUT_TUMOR, p);
  const double end = collect_output(c, COLLECT_END, OUTPUT_TUMOR, p);
  /* Simpson's rule: exact to h^5, and log10 of the tumour is nearly linear in a step */
  c->record[p].log10_integral += h / 6 *
                                 (collect_output(c, COLLECT_START, KERNEL_LOG10_TUMOR, p) +
                                  4 * collect_output(c, COLLECT_MIDDLE, KERNEL_LOG10_TUMOR, p) +
                                  collect_output(c, COLLECT_END, KERNEL_LOG10_TUMOR, p));
  e->tumor_smallest = smaller(smaller(middle, end), e->tumor_smallest);
  e->tumor_final = end;
  for (int i = 0; i < e->n_days; i++) {
    if (fabs(c->request->day[i] - (day + h)) <= DOSING_SAME_DAY) {
      e->tumor_at[i] = end;
    }
  }
}

static void sample(collector *c, int p, double day, double h)
{
  lane_record *k = &c->record[p];
  trajectory *s = k->task->samples;
  const int n_outputs = c->model->n_outputs;
  for (; s && k->next_sample < s->n_days && s->day[k->next_sample] <= day + h; k->next_sample++) {
    const double inside = (s->day[k->next_sample] - day) / h;
    lane_numbers x = {{0}};
    lane_outputs value;
    x.at[p] = inside < 0 ? 0 : inside > 1 ? 1 : inside;
    rosenbrock_interpolate(c->r, &x, c->state);
    c->r->kernels->outputs(c->r->derived, c->state, value.at);
    for (int o = 0; o < n_outputs; o++) {
      s->value[(long)k->next_sample * n_outputs + o] = value.at[o * c->lanes + p];
    }
  }
}

static void show_step(collector *c, int p, double day, double h)
{
  const endpoints *e = c->record[p].task->result;
  if (c->has_drive) {
    follow_drive(c, p, day + h / 2);
  }
  const bool counts = !c->request->until_progression || !collect_progressed(c, p);
  for (int i = 0; i < c->n_tracks; i++) {
    if (counts || !ends_with_progression(c->track[i].id)) {
      track_extreme(c, &c->track[i], p, day, h);
    }
  }
  if (counts) {
    collect_onset_step(c, p, day, h);
  }
  follow_share(c, p, 0, e->activated_cd8_course, h);
  for (int s = 1; s < c->n_sites; s++) {
    follow_share(c, p, s, e->activated[s], h);
  }
  follow_tumor(c, p, day, h);
  follow_progression(c, p, day, h);
  sample(c, p, day, h);
}

/* The end of the step becomes the start of the next. */
static void move_start(collector *c, const bool *accepted)
{
  const int n = c->model->n_outputs * c->lanes, log10_tumor = KERNEL_LOG10_TUMOR * c->lanes;
  double *start = c->point[COLLECT_START].at;
  const double *end = c->point[COLLECT_END].at;
  for (int i = 0; i < n; i += c->lanes) {
    for (int p = 0; p < c->lanes; p++) {
      start[i + p] = accepted[p] ? end[i + p] : start[i + p];
    }
  }
  for (int p = 0; p < c->lanes; p++) {
    start[log10_tumor + p] = accepted[p] ? end[log10_tumor + p] : start[log10_tumor + p];
  }
}

void collect_step(collector *c, const bool *accepted, const double *day, const lane_numbers *h)
{
  interpolate_point(c, COLLECT_MIDDLE);
  c->r->kernels->outputs(c->r->derived, c->r->next, c->point[COLLECT_END].at);
  c->inner_ready = false;
  for (int p = 0; p < c->lanes; p++) {
    if (accepted[p] && c->record[p].task) {
      show_step(c, p, day[p], h->at[p]);
    }
  }
  move_start(c, accepted);
}
