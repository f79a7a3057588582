/* Multipliers of problems whose solution is known in closed form. */
#include "optimize/multipliers.h"

#include <criterion/criterion.h>
#include <math.h>

/* Maximise -(x - 3)^2 - (y - 2)^2 under x + y <= b and x <= 1.5. At b = 3: x = 1.5, y = 1.5 with
 * multipliers: of the sum 2 (2 - y) = 1, of x 2 (3 - x) - 1 = 2. */
static bool parabola(void *context, int worker, const double *value, double *goal,
                     double *constraint, stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)error;
  *goal = -pow(value[0] - 3, 2) - pow(value[1] - 2, 2);
  constraint[0] = value[0] + value[1] - 3;
  constraint[1] = value[0] - 1.5;
  constraint[2] = value[1] - 9; /* never active */
  return true;
}

Test(multipliers, are_those_of_the_optimality_conditions)
{
  const search_task task = {.n_variables = 2,
                            .n_constraints = 3,
                            .variable = {{.low = -5, .high = 5}, {.low = 0, .high = 4}},
                            .evaluate = parabola};
  const double optimum[] = {1.5, 1.5};
  double lambda[3];
  double residual;
  stepdose_error error;
  cr_assert(search_multipliers(&task, optimum, 1e-6, lambda, &residual, &error));
  cr_expect_float_eq(lambda[0], 1, 1e-6, "%.9g", lambda[0]);
  cr_expect_float_eq(lambda[1], 2, 1e-6, "%.9g", lambda[1]);
  cr_expect(lambda[2] == 0 && residual < 1e-6, "%g, residual %g", lambda[2], residual);
}

Test(multipliers, a_point_that_is_no_optimum_leaves_a_residual)
{
  const search_task task = {.n_variables = 2,
                            .n_constraints = 3,
                            .variable = {{.low = -5, .high = 5}, {.low = 0, .high = 4}},
                            .evaluate = parabola};
  const double elsewhere[] = {0, 1};
  double lambda[3];
  double residual;
  stepdose_error error;
  cr_assert(search_multipliers(&task, elsewhere, 1e-6, lambda, &residual, &error));
  cr_expect(lambda[0] == 0 && lambda[1] == 0 && fabs(residual - 1) < 1e-12, "%g", residual);
}

/* The same constraint twice: its multiplier is shared, the sum is what it was. */
static bool twice(void *context, int worker, const double *value, double *goal, double *constraint,
                  stepdose_error *error)
{
  bool done = parabola(context, worker, value, goal, constraint, error);
  constraint[2] = constraint[0];
  return done;
}

/* On a logarithmic scale, with a variable on its bound: maximise log10 x - y under x <= 10, y >= 1
 * (its bound): one decade of x for one of the constraint. */
static bool decades(void *context, int worker, const double *value, double *goal,
                    double *constraint, stepdose_error *error)
{
  (void)context;
  (void)worker;
  (void)error;
  *goal = log10(value[0]) - value[1];
  constraint[0] = log10(value[0] / 10);
  return true;
}

Test(multipliers, of_equal_constraints_add_up_and_bounds_take_their_part)
{
  search_task task = {.n_variables = 2,
                      .n_constraints = 3,
                      .variable = {{.low = -5, .high = 5}, {.low = 0, .high = 4}},
                      .evaluate = twice};
  const double optimum[] = {1.5, 1.5};
  double lambda[3];
  double residual;
  stepdose_error error;
  cr_assert(search_multipliers(&task, optimum, 1e-6, lambda, &residual, &error));
  cr_expect_float_eq(lambda[0] + lambda[2], 1, 1e-5, "%.9g", lambda[0] + lambda[2]);

  const double corner[] = {10, 1};
  task = (search_task){
      .n_variables = 2,
      .n_constraints = 1,
      .variable = {{.low = 0.01, .high = 100, .logarithmic = true}, {.low = 1, .high = 4}},
      .evaluate = decades};
  cr_assert(search_multipliers(&task, corner, 1e-6, lambda, &residual, &error));
  cr_expect_float_eq(lambda[0], 1, 1e-9, "%.12g", lambda[0]);
}
