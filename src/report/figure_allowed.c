/* Every risk over the virtual patients against what is allowed, with its interval. */
#include "report/figure.h"
#include "report/words_risk.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { ROW = 34, ABOVE = 30, ROWS_MAX = 40, DRAWN_MAX = 250 };

/* As percent of what is allowed. */
typedef struct allowed_risk {
  int limit;
  bool holds;
  double window, value, low, high, bound, count, of; /* as in result.json */
} allowed_risk;

typedef struct allowed_view {
  int n;
  bool more; /* than there is room for */
  allowed_risk one[ROWS_MAX];
} allowed_view;

static allowed_risk read_risk(const cJSON *entry)
{
  return (allowed_risk){.limit = (int)page_number(entry, "limit") - 1,
                        .holds = page_true(entry, "holds"),
                        .window = page_number(entry, "dose"),
                        .value = page_number(entry, "value"),
                        .low = page_number(entry, "low"),
                        .high = page_number(entry, "high"),
                        .bound = page_number(entry, "bound"),
                        .count = page_number(entry, "patients"),
                        .of = page_number(entry, "of")};
}

static void read_view(const page_run *run, allowed_view *v)
{
  const cJSON *entry;
  *v = (allowed_view){0};
  cJSON_ArrayForEach(entry, page_member(page_given_outcome(run), "risks"))
  {
    const double number = page_number(entry, "limit");
    const bool known = number >= 1 && number <= run->problem->n_limits;
    if (!known || run->problem->limits[(int)number - 1].risk == RISK_NONE) {
      continue;
    }
    v->more = v->more || v->n == ROWS_MAX;
    if (v->n < ROWS_MAX) {
      v->one[v->n++] = read_risk(entry);
    }
  }
}

static const limit *limit_of(const page_run *run, const allowed_risk *r)
{
  return &run->problem->limits[r->limit];
}

static void name_risk(const page_run *run, const allowed_risk *r, char name[3 * WORDS_SIZE])
{
  char subject[WORDS_SIZE], window[WORDS_SIZE];
  const limit *l = limit_of(run, r);
  words_risk_short(l, subject);
  words_risk_window(l, (int)r->window, window);
  snprintf(name, 3 * WORDS_SIZE, "%s%s%s", subject, window[0] != ' ' ? ", " : "",
           window[0] != ' ' ? window : "");
}

static void draw_row(const page_run *run, const svg_chart *c, const allowed_risk *r, double y)
{
  char name[3 * WORDS_SIZE], value[WORDS_SIZE], bound[WORDS_SIZE];
  const double scale = 100 / r->bound;
  name_risk(run, r, name);
  words_risk_value(limit_of(run, r), r->value, value);
  words_risk_value(limit_of(run, r), r->bound, bound);
  svg_label(c, "tick", c->x.from + 3, y, "start", "%s", name);
  svg_label(c, r->holds ? "value" : "value bad-text", c->x.to, y, "end", "%s of %s%s", value, bound,
            r->holds ? "" : ": too much");
  svg_bar(c, r->holds ? "bar" : "bar bad", svg_x(c, 0), y + 5,
          fmax(svg_x(c, r->value * scale) - svg_x(c, 0), 1.5), 11, name);
  svg_interval(c, r->low * scale, r->high * scale, y + 10.5);
}

static void draw(const page_run *run, const allowed_view *v, const char *caption, text *out)
{
  double highest = 120;
  svg_chart c = svg_open(out, "allowed", ABOVE + ROW * v->n + 30, 0, caption,
                         "One bar a risk, as percent of what is allowed, with its interval; "
                         "dashed: all that is allowed; hatched: too much.");
  for (int i = 0; i < v->n; i++) {
    const double scale = 100 / v->one[i].bound;
    highest = fmax(highest, fmin(fmax(v->one[i].value, v->one[i].high) * scale, DRAWN_MAX));
  }
  c.x.from = 14;
  svg_range(&c.x, 0, highest, false);
  svg_draw_x(&c, "% of what is allowed");
  for (int i = 0; i < v->n; i++) {
    draw_row(run, &c, &v->one[i], ABOVE + ROW * i + 4);
  }
  svg_line(&c, "limit", svg_x(&c, 100), c.y.from, svg_x(&c, 100), c.y.to);
  svg_close(&c);
}

static void patients_cell(html_table *t, const allowed_risk *r)
{
  if (r->of > 0) {
    html_cell(t, "%.0f of %.0f", r->count, r->of);
  } else {
    html_cell(t, "-");
  }
}

void figure_risk_table(const page_run *run, const char *caption, text *out)
{
  allowed_view v;
  read_view(run, &v);
  if (v.n == 0) {
    return;
  }
  html_table t =
      html_table_open(out, caption, "limit|#allowed|#found|#95 % interval|#patients|holds");
  for (int i = 0; i < v.n; i++) {
    char words[3 * WORDS_SIZE];
    const limit *l = limit_of(run, &v.one[i]);
    name_risk(run, &v.one[i], words);
    html_cell(&t, "%s", words);
    words_risk_value(l, v.one[i].bound, words);
    html_cell(&t, "%s", words);
    words_risk_value(l, v.one[i].value, words);
    html_cell(&t, "%s", words);
    words_risk_interval(l, v.one[i].low, v.one[i].high, words);
    html_cell(&t, "%s", words);
    patients_cell(&t, &v.one[i]);
    html_cell(&t, "%s", v.one[i].holds ? "yes" : "no");
  }
  html_table_close(&t);
  if (v.more) {
    text_append(out, "<p class=\"note\">Further doses: result.json.</p>\n");
  }
}

void figure_allowed(const page_run *run, text *out)
{
  static const char caption[] = "Risks in the virtual patients, as percent of what is allowed";
  allowed_view v;
  read_view(run, &v);
  if (v.n == 0) {
    return;
  }
  figure_open(out, "allowed", caption);
  draw(run, &v, caption, out);
  figure_numbers(out);
  figure_risk_table(run, caption, out);
  figure_close(out);
}
