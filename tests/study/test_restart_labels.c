/* Computed windows against published ones. Nothing of them was used in any fit; the figures are
 * printed, and docs/restart.md tells them. */
#include "base/file.h"
#include "study/restart_fixtures.h"

#include <math.h>

enum { FAR = 230 }; /* days */

/* After the last dose of the shipped schedule, 12 weeks of full doses; the typical patient (the
 * shipped populations do not differ in their pharmacokinetics before the drug meets its target). */
static restart_window window_by_drug(const char *path)
{
  stepdose_problem *p = fixture_gaps(path, 0, FAR, FAR, 1, NULL);
  p->restart.tolerance_percent = 0;
  study_restart *r = fixture_rules(p, 2);
  const restart_dose *last = &r->dose[r->n_doses - 1];
  cr_assert(last->number == r->schedule.n_listed);
  const restart_window found = last->by_drug;
  study_restart_free(r);
  stepdose_problem_free(p);
  return found;
}

/* The number behind `words` in a file of the evidence; NAN where the evidence is not here. */
static double published(const char *file, const char *words)
{
  const char *directory = getenv("STEPDOSE_EVIDENCE");
  char *path = file_join(directory != NULL ? directory : STEPDOSE_EVIDENCE_DIR, file);
  char *bytes = NULL;
  size_t length = 0;
  double value = NAN;
  const bool there = file_read(path, 1 << 20, &bytes, &length, NULL);
  const char *found = there ? strstr(bytes, words) : NULL;
  cr_assert(!there || (found != NULL && sscanf(found + strlen(words), "%lf", &value) == 1), "%s",
            words);
  free(bytes);
  free(path);
  return value;
}

/* Published: population pharmacokinetics of teclistamab, median days until no more is left than
 * just before the first full dose, and before the second step. Asked: within 30 %. */
Test(restart_labels, teclistamab_falls_to_its_step_up_troughs_when_published)
{
  const char row[] = "time for C to fall to SUD%d Ctrough after stop,";
  char second[64], first[64];
  snprintf(second, sizeof second, row, 2);
  snprintf(first, sizeof first, row, 1);
  const double days2 = published("clinical/pk.csv", second);
  const double days1 = published("clinical/pk.csv", first);
  if (isnan(days2)) {
    cr_skip_test("the evidence is not here");
  }
  const restart_window w = window_by_drug(FIXTURE_TECLISTAMAB);
  printf("teclistamab: continue to %g days (published %g), step back to %g (published %g)\n",
         w.until[RULE_CONTINUE], days2, w.until[RULE_STEP_BACK], days1);
  cr_expect(fabs(w.until[RULE_CONTINUE] / days2 - 1) < 0.3);
  cr_expect(fabs(w.until[RULE_STEP_BACK] / days1 - 1) < 0.3);
  cr_expect(w.until[RULE_RESTART] == FAR, "a restart needs no drug");
}

/* After weekly full doses by the labels: continue up to, go back one step up to (0: no such rule).
 * Elrexfio US PI 2.4 (any 76 mg dose): 42 and 84 days; Epkinly US PI 2 (48 mg): 6 weeks; Tecvayli
 * US PI 2.3 (any weekly treatment dose): 28 and 56 days. */
Test(restart_labels, windows_of_labels_are_shorter_than_those_by_drug)
{
  static const struct {
    const char *path, *name;
    double on, back;
  } labels[] = {{FIXTURE_ELRANATAMAB, "elranatamab", 42, 84},
                {FIXTURE_EPCORITAMAB, "epcoritamab", 42, 0},
                {FIXTURE_TECLISTAMAB, "teclistamab", 28, 56}};
  for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
    const restart_window w = window_by_drug(labels[i].path);
    printf("%s: continue to %g days (label %g), step back to %g (label %g)\n", labels[i].name,
           w.until[RULE_CONTINUE], labels[i].on, w.until[RULE_STEP_BACK], labels[i].back);
    cr_expect(w.until[RULE_CONTINUE] >= labels[i].on, "%s", labels[i].name);
    cr_expect(w.until[RULE_STEP_BACK] >= labels[i].back, "%s", labels[i].name);
  }
}
