/* Charts as inline SVG: what stands on the axes. See svg.h. */
#include "report/html.h"
#include "report/svg.h"

#include <math.h>
#include <stdarg.h>

enum { CAP = 4, LEGEND_SAMPLE = 26, LEGEND_GAP = 14, LETTER_WIDTH = 7, LEGEND_LEFT = 46 };

static int style_of(int style) { return style % SVG_STYLES; }

void svg_line(const svg_chart *c, const char *class, double x1, double y1, double x2, double y2)
{
  text_append(c->out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
              class, x1, y1, x2, y2);
}

static void append_points(const svg_chart *c, const double *x, const double *y, long from, long to)
{
  const long step = from <= to ? 1 : -1;
  for (long i = from;; i += step) {
    if (isfinite(x[i]) && isfinite(y[i])) {
      text_append(c->out, "%.1f,%.1f ", svg_x(c, x[i]), svg_y(c, y[i]));
    }
    if (i == to) {
      return;
    }
  }
}

void svg_curve(const svg_chart *c, int style, const double *x, const double *y, long n)
{
  if (n > 0) {
    text_append(c->out, "<polyline class=\"curve s%d\" points=\"", style_of(style));
    append_points(c, x, y, 0, n - 1);
    text_append(c->out, "\"/>\n");
  }
}

void svg_thin_curve(const svg_chart *c, const double *x, const double *y, long n)
{
  if (n > 0) {
    text_append(c->out, "<polyline class=\"patient\" points=\"");
    append_points(c, x, y, 0, n - 1);
    text_append(c->out, "\"/>\n");
  }
}

void svg_band(const svg_chart *c, int style, const double *x, const double *low, const double *high,
              long n)
{
  if (n > 0) {
    text_append(c->out, "<polygon class=\"band f%d\" points=\"", style_of(style));
    append_points(c, x, low, 0, n - 1);
    append_points(c, x, high, n - 1, 0);
    text_append(c->out, "\"/>\n");
  }
}

/* Ends a shape, with what is shown when it is pointed at. */
static void end_shape(const svg_chart *c, const char *name, const char *hint)
{
  if (hint == NULL) {
    text_append(c->out, "/>\n");
    return;
  }
  text_append(c->out, "><title>");
  html_text(c->out, hint);
  text_append(c->out, "</title></%s>\n", name);
}

static void draw_marker(const svg_chart *c, const char *filling, int style, double x, double y,
                        const char *hint)
{
  static const char *const shapes[SVG_STYLES] = {
      "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
      "M-3.3-3.3h6.6v6.6h-6.6z",
      "M0-4.2L4 3.2H-4z",
      "M0-4.6L4.6 0L0 4.6L-4.6 0z",
      "M0 4.2L4-3.2H-4z",
      "M-3.6-3.6L3.6 3.6L0 0L3.6-3.6L-3.6 3.6L0 0z",
      "M0-4.2V4.2V0H4.2H-4.2H0z",
  };
  text_append(c->out, "<path class=\"mark%s f%d s%d\" transform=\"translate(%.1f %.1f)\" d=\"%s\"",
              filling, style_of(style), style_of(style), x, y, shapes[style_of(style)]);
  end_shape(c, "path", hint);
}

void svg_marker(const svg_chart *c, int style, double x, double y, const char *hint)
{
  draw_marker(c, "", style, x, y, hint);
}

void svg_hollow_marker(const svg_chart *c, int style, double x, double y, const char *hint)
{
  draw_marker(c, " hollow", style, x, y, hint);
}

void svg_interval(const svg_chart *c, double low, double high, double y)
{
  if (isfinite(low) && isfinite(high)) {
    const double from = svg_x(c, low);
    const double to = svg_x(c, high);
    svg_line(c, "axis", from, y, to, y);
    svg_line(c, "axis", from, y - CAP, from, y + CAP);
    svg_line(c, "axis", to, y - CAP, to, y + CAP);
  }
}

void svg_open_link(const svg_chart *c, const char *target, const char *name)
{
  text_append(c->out, "<a href=\"#%s\" aria-label=\"", target);
  html_text(c->out, name);
  text_append(c->out, "\">\n");
}

void svg_close_link(const svg_chart *c) { text_append(c->out, "</a>\n"); }

void svg_bar(const svg_chart *c, const char *class, double x, double y, double width, double height,
             const char *hint)
{
  text_append(c->out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
              class, x, y, width > 0 ? width : 0, height > 0 ? height : 0);
  end_shape(c, "rect", hint);
}

void svg_label(const svg_chart *c, const char *class, double x, double y, const char *anchor,
               const char *format, ...)
{
  va_list arguments;
  text_append(c->out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", class, x, y,
              anchor);
  va_start(arguments, format);
  html_format_list(c->out, format, arguments);
  va_end(arguments);
  text_append(c->out, "</text>\n");
}

void svg_limit(const svg_chart *c, double x1, double x2, double y, const char *words)
{
  svg_line(c, "limit", x1, y, x2, y);
  const bool left = x1 < SVG_WIDTH / 2.0 && x2 < SVG_WIDTH / 2.0;
  svg_label(c, "limit-name", left ? x1 + 2 : x2 - 2, y - 4, left ? "start" : "end", "%s", words);
}

/* Letters as people see them: bytes that only continue a character do not count. */
static double legend_width(const char *words)
{
  int letters = 0;
  for (; *words != 0; words++) {
    letters += ((unsigned char)*words & 0xc0) != 0x80;
  }
  return LEGEND_SAMPLE + letters * LETTER_WIDTH + LEGEND_GAP;
}

static bool legend_breaks(double at, const char *words)
{
  return at > LEGEND_LEFT && at + legend_width(words) > SVG_WIDTH;
}

void svg_legend(svg_chart *c, int style, bool curve, const char *words)
{
  if (legend_breaks(c->legend_x, words)) {
    c->legend_x = LEGEND_LEFT;
    c->legend_y += SVG_LEGEND_ROW;
  }
  const double x = c->legend_x;
  const double y = c->legend_y;
  if (curve) {
    text_append(c->out, "<polyline class=\"curve s%d\" points=\"%.1f,%.1f %.1f,%.1f\"/>\n",
                style_of(style), x, y, x + LEGEND_SAMPLE - 4, y);
  }
  svg_marker(c, style, x + LEGEND_SAMPLE / 2.0 - 2, y, NULL);
  svg_label(c, "tick", x + LEGEND_SAMPLE, y + 4, "start", "%s", words);
  c->legend_x += legend_width(words);
}

int svg_legend_rows(const char *const *words, int n)
{
  int rows = n > 0;
  double at = LEGEND_LEFT;
  for (int i = 0; i < n; i++) {
    if (legend_breaks(at, words[i])) {
      at = LEGEND_LEFT;
      rows++;
    }
    at += legend_width(words[i]);
  }
  return rows;
}
