/* Charts as inline SVG: frame, axes, ticks. See svg.h. */
#include "report/svg.h"

#include "base/number.h"
#include "report/html.h"

#include <math.h>

enum { LEFT = 46, RIGHT = 18, TOP = 24, BELOW = 32, TICKS = 5, DECADES_WITH_PARTS = 2 };

static svg_chart open_chart(text *out, const char *role, const char *id, double height,
                            int legend_rows, const char *title, const char *description)
{
  svg_chart c = {.out = out, .height = height + legend_rows * SVG_LEGEND_ROW};
  c.x = (svg_axis){0, 1, false, LEFT, SVG_WIDTH - RIGHT};
  c.y = (svg_axis){0, 1, false, height - BELOW, TOP};
  c.legend_x = LEFT;
  c.legend_y = height + 8;
  text_append(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" role=\"%s\" "
              "aria-labelledby=\"%s-title %s-desc\">\n<title id=\"%s-title\">",
              SVG_WIDTH, c.height, role, id, id, id);
  html_text(out, title);
  text_append(out, "</title><desc id=\"%s-desc\">", id);
  html_text(out, description);
  text_append(out, "</desc>\n");
  return c;
}

svg_chart svg_open(text *out, const char *id, double height, int legend_rows, const char *title,
                   const char *description)
{
  return open_chart(out, "img", id, height, legend_rows, title, description);
}

svg_chart svg_open_linked(text *out, const char *id, double height, int legend_rows,
                          const char *title, const char *description)
{
  return open_chart(out, "group", id, height, legend_rows, title, description);
}

void svg_close(const svg_chart *c) { text_append(c->out, "</svg>\n"); }

/* 1, 2 or 5 times a power of ten, not below `value`. */
static double round_step(double value)
{
  const double power = pow(10, floor(log10(value)));
  const double digit = value / power;
  return power * (digit <= 1.0000001 ? 1 : digit <= 2.0000001 ? 2 : digit <= 5.0000001 ? 5 : 10);
}

static void range_logarithmic(svg_axis *axis, double low, double high)
{
  low = low > 0 ? low : 1e-300;
  high = high > low ? high : low;
  axis->low = pow(10, floor(log10(low) + 1e-9));
  axis->high = round_step(high);
  axis->high = axis->high > axis->low ? axis->high : 10 * axis->low;
  if (low >= 5 * axis->low) {
    axis->low *= 5;
  } else if (low >= 2 * axis->low) {
    axis->low *= 2;
  }
  axis->high = axis->high > axis->low * 1.5 ? axis->high : 2 * axis->low;
}

static double linear_step(const svg_axis *axis)
{
  return round_step((axis->high - axis->low) / TICKS);
}

void svg_range(svg_axis *axis, double low, double high, bool logarithmic)
{
  axis->logarithmic = logarithmic;
  if (logarithmic) {
    range_logarithmic(axis, low, high);
    return;
  }
  axis->low = low;
  axis->high = high > low ? high : low + fmax(fabs(low) * 0.1, 1e-6);
  const double step = linear_step(axis);
  axis->low = step * floor(low / step + 1e-9);
  axis->high = step * ceil(axis->high / step - 1e-9);
}

void svg_range_days(svg_axis *axis, double low, double high)
{
  axis->logarithmic = false;
  axis->low = low;
  axis->high = high > low ? high : low + 1;
}

static double place(const svg_axis *axis, double value)
{
  double share = axis->logarithmic ? log(value / axis->low) / log(axis->high / axis->low)
                                   : (value - axis->low) / (axis->high - axis->low);
  share = share >= 0 ? share : 0; /* also what has no logarithm */
  share = share <= 1 ? share : 1;
  return axis->from + share * (axis->to - axis->from);
}

double svg_x(const svg_chart *c, double value) { return place(&c->x, value); }

double svg_y(const svg_chart *c, double value) { return place(&c->y, value); }

/* Large and small powers of ten with a raised exponent. */
static void append_tick_number(text *out, double value)
{
  const double exponent = value > 0 ? round(log10(value)) : 0;
  if ((exponent >= 4 || exponent <= -3) && fabs(value / pow(10, exponent) - 1) < 1e-6) {
    text_append(out, "10<tspan dy=\"-4\" class=\"raised\">%.0f</tspan>", exponent);
    return;
  }
  char digits[NUMBER_TEXT_SIZE];
  number_format_rounded(value, 3, digits);
  text_append(out, "%s", digits);
}

static void tick(const svg_chart *c, bool along_x, double value)
{
  const double at = along_x ? svg_x(c, value) : svg_y(c, value);
  if (along_x) {
    svg_line(c, "grid", at, c->y.from, at, c->y.to);
    text_append(c->out, "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", at,
                c->y.from + 14);
  } else {
    svg_line(c, "grid", c->x.from, at, c->x.to, at);
    text_append(c->out, "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">",
                c->x.from - 5, at + 4);
  }
  append_tick_number(c->out, value);
  text_append(c->out, "</text>\n");
}

/* Decades; over few of them also 2 and 5; over many of them every second, third, ... */
static void ticks_logarithmic(const svg_chart *c, bool along_x, const svg_axis *axis)
{
  static const double parts[] = {1, 2, 5};
  const double decades = log10(axis->high / axis->low);
  const int n_parts = decades <= DECADES_WITH_PARTS ? 3 : 1;
  const int every = (int)fmax(1, ceil(decades / (TICKS + 1)));
  const int first = (int)floor(log10(axis->low) + 1e-9);
  const int last = (int)floor(log10(axis->high) + 1e-9);
  for (int e = first; e <= last; e++) {
    for (int i = 0; i < n_parts && (last - e) % every == 0; i++) {
      const double value = parts[i] * pow(10, e);
      if (value >= axis->low * 0.999999 && value <= axis->high * 1.000001) {
        tick(c, along_x, value);
      }
    }
  }
}

static void ticks_linear(const svg_chart *c, bool along_x, const svg_axis *axis, double step)
{
  const long first = (long)ceil(axis->low / step - 1e-9);
  const long last = (long)floor(axis->high / step + 1e-9);
  for (long i = first; i <= last; i++) {
    tick(c, along_x, (double)i * step);
  }
}

static void ticks(const svg_chart *c, bool along_x)
{
  const svg_axis *axis = along_x ? &c->x : &c->y;
  if (axis->logarithmic) {
    ticks_logarithmic(c, along_x, axis);
  } else {
    ticks_linear(c, along_x, axis, linear_step(axis));
  }
}

void svg_baseline(const svg_chart *c)
{
  svg_line(c, "axis", c->x.from, c->y.from, c->x.to, c->y.from);
}

static void name_x(const svg_chart *c, const char *name)
{
  svg_baseline(c);
  svg_label(c, "name", c->x.to, c->y.from + 27, "end", "%s", name);
}

void svg_draw_x(const svg_chart *c, const char *name)
{
  ticks(c, true);
  name_x(c, name);
}

void svg_draw_y(const svg_chart *c, const char *name)
{
  ticks(c, false);
  svg_label(c, "name", 2, 12, "start", "%s", name);
}

void svg_draw_days(const svg_chart *c)
{
  static const double weeks[] = {1, 2, 4, 8, 13, 26, 52};
  const double range = c->x.high - c->x.low;
  size_t i = 0;
  while (i + 1 < sizeof weeks / sizeof weeks[0] && range / (7 * weeks[i]) > 8) {
    i++;
  }
  ticks_linear(c, true, &c->x, range < 14 ? linear_step(&c->x) : 7 * weeks[i]);
  name_x(c, "day");
}
