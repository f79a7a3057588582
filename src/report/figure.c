/* What all figures of the page have in common. */
#include "report/figure.h"

#include "base/number.h"

#include <stdio.h>

void figure_open(text *out, const char *id, const char *caption)
{
  text_append(out, "<figure id=\"figure-%s\">\n<figcaption>", id);
  html_text(out, caption);
  text_append(out, "</figcaption>\n");
}

const char *figure_whose(const page_run *run)
{
  return page_member(run->result, "cohort") != NULL ? ", reference patient" : "";
}

void figure_numbers(text *out) { text_append(out, "<details><summary>Numbers</summary>\n"); }

void figure_close(text *out) { text_append(out, "</details>\n</figure>\n"); }

void figure_goal(const page_run *run, char words[2 * WORDS_SIZE])
{
  char measured[WORDS_SIZE];
  words_measure(&run->problem->goal, measured);
  snprintf(words, 2 * WORDS_SIZE, "%s (%s)", measured,
           problem_measures[run->problem->goal.measure].unit);
}

void figure_bound(const limit *l, char words[64])
{
  char bound[NUMBER_TEXT_SIZE];
  const char *unit = problem_limit_kinds[l->kind].unit;
  number_format_rounded(l->bound, 4, bound);
  snprintf(words, 64, "at most %s %s", bound, unit);
}
