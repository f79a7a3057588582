/* Colours of a goal in the figures of a design map. */
#ifndef REPORT_MAP_COLOURS_H
#define REPORT_MAP_COLOURS_H

#include "problem/problem.h"
#include "report/svg.h"

/* The colour of a value between low and high: red, green, blue of 0 to 255. */
void map_colour(double low, double high, double value, int rgb[3]);
/* The scale of colours with its ends, at the height y of a chart. */
void map_colour_scale(const svg_chart *c, double y, const goal *g, double low, double high);

#endif
