/* strata.csv: the regimen of each stratum, one row a dose. */
#include "report/report.h"

static void append_dose(const study_strata *s, const stratum_answer *a, int number, const dose *d,
                        text *out)
{
  csv_text(out, s->problem->population->stratum[a->stratum].name);
  text_append(out, ",%s,", stratum_sources[a->source].name);
  if (number > 0) {
    text_append(out, "%d", number);
  }
  text_append(out, ",");
  csv_text(out, route_word(d->route));
  text_append(out, ",");
  csv_number(out, d->day);
  text_append(out, ",");
  csv_number(out, d->amount);
  text_append(out, ",%s\n", route_unit(d->route));
}

/* Premedication has no dose number. */
void csv_strata(const study_strata *s, text *out)
{
  text_append(out, "stratum,regimen,dose,route,day,amount,unit\n");
  for (int i = 0; i < s->n; i++) {
    const stratum_answer *a = &s->stratum[i];
    for (int k = 0, number = 0; k < a->doses.n_doses; k++) {
      const dose *d = &a->doses.doses[k];
      const bool engager = route_is_engager(d->route);
      number += engager;
      append_dose(s, a, engager ? number : 0, d, out);
    }
  }
}
