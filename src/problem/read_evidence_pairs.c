/* Rows of evidence beside each other: nothing is told twice, and grades of cytokine release
 * syndrome hold each other. */
#include <string.h>

#include "base/number.h"
#include "problem/evidence_reader.h"

/* Also of what the two are ratios to. */
static bool same_quantity(const evidence_row *a, const evidence_row *b)
{
  return a->of_case == b->of_case && a->endpoint == b->endpoint && a->grade == b->grade &&
         a->window == b->window && a->statistic == b->statistic && a->of == b->of &&
         a->of_other_case == b->of_other_case && a->of_window == b->of_window &&
         number_same(a->day, b->day) && number_same(a->to_day, b->to_day);
}

static bool told_twice(const evidence_row *a, const evidence_row *b)
{
  return same_quantity(a, b) && a->bound == b->bound && number_same(a->observed, b->observed) &&
         strcmp(a->source, b->source) == 0;
}

static bool is_share_with_crs(const evidence_row *row)
{
  return row->endpoint == EVIDENCE_CRS_PROBABILITY && row->of < 0 && row->of_other_case < 0;
}

/* Whoever has the severe grade has the mild one, after the same dose and in the course. */
static bool severe_above_mild(const evidence_row *mild, const evidence_row *severe)
{
  return is_share_with_crs(mild) && is_share_with_crs(severe) && mild->of_case == severe->of_case &&
         mild->statistic == severe->statistic && mild->grade < severe->grade &&
         (mild->window == severe->window || mild->window == 0) &&
         mild->bound != EVIDENCE_AT_LEAST && severe->bound != EVIDENCE_AT_MOST &&
         severe->observed > mild->observed;
}

static bool check_pair(evidence_reader *er, const cJSON *object, const evidence_row *earlier,
                       const evidence_row *later)
{
  const cJSON *observed = json_get(object, "observed");
  if (told_twice(earlier, later)) {
    return reader_fail(&er->r, observed, CONTRADICTION,
                       "keep one of them: a second row would count as further patients",
                       "the row \"%.64s\" tells the same observation from the same source",
                       earlier->name);
  }
  const bool falls = severe_above_mild(earlier, later);
  const bool rises = severe_above_mild(later, earlier);
  const evidence_row *mild = falls ? earlier : later;
  const evidence_row *severe = falls ? later : earlier;
  return !(falls || rises) ||
         reader_fail(&er->r, observed, CONTRADICTION,
                     "check both numbers; other patients belong to a case of their own",
                     "grade %d or higher (%g, \"%.48s\") is more frequent than grade %d or higher "
                     "(%g, \"%.48s\"), which includes it",
                     severe->grade, severe->observed, severe->name, mild->grade, mild->observed,
                     mild->name);
}

bool check_evidence_pairs(evidence_reader *er, const cJSON *list)
{
  const evidence_row *rows = er->e->rows;
  int i = 0;
  for (const cJSON *object = list->child; object != NULL; object = object->next, i++) {
    for (int j = 0; j < i; j++) {
      if (!check_pair(er, object, &rows[j], &rows[i])) {
        return false;
      }
    }
  }
  return true;
}
