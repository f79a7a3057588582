/* Endpoints collected while integrating. */
#include "simulate/collect.h"

#include <math.h>

static const int tracked_output[TRACKS] = {OUTPUT_IL6, OUTPUT_ACTIVATED_CD8, OUTPUT_TUMOR};

/* Days that are equal up to the rounding of decimal input. */
static const double SAME_DAY = 1e-9;

static void outputs_inside(collector *c, double x, double *output)
{
  rosenbrock_interpolate(c->group, x, c->state);
  c->group->kernels->outputs(c->group->derived, c->state, output);
}

static void outputs_at_end(const collector *c, double *output)
{
  c->group->kernels->outputs(c->group->derived, c->group->next, output);
}

static void note(peak *p, peak candidate)
{
  if (candidate.value > p->value) {
    *p = candidate;
  }
}

void collect_open(collector *c, const endpoint_request *request, const schedule *doses,
                  rosenbrock *group, double *state, endpoints *result, trajectory *samples)
{
  const peak none = {-INFINITY, NAN};
  *c = (collector){.request = request, .result = result, .group = group, .state = state,
                   .samples = samples, .tumor_last = none, .window = -1};
  endpoints *e = result;
  *e = (endpoints){.n_intervals = request->n_intervals, .n_days = request->n_days};
  for (int i = 0; i < doses->n_doses && doses->doses[i].day < request->horizon_days; i++) {
    e->il6[i] = e->activated_cd8[i] = none;
    e->window_day[e->n_windows++] = doses->doses[i].day;
  }
  for (int i = 0; i < request->n_intervals; i++) {
    e->il6_interval[i] = e->activated_cd8_interval[i] = none;
  }
  group->kernels->outputs(group->derived, group->state, c->at_start);
  e->il6_course = (peak){c->at_start[OUTPUT_IL6], 0};
  e->activated_cd8_course = (peak){c->at_start[OUTPUT_ACTIVATED_CD8], 0};
  e->tumor_initial = e->tumor_smallest = e->tumor_final = c->at_start[OUTPUT_TUMOR];
  for (int i = 0; i < request->n_days; i++) {
    e->tumor_at[i] = e->tumor_initial;
  }
}

void collect_dose(collector *c, double day)
{
  c->window++;
  note(&c->result->il6[c->window], (peak){c->at_start[OUTPUT_IL6], day});
  note(&c->result->activated_cd8[c->window], (peak){c->at_start[OUTPUT_ACTIVATED_CD8], day});
}

/* Largest value of an output inside the step, by golden section around the vertex of a parabola. */
static peak refine(collector *c, int output, double vertex, double day, double h)
{
  const double golden = 0.6180339887498949;
  double low = fmax(0, vertex - 0.5), high = fmin(1, vertex + 0.5);
  double value[OUTPUT_COUNT];
  peak best = {-INFINITY, NAN};
  double a = high - golden * (high - low), b = low + golden * (high - low);
  outputs_inside(c, a, value);
  double at_a = value[output];
  outputs_inside(c, b, value);
  double at_b = value[output];
  while (high - low > 1e-6) {
    if (at_a > at_b) {
      high = b, b = a, at_b = at_a, a = high - golden * (high - low);
      outputs_inside(c, a, value);
      at_a = value[output];
    } else {
      low = a, a = b, at_a = at_b, b = low + golden * (high - low);
      outputs_inside(c, b, value);
      at_b = value[output];
    }
    note(&best, at_a > at_b ? (peak){at_a, day + a * h} : (peak){at_b, day + b * h});
  }
  return best;
}

/* Smallest value that a candidate must beat to matter anywhere. */
static double value_to_beat(const collector *c, int track, double middle)
{
  const endpoints *e = c->result;
  if (track == TRACK_TUMOR) {
    return c->tumor_last.value;
  }
  const peak *course = track == TRACK_IL6 ? &e->il6_course : &e->activated_cd8_course;
  const peak *window = track == TRACK_IL6 ? e->il6 : e->activated_cd8;
  const peak *interval = track == TRACK_IL6 ? e->il6_interval : e->activated_cd8_interval;
  double least = c->window >= 0 ? window[c->window].value : course->value;
  for (int i = 0; i < e->n_intervals; i++) {
    if (c->request->interval[i].from_day <= middle && middle <= c->request->interval[i].to_day) {
      least = fmin(least, interval[i].value);
    }
  }
  return least;
}

static void note_everywhere(collector *c, int track, peak found, double middle)
{
  endpoints *e = c->result;
  if (track == TRACK_TUMOR) {
    if (middle >= c->request->horizon_days - c->request->last_days) {
      note(&c->tumor_last, found);
    }
    return;
  }
  peak *window = track == TRACK_IL6 ? e->il6 : e->activated_cd8;
  peak *interval = track == TRACK_IL6 ? e->il6_interval : e->activated_cd8_interval;
  note(track == TRACK_IL6 ? &e->il6_course : &e->activated_cd8_course, found);
  if (c->window >= 0) {
    note(&window[c->window], found);
  }
  for (int i = 0; i < e->n_intervals; i++) {
    if (c->request->interval[i].from_day <= middle && middle <= c->request->interval[i].to_day) {
      note(&interval[i], found);
    }
  }
}

/* Steps never cross the ends of windows and intervals (they are stops), so the middle of a step tells
 * to which of them it belongs. */
static void track_extreme(collector *c, int track, const double *middle, const double *end,
                          double day, double h)
{
  const int o = tracked_output[track];
  const double g0 = c->at_start[o], gm = middle[o], g1 = end[o];
  const double curvature = 2 * (g0 - 2 * gm + g1), slope = -3 * g0 + 4 * gm - g1;
  note_everywhere(c, track, (peak){g0, day}, day + h / 2);
  note_everywhere(c, track, (peak){g1, day + h}, day + h / 2);
  if (curvature < 0) {
    const double vertex = -slope / (2 * curvature);
    const double estimate = g0 + vertex * (slope + vertex * curvature);
    /* a margin, because a parabola is only an estimate of what lies between */
    const double margin = 0.1 * (estimate - fmax(g0, g1));
    if (vertex > 0 && vertex < 1 && estimate + margin > value_to_beat(c, track, day + h / 2)) {
      note_everywhere(c, track, refine(c, o, vertex, day, h), day + h / 2);
    }
  }
}

static double log10_cells(double cells) { return log10(fmax(cells, 1)); }

static void follow_tumor(collector *c, const double *middle, const double *end, double day, double h)
{
  endpoints *e = c->result;
  /* Simpson's rule: exact to h^5, and log10 of the tumour is nearly linear in a step */
  c->log10_integral += h / 6 *
                       (log10_cells(c->at_start[OUTPUT_TUMOR]) +
                        4 * log10_cells(middle[OUTPUT_TUMOR]) + log10_cells(end[OUTPUT_TUMOR]));
  e->tumor_smallest =
      fmin(e->tumor_smallest, fmin(middle[OUTPUT_TUMOR], end[OUTPUT_TUMOR]));
  e->tumor_final = end[OUTPUT_TUMOR];
  for (int i = 0; i < e->n_days; i++) {
    if (fabs(c->request->day[i] - (day + h)) <= SAME_DAY) {
      e->tumor_at[i] = end[OUTPUT_TUMOR];
    }
  }
}

static void sample(collector *c, double day, double h)
{
  trajectory *s = c->samples;
  while (s && c->next_sample < s->n_days && s->day[c->next_sample] <= day + h) {
    const double x = (s->day[c->next_sample] - day) / h;
    outputs_inside(c, fmin(1, fmax(0, x)), s->value + (long)c->next_sample * OUTPUT_COUNT);
    c->next_sample++;
  }
}

void collect_step(collector *c, double day, double h)
{
  double middle[OUTPUT_COUNT], end[OUTPUT_COUNT];
  outputs_inside(c, 0.5, middle);
  outputs_at_end(c, end);
  for (int track = 0; track < TRACKS; track++) {
    track_extreme(c, track, middle, end, day, h);
  }
  follow_tumor(c, middle, end, day, h);
  sample(c, day, h);
  for (int o = 0; o < OUTPUT_COUNT; o++) {
    c->at_start[o] = end[o];
  }
}

void collect_close(collector *c)
{
  endpoints *e = c->result;
  const double start = log10_cells(e->tumor_initial);
  e->log10_kill_average = start - c->log10_integral / c->request->horizon_days;
  e->log10_kill_smallest_last = start - log10_cells(c->tumor_last.value);
  for (trajectory *s = c->samples; s && c->next_sample < s->n_days; c->next_sample++) {
    for (int o = 0; o < OUTPUT_COUNT; o++) { /* days beyond the horizon are not known */
      s->value[(long)c->next_sample * OUTPUT_COUNT + o] = NAN;
    }
  }
}
