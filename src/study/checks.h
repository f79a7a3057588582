/* A list of checks with what was found: how verify and selftest say what they looked at. */
#ifndef STUDY_CHECKS_H
#define STUDY_CHECKS_H

#include "base/error.h"

enum { STUDY_CHECKS_MAX = 64 };

typedef struct study_check {
  char what[96];
  bool agrees;
  char found[256];
} study_check;

typedef struct study_checks {
  bool all_agree;
  int n;
  study_check check[STUDY_CHECKS_MAX];
} study_checks;

void checks_open(study_checks *list);
void checks_add(study_checks *list, const char *what, bool agrees, const char *found, ...)
    __attribute__((format(printf, 4, 5)));
void checks_add_error(study_checks *list, const char *what, const stepdose_error *why);

#endif
