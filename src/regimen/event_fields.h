/* Lines of an event table, cut into the values of its columns. */
#ifndef REGIMEN_EVENT_FIELDS_H
#define REGIMEN_EVENT_FIELDS_H

#include "regimen/event_columns.h"

enum { EVENT_FIELDS_MAX = 256 };

/* Zero-initialise, then set path and error. */
typedef struct event_fields {
  const char *path;      /* borrowed */
  stepdose_error *error; /* borrowed, may be NULL */
  int line;              /* 1-based number of the line being read */
  bool has_header;
  int n_fields;                     /* of the header */
  int field_of[EVENT_COLUMN_COUNT]; /* field that holds a column, or -1 */
  int comment_field;                /* field that may mark a line as a comment: see COMMENT */
  char *field[EVENT_FIELDS_MAX];    /* of the line, trimmed and ended by 0 */
  int place[EVENT_FIELDS_MAX];      /* 1-based byte column where it begins */
  double value[EVENT_COLUMN_COUNT]; /* of the record; 0 where left out */
} event_fields;

/* Reads the next line, which it cuts in place. *is_record: values are those of a record; else the
 * line was the header, a comment or blank. */
bool event_fields_read(event_fields *t, char *line, bool *is_record);

/* Refuses the value of column c of this record; always false. */
bool event_fields_refuse(event_fields *t, event_column c, const char *remedy, const char *found);

/* Refuses the table at byte column `column` of this line (0: the line as a whole); always false. */
bool event_fields_refuse_at(event_fields *t, int column, const char *remedy, const char *found);

/* The same for a header that is missing or incomplete. */
bool event_fields_refuse_header(event_fields *t, const char *found);

#endif
