/* A file of changes to a problem and to a regimen: what `stepdose whatif` compares with the problem
 * and the regimen as they are. */
#ifndef PROBLEM_CHANGES_H
#define PROBLEM_CHANGES_H

#include "problem/problem.h"

enum { CHANGES_MAX = 64, CHANGE_SETS_MAX = 8, CHANGE_SET_SIZE = 512 };

/* What is changed at once. Numbers of doses count doses of engager from 1. */
typedef struct named_change {
  char name[PROBLEM_NAME_SIZE];
  int n_sets;
  char set[CHANGE_SETS_MAX][CHANGE_SET_SIZE]; /* "POINTER=VALUE", as --set takes them */
  int missed_dose;                            /* 0: none */
  int delayed_dose;                           /* with all that follow it; 0: none */
  double delay_days;
  double dose_error_percent; /* 0: none */
  int dose_error_in;         /* the one dose that is wrong; 0: all */
  bool without_premedication;
  bool optimize; /* also search the best regimen of the changed problem */
} named_change;

typedef struct change_list {
  int n;
  named_change change[CHANGES_MAX];
  bool dose_ranges;      /* how far each dose can go */
  double shadow_percent; /* by which bounds are moved for shadow prices; 0: none are asked for */
} change_list;

/* NULL and *error on failure; path NULL: no changes, dose_ranges. The caller releases with
 * changes_free. */
change_list *changes_read(const char *path, stepdose_error *error);
change_list *changes_read_text(const char *path, const char *bytes, size_t length,
                               stepdose_error *error); /* text that stands for a file at `path` */
void changes_free(change_list *list);

/* Whether its setting `i` is of the value at `pointer`, or of one within it. */
bool change_sets(const named_change *c, int i, const char *pointer);
/* The change leaves the problem as it is. */
bool change_keeps_problem(const named_change *c);
/* The problem with its settings changed: NULL and *error, which names the change, where they are
 * refused. Paths are relative to the problem's file. The caller frees. */
stepdose_problem *change_problem(const stepdose_problem *problem, const named_change *c,
                                 stepdose_error *error);

#endif
