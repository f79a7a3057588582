/* What the summary says about the time from a dose to cytokine release syndrome: how long patients
 * are to be watched. */
#include "report/columns.h"
#include "report/report.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>

enum { INDENT = 2, DOSES_SHOWN = 24 };

/* Doses after which fewer patients fall ill are not shown: their hours mean little. */
static const double shown_from = 0.01;

static void onset_row(columns *t, const char *name, const cohort_onset *onset)
{
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add_number(t, 100 * onset->ill, 3);
  columns_add_number(t, onset->hours.at[COHORT_MEDIAN], 2);
  columns_add_number(t, onset->hours.at[COHORT_P5], 2);
  columns_add_number(t, onset->hours.at[COHORT_P95], 2);
}

void summary_onsets(const cohort_outcome *o, text *out)
{
  if (o->n_onsets == 0 || !(o->onset[0].ill >= shown_from)) {
    return;
  }
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "hours from a dose to CRS");
  columns_add(t, "per 100");
  columns_add(t, "median");
  columns_add(t, "5 %%");
  columns_add(t, "95 %%");
  for (int d = 1; d <= o->n_onsets && d <= DOSES_SHOWN; d++) {
    if (o->onset[d].ill >= shown_from) {
      char name[WORDS_SIZE];
      snprintf(name, sizeof name, "dose %d", d);
      onset_row(t, name, &o->onset[d]);
    }
  }
  onset_row(t, "after the last dose given", &o->onset[0]);
  columns_print(t, INDENT, out);
  columns_free(t);
  text_append(out,
              "  Hospital stay: %.0f h after each dose would see 95 %% of all onsets "
              "(%g %% of the signal's rise)\n\n",
              o->onset[0].hours.at[COHORT_P95], 100 * ENDPOINT_ONSET_SHARE);
}
