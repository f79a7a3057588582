/* Member "robustness" of result.json. */
#include "report/result_parts.h"

#include "report/report.h"

static void write_figure(json_writer *w, const char *key, const stepdose_problem *problem,
                         const robust_figure *f)
{
  json_open_object(w, key);
  json_truth(w, "simulated", f->simulated);
  json_number(w, "goal", f->goal);
  json_truth(w, "every_limit_holds", f->holds);
  json_open_array(w, "broken");
  for (int i = 0; i < f->n_broken; i++) {
    json_string(w, NULL, problem->limits[f->broken[i]].pointer);
  }
  json_close_array(w);
  json_close_object(w);
}

static void write_row(json_writer *w, const stepdose_problem *problem, const robustness_card *card,
                      const robust_row *row)
{
  json_open_object(w, NULL);
  json_string(w, "change", row->name);
  write_figure(w, "regimen", problem, &row->own);
  json_number(w, "goal_lost", row->goal_lost);
  if (card->approved != NULL) {
    write_figure(w, "approved", problem, &row->approved);
    json_truth(w, "better_than_approved", row->better);
  }
  json_close_object(w);
}

static void write_draws(json_writer *w, const stepdose_problem *problem,
                        const robustness_card *card)
{
  json_open_object(w, "draws");
  json_integer(w, "drawn", card->n_draws);
  if (card->n_draws == 0) {
    json_string(w, "why_none", card->why_no_draws);
    json_close_object(w);
    return;
  }
  json_number(w, "every_limit_holds", card->all_hold);
  json_number(w, "better_than_approved", card->better);
  json_open_array(w, "limits");
  for (int k = 0; k < card->n_limits; k++) {
    json_open_object(w, NULL);
    json_string(w, "pointer", problem->limits[k].pointer);
    json_number(w, "holds", card->limit_holds[k]);
    json_close_object(w);
  }
  json_close_array(w);
  json_close_object(w);
}

void write_robustness(json_writer *w, const stepdose_problem *problem, const robustness_card *card)
{
  json_open_object(w, "robustness");
  json_integer(w, "patients", card->patients);
  if (card->approved != NULL) {
    json_string(w, "approved", card->approved);
  }
  json_open_array(w, "changes");
  for (int i = 0; i < card->n_rows; i++) {
    write_row(w, problem, card, &card->row[i]);
  }
  json_close_array(w);
  if (card->why_no_variant[0] != 0) {
    json_string(w, "why_no_other_model", card->why_no_variant);
  }
  write_draws(w, problem, card);
  json_close_object(w);
}
