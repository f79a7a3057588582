/* Hypervolumes against inclusion and exclusion, and against analytic fronts. */
#include <criterion/criterion.h>

#include "optimize/hypervolume.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/random.h"

#include <math.h>

enum { POINTS_MAX = 12, CASES = 200, FRONT = 2000 };

static const double REFERENCE[HYPERVOLUME_OBJECTIVES_MAX] = {1, 1, 1, 1};

/* Volume of a union of boxes: the boxes, less their common parts two by two, ... */
static double by_inclusion(int m, int n, const double *points)
{
  double volume = 0;
  for (int subset = 1; subset < 1 << n; subset++) {
    double common = 1;
    int members = 0;
    for (int i = 0; i < n; i++) {
      members += subset >> i & 1;
    }
    for (int k = 0; k < m; k++) {
      double corner = -INFINITY;
      for (int i = 0; i < n; i++) {
        corner = subset >> i & 1 ? fmax(corner, points[i * m + k]) : corner;
      }
      common *= fmax(REFERENCE[k] - corner, 0);
    }
    volume += members % 2 ? common : -common;
  }
  return volume;
}

/* Some points outside the reference, some equal, some with common coordinates. */
static void draw(random_stream *stream, int m, int n, double *points)
{
  for (int i = 0; i < n * m; i++) {
    points[i] = 1.1 * random_uniform(stream);
    points[i] = random_uniform(stream) < 0.5 ? floor(5 * points[i]) / 5 : points[i];
  }
  for (int k = 0; k < m && n > 2; k++) {
    points[(n - 1) * m + k] = points[k];
  }
}

Test(hypervolume, is_the_volume_of_the_union_of_boxes)
{
  random_stream stream = random_open(1, 0);
  double worst = 0;
  for (int m = 2; m <= HYPERVOLUME_OBJECTIVES_MAX; m++) {
    hypervolume *h = hypervolume_open(m, POINTS_MAX, NULL);
    cr_assert_not_null(h);
    for (int c = 0; c < CASES; c++) {
      double points[POINTS_MAX * HYPERVOLUME_OBJECTIVES_MAX];
      int n = c % (POINTS_MAX - 2) + 1;
      draw(&stream, m, n, points);
      double expected = by_inclusion(m, n, points);
      double found = hypervolume_of(h, n, points, REFERENCE);
      worst = fmax(worst, fabs(found - expected));
      cr_expect_lt(fabs(found - expected), 1e-12, "%d objectives, case %d: %g, not %g", m, c, found,
                   expected);
    }
    hypervolume_close(h);
  }
}

Test(hypervolume, gains_add_up_to_the_volume)
{
  random_stream stream = random_open(2, 0);
  for (int m = 2; m <= HYPERVOLUME_OBJECTIVES_MAX; m++) {
    hypervolume *h = hypervolume_open(m, 60, NULL);
    cr_assert_not_null(h);
    double points[60 * HYPERVOLUME_OBJECTIVES_MAX], sum = 0;
    draw(&stream, m, 60, points);
    for (int i = 0; i < 60; i++) {
      double gain = hypervolume_gain(h, points + i * m, i, points, REFERENCE);
      cr_expect_geq(gain, -1e-15);
      sum += gain;
    }
    cr_expect_lt(fabs(sum - hypervolume_of(h, 60, points, REFERENCE)), 1e-12);
    hypervolume_close(h);
  }
}

/* Points on a quarter circle about (1, 1) seen from (0, 0): they leave out a quarter disc. */
Test(hypervolume, of_a_fine_front_is_that_of_the_curve)
{
  static double points[FRONT * 2];
  const double pi = acos(-1.0);
  hypervolume *h = hypervolume_open(2, FRONT, NULL);
  cr_assert_not_null(h);
  for (int i = 0; i < FRONT; i++) {
    double angle = pi / 2 * (i + 0.5) / FRONT;
    points[2 * i] = cos(angle);
    points[2 * i + 1] = sin(angle);
  }
  double found = hypervolume_of(h, FRONT, points, REFERENCE);
  cr_expect_lt(fabs(found - (1 - pi / 4)), 1e-3, "%g", found);
  hypervolume_close(h);
}

/* Points of the simplex x + y + z = 1 on a lattice: exact sum over its cells. */
Test(hypervolume, of_a_lattice_in_three_objectives_is_exact)
{
  enum { SIDE = 30 };
  static double points[SIDE * SIDE * 3];
  int n = 0;
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; i + j < SIDE; j++) {
      points[3 * n] = (double)i / SIDE;
      points[3 * n + 1] = (double)j / SIDE;
      points[3 * n + 2] = (double)(SIDE - 1 - i - j) / SIDE;
      n++;
    }
  }
  double cells = 0; /* the column at (i, j) reaches down to the best third coordinate there */
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; j < SIDE; j++) {
      int least = SIDE - 1 - i - j;
      cells += SIDE - (least > 0 ? least : 0);
    }
  }
  hypervolume *h = hypervolume_open(3, n, NULL);
  cr_assert_not_null(h);
  double found = hypervolume_of(h, n, points, REFERENCE);
  cr_expect_lt(fabs(found - cells / SIDE / SIDE / SIDE), 1e-12, "%g", found);
  hypervolume_close(h);
}

Test(hypervolume, of_no_points_or_points_behind_the_reference_is_nothing)
{
  const double behind[4] = {0.5, 1, 1, 0.5};
  hypervolume *h = hypervolume_open(2, 2, NULL);
  cr_assert_not_null(h);
  cr_expect_eq(hypervolume_of(h, 0, behind, REFERENCE), 0);
  cr_expect_eq(hypervolume_of(h, 2, behind, REFERENCE), 0);
  cr_expect_eq(hypervolume_gain(h, behind, 0, behind, REFERENCE), 0);
  hypervolume_close(h);
}

Test(hypervolume, what_cannot_be_is_an_error)
{
  stepdose_error error;
  error_clear(&error);
  cr_expect_null(hypervolume_open(1, 5, &error));
  cr_expect_eq(error.code, STEPDOSE_OUT_OF_RANGE);
  for (int n = 0; n < 3; n++) {
    error_clear(&error);
    allocate_fail_after(n, 0);
    cr_expect_null(hypervolume_open(3, 5, &error));
    allocate_fail_after(-1, 0);
    cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
  }
}
