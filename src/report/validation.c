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

bool validation_is_ratio(const evidence_row *row)
{
  return row->of >= 0 || row->of_other_case >= 0;
}

/* Shares as percentages. */
bool validation_is_share(const evidence_row *row)
{
  return !validation_is_ratio(row) &&
         strcmp(evidence_endpoints[row->endpoint].unit, "fraction") == 0;
}

static void show(const evidence_row *row, double value, int digits, char out[NUMBER_TEXT_SIZE])
{
  number_format_rounded(validation_is_share(row) ? 100 * value : value, digits, out);
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

/* A kind of table: its heads. */
typedef struct table_heads {
  int n;
  const char *name[6];
} table_heads;

static columns *open_table(const table_heads *heads)
{
  columns *t = columns_open();
  columns_row(t);
  for (int i = 0; i < heads->n; i++) {
    columns_add(t, "%s", heads->name[i]);
  }
  return t;
}

static void begin_row(columns *t, const evidence_row *row, size_t width)
{
  char name[WORDS_SIZE];
  words_name(row->name, width, name);
  columns_row(t);
  columns_add(t, "%s", name);
  columns_add(t, "%s",
              validation_is_ratio(row)   ? "ratio"
              : validation_is_share(row) ? "%"
                                         : evidence_endpoints[row->endpoint].unit);
}

/* Frees the table. */
static void print(columns *t, text *out)
{
  text_append(out, "\n");
  columns_print(t, 0, out);
  columns_free(t);
}

/* A table that is full goes on in another. */
static columns *with_room(columns *t, const table_heads *heads, text *out)
{
  if (t == NULL || t->n_rows < COLUMNS_ROWS_MAX) {
    return t;
  }
  print(t, out);
  return open_table(heads);
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
    columns_add(t, validation_is_share(row) ? "%s points" : "%s", number);
  }
}

static void add_asked_row(columns *t, const evidence_row *row, const evidence_prediction *p)
{
  begin_row(t, row, NAME_WIDTH_ASKED);
  add_observed(t, row);
  add_predicted(t, row, p);
  add_asked(t, row);
  columns_add(t, "%s", validation_meets(row, p) ? "met" : "MISSED");
}

static void append_asked(const study_validation *v, text *out)
{
  static const table_heads heads = {6, {"row", "unit", "observed", "predicted", "asked", " "}};
  const validation_count count = validation_count_asked(v);
  if (count.rows == 0) {
    return;
  }
  text_append(out, "\nWhat is asked for: met in %d of %d rows\n", count.within, count.rows);
  columns *t = open_table(&heads);
  for (int i = 0; i < v->evidence->n_rows; i++) {
    const evidence_row *row = &v->evidence->rows[i];
    if (validation_asks(row)) {
      t = with_room(t, &heads, out);
      add_asked_row(t, row, &v->predicted[i]);
    }
  }
  print(t, out);
}

static void add_judged_row(columns *t, const evidence_row *row, const evidence_prediction *p)
{
  begin_row(t, row, NAME_WIDTH);
  if (row->bound == EVIDENCE_EQUAL) {
    add_with_interval(t, row, row->observed, row->low, row->high);
  } else {
    add_observed(t, row);
  }
  add_predicted(t, row, p);
  columns_add(t, "%s", validation_words[validation_judge(row, p)]);
}

static void append_rows(const study_validation *v, evidence_use use, const char *title, text *out)
{
  static const table_heads heads = {5, {"row", "unit", "observed (95 %)", "predicted (95 %)", " "}};
  const validation_count count = validation_count_of(v, use);
  if (count.rows == 0) {
    return;
  }
  text_append(out, "\n%s: %d of %d within what was observed\n", title, count.within, count.rows);
  columns *t = open_table(&heads);
  for (int i = 0; i < v->evidence->n_rows; i++) {
    const evidence_row *row = &v->evidence->rows[i];
    if (row->use == use) {
      t = with_room(t, &heads, out);
      add_judged_row(t, row, &v->predicted[i]);
    }
  }
  print(t, out);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void append_head(const study_validation *v, text *out)
{
  const evidence *e = v->evidence;
  int patients = 0;
  for (int i = 0; i < e->n_cases; i++) {
    const stepdose_problem *p = e->cases[i].problem;
    patients = !p->reference_patient && p->patients > patients ? p->patients : patients;
  }
  words_paragraph("Evidence", e->title[0] != '\0' ? e->title : e->path, out);
  words_line(out, "", "%s: %d cases, %d rows, up to %d virtual patients a case", e->path,
             e->n_cases, e->n_rows, patients);
  words_line(out, "Intervals",
             "observed: exact of shares of patients, else as the evidence has it; "
             "predicted: of sampling the virtual patients, none of the reference "
             "patient and none for what the parameters leave open");
  if (v->failure[0] != '\0') {
    words_line(out, "Warning",
               "patients who could not be simulated do not count, see %s; the first: %s",
               VALIDATION_CSV, v->failure);
  }
}

char *report_validation(const study_validation *v)
{
  static const char *const titles[EVIDENCE_USE_COUNT] = {
      [EVIDENCE_FIT] = "Rows that were fitted",
      [EVIDENCE_CHECK] = "Rows that no fit has used",
      [EVIDENCE_SEEN] = "Rows that rest on fitted data"};
  text out = {0};
  append_head(v, &out);
  append_asked(v, &out);
  for (int use = 0; use < EVIDENCE_USE_COUNT; use++) {
    append_rows(v, (evidence_use)use, titles[use], &out);
  }
  return text_take(&out);
}
