/* Patients of equal weight out of weighted ones. */
#include "population/resampling.h"

#include "base/allocate.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>

enum { CANDIDATES = 50, CASES = 100 };

typedef struct drawn_case {
  double weight[CANDIDATES], total;
  resampling sample;
} drawn_case;

/* A third of the candidates have no weight, the first and the last among them in some cases. */
static drawn_case draw_case(random_stream *random)
{
  drawn_case c = {.total = 0};
  stepdose_error error = {.code = STEPDOSE_OK};
  for (int i = 0; i < CANDIDATES; i++) {
    c.weight[i] = random_uniform(random) < 0.3 ? 0 : random_uniform(random);
    c.total += c.weight[i];
  }
  cr_assert(resampling_open(&c.sample, CANDIDATES, c.weight, random_uniform(random), &error), "%s",
            error.message);
  return c;
}

Test(population, resampling_takes_each_patient_as_often_as_its_weight_says)
{
  random_stream random = random_open(4, 0);
  for (int k = 0; k < CASES; k++) {
    drawn_case c = draw_case(&random);
    int times[CANDIDATES] = {0};
    int so_far = 0;
    for (int count = 1; count <= 1024; count *= 2) {
      for (; so_far < count; so_far++) {
        const int chosen = resampling_patient(&c.sample, so_far);
        cr_assert(chosen >= 0 && chosen < CANDIDATES, "case %d: %d", k, chosen);
        times[chosen]++;
      }
      for (int i = 0; i < CANDIDATES; i++) {
        const double expected = count * c.weight[i] / c.total;
        cr_expect(fabs(times[i] - expected) < 1 + 1e-9,
                  "case %d: patient %d is %d of %d, %g expected", k, i, times[i], count, expected);
        cr_expect(c.weight[i] > 0 || times[i] == 0, "case %d: patient %d has no weight", k, i);
      }
    }
    resampling_close(&c.sample);
  }
}

Test(population, a_mean_over_resampled_patients_is_the_weighted_mean)
{
  random_stream random = random_open(5, 0);
  double worst = 0;
  for (int k = 0; k < CASES; k++) {
    drawn_case c = draw_case(&random);
    double weighted = 0, plain = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      weighted += c.weight[i] * i / c.total;
    }
    for (int j = 0; j < 4096; j++) {
      plain += resampling_patient(&c.sample, j) / 4096.0;
    }
    worst = fmax(worst, fabs(plain - weighted));
    resampling_close(&c.sample);
  }
  /* each of 50 candidates is there at most once too often or too rarely */
  cr_expect(worst < 50.0 * 50 / 4096, "off by %g", worst);
  cr_log_info("worst of %d cases: off by %.4f of 50\n", CASES, worst);
}

Test(population, resampling_without_memory_is_refused)
{
  const double weight[3] = {1, 2, 3};
  resampling sample;
  stepdose_error error = {.code = STEPDOSE_OK};
  allocate_fail_after(0, 1);
  cr_expect(!resampling_open(&sample, 3, weight, 0.5, &error));
  allocate_fail_after(-1, 0);
  cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
}
