/* Lines of an event table -> values of columns. Only the form is judged here. */
#include "regimen/event_fields.h"

#include "base/number.h"

#include <stdio.h>
#include <string.h>

static const char *const column_names[EVENT_COLUMN_COUNT] = {
#define X(name, required, written) #name,
    EVENT_COLUMNS(X)
#undef X
};

static const bool column_required[EVENT_COLUMN_COUNT] = {
#define X(name, required, written) required,
    EVENT_COLUMNS(X)
#undef X
};

/* Heads the column of comments, and marks one: in that column, or else in the first. */
static const char COMMENT[] = "C";

bool event_fields_refuse_at(event_fields *t, int column, const char *remedy, const char *found)
{
  error_set(t->error, STEPDOSE_EVENT_TABLE, remedy, "%s", found);
  error_place(t->error, t->path, t->line, column, NULL);
  return false;
}

bool event_fields_refuse(event_fields *t, event_column c, const char *remedy, const char *found)
{
  char digits[NUMBER_TEXT_SIZE], message[256];
  int column = t->field_of[c] < 0 ? 1 : t->place[t->field_of[c]];
  number_format(t->value[c], digits);
  snprintf(message, sizeof message, "%s is %s: %s", column_names[c], digits, found);
  return event_fields_refuse_at(t, column, remedy, message);
}

bool event_fields_refuse_header(event_fields *t, const char *found)
{
  return event_fields_refuse_at(
      t, 0, "begin with a header such as ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV", found);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* Cuts blanks, and one pair of double quotes, off a field. */
static char *trim(char *field, int *place)
{
  size_t length = strlen(field);
  while (length > 0 && is_blank(field[length - 1])) {
    field[--length] = 0;
  }
  while (is_blank(*field)) {
    field++, length--, (*place)++;
  }
  if (length >= 2 && field[0] == '"' && field[length - 1] == '"') {
    field[length - 1] = 0;
    field++;
  }
  return field;
}

/* Cuts a line into fields in place; returns their number. */
static int split(event_fields *t, char *line)
{
  int n = 0;
  char *begin = line;
  while (begin != NULL && n < EVENT_FIELDS_MAX) {
    char *comma = strchr(begin, ',');
    if (comma != NULL) {
      *comma = 0;
    }
    t->place[n] = (int)(begin - line) + 1;
    t->field[n] = trim(begin, &t->place[n]);
    begin = comma == NULL ? NULL : comma + 1;
    n++;
  }
  return n;
}

/* Not toupper: it depends on the locale. */
static char capital(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

static bool same_word(const char *a, const char *b)
{
  while (*a != 0 && capital(*a) == capital(*b)) {
    a++, b++;
  }
  return *a == 0 && *b == 0;
}

static int find_column(const char *word)
{
#define X(name, other)                                                                             \
  if (same_word(word, other)) {                                                                    \
    return EVENT_##name;                                                                           \
  }
  EVENT_ALIASES(X)
#undef X
  for (int c = 0; c < EVENT_COLUMN_COUNT; c++) {
    if (same_word(word, column_names[c])) {
      return c;
    }
  }
  return -1;
}

static bool find_columns(event_fields *t)
{
  for (int c = 0; c < EVENT_COLUMN_COUNT; c++) {
    t->field_of[c] = -1;
  }
  t->comment_field = 0;
  for (int f = 0; f < t->n_fields; f++) {
    int c = find_column(t->field[f]);
    if (same_word(t->field[f], COMMENT)) {
      t->comment_field = f;
    }
    if (c >= 0 && t->field_of[c] >= 0) {
      char found[64];
      snprintf(found, sizeof found, "the header names %s twice", column_names[c]);
      return event_fields_refuse_at(t, t->place[f], "name each column once", found);
    }
    if (c >= 0) {
      t->field_of[c] = f;
    }
  }
  return true;
}

static bool refuse_without_column(event_fields *t, int missing)
{
  char found[64];
  snprintf(found, sizeof found, "the header has no column %s", column_names[missing]);
  return event_fields_refuse_header(t, found);
}

/* A line that `may_be_comment` and lacks a needed column is a comment. */
static bool read_header(event_fields *t, char *line, bool may_be_comment)
{
  t->n_fields = split(t, line);
  if (!find_columns(t)) {
    return false;
  }
  for (int c = 0; c < EVENT_COLUMN_COUNT; c++) {
    if (column_required[c] && t->field_of[c] < 0) {
      return may_be_comment || refuse_without_column(t, c);
    }
  }
  t->has_header = true;
  return true;
}

/* "." , "NA" and nothing stand for a value that is left out: 0, as in NONMEM. */
static bool is_left_out(const char *field)
{
  return field[0] == 0 || strcmp(field, ".") == 0 || strcmp(field, "NA") == 0;
}

static bool read_value(event_fields *t, event_column c)
{
  int f = t->field_of[c];
  t->value[c] = 0.0;
  if (f < 0) {
    return true;
  }
  bool needed = c == EVENT_TIME || c == EVENT_EVID;
  if (is_left_out(t->field[f]) ? !needed : number_parse(t->field[f], &t->value[c])) {
    return true;
  }
  char found[128];
  snprintf(found, sizeof found, "%s is \"%.40s\", not a number", column_names[c], t->field[f]);
  return event_fields_refuse_at(t, t->place[f], "write one finite number, with a decimal point",
                                found);
}

/* With IGNORE=C NONMEM leaves such a line out; whether that was meant, the table does not tell. */
static bool refuse_commented(event_fields *t)
{
  return event_fields_refuse_at(
      t, t->place[t->comment_field],
      "delete the line, or begin it with # to leave it out; to keep it, take the C away",
      "the line is marked C, as a comment (IGNORE=C)");
}

static bool read_values(event_fields *t, char *line)
{
  int found = split(t, line);
  if (found != t->n_fields) {
    char message[96];
    snprintf(message, sizeof message, "the line has %d fields, the header %d", found, t->n_fields);
    return event_fields_refuse_at(t, found > t->n_fields ? t->place[t->n_fields] : 1,
                                  "give every line one field for each column", message);
  }
  if (same_word(t->field[t->comment_field], COMMENT)) {
    return refuse_commented(t);
  }
  for (int c = 0; c < EVENT_COLUMN_COUNT; c++) {
    if (!read_value(t, (event_column)c)) {
      return false;
    }
  }
  return true;
}

static bool is_blank_line(const char *line)
{
  while (is_blank(*line)) {
    line++;
  }
  return *line == 0;
}

/* Lines that begin with '#' or '@' are comments; the header may begin with such a mark too. */
bool event_fields_read(event_fields *t, char *line, bool *is_record)
{
  bool marked = line[0] == '#' || line[0] == '@';
  *is_record = false;
  t->line++;
  if (is_blank_line(line) || (marked && t->has_header)) {
    return true;
  }
  if (t->has_header) {
    *is_record = true;
    return read_values(t, line);
  }
  if (marked) {
    line[0] = ' ';
  }
  return read_header(t, line, marked);
}
