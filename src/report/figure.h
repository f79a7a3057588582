/* Figures of the page: each function turns the data of a run into complete <figure> elements with
 * an SVG and its numbers as a table, or into nothing where the run has no such data. */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H

#include "report/html.h"
#include "report/page_run.h"
#include "report/svg.h"
#include "report/words.h"

/* X(function, the heading of its part of the page) in the order of the page. */
#define PAGE_FIGURES(X)                                                                            \
  X(figure_regimen, "Regimen")                                                                     \
  X(figure_allowed, "Risks in the virtual patients")                                               \
  X(figure_crs, "Cytokine release syndrome")                                                       \
  X(figure_onset, "Onset of cytokine release")                                                     \
  X(figure_risks, "Patients beyond a limit")                                                       \
  X(figure_peaks, "Peaks after each dose")                                                         \
  X(figure_margins, "What the limits leave")                                                       \
  X(figure_courses, "Course")                                                                      \
  X(figure_waterfall, "Tumour of each patient")                                                    \
  X(figure_comparators, "Beside other schedules")                                                  \
  X(figure_strata, "One regimen for each stratum")                                                 \
  X(figure_whatif, "What each change does")                                                        \
  X(figure_ranges, "How far each dose can go")                                                     \
  X(figure_prices, "Price of each limit")                                                          \
  X(figure_restart, "After a missed dose")                                                         \
  X(figure_map, "Map of the design")                                                               \
  X(figure_pareto, "Front between the goals")                                                      \
  X(figure_sensitivity, "What moves the outputs")                                                  \
  X(figure_calibration, "Evidence beside the fit")                                                 \
  X(figure_search, "Search")                                                                       \
  X(figure_robustness, "Robustness")

#define X(function, heading) void function(const page_run *run, text *out);
PAGE_FIGURES(X)
#undef X

/* figure_allowed.c: the table that goes with the limits; nothing where no risk is told */
void figure_risk_table(const page_run *run, const char *caption, text *out);

/* figure_whatif.c */
/* A compared quantity ("goal", "limit_2_crs") as people say it. */
void figure_compared_words(const page_run *run, const char *name, char out[WORDS_SIZE]);
/* NULL: the problem has no limit there. */
const limit *figure_limit_at(const page_run *run, const char *pointer);

/* figure_lanes.c: schedules below each other, on one axis of days */
enum { LANES_MAX = 64 };
typedef struct lane {
  char name[WORDS_SIZE];
  page_doses doses;
} lane;
/* Nothing where no lane has a dose. */
void figure_lanes(const char *id, const char *caption, const lane *lanes, int n,
                  double horizon_days, text *out);

/* figure_map.c: "L2" where limit 2 leaves the molecule of a row no regimen, "R" for a rule of the
 * regimen, "" for none. */
void figure_blocking_mark(const page_run *run, long row, char mark[8]);
/* figure_map_sample.c: the map of a Latin hypercube */
void figure_map_sample(const page_run *run, text *out);

/* figure.c */
/* What one line or value belongs to: ", reference patient" in a run of a cohort, else "". */
const char *figure_whose(const page_run *run);
void figure_open(text *out, const char *id, const char *caption);
void figure_numbers(text *out); /* the table of numbers follows */
void figure_close(text *out);   /* after the table */
/* The goal with its unit: "tumour kill, time average (log10)". */
void figure_goal(const page_run *run, char words[2 * WORDS_SIZE]);
/* How a limit is called with its bound: "at most 1100 pg/mL". */
void figure_bound(const limit *l, char words[64]);

#endif
