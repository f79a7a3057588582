/* A list of checks with what was found: see checks.h. */
#include "study/checks.h"

#include <stdarg.h>
#include <stdio.h>

void checks_open(study_checks *list) { *list = (study_checks){.all_agree = true}; }

void checks_add(study_checks *list, const char *what, bool agrees, const char *found, ...)
{
  list->all_agree = list->all_agree && agrees;
  if (list->n >= STUDY_CHECKS_MAX) {
    return;
  }
  study_check *check = &list->check[list->n++];
  check->agrees = agrees;
  snprintf(check->what, sizeof check->what, "%s", what);
  va_list arguments;
  va_start(arguments, found);
  vsnprintf(check->found, sizeof check->found, found, arguments);
  va_end(arguments);
}

void checks_add_error(study_checks *list, const char *what, const stepdose_error *why)
{
  char line[256];
  error_format(why, line, sizeof line);
  checks_add(list, what, false, "%s", line);
}
