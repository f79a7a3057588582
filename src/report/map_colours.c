/* Colours of a goal: see map_colours.h. */
#include "report/map_colours.h"

#include "report/words.h"

#include <math.h>

/* The palette "cividis" (Nunez 2018), which the colour-blind see as others do. */
void map_colour(double low, double high, double value, int rgb[3])
{
  static const int stops[][3] = {{0, 34, 78},     {53, 69, 108},   {102, 105, 112},
                                 {148, 142, 119}, {200, 184, 102}, {254, 232, 56}};
  const int last = (int)(sizeof stops / sizeof stops[0]) - 1;
  const double share = high > low ? (value - low) / (high - low) : 1;
  const double at = share * last;
  const int i = at >= last ? last - 1 : (int)at;
  for (int k = 0; k < 3; k++) {
    rgb[k] = (int)lround(stops[i][k] + (at - i) * (stops[i + 1][k] - stops[i][k]));
  }
}

void map_colour_scale(const svg_chart *c, double y, const goal *g, double low, double high)
{
  enum { PARTS = 40, LENGTH = 160 };
  char words[WORDS_SIZE];
  for (int i = 0; i < PARTS; i++) {
    int rgb[3];
    map_colour(low, high, low + (high - low) * i / (PARTS - 1), rgb);
    text_append(c->out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"4.2\" height=\"10\" fill=\"#%02x%02x%02x\"/>",
                c->x.from + 40 + LENGTH * i / (double)PARTS, y, (unsigned)rgb[0], (unsigned)rgb[1],
                (unsigned)rgb[2]);
  }
  words_goal_value(g, low, words);
  svg_label(c, "tick", c->x.from + 34, y + 9, "end", "%s", words);
  words_goal_value(g, high, words);
  svg_label(c, "tick", c->x.from + 46 + LENGTH, y + 9, "start", "%s", words);
}
