/* Quantiles against tables and closed forms. */
#include "base/quantile.h"

#include <criterion/criterion.h>
#include <math.h>

/* Abramowitz and Stegun, Handbook of Mathematical Functions, tables 26.1 and 26.5. */
static const struct {
  double u, z;
} normal_rows[] = {
    {0.5, 0}, {0.975, 1.959963984540054}, {0.99, 2.326347874040841}, {0.001, -3.090232306167813}};

Test(base, normal_quantiles_are_those_of_the_tables)
{
  for (size_t i = 0; i < sizeof normal_rows / sizeof normal_rows[0]; i++) {
    const double u = normal_rows[i].u;
    cr_expect(fabs(normal_quantile(u) - normal_rows[i].z) < 1e-12, "quantile of %g", u);
    cr_expect(fabs(normal_probability(normal_rows[i].z) - u) < 1e-14, "probability of %g", u);
  }
}

Test(base, normal_quantile_and_probability_undo_each_other)
{
  for (int k = -80; k <= 50; k++) {
    const double z = k / 10.0;
    const double back = normal_quantile(normal_probability(z));
    cr_expect(fabs(back - z) < 1e-9 * fmax(1, fabs(z)), "%g becomes %g", z, back);
  }
}

Test(base, beta_quantiles_undo_their_closed_form)
{
  for (int k = 1; k < 100; k++) {
    const double x = k / 100.0;
    const double of_2_3 = x * x * (6 - 8 * x + 3 * x * x);
    cr_expect(fabs(beta_quantile(of_2_3, 2, 3) - x) < 1e-12, "2, 3: %g", x);
    cr_expect(fabs(beta_quantile(x * x * x, 3, 1) - x) < 1e-12, "3, 1: %g", x);
    const double arcsine = 2 / acos(-1) * asin(sqrt(x));
    cr_expect(fabs(beta_quantile(arcsine, 0.5, 0.5) - x) < 1e-12, "0.5, 0.5: %g", x);
  }
}

/* GSL would abort the program. */
Test(base, beta_quantiles_of_nonsense_are_no_numbers)
{
  static const double nonsense[][3] = {{0.5, 0, 1},  {0.5, 1, 0},   {0.5, -1, 2},
                                       {0.5, 2, -1}, {0.5, NAN, 1}, {0.5, 1, INFINITY},
                                       {NAN, 1, 1},  {-0.1, 1, 1},  {1.1, 1, 1}};
  for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
    cr_expect(isnan(beta_quantile(nonsense[i][0], nonsense[i][1], nonsense[i][2])), "row %zu", i);
  }
}
