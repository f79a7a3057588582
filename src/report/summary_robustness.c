/* The robustness card for people: one table, then what it cannot tell. */
#include "base/binomial.h"
#include "base/number.h"
#include "report/columns.h"
#include "report/report.h"
#include "report/words_risk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 2, NAME_WIDTH = 26 };

static void broken_words(const robust_figure *f, char out[WORDS_SIZE])
{
  size_t used = 0;
  snprintf(out, WORDS_SIZE, "%s", f->simulated ? "none" : "failed");
  for (int i = 0; f->simulated && i < f->n_broken && used + 8 < WORDS_SIZE; i++) {
    used += (size_t)snprintf(out + used, WORDS_SIZE - used, "%s%d", i == 0 ? "" : ", ",
                             f->broken[i] + 1);
  }
}

static void add_goal(columns *t, const stepdose_problem *problem, const robust_figure *f)
{
  char words[WORDS_SIZE];
  words_goal_value(&problem->goal, f->goal, words);
  columns_add(t, "%s", f->simulated ? words : "-");
}

static void add_row(columns *t, const stepdose_problem *problem, const robustness_card *card,
                    const robust_row *row)
{
  char words[WORDS_SIZE];
  columns_row(t);
  words_name(row->name, NAME_WIDTH, words);
  columns_add(t, "%s", words);
  add_goal(t, problem, &row->own);
  columns_add_number(t, row->goal_lost, 3);
  broken_words(&row->own, words);
  columns_add(t, "%s", words);
  if (card->approved == NULL) {
    return;
  }
  add_goal(t, problem, &row->approved);
  broken_words(&row->approved, words);
  columns_add(t, "%s", words);
  columns_add(t, row->better ? "yes" : "NO");
}

static void write_table(const stepdose_problem *problem, const robustness_card *card, text *out)
{
  columns *t = columns_open();
  columns_row(t);
  columns_add(t, "change");
  columns_add(t, "goal");
  columns_add(t, "lost");
  columns_add(t, "breaks limit");
  if (card->approved != NULL) {
    columns_add(t, "approved: goal");
    columns_add(t, "breaks limit");
    columns_add(t, "better");
  }
  for (int i = 0; i < card->n_rows; i++) {
    add_row(t, problem, card, &card->row[i]);
  }
  columns_print(t, INDENT, out);
  columns_free(t);
}

static void write_limits(const stepdose_problem *problem, text *out)
{
  for (int k = 0; k < problem->n_limits; k++) {
    char name[WORDS_SIZE];
    words_limit(&problem->limits[k], name);
    text_append(out, "  limit %d  %s\n", k + 1, name);
  }
}

static void write_share(text *out, const char *label, const char *what, double share, int draws)
{
  const binomial_interval i =
      binomial_exact_interval(lround(share * draws), draws, COHORT_CONFIDENCE);
  words_line(out, label,
             "%s in %.3g %% of %d draws of the fitted values, 95 %% interval %.3g to %.3g %%", what,
             100 * share, draws, 100 * i.low, 100 * i.high);
}

static void write_draws(const robustness_card *card, text *out)
{
  if (card->n_draws == 0) {
    words_line(out, "Draws", "of fitted values: none (%s)", card->why_no_draws);
    return;
  }
  write_share(out, "Draws", "every limit holds", card->all_hold, card->n_draws);
  for (int k = 0; k < card->n_limits; k++) {
    char what[WORDS_SIZE];
    snprintf(what, sizeof what, "limit %d holds", k + 1);
    write_share(out, "", what, card->limit_holds[k], card->n_draws);
  }
  if (card->approved != NULL) {
    write_share(out, "", "better than the approved schedule", card->better, card->n_draws);
  }
}

void summary_robustness(const stepdose_problem *problem, const robustness_card *card, text *out)
{
  text_append(out, "Robustness card: if not all goes as planned");
  if (card->patients > 1) {
    text_append(out, " (the first %d virtual patients)", card->patients);
  }
  text_append(out, "\n");
  write_table(problem, card, out);
  write_limits(problem, out);
  if (card->approved != NULL) {
    words_line(out, "Better",
               "than \"%s\" under the same change: keeps all limits where that does "
               "not, else has the larger goal",
               card->approved);
  }
  words_line(
      out, "Tumours",
      "in both models smaller ones expand fewer T cells and are harder to control, unlike in "
      "patients: such rows tell what hangs on the volume, not what they would do");
  write_draws(card, out);
  if (card->why_no_variant[0] != 0) {
    words_line(out, "Other model", "none (%s)", card->why_no_variant);
  }
  text_append(out, "\n");
}
