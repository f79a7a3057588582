/* Hundreds of structured mutants of the shipped problems: each is refused with a complete error, or
 * is a problem. */
#include <criterion/criterion.h>

#include "mutate.h"

Test(problem, mutants_are_refused_in_place_or_harmless)
{
  const uint64_t seed = 7;
  long tried;
  long failed;
  cr_assert(mutate_shipped(seed, &tried, &failed), "the shipped problems cannot be read");
  cr_expect_geq(tried, 300);
  cr_expect_eq(failed, 0, "%ld of %ld mutants, seed %llu; see above", failed, tried,
               (unsigned long long)seed);
}
