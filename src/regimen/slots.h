/* What the files of this room share about branches: values of slots, and the list of rules. */
#ifndef REGIMEN_SLOTS_H
#define REGIMEN_SLOTS_H

#include "regimen/regimen.h"

/* The fixed value or the variable's; a value equal to a level up to rounding becomes that level. */
double regimen_slot_value(const regimen_branch *b, struct regimen_slot slot, const double *values);

/* Lists the rules that can be broken within the bounds of the branch's variables. */
void regimen_open_rules(regimen_branch *branch);

#endif
