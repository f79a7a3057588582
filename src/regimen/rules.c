/* Rules between neighbouring doses, known without any simulation: <= 0 when kept, and linear in
 * log10(amount) or in days, which is what the search engines handle best. Neighbours are the steps
 * in their order, then the first maintenance dose. */
#include "base/number.h"
#include "regimen/slots.h"

#include <math.h>
#include <stdio.h>

/* Stands for an amount of zero in logarithms: far below any dose. */
#define AMOUNT_FLOOR 1e-9

typedef struct rule_kind_row {
  const char *name;
  bool of_days;
} rule_kind_row;

static const rule_kind_row rule_kinds[REGIMEN_RULE_KIND_COUNT] = {
#define X(id, name, of_days) {name, of_days},
    REGIMEN_RULE_KINDS(X)
#undef X
};

/* log10(a / b), exactly 0 where they are the same decimal number. */
static double log10_ratio(double a, double b)
{
  a = fmax(a, AMOUNT_FLOOR);
  b = fmax(b, AMOUNT_FLOOR);
  return number_same(a, b) ? 0.0 : log10(a) - log10(b);
}

static double exact_difference(double a, double b) { return number_same(a, b) ? 0.0 : a - b; }

/* Never below a day: doses less than that apart count as one for the limits, and a search would
 * split doses. */
static double shortest_gap(const regimen_space *space)
{
  const decision *gap = &space->gap_days;
  double given = gap->n_choices > 0 ? gap->choice[0] : gap->low;
  return gap->given ? fmax(given, ENDPOINT_ONE_DOSE_DAYS) : ENDPOINT_ONE_DOSE_DAYS;
}

static double longest_gap(const regimen_space *space)
{
  const decision *gap = &space->gap_days;
  if (!gap->given) {
    return INFINITY;
  }
  return gap->n_choices > 0 ? gap->choice[gap->n_choices - 1] : gap->high;
}

/* `first`, `second`: the amounts, or days, of two neighbours. Gaps are counted in allowed gaps. */
static double rule_value(const regimen_space *space, regimen_rule_kind kind, double first,
                         double second)
{
  switch (kind) {
  case REGIMEN_RULE_ORDER:
    return space->order == DOSE_ORDER_UNTIL_TARGET ? log10_ratio(first, second) : -1.0;
  case REGIMEN_RULE_RATIO:
    return isfinite(space->step_ratio_max) ? log10_ratio(second, first * space->step_ratio_max)
                                           : -1.0;
  case REGIMEN_RULE_SHORTEST_GAP: {
    double gap = shortest_gap(space);
    return exact_difference(gap, second - first) / gap;
  }
  case REGIMEN_RULE_LONGEST_GAP: {
    double gap = longest_gap(space);
    return isfinite(gap) && gap > 0.0 ? exact_difference(second - first, gap) / gap : -1.0;
  }
  case REGIMEN_RULE_KIND_COUNT:
    break;
  }
  return -1.0;
}

static struct regimen_slot neighbour_slot(const regimen_branch *b, int i, bool of_days)
{
  if (i < b->n_steps) {
    return of_days ? b->step_day[i] : b->step_amount[i];
  }
  return of_days ? b->first_day : b->maintenance_amount;
}

static double lowest(const regimen_branch *b, struct regimen_slot slot)
{
  return slot.variable < 0 ? slot.fixed : b->variable[slot.variable].low;
}

static double highest(const regimen_branch *b, struct regimen_slot slot)
{
  return slot.variable < 0 ? slot.fixed : b->variable[slot.variable].high;
}

/* The value of a rule at that corner of the bounds which breaks it most. */
static double worst_value(const regimen_branch *b, regimen_rule_kind kind, int i)
{
  bool of_days = rule_kinds[kind].of_days;
  struct regimen_slot first = neighbour_slot(b, i, of_days);
  struct regimen_slot second = neighbour_slot(b, i + 1, of_days);
  if (kind == REGIMEN_RULE_ORDER || kind == REGIMEN_RULE_SHORTEST_GAP) {
    return rule_value(b->space, kind, highest(b, first), lowest(b, second));
  }
  return rule_value(b->space, kind, lowest(b, first), highest(b, second));
}

static void name_neighbour(const regimen_branch *b, int i, char *name, size_t size)
{
  if (i < b->n_steps) {
    snprintf(name, size, "step_%d", i + 1);
  } else {
    snprintf(name, size, "maintenance");
  }
}

static void add_rule(regimen_branch *b, regimen_rule_kind kind, int i)
{
  char first[20], second[20];
  name_neighbour(b, i, first, sizeof first);
  name_neighbour(b, i + 1, second, sizeof second);
  snprintf(b->rule_name[b->n_rules], sizeof b->rule_name[0], "%s_%s_%s", rule_kinds[kind].name,
           first, second);
  b->rule[b->n_rules++] = (struct regimen_rule){kind, i};
}

/* The longest gap is one between steps: maintenance may be rarer than the steps. */
static bool rule_applies(const regimen_branch *b, regimen_rule_kind kind, int i)
{
  return i + 1 < b->n_steps || kind != REGIMEN_RULE_LONGEST_GAP;
}

void regimen_open_rules(regimen_branch *branch)
{
  int neighbours = branch->n_steps + (branch->space->has_maintenance ? 1 : 0);
  branch->n_rules = 0;
  for (int i = 0; i + 1 < neighbours; i++) {
    for (int k = 0; k < REGIMEN_RULE_KIND_COUNT; k++) {
      regimen_rule_kind kind = (regimen_rule_kind)k;
      if (rule_applies(branch, kind, i) && worst_value(branch, kind, i) > 0.0) {
        add_rule(branch, kind, i);
      }
    }
  }
}

void regimen_rules(const regimen_branch *branch, const double *values, double *out)
{
  for (int r = 0; r < branch->n_rules; r++) {
    const struct regimen_rule *rule = &branch->rule[r];
    bool of_days = rule_kinds[rule->kind].of_days;
    struct regimen_slot first = neighbour_slot(branch, rule->first, of_days);
    struct regimen_slot second = neighbour_slot(branch, rule->first + 1, of_days);
    out[r] = rule_value(branch->space, rule->kind, regimen_slot_value(branch, first, values),
                        regimen_slot_value(branch, second, values));
  }
}
