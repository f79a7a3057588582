/* Decision values <-> doses. A branch fixes the number of steps; within a branch every regimen has
 * the same variables, so that an engine can search it. */
#ifndef REGIMEN_REGIMEN_H
#define REGIMEN_REGIMEN_H

#include "problem/problem.h"

enum {
  REGIMEN_VARIABLES_MAX = 2 * PROBLEM_STEPS_MAX + 3,
  REGIMEN_RULES_MAX = 4 * PROBLEM_STEPS_MAX + 8
};

typedef struct regimen_variable {
  char name[48]; /* "step_1_dose_mg", "step_2_day", "maintenance_dose_mg", ... */
  char unit[16];
  double low, high;
  bool logarithmic; /* search in log10 */
  int n_levels; /* allowed values, increasing; 0: none declared, the continuous value is final */
  double level[PROBLEM_LEVELS_MAX];
} regimen_variable;

/* Rules between neighbouring doses: X(ID, name, true: about days, false: about amounts). */
#define REGIMEN_RULE_KINDS(X)                                                                      \
  X(ORDER, "order", false)                                                                         \
  X(RATIO, "ratio", false)                                                                         \
  X(SHORTEST_GAP, "shortest_gap", true)                                                            \
  X(LONGEST_GAP, "longest_gap", true)

typedef enum regimen_rule_kind {
#define X(id, name, of_days) REGIMEN_RULE_##id,
  REGIMEN_RULE_KINDS(X)
#undef X
      REGIMEN_RULE_KIND_COUNT
} regimen_rule_kind;

typedef struct regimen_branch {
  const regimen_space *space; /* borrowed */
  double horizon_days;
  int n_steps;
  int n_variables;
  regimen_variable variable[REGIMEN_VARIABLES_MAX];
  /* where each quantity comes from: index of a variable, or -1 and the fixed value */
  struct regimen_slot {
    int variable;
    double fixed;
  } step_day[PROBLEM_STEPS_MAX], step_amount[PROBLEM_STEPS_MAX], first_day, every_days,
      maintenance_amount;
  int n_rules; /* see regimen_rules; rules that the bounds alone keep are left out */
  struct regimen_rule {
    regimen_rule_kind kind;
    int first; /* of neighbours (first, first + 1): the steps, then maintenance */
  } rule[REGIMEN_RULES_MAX];
  char rule_name[REGIMEN_RULES_MAX][64]; /* "order_step_1_step_2", ... */
} regimen_branch;

/* Bounds and levels of a decision (vials: of an amount, else NULL). False: it leaves one value
 * only, the level if there is one, else low. Name, unit and scale are the caller's. */
bool regimen_variable_open(const decision *d, const regimen_space *vials, regimen_variable *v);

int regimen_branch_count(const regimen_space *space);
/* Branch i = 0 .. count-1, by increasing number of steps. */
void regimen_branch_open(const regimen_space *space, double horizon_days, int i,
                         regimen_branch *branch);

/* values (n_variables), physical units -> doses before the horizon, with the premedication of the
 * space. Two doses on one day are kept apart. */
void regimen_decode(const regimen_branch *branch, const double *values, schedule *doses);

/* The most doses of engager that a regimen of the space has before the horizon. */
int regimen_doses_most(const regimen_space *space, double horizon_days);

/* Rules that need no simulation, each <= 0 when kept: order of doses (log10 ratio), largest step
 * ratio (log10), gaps between days (in gap lengths). out (n_rules). */
void regimen_rules(const regimen_branch *branch, const double *values, double *out);

#endif
