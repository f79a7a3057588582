/* Figures of the page: each function turns the data of a run into complete <figure> elements with
 * an SVG and its numbers as a table, or into nothing where the run has no such data. */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H

#include "report/html.h"
#include "report/page_run.h"
#include "report/svg.h"

/* X(function, the heading of its part of the page) in the order of the page. */
#define PAGE_FIGURES(X)                                                                            \
  X(figure_regimen, "Regimen")                                                                     \
  X(figure_allowed, "Risks in the virtual patients")                                               \
  X(figure_crs, "Cytokine release syndrome")                                                       \
  X(figure_risks, "Patients beyond a limit")                                                       \
  X(figure_peaks, "Peaks after each dose")                                                         \
  X(figure_margins, "What the limits leave")                                                       \
  X(figure_courses, "Course")                                                                      \
  X(figure_waterfall, "Tumour of each patient")                                                    \
  X(figure_comparators, "Beside other schedules")                                                  \
  X(figure_map, "Map of the design")                                                               \
  X(figure_pareto, "Front between the goals")                                                      \
  X(figure_sensitivity, "What moves the outputs")                                                  \
  X(figure_calibration, "Evidence beside the fit")                                                 \
  X(figure_search, "Search")

#define X(function, heading) void function(const page_run *run, text *out);
PAGE_FIGURES(X)
#undef X

/* figure_allowed.c: the table that goes with the limits; nothing where no risk is told */
void figure_risk_table(const page_run *run, const char *caption, text *out);

/* figure.c */
/* What one line or value belongs to: ", reference patient" in a run of a cohort, else "". */
const char *figure_whose(const page_run *run);
void figure_open(text *out, const char *id, const char *caption);
void figure_numbers(text *out); /* the table of numbers follows */
void figure_close(text *out);   /* after the table */
/* How a limit is called with its bound: "at most 1100 pg/mL". */
void figure_bound(const limit *l, char words[64]);

#endif
