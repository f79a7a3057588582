/* Endpoints collected while integrating.
 *
 * A step shows the outputs at its start, middle and end. A parabola through them tells whether an
 * extreme can lie inside that would matter; only then two more points are interpolated, and the
 * extreme of the quartic through all five is found. IL-6 is linear in the states and the methods'
 * interpolants are at most quartic, so for IL-6 that quartic is the interpolant itself. */
#include "simulate/collect.h"

#include "simulate/dosing.h"

#include <math.h>

enum { START = 0, MIDDLE = 2, END = 4 };

/* Outputs whose largest value is wanted. */
enum { TRACK_IL6, TRACK_ACTIVATED_CD8, TRACK_TUMOR, TRACKS };
static const int tracked_output[TRACKS] = {OUTPUT_IL6, OUTPUT_ACTIVATED_CD8, OUTPUT_TUMOR};

static double larger(double a, double b) { return a > b ? a : b; }

static double output_of(const collector *c, int point, int output, int p)
{
  return c->point[point].at[output * c->lanes + p];
}

static void interpolate_point(collector *c, int point)
{
  lane_numbers x;
  for (int p = 0; p < c->lanes; p++) {
    x.at[p] = point / (double)END;
  }
  rosenbrock_interpolate(c->r, &x, c->state);
  c->r->kernels->outputs(c->r->derived, c->state, c->point[point].at);
}

static void note(peak *p, peak candidate)
{
  if (candidate.value > p->value) {
    *p = candidate;
  }
}

static void open_endpoints(const collector *c, int p)
{
  const peak none = {-INFINITY, NAN};
  const endpoint_request *q = c->request;
  const schedule *doses = c->record[p].task->doses;
  endpoints *e = c->record[p].task->result;
  e->n_windows = 0;
  e->n_intervals = q->n_intervals;
  e->n_days = q->n_days;
  for (int i = 0; i < doses->n_doses && doses->doses[i].day < q->horizon_days; i++) {
    e->il6[i] = e->activated_cd8[i] = none;
    e->window_day[e->n_windows++] = doses->doses[i].day;
  }
  for (int i = 0; i < q->n_intervals; i++) {
    e->il6_interval[i] = e->activated_cd8_interval[i] = none;
  }
  e->il6_course = (peak){output_of(c, START, OUTPUT_IL6, p), 0};
  e->activated_cd8_course = (peak){output_of(c, START, OUTPUT_ACTIVATED_CD8, p), 0};
  e->tumor_initial = e->tumor_smallest = e->tumor_final = output_of(c, START, OUTPUT_TUMOR, p);
  for (int i = 0; i < q->n_days; i++) {
    e->tumor_at[i] = e->tumor_initial;
  }
}

void collect_open(collector *c, const endpoint_request *request, rosenbrock *r, double *state)
{
  c->request = request;
  c->r = r;
  c->lanes = r->kernels->lanes;
  c->state = state;
}

void collect_begin(collector *c, int p, const stream_task *task)
{
  lane_outputs now;
  c->r->kernels->outputs(c->r->derived, c->r->state, now.at);
  for (int o = 0; o < KERNEL_OUTPUTS; o++) {
    c->point[START].at[o * c->lanes + p] = now.at[o * c->lanes + p];
  }
  c->record[p] = (lane_record){.task = task, .window = -1, .tumor_last = -INFINITY};
  open_endpoints(c, p);
}

void collect_dose(collector *c, int p, double day)
{
  lane_record *k = &c->record[p];
  endpoints *e = k->task->result;
  const int w = ++k->window;
  if (w > 0 && day < e->window_day[k->first_of_day] + ENDPOINT_ONE_DOSE_DAYS - DOSING_SAME_DAY) {
    e->il6[w] = e->il6[w - 1]; /* a dose that was split: its parts share one window */
    e->activated_cd8[w] = e->activated_cd8[w - 1];
  } else {
    k->first_of_day = w;
    note(&e->il6[w], (peak){output_of(c, START, OUTPUT_IL6, p), day});
    note(&e->activated_cd8[w], (peak){output_of(c, START, OUTPUT_ACTIVATED_CD8, p), day});
  }
}

/* Where a tracked output of one patient is kept. */
typedef struct track {
  peak *course, *interval;
  peak *window;  /* of the dose given last; NULL before the first */
  int n_windows; /* windows that end with it and share its extremes, at least 1 */
} track;

static track track_of(const collector *c, int t, int p)
{
  endpoints *e = c->record[p].task->result;
  const int w = c->record[p].window, shared = w - c->record[p].first_of_day + 1;
  if (t == TRACK_IL6) {
    return (track){&e->il6_course, e->il6_interval, w < 0 ? NULL : &e->il6[w], shared};
  }
  return (track){&e->activated_cd8_course, e->activated_cd8_interval,
                 w < 0 ? NULL : &e->activated_cd8[w], shared};
}

static bool in_interval(const collector *c, int i, double day)
{
  return c->request->interval[i].from_day <= day && day <= c->request->interval[i].to_day;
}

/* Smallest value that a candidate must beat to matter anywhere. Steps never cross the ends of
 * windows and intervals (they are stops), so the middle of a step tells to which of them it
 * belongs. */
static double value_to_beat(const collector *c, int t, int p, double middle)
{
  if (t == TRACK_TUMOR) {
    const bool last = middle >= c->request->horizon_days - c->request->last_days;
    return last ? c->record[p].tumor_last : (double)INFINITY;
  }
  const track k = track_of(c, t, p);
  double least = k.window ? k.window->value : k.course->value;
  for (int i = 0; i < c->request->n_intervals; i++) {
    if (in_interval(c, i, middle) && k.interval[i].value < least) {
      least = k.interval[i].value;
    }
  }
  return least;
}

static void note_everywhere(collector *c, int t, int p, peak found, double middle)
{
  if (t == TRACK_TUMOR) {
    c->record[p].tumor_last = larger(c->record[p].tumor_last, found.value);
    return;
  }
  const track k = track_of(c, t, p);
  note(k.course, found);
  for (int i = 0; k.window && i < k.n_windows; i++) {
    note(k.window - i, found);
  }
  for (int i = 0; i < c->request->n_intervals; i++) {
    if (in_interval(c, i, middle)) {
      note(&k.interval[i], found);
    }
  }
}

/* Quartic through five equidistant points of [0, 1], at x. */
static double quartic(const double g[COLLECT_POINTS], double x)
{
  const double a = x, b = x - 0.25, c = x - 0.5, d = x - 0.75, e = x - 1;
  return 32.0 / 3 * (b * c * d * e * g[0] + a * b * c * d * g[4]) -
         128.0 / 3 * (a * c * d * e * g[1] + a * b * c * e * g[3]) + 64 * a * b * d * e * g[2];
}

/* Largest value of the quartic within half a step of `vertex`, by golden section. */
static peak refine(const double g[COLLECT_POINTS], double vertex, double day, double h)
{
  const double golden = 0.6180339887498949;
  double low = vertex > 0.5 ? vertex - 0.5 : 0, high = vertex < 0.5 ? vertex + 0.5 : 1;
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double at_a = quartic(g, a), at_b = quartic(g, b);
  while (high - low > 1e-7) {
    if (at_a > at_b) {
      high = b, b = a, at_b = at_a;
      a = high - golden * (high - low);
      at_a = quartic(g, a);
    } else {
      low = a, a = b, at_a = at_b;
      b = low + golden * (high - low);
      at_b = quartic(g, b);
    }
  }
  return at_a > at_b ? (peak){at_a, day + a * h} : (peak){at_b, day + b * h};
}

static void track_inside(collector *c, int t, int p, double vertex, double day, double h)
{
  if (!c->inner_ready) {
    interpolate_point(c, 1);
    interpolate_point(c, 3);
    c->inner_ready = true;
  }
  double g[COLLECT_POINTS];
  for (int i = 0; i < COLLECT_POINTS; i++) {
    g[i] = output_of(c, i, tracked_output[t], p);
  }
  note_everywhere(c, t, p, refine(g, vertex, day, h), day + h / 2);
}

static void track_extreme(collector *c, int t, int p, double day, double h)
{
  const int o = tracked_output[t];
  const double g0 = output_of(c, START, o, p), gm = output_of(c, MIDDLE, o, p);
  const double g1 = output_of(c, END, o, p);
  const double ends = larger(g0, g1), beat = value_to_beat(c, t, p, day + h / 2);
  if (ends > beat) {
    note_everywhere(c, t, p, g0 > g1 ? (peak){g0, day} : (peak){g1, day + h}, day + h / 2);
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
    if (estimate + 0.1 * (estimate - ends) >= value_to_beat(c, t, p, day + h / 2)) {
      track_inside(c, t, p, x, day, h);
    }
  }
}

static void follow_tumor(collector *c, int p, double day, double h)
{
  endpoints *e = c->record[p].task->result;
  const double middle = output_of(c, MIDDLE, OUTPUT_TUMOR, p);
  const double end = output_of(c, END, OUTPUT_TUMOR, p);
  /* Simpson's rule: exact to h^5, and log10 of the tumour is nearly linear in a step */
  c->record[p].log10_integral +=
      h / 6 *
      (output_of(c, START, KERNEL_LOG10_TUMOR, p) +
       4 * output_of(c, MIDDLE, KERNEL_LOG10_TUMOR, p) + output_of(c, END, KERNEL_LOG10_TUMOR, p));
  const double smaller = middle < end ? middle : end;
  e->tumor_smallest = smaller < e->tumor_smallest ? smaller : e->tumor_smallest;
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
  for (; s && k->next_sample < s->n_days && s->day[k->next_sample] <= day + h; k->next_sample++) {
    const double inside = (s->day[k->next_sample] - day) / h;
    lane_numbers x = {{0}};
    lane_outputs value;
    x.at[p] = inside < 0 ? 0 : inside > 1 ? 1 : inside;
    rosenbrock_interpolate(c->r, &x, c->state);
    c->r->kernels->outputs(c->r->derived, c->state, value.at);
    for (int o = 0; o < OUTPUT_COUNT; o++) {
      s->value[(long)k->next_sample * OUTPUT_COUNT + o] = value.at[o * c->lanes + p];
    }
  }
}

void collect_step(collector *c, const bool *accepted, const double *day, const lane_numbers *h)
{
  interpolate_point(c, MIDDLE);
  c->r->kernels->outputs(c->r->derived, c->r->next, c->point[END].at);
  c->inner_ready = false;
  for (int p = 0; p < c->lanes; p++) {
    if (!accepted[p]) {
      continue;
    }
    for (int t = 0; t < TRACKS; t++) {
      track_extreme(c, t, p, day[p], h->at[p]);
    }
    follow_tumor(c, p, day[p], h->at[p]);
    sample(c, p, day[p], h->at[p]);
    for (int o = 0; o < KERNEL_OUTPUTS; o++) {
      c->point[START].at[o * c->lanes + p] = c->point[END].at[o * c->lanes + p];
    }
  }
}

static void count_burden(const collector *c, const schedule *doses, endpoints *e)
{
  schedule given = *doses;
  given.n_doses = e->n_windows;
  e->n_doses = given.n_doses;
  e->total_mg = schedule_total_mg(&given);
  e->n_visits = schedule_visits(&given, c->request->horizon_days);
}

void collect_end(collector *c, int p)
{
  lane_record *k = &c->record[p];
  endpoints *e = k->task->result;
  const double start = log10(larger(e->tumor_initial, 1));
  e->log10_kill_average = start - k->log10_integral / c->request->horizon_days;
  e->log10_kill_smallest_last = start - log10(larger(k->tumor_last, 1));
  count_burden(c, k->task->doses, e);
  /* days beyond the horizon are not known */
  for (trajectory *s = k->task->samples; s && k->next_sample < s->n_days; k->next_sample++) {
    for (int o = 0; o < OUTPUT_COUNT; o++) {
      s->value[(long)k->next_sample * OUTPUT_COUNT + o] = (double)NAN;
    }
  }
}
