/* Endpoints at the ends of what is collected: day 0, the doses, the horizon. */
#include "simulate/collect.h"

#include "simulate/dosing.h"

#include <math.h>

static void set_start(collector *c, int p)
{
  lane_outputs now;
  double *start = c->point[COLLECT_START].at;
  c->r->kernels->outputs(c->r->derived, c->r->state, now.at);
  for (int o = 0; o < c->model->n_outputs; o++) {
    start[o * c->lanes + p] = now.at[o * c->lanes + p];
  }
  start[KERNEL_LOG10_TUMOR * c->lanes + p] = now.at[KERNEL_LOG10_TUMOR * c->lanes + p];
}

static void add_track(collector *c, int id, int output, double sign)
{
  c->track[c->n_tracks++] = (collect_track){id, output, sign};
}

static void choose_tracks(collector *c)
{
  const model *m = c->model;
  c->n_tracks = 0;
  c->n_sites = 1;
  c->has_drive = m->n_outputs > OUTPUT_CRS_DRIVE;
  add_track(c, TRACK_IL6, OUTPUT_IL6, 1);
  add_track(c, TRACK_ACTIVATED_CD8, OUTPUT_ACTIVATED_CD8, 1);
  add_track(c, TRACK_TUMOR, OUTPUT_TUMOR, 1);
  if (!c->has_drive) {
    return;
  }
  add_track(c, TRACK_DRIVE, OUTPUT_CRS_DRIVE, 1);
  add_track(c, TRACK_IFN, OUTPUT_IFN, 1);
  c->n_sites = MODEL_SITES_MAX - MODEL_TISSUES_MAX + m->n_tissues;
  for (int s = 1; s < c->n_sites; s++) {
    add_track(c, TRACK_ACTIVATED + s - 1, OUTPUT_ACTIVATED_LYMPHOID + s - 1, 1);
  }
  for (int t = 0; t < m->n_tissues; t++) {
    add_track(c, TRACK_HEALTH + t, OUTPUT_HEALTH_TISSUE1 + t, -1);
  }
}

static void fill_peaks(const collector *c, const endpoints *e, track_peaks k, peak course,
                       peak other)
{
  *k.course = course;
  for (int w = 0; k.window && w < e->n_windows; w++) {
    k.window[w] = other;
  }
  for (int i = 0; k.interval && i < c->request->n_intervals; i++) {
    k.interval[i] = other;
  }
}

static void open_windows(const collector *c, const schedule *doses, endpoints *e)
{
  e->n_windows = 0;
  for (int i = 0; i < doses->n_doses && e->n_windows < SCHEDULE_WINDOWS_MAX; i++) {
    const dose *d = &doses->doses[i];
    if (route_is_engager(d->route) && d->day >= -DOSING_SAME_DAY &&
        d->day < c->request->horizon_days) {
      e->window_day[e->n_windows++] = d->day;
    }
  }
}

static void open_peaks(const collector *c, int p, endpoints *e)
{
  const peak none = {-INFINITY, NAN}, absent = {0, NAN};
  if (!c->has_drive) {
    fill_peaks(c, e, track_peaks_of(e, TRACK_DRIVE), absent, absent);
    fill_peaks(c, e, track_peaks_of(e, TRACK_IFN), absent, absent);
  }
  for (int i = 0; i < c->n_tracks; i++) {
    const collect_track *t = &c->track[i];
    if (t->id != TRACK_TUMOR) {
      const peak start = {t->sign * collect_output(c, COLLECT_START, t->output, p), 0};
      fill_peaks(c, e, track_peaks_of(e, t->id), start, none);
    }
  }
}

static void open_endpoints(const collector *c, int p)
{
  const endpoint_request *q = c->request;
  endpoints *e = c->record[p].task->result;
  e->n_intervals = q->n_intervals;
  e->n_days = q->n_days;
  e->n_sites = c->n_sites;
  open_windows(c, c->record[p].task->doses, e);
  open_peaks(c, p, e);
  collect_onset_open(c, p);
  for (int s = 0; s < e->n_sites; s++) {
    e->days_above[s] = 0;
  }
  e->tumor_initial = e->tumor_smallest = e->tumor_final =
      collect_output(c, COLLECT_START, OUTPUT_TUMOR, p);
  e->progression_day = INFINITY;
  for (int i = 0; i < q->n_days; i++) {
    e->tumor_at[i] = e->tumor_initial;
  }
}

void collect_open(collector *c, const model *m, const endpoint_request *request, rosenbrock *r,
                  double *state)
{
  c->model = m;
  c->request = request;
  c->r = r;
  c->lanes = r->kernels->lanes;
  c->state = state;
  choose_tracks(c);
}

void collect_wait(collector *c, int p) { c->record[p].task = NULL; }

void collect_begin(collector *c, int p, const stream_task *task)
{
  lane_record *k = &c->record[p];
  set_start(c, p);
  k->task = task;
  k->window = -1;
  k->first_of_day = k->next_sample = 0;
  k->log10_integral = 0;
  k->tumor_last = -INFINITY;
  k->drive_at_start = c->has_drive ? collect_output(c, COLLECT_START, OUTPUT_CRS_DRIVE, p) : 0;
  open_endpoints(c, p);
}

/* Windows of the same day share their extremes and the value that their rises begin at. */
void collect_dose(collector *c, int p, double day)
{
  lane_record *k = &c->record[p];
  endpoints *e = k->task ? k->task->result : NULL;
  if (!e || k->window + 1 >= e->n_windows) {
    return; /* before day 0, or more doses than windows */
  }
  const bool counts = !c->request->until_progression || !collect_progressed(c, p);
  const int w = k->window + 1;
  const bool shared =
      w > 0 && day < e->window_day[k->first_of_day] + ENDPOINT_ONE_DOSE_DAYS - DOSING_SAME_DAY;
  if (!shared) {
    collect_onset_close(c, p);
    collect_onset_dose(c, p, day);
    k->first_of_day = w;
  }
  k->window = w;
  for (int i = 0; i < c->n_tracks; i++) {
    const collect_track *t = &c->track[i];
    peak *window = t->id == TRACK_TUMOR ? NULL : track_peaks_of(e, t->id).window;
    if (window && shared) {
      window[w] = window[w - 1];
    } else if (window && !counts) {
      window[w] = (peak){0, NAN};
    } else if (window) {
      track_note(&window[w], (peak){t->sign * collect_output(c, COLLECT_START, t->output, p), day});
    }
  }
  if (c->has_drive) {
    k->drive_at_dose[w] =
        shared ? k->drive_at_dose[w - 1] : collect_output(c, COLLECT_START, OUTPUT_CRS_DRIVE, p);
    k->drive_at_dose[w] = counts ? k->drive_at_dose[w] : 0;
  }
}

static void count_burden(const collector *c, const schedule *doses, endpoints *e)
{
  schedule given = *doses;
  while (given.n_doses > 0 && given.doses[given.n_doses - 1].day >= c->request->horizon_days) {
    given.n_doses--;
  }
  e->n_doses = schedule_engager_doses(&given);
  e->total_mg = schedule_total_mg(&given);
  e->n_visits = schedule_visits(&given, c->request->horizon_days);
  e->hospital_days =
      schedule_hospital_days(&given, &c->request->hospital, c->request->horizon_days);
}

/* The largest drive becomes its largest rise. */
static void subtract_drive(const lane_record *k, endpoints *e)
{
  e->drive_course.value -= k->drive_at_start;
  for (int w = 0; w < e->n_windows; w++) {
    e->drive[w].value -= k->drive_at_dose[w];
  }
  for (int i = 0; i < e->n_intervals; i++) {
    e->drive_interval[i].value -=
        isfinite(e->drive_interval[i].value) ? k->drive_at_interval[i] : 0;
  }
}

/* Intervals of days that began after the tumour had progressed hold nothing. */
static void empty_late_intervals(const collector *c, endpoints *e)
{
  for (int t = 0; c->request->until_progression && t < c->n_tracks; t++) {
    peak *interval =
        c->track[t].id == TRACK_TUMOR ? NULL : track_peaks_of(e, c->track[t].id).interval;
    for (int i = 0; interval && i < e->n_intervals; i++) {
      interval[i] = isfinite(interval[i].value) ? interval[i] : (peak){0, NAN};
    }
  }
}

static void close_peaks(const collector *c, const lane_record *k, endpoints *e)
{
  e->activated[0] = e->activated_cd8_course;
  if (c->has_drive) {
    subtract_drive(k, e);
  }
  empty_late_intervals(c, e);
  for (int t = 0; c->has_drive && t < c->model->n_tissues; t++) {
    e->health_nadir[t].value = -e->health_nadir[t].value;
  }
}

void collect_end(collector *c, int p)
{
  lane_record *k = &c->record[p];
  endpoints *e = k->task->result;
  const double start = log10(fmax(e->tumor_initial, 1));
  e->log10_kill_average = start - k->log10_integral / c->request->horizon_days;
  e->log10_kill_smallest_last = start - log10(fmax(k->tumor_last, 1));
  collect_onset_close(c, p);
  close_peaks(c, k, e);
  count_burden(c, k->task->doses, e);
  /* days beyond the horizon are not known */
  const int n_outputs = c->model->n_outputs;
  for (trajectory *s = k->task->samples; s && k->next_sample < s->n_days; k->next_sample++) {
    for (int o = 0; o < n_outputs; o++) {
      s->value[(long)k->next_sample * n_outputs + o] = (double)NAN;
    }
  }
}
