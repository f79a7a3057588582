/* Cytokine release syndrome by grade after each dose, as the virtual patients' probabilities have
 * it, against the limits on it. */
#include "report/figure.h"
#include "report/words_risk.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>

enum { DOSES_MAX = 64, NUMBERED = 16, CAP = 3 };

/* Percent of the patients; place 0 is the course, then the doses. NAN: none. */
typedef struct crs_place {
  double share, low, high, bound;
} crs_place;

typedef struct crs_view {
  int n_doses;
  crs_place at[PROBLEM_GRADES][1 + DOSES_MAX];
} crs_view;

/* Percent; from here on a share of some hundreds of patients means something. */
static const double lowest_drawn = 0.1;

static const char *const grade_words[PROBLEM_GRADES] = {"any grade", "grade 2 or higher",
                                                        "grade 3 or higher", "grade 4"};

static void clear(crs_view *v)
{
  v->n_doses = 0;
  for (int g = 0; g < PROBLEM_GRADES; g++) {
    for (int d = 0; d <= DOSES_MAX; d++) {
      v->at[g][d] = (crs_place){NAN, NAN, NAN, NAN};
    }
  }
}

static void read_shares(const page_run *run, crs_view *v)
{
  const cJSON *entry;
  cJSON_ArrayForEach(entry, page_member(page_given_outcome(run), "crs"))
  {
    const double grade = page_number(entry, "grade_at_least");
    const double number = page_number(entry, "dose");
    if (grade >= 1 && grade <= PROBLEM_GRADES && number >= 0 && number <= DOSES_MAX) {
      const int d = (int)number;
      v->at[(int)grade - 1][d] =
          (crs_place){100 * page_number(entry, "share"), 100 * page_number(entry, "low"),
                      100 * page_number(entry, "high"), NAN};
      v->n_doses = d > v->n_doses ? d : v->n_doses;
    }
  }
}

static bool applies(const limit *l, int d)
{
  switch (l->window) {
  case WINDOW_COURSE:
    return d == 0;
  case WINDOW_FIRST_DOSE:
    return d == 1;
  case WINDOW_LATER_DOSES:
    return d > 1;
  case WINDOW_EACH_DOSE:
    return d > 0;
  default:
    return false;
  }
}

/* Limits on the probability of all patients; the tightest where there are several. */
static void read_bounds(const stepdose_problem *problem, crs_view *v)
{
  for (int k = 0; k < problem->n_limits; k++) {
    const limit *l = &problem->limits[k];
    for (int d = 0; l->kind == LIMIT_CRS_PROBABILITY && l->stratum < 0 && d <= v->n_doses; d++) {
      crs_place *at = &v->at[l->grade - 1][d];
      at->bound = applies(l, d) ? fmin(100 * l->bound, at->bound) : at->bound;
    }
  }
}

/* --- drawing --- */

/* The course stands behind the last dose. */
static double place_of(const crs_view *v, int grade, int d)
{
  return (d > 0 ? d : v->n_doses + 1) + 0.13 * (grade - (PROBLEM_GRADES - 1) / 2.0);
}

static double highest(const crs_view *v)
{
  double found = 5;
  for (int g = 0; g < PROBLEM_GRADES; g++) {
    for (int d = 0; d <= v->n_doses; d++) {
      found = fmax(found, fmax(v->at[g][d].high, v->at[g][d].bound));
    }
  }
  return found;
}

static void draw_place(const svg_chart *c, const crs_view *v, int grade, int d)
{
  const crs_place *at = &v->at[grade][d];
  const double x = svg_x(c, place_of(v, grade, d));
  char hint[3 * WORDS_SIZE];
  if (!isfinite(at->share)) {
    return;
  }
  if (isfinite(at->low) && isfinite(at->high)) {
    const double low = svg_y(c, at->low);
    const double high = svg_y(c, at->high);
    svg_line(c, "axis", x, low, x, high);
    svg_line(c, "axis", x - CAP, low, x + CAP, low);
    svg_line(c, "axis", x - CAP, high, x + CAP, high);
  }
  snprintf(hint, sizeof hint, "%s: %.3g %% (%.3g to %.3g %%)", grade_words[grade], at->share,
           at->low, at->high);
  svg_marker(c, grade, x, svg_y(c, at->share), hint);
}

/* Which limit it is says the note below: names would hide markers. */
static void draw_bounds(const svg_chart *c, const crs_view *v)
{
  for (int g = 0; g < PROBLEM_GRADES; g++) {
    for (int d = 0; d <= v->n_doses; d++) {
      const double bound = v->at[g][d].bound;
      const double place = d > 0 ? d : v->n_doses + 1;
      if (isfinite(bound)) {
        svg_line(c, "limit", svg_x(c, place - 0.45), svg_y(c, bound), svg_x(c, place + 0.45),
                 svg_y(c, bound));
      }
    }
  }
}

static void note_limits(const stepdose_problem *problem, text *out)
{
  for (int k = 0; k < problem->n_limits; k++) {
    const limit *l = &problem->limits[k];
    char words[WORDS_RISK_SIZE];
    if (l->kind == LIMIT_CRS_PROBABILITY && l->stratum < 0) {
      words_risk(problem, l, words);
      text_append(out, "<p class=\"note\">Dashed: ");
      html_text(out, words);
      text_append(out, "</p>\n");
    }
  }
}

static void draw_places(const svg_chart *c, const crs_view *v)
{
  for (int d = 0; d <= v->n_doses; d++) {
    const double x = svg_x(c, d > 0 ? d : v->n_doses + 1);
    if (d == 0) {
      svg_label(c, "tick", x, c->y.from + 14, "middle", "course");
    } else if (v->n_doses <= NUMBERED || (d % 4 == 0 && d < v->n_doses)) {
      svg_label(c, "tick", x, c->y.from + 14, "middle", "%d", d);
    }
    for (int g = 0; g < PROBLEM_GRADES; g++) {
      draw_place(c, v, g, d);
    }
  }
}

static void draw(const crs_view *v, const char *caption, text *out)
{
  svg_chart c = svg_open(out, "crs", 250, svg_legend_rows(grade_words, PROBLEM_GRADES), caption,
                         "Expected share of the virtual patients by grade, after each dose and "
                         "over the course; bars: interval from the number of patients; dashed "
                         "lines: limits. What lies below the axis is drawn at its edge.");
  svg_range_days(&c.x, 0.4, v->n_doses + 1.6);
  svg_range(&c.y, lowest_drawn, highest(v), true);
  svg_draw_y(&c, "% of patients");
  svg_baseline(&c);
  svg_label(&c, "name", c.x.to, c.y.from + 27, "end", "dose");
  draw_places(&c, v);
  draw_bounds(&c, v);
  for (int g = 0; g < PROBLEM_GRADES; g++) {
    svg_legend(&c, g, false, grade_words[g]);
  }
  svg_close(&c);
}

static void tabulate(const crs_view *v, const char *caption, text *out)
{
  html_table table = html_table_open(
      out, caption, "after|grade|#% of patients|#interval from|#interval to|#at most");
  for (int i = 1; i <= v->n_doses + 1; i++) {
    const int d = i <= v->n_doses ? i : 0;
    for (int g = 0; g < PROBLEM_GRADES; g++) {
      const crs_place *at = &v->at[g][d];
      if (d > 0) {
        html_cell(&table, "dose %d", d);
      } else {
        html_cell(&table, "course");
      }
      html_cell(&table, "%s", grade_words[g]);
      html_cell_number(&table, at->share);
      html_cell_number(&table, at->low);
      html_cell_number(&table, at->high);
      html_cell_number(&table, at->bound);
    }
  }
  html_table_close(&table);
}

void figure_crs(const page_run *run, text *out)
{
  static const char caption[] = "Cytokine release syndrome by grade";
  crs_view v;
  clear(&v);
  read_shares(run, &v);
  if (v.n_doses == 0) {
    return;
  }
  read_bounds(run->problem, &v);
  figure_open(out, "crs", caption);
  draw(&v, caption, out);
  html_element(out, "p", "note",
               "The mean of the patients' probabilities is the expected share of them. Intervals "
               "tell what the number of patients leaves open, not what the model does.");
  note_limits(run->problem, out);
  figure_numbers(out);
  tabulate(&v, caption, out);
  figure_close(out);
}
