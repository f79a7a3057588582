/* Charts as inline SVG: axes, curves, markers. Sizes are in units of the view box, which the page
 * scales to what it has room for; colours come from the classes of the page's style sheet. */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include "base/text.h"

enum { SVG_WIDTH = 420, SVG_STYLES = 7, SVG_LEGEND_ROW = 16 };

typedef struct svg_axis {
  double low, high;
  bool logarithmic;
  double from, to; /* where low and high lie */
} svg_axis;

typedef struct svg_chart {
  text *out;
  double height;
  svg_axis x, y;
  double legend_x, legend_y; /* where the next entry of the legend goes */
} svg_chart;

/* Opens a chart with room for `legend_rows` below; `id` is unique on the page. Title and
 * description are what a screen reader says. The axes get their place; the caller sets their range.
 */
svg_chart svg_open(text *out, const char *id, double height, int legend_rows, const char *title,
                   const char *description);
/* The same for a chart that holds links: a picture (role img) may not. */
svg_chart svg_open_linked(text *out, const char *id, double height, int legend_rows,
                          const char *title, const char *description);
void svg_close(const svg_chart *c);

/* Ranges: rounded outwards to numbers that people read. low and high may be equal. */
void svg_range(svg_axis *axis, double low, double high, bool logarithmic);
void svg_range_days(svg_axis *axis, double low, double high); /* exactly these */

/* Grid lines with numbers; the name stands at the end of the axis. */
void svg_draw_x(const svg_chart *c, const char *name);
void svg_draw_y(const svg_chart *c, const char *name);
void svg_draw_days(const svg_chart *c);
/* The frame of the chart, for those without both axes. */
void svg_baseline(const svg_chart *c);

/* Place of a value; what lies outside of the range is drawn at its edge. */
double svg_x(const svg_chart *c, double value);
double svg_y(const svg_chart *c, double value);

/* A curve through n points (finite ones), or the area between two of them. style: 0..SVG_STYLES-1,
 * each with a colour, a dash pattern and a marker of its own. */
void svg_curve(const svg_chart *c, int style, const double *x, const double *y, long n);
void svg_band(const svg_chart *c, int style, const double *x, const double *low, const double *high,
              long n);
/* What is drawn between the two leads to the element `target` of the page; `name` is what it is
 * called. */
void svg_open_link(const svg_chart *c, const char *target, const char *name);
void svg_close_link(const svg_chart *c);
/* A thin curve, one of many behind the others. */
void svg_thin_curve(const svg_chart *c, const double *x, const double *y, long n);
/* At a place (not a value); `hint`: shown when pointed at, NULL: none. */
void svg_marker(const svg_chart *c, int style, double x, double y, const char *hint);
/* The same, not filled: what it stands for breaks a limit. */
void svg_hollow_marker(const svg_chart *c, int style, double x, double y, const char *hint);
/* An interval along x, of values at the place y; nothing where one of them is not finite. */
void svg_interval(const svg_chart *c, double low, double high, double y);
void svg_line(const svg_chart *c, const char *class, double x1, double y1, double x2, double y2);
void svg_bar(const svg_chart *c, const char *class, double x, double y, double width, double height,
             const char *hint);
/* anchor: "start", "middle" or "end" */
void svg_label(const svg_chart *c, const char *class, double x, double y, const char *anchor,
               const char *format, ...) __attribute__((format(printf, 6, 7)));
/* A value that must not be exceeded, over part of the x axis (places). */
void svg_limit(const svg_chart *c, double x1, double x2, double y, const char *words);

/* Adds an entry to the legend; curves: with a line and not only the marker. */
void svg_legend(svg_chart *c, int style, bool curve, const char *words);
/* Rows that entries with these words will need. */
int svg_legend_rows(const char *const *words, int n);

#endif
