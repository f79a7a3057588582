/* Exact intervals against tables, closed forms, their definition, and their coverage. */
#include "base/binomial.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

/* Exact 95 % limits of proportions to four digits, as tables of them print (Documenta Geigy,
 * Scientific Tables); the definition itself is tested below. */
static const struct {
  long count, of;
  double low, high;
} table[] = {
    {0, 10, 0, 0.3085}, {1, 10, 0.0025, 0.4450}, {5, 10, 0.1871, 0.8129}, {10, 20, 0.2720, 0.7280}};

Test(base, exact_intervals_are_those_of_the_tables)
{
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    const binomial_interval found = binomial_exact_interval(table[i].count, table[i].of, 0.95);
    cr_expect(fabs(found.low - table[i].low) < 5.1e-5 && fabs(found.high - table[i].high) < 5.1e-5,
              "%ld of %ld: %.5f to %.5f", table[i].count, table[i].of, found.low, found.high);
  }
}

Test(base, exact_intervals_at_the_ends_are_closed_forms)
{
  for (long n = 1; n <= 65536; n *= 4) {
    const double left = pow(0.025, 1.0 / (double)n);
    const binomial_interval none = binomial_exact_interval(0, n, 0.95);
    const binomial_interval all = binomial_exact_interval(n, n, 0.95);
    cr_expect(none.low <= 0 && fabs(none.high - (1 - left)) < 1e-9 * (1 - left), "0 of %ld", n);
    cr_expect(all.high >= 1 && fabs(all.low - left) < 1e-12, "%ld of %ld", n, n);
  }
  const binomial_interval nothing = binomial_exact_interval(0, 0, 0.95);
  cr_expect(nothing.low <= 0 && nothing.high >= 1);
}

/* By definition a probability at an end leaves 2.5 % for counts as far out as the one seen. */
Test(base, exact_intervals_leave_their_tails)
{
  for (long n = 2; n <= 4096; n *= 4) {
    for (long k = 1; k < n; k += n / 5 + 1) {
      const binomial_interval found = binomial_exact_interval(k, n, 0.95);
      const double above = gsl_cdf_binomial_Q((unsigned)k - 1, found.low, (unsigned)n);
      const double below = gsl_cdf_binomial_P((unsigned)k, found.high, (unsigned)n);
      cr_expect(fabs(above - 0.025) < 1e-9 && fabs(below - 0.025) < 1e-9, "%ld of %ld: %g, %g", k,
                n, above, below);
    }
  }
}

/* The sum over all counts whose interval holds the truth, without any random number. */
static double coverage(long n, double truth, double confidence)
{
  double covered = 0;
  for (long k = 0; k <= n; k++) {
    const binomial_interval found = binomial_exact_interval(k, n, confidence);
    if (found.low <= truth && truth <= found.high) {
      covered += gsl_ran_binomial_pdf((unsigned)k, truth, (unsigned)n);
    }
  }
  return covered;
}

Test(base, exact_intervals_cover_at_least_what_they_promise)
{
  static const double confidence[] = {0.9, 0.95, 0.99};
  static const double truth[] = {0.003, 0.02, 0.1, 0.37, 0.5, 0.84, 0.99};
  static const long n[] = {5, 50, 256};
  for (int c = 0; c < 3; c++) {
    for (int t = 0; t < 7; t++) {
      for (int i = 0; i < 3; i++) {
        const double found = coverage(n[i], truth[t], confidence[c]);
        cr_expect(found >= confidence[c], "%ld patients, truth %g: %g of %g", n[i], truth[t], found,
                  confidence[c]);
      }
    }
  }
}
