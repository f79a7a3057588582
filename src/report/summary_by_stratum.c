/* The summary of one regimen for all or one for each stratum: each stratum under both, what it
 * gains, and whether that is worth it. */
#include "base/number.h"
#include "report/columns.h"
#include "report/ending.h"
#include "report/report.h"
#include "report/words_risk.h"

#include <math.h>
#include <stdio.h>

enum { INDENT = 2, NAME_WIDTH = 40, DOSES_WIDTH = 60 };

static void write_doses(const char *head, const schedule *doses, double horizon_days, text *out)
{
  char amounts[WORDS_SIZE], days[WORDS_SIZE];
  words_doses(doses, horizon_days, DOSES_WIDTH, amounts);
  words_days(doses, horizon_days, DOSES_WIDTH, days);
  text_append(out, "  %s: %s %s on days %s\n", head, amounts,
              doses->n_doses > 0 ? route_unit(doses->doses[doses->n_doses - 1].route) : "", days);
}

static void write_gain(const strata_gain *g, text *out)
{
  char gain[NUMBER_TEXT_SIZE], low[NUMBER_TEXT_SIZE], high[NUMBER_TEXT_SIZE];
  number_format_rounded(g->gain, 3, gain);
  number_format_rounded(g->low, 3, low);
  number_format_rounded(g->high, 3, high);
  text_append(out, "%s (95 %% interval %s to %s)", gain, low, high);
}

static const char *verdict(const strata_gain *g)
{
  if (g->low > 0) {
    return "gain";
  }
  return g->high < 0 ? "loss" : "no gain shown";
}

/* --- one stratum ------------------------------------------------------------------------------ */

static void add_risk(columns *t, const limit *l, const cohort_outcome *o, int k)
{
  char words[WORDS_SIZE];
  const int worst = cohort_outcome_worst(o, k);
  words_risk_value(l, worst >= 0 ? o->risk[worst].value : (double)NAN, words);
  columns_add(t, "%s%s", words, worst >= 0 && !o->risk[worst].holds ? " NO" : "");
}

static void limit_row(columns *t, const stratum_answer *a, int k)
{
  const limit *l = &a->problem->limits[k];
  char name[WORDS_SIZE], cut[WORDS_SIZE];
  words_risk_row(a->problem, k, name);
  words_name(name, NAME_WIDTH, cut);
  columns_row(t);
  columns_add(t, "%s", cut);
  words_risk_value(l, risk_bound(l), name);
  columns_add(t, "%s", name);
  add_risk(t, l, stratum_common(a), k);
  add_risk(t, l, stratum_own(a), k);
}

static void write_table(const stratum_answer *a, text *out)
{
  char words[WORDS_SIZE];
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "in these patients");
  columns_add(t, "allowed");
  columns_add(t, "common");
  columns_add(t, "own");
  columns_row(t);
  words_measure(&a->problem->goal, words);
  columns_add(t, "%s", words);
  columns_add(t, "-");
  words_goal_value(&a->problem->goal, a->gain.common, words);
  columns_add(t, "%s", words);
  words_goal_value(&a->problem->goal, a->gain.own, words);
  columns_add(t, "%s", words);
  for (int k = 0; k < a->problem->n_limits; k++) {
    limit_row(t, a, k);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

static void write_stratum(const stratum_answer *a, text *out)
{
  const stepdose_problem *p = a->problem;
  text_append(out, "\n%s: %d patients (%d in the search)\n",
              p->population->stratum[a->stratum].name, a->gain.patients, a->searched_patients);
  if (a->source == STRATUM_SEARCHED) {
    write_doses("own regimen", &a->doses, p->horizon_days, out);
  } else {
    text_append(out, "  regimen: %s\n", stratum_sources[a->source].meaning);
  }
  write_table(a, out);
  if (a->source == STRATUM_SEARCHED) {
    text_append(out, "  gain by a regimen of its own: ");
    write_gain(&a->gain, out);
    text_append(out, ": %s\n", verdict(&a->gain));
  }
}

/* --- the whole -------------------------------------------------------------------------------- */

static int with_own_regimen(const study_strata *s)
{
  int n = 0;
  for (int i = 0; i < s->n; i++) {
    n += s->stratum[i].source == STRATUM_SEARCHED;
  }
  return n;
}

/* A gain beside a broken limit is none: it may be what the limit was to prevent. */
static bool broken(const study_strata *s, bool own)
{
  bool any = false;
  for (int i = 0; i < s->n; i++) {
    const stratum_answer *a = &s->stratum[i];
    any = any || !cohort_outcome_holds(own ? stratum_own(a) : stratum_common(a));
  }
  return any;
}

static void write_limits_kept(const study_strata *s, text *out)
{
  const bool own = broken(s, true);
  if (broken(s, false)) {
    words_line(out, "But",
               "the common regimen exceeds a limit in a stratum (NO above)%s: the goal alone does "
               "not compare the two",
               own ? "" : ", and regimens of their own exceed none");
  }
  if (own) {
    words_line(out, "But", "the regimen of a stratum exceeds a limit in it (NO above)");
  }
}

static void write_overall(const study_strata *s, text *out)
{
  const strata_gain *g = &s->overall;
  char common[WORDS_SIZE], own[WORDS_SIZE];
  text gain = {0};
  words_goal_value(&s->problem->goal, g->common, common);
  words_goal_value(&s->problem->goal, g->own, own);
  write_gain(g, &gain);
  text_append(out, "\n");
  words_line(out, "Overall", "%d patients: one regimen for all %s, one per stratum %s; gain %s",
             g->patients, common, own, gain.failed ? "" : gain.bytes);
  out->failed = out->failed || gain.failed;
  text_free(&gain);
  if (with_own_regimen(s) == 0) {
    words_line(out, "Worth it?", "no: no stratum has a regimen of its own that is better for it");
  } else if (g->low > 0) {
    words_line(out, "Worth it?", "the goal is better with a regimen for each stratum");
  } else if (g->high < 0) {
    words_line(out, "Worth it?",
               "not for the goal, which is worse with a regimen for each stratum");
  } else {
    words_line(out, "Worth it?", "no gain shown: the interval holds 0");
  }
  write_limits_kept(s, out);
}

static void write_judged(const study_strata *s, text *out)
{
  words_line(out, "Judged by",
             "%d drawn patients of seed %llu, whom no search has seen%s, at a %g times tighter "
             "tolerance; a patient is compared with himself",
             s->judged->n_patients, (unsigned long long)s->judged->seed,
             s->judged->seed == s->problem->verification.seed ? " (they verified first answers too)"
                                                              : "",
             STUDY_TIGHTER);
  for (int i = 0; i < s->n; i++) {
    write_stratum(&s->stratum[i], out);
  }
  write_overall(s, out);
}

void summary_by_stratum(const report_run *run, text *out)
{
  const study_strata *s = run->strata;
  char meaning[ENDING_SIZE];
  const char *next = ending_next_after(s->status, s->end);
  summary_question(run->problem, out);
  ending_meaning(run, NULL, meaning);
  words_line(out, "Result", "%s: %s", stepdose_status_name(run->status), meaning);
  if (next != NULL) {
    words_line(out, "Next", "%s", next);
  }
  if (s->common->has_regimen) {
    text_append(out, "\nOne regimen for all\n");
    write_doses("common regimen", &s->common->doses, s->problem->horizon_days, out);
    text_append(out, "\n");
  }
  if (s->judged != NULL) {
    write_judged(s, out);
    text_append(out, "\n");
  }
  summary_warnings(run->problem, out);
  summary_end(out);
}
