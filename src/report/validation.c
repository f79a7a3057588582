/* Predictions beside observations: see validation.h. */
#include "report/validation.h"

#include "base/number.h"
#include "report/columns.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME_WIDTH = 44, NAME_WIDTH_ASKED = 40, DIGITS = 3, DIGITS_OF_INTERVAL = 2 };

/* --- one number ------------------------------------------------------------------------------- */

static bool is_ratio(const evidence_row *row) { return row->of >= 0 || row->of_other_case >= 0; }

/* Shares as percentages. */
static bool is_share(const evidence_row *row)
{
  return !is_ratio(row) && strcmp(evidence_endpoints[row->endpoint].unit, "fraction") == 0;
}

static void show(const evidence_row *row, double value, int digits, char out[NUMBER_TEXT_SIZE])
{
  number_format_rounded(is_share(row) ? 100 * value : value, digits, out);
}

static void add_observed(columns *t, const evidence_row *row)
{
  static const char *const before[EVIDENCE_BOUND_COUNT] = {
      [EVIDENCE_EQUAL] = "", [EVIDENCE_AT_MOST] = "at most ", [EVIDENCE_AT_LEAST] = "at least "};
  char shown[NUMBER_TEXT_SIZE];
  show(row, row->observed, DIGITS, shown);
  columns_add(t, "%s%s", before[row->bound], shown);
}

static void add_with_interval(columns *t, const evidence_row *row, double value, double low,
                              double high)
{
  char shown[NUMBER_TEXT_SIZE], from[NUMBER_TEXT_SIZE], to[NUMBER_TEXT_SIZE];
  show(row, value, DIGITS, shown);
  show(row, low, DIGITS_OF_INTERVAL, from);
  show(row, high, DIGITS_OF_INTERVAL, to);
  columns_add(t, "%s (%s to %s)", shown, from, to);
}

/* Of one patient there is no interval. */
static void add_predicted(columns *t, const evidence_row *row, const evidence_prediction *p)
{
  char shown[NUMBER_TEXT_SIZE];
  if (p->se > 0) {
    add_with_interval(t, row, p->value, p->low, p->high);
  } else {
    show(row, p->value, DIGITS, shown);
    columns_add(t, "%s", isnan(p->value) ? "-" : shown);
  }
}

/* --- tables ----------------------------------------------------------------------------------- */

static void add_heads(columns *t, const char *const *heads, int n)
{
  columns_row(t);
  for (int i = 0; i < n; i++) {
    columns_add(t, "%s", heads[i]);
  }
}

static void begin_row(columns *t, const evidence_row *row, size_t width)
{
  char name[WORDS_SIZE];
  words_name(row->name, width, name);
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add(t, "%s",
              is_ratio(row)   ? "ratio"
              : is_share(row) ? "%"
                              : evidence_endpoints[row->endpoint].unit);
}

/* Frees the table. */
static void print(columns *t, text *out)
{
  text_append(out, "\n");
  columns_print(t, 0, out);
  columns_free(t);
}

/* How near a prediction is asked to be. */
static void add_asked(columns *t, const evidence_row *row)
{
  char number[NUMBER_TEXT_SIZE];
  if (row->bound != EVIDENCE_EQUAL && row->asked == 0) {
    columns_add(t, "bound");
  } else if (row->scale == EVIDENCE_LOG10) {
    number_format_rounded(pow(10, row->asked), DIGITS, number);
    columns_add(t, "%s-fold", number);
  } else {
    show(row, row->asked, DIGITS, number);
    columns_add(t, is_share(row) ? "%s points" : "%s", number);
  }
}

static void append_asked(const study_validation *v, text *out)
{
  static const char *const heads[] = {"row", "unit", "observed", "predicted", "asked", " "};
  columns *t = columns_open();
  int asked = 0, met = 0;
  add_heads(t, heads, 6);
  for (int i = 0; i < v->evidence->n_rows; i++) {
    const evidence_row *row = &v->evidence->rows[i];
    if (!validation_asks(row)) {
      continue;
    }
    const bool meets = validation_meets(row, &v->predicted[i]);
    asked++;
    met += meets;
    begin_row(t, row, NAME_WIDTH_ASKED);
    add_observed(t, row);
    add_predicted(t, row, &v->predicted[i]);
    add_asked(t, row);
    columns_add(t, "%s", meets ? "met" : "MISSED");
  }
  text_append(out, "\nWhat is asked for: met in %d of %d rows\n", met, asked);
  print(t, out);
}

static void append_rows(const study_validation *v, evidence_use use, const char *title, text *out)
{
  static const char *const heads[] = {"row", "unit", "observed (95 %)", "predicted (95 %)", " "};
  const validation_count count = validation_count_of(v, use);
  columns *t = columns_open();
  add_heads(t, heads, 5);
  for (int i = 0; i < v->evidence->n_rows; i++) {
    const evidence_row *row = &v->evidence->rows[i];
    if (row->use != use) {
      continue;
    }
    begin_row(t, row, NAME_WIDTH);
    if (row->bound == EVIDENCE_EQUAL) {
      add_with_interval(t, row, row->observed, row->low, row->high);
    } else {
      add_observed(t, row);
    }
    add_predicted(t, row, &v->predicted[i]);
    columns_add(t, "%s", validation_words[validation_judge(row, &v->predicted[i])]);
  }
  text_append(out, "\n%s: %d of %d within what was observed\n", title, count.within, count.rows);
  print(t, out);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void append_head(const study_validation *v, text *out)
{
  const evidence *e = v->evidence;
  int patients = 0;
  long failures = 0;
  for (int i = 0; i < e->n_cases; i++) {
    const stepdose_problem *p = e->cases[i].problem;
    patients = !p->reference_patient && p->patients > patients ? p->patients : patients;
  }
  for (int i = 0; i < e->n_rows; i++) {
    failures += v->predicted[i].failures;
  }
  words_paragraph("Evidence", e->title[0] != '\0' ? e->title : e->path, out);
  words_line(out, "", "%s: %d cases, %d rows, up to %d virtual patients a case", e->path,
             e->n_cases, e->n_rows, patients);
  words_line(out, "Intervals",
             "observed: exact of shares of patients, else as the evidence has it; "
             "predicted: of sampling the virtual patients, none of the reference "
             "patient and none for what the parameters leave open");
  if (failures > 0) {
    words_line(out, "Warning", "some patients could not be simulated and do not count: see %s",
               VALIDATION_CSV);
  }
}

char *report_validation(const study_validation *v)
{
  static const char *const titles[EVIDENCE_USE_COUNT] = {
      [EVIDENCE_FIT] = "Rows that were fitted",
      [EVIDENCE_CHECK] = "Rows that no fit has used",
      [EVIDENCE_SEEN] = "Rows that rest on fitted data"};
  text out = {0};
  bool asks = false;
  append_head(v, &out);
  for (int i = 0; i < v->evidence->n_rows; i++) {
    asks = asks || validation_asks(&v->evidence->rows[i]);
  }
  if (asks) {
    append_asked(v, &out);
  }
  for (int use = 0; use < EVIDENCE_USE_COUNT; use++) {
    if (validation_count_of(v, (evidence_use)use).rows > 0) {
      append_rows(v, (evidence_use)use, titles[use], &out);
    }
  }
  return text_take(&out);
}
