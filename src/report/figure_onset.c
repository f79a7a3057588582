/* When cytokine release begins after each dose: how long patients would have to be watched. */
#include "report/figure.h"
#include "report/words.h"
#include "simulate/simulate.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { ROW = 30, ABOVE = 26, ROWS_MAX = 24, BOX = 9 };

/* After fewer expected events per patient there is nothing to wait for. */
static const double shown_from = 0.01;

typedef struct onset {
  int dose;                              /* 0: any of them */
  double ill, p5, p25, median, p75, p95; /* events per patient; hours */
} onset;

typedef struct onset_view {
  int n;
  onset at[ROWS_MAX];
} onset_view;

static onset read_onset(const cJSON *entry)
{
  const double number = page_number(entry, "dose");
  return (onset){.dose = isfinite(number) ? (int)number : 0,
                 .ill = page_number(entry, "expected_events_per_patient"),
                 .p5 = page_number(entry, "p5"),
                 .p25 = page_number(entry, "p25"),
                 .median = page_number(entry, "median"),
                 .p75 = page_number(entry, "p75"),
                 .p95 = page_number(entry, "p95")};
}

/* That of any dose comes first. */
static void read_view(const page_run *run, onset_view *v)
{
  const cJSON *entry;
  v->n = 0;
  cJSON_ArrayForEach(entry, page_member(page_given_outcome(run), "crs_onset_h"))
  {
    const onset found = read_onset(entry);
    if (v->n < ROWS_MAX && found.ill >= shown_from && isfinite(found.median)) {
      v->at[v->n++] = found;
    }
  }
}

static void name_onset(const onset *o, char name[WORDS_SIZE])
{
  if (o->dose > 0) {
    snprintf(name, WORDS_SIZE, "after dose %d", o->dose);
  } else {
    snprintf(name, WORDS_SIZE, "after the last dose given");
  }
}

static void draw_row(const svg_chart *c, const onset *o, double y)
{
  char name[WORDS_SIZE], hint[3 * WORDS_SIZE];
  name_onset(o, name);
  snprintf(hint, sizeof hint, "%s: median %.3g h, 5-95 %% %.3g to %.3g h", name, o->median, o->p5,
           o->p95);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", name);
  svg_label(c, "value", c->x.to, y, "end", "%.3g h (%.2g of 100 patients)", o->median,
            100 * o->ill);
  svg_bar(c, "band f0", svg_x(c, o->p25), y + 5, svg_x(c, o->p75) - svg_x(c, o->p25), BOX, hint);
  svg_interval(c, o->p5, o->p95, y + 5 + BOX / 2.0);
  svg_marker(c, 0, svg_x(c, o->median), y + 5 + BOX / 2.0, hint);
}

static void draw(const onset_view *v, const char *caption, text *out)
{
  double latest = 0;
  svg_chart c = svg_open(out, "onset", ABOVE + ROW * v->n + 34, 0, caption,
                         "One row a dose: median as a point, half of the onsets in the box, 90 % "
                         "of them between the bars. Right: the median, and how many of 100 "
                         "patients are expected to fall ill.");
  for (int i = 0; i < v->n; i++) {
    latest = fmax(latest, v->at[i].p95);
  }
  c.x.from = 14;
  svg_range(&c.x, 0, latest, false);
  svg_draw_x(&c, "hours after the dose");
  for (int i = 0; i < v->n; i++) {
    draw_row(&c, &v->at[i], ABOVE + ROW * i);
  }
  svg_close(&c);
}

static void tabulate(const onset_view *v, const char *caption, text *out)
{
  html_table t =
      html_table_open(out, caption, "onset|#events in 100 patients|#5 %|#25 %|#median|#75 %|#95 %");
  for (int i = 0; i < v->n; i++) {
    const onset *o = &v->at[i];
    char name[WORDS_SIZE];
    name_onset(o, name);
    html_cell(&t, "%s", name);
    html_cell_number(&t, 100 * o->ill);
    html_cell_number(&t, o->p5);
    html_cell_number(&t, o->p25);
    html_cell_number(&t, o->median);
    html_cell_number(&t, o->p75);
    html_cell_number(&t, o->p95);
  }
  html_table_close(&t);
}

static void note_stay(const onset_view *v, text *out)
{
  if (v->at[0].dose == 0) {
    text_append(out, "<p class=\"note\">");
    html_format(out,
                "Hospital stay: %.0f h after each dose would see 95 %% of all onsets. An onset is "
                "the time when the signal has made %g %% of its rise.",
                v->at[0].p95, 100 * ENDPOINT_ONSET_SHARE);
    text_append(out, "</p>\n");
  }
}

void figure_onset(const page_run *run, text *out)
{
  static const char caption[] = "Hours from a dose to cytokine release syndrome";
  onset_view v;
  read_view(run, &v);
  if (v.n == 0) {
    return;
  }
  figure_open(out, "onset", caption);
  draw(&v, caption, out);
  note_stay(&v, out);
  figure_numbers(out);
  tabulate(&v, caption, out);
  figure_close(out);
}
