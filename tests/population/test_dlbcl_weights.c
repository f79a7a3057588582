/* The shipped weights of DLBCL: with them the population says all 27 rows that Hosseini 2020 prints
 * (Figs 4-5), and patients resampled by them nearly so. */
#include "population/weights.h"
#include "tests/population/dlbcl_tables.h"
#include "tests/population/fixtures.h"

enum { PATIENTS = 4096, SETS = 5 };

static const struct {
  const char *file, *unweighted;
  double il6_scale;
} shipped[] = {
    {"dlbcl-virtual-weighted.json", "dlbcl-virtual.json", 1},
    {"dlbcl-virtual-observed-scale-weighted.json", "dlbcl-virtual-observed-scale.json", 7.5 / 21.5},
};
enum { SHIPPED = sizeof shipped / sizeof shipped[0] };

static stepdose_problem *read_weighted(int which, uint64_t seed)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *problem = dlbcl_problem(shipped[which].file, PATIENTS, seed, &error);
  cr_assert(problem != NULL, "%s: %s %s", shipped[which].file, error.pointer, error.message);
  return problem;
}

/* Weights as the population gives them with its patients; release() them. */
static double *weights_of(const stepdose_problem *problem, uint64_t seed)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  double *weights = dlbcl_numbers(PATIENTS);
  population *people = fixture_open(problem->population, seed);
  cr_assert(population_draw(people, problem->parameters, 0, PATIENTS, NULL, weights, NULL, &error),
            "%s", error.message);
  population_close(people);
  return weights;
}

static printed_rows rows_of(const stepdose_problem *problem, uint64_t seed, int n, double il6_scale)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  printed_rows rows;
  cr_assert(printed_open(problem, seed, n, il6_scale, &rows, &error), "%s", error.message);
  cr_assert_eq(rows.n, PRINTED_ROWS);
  return rows;
}

static double row_mean(const printed_rows *rows, int k, const double *weights)
{
  double sum = 0, total = 0;
  for (int i = 0; i < rows->n_patients; i++) {
    sum += weighted_weight(weights, i) * rows->value[i * PRINTED_ROWS + k];
    total += weighted_weight(weights, i);
  }
  return sum / total;
}

static double worst_row(const printed_rows *rows, const double *weights)
{
  double worst = 0;
  for (int k = 0; k < rows->n; k++) {
    worst = fmax(worst, fabs(row_mean(rows, k, weights) - rows->target[k]));
  }
  return worst;
}

static population_worth worth_of_resampled(const stepdose_problem *problem, uint64_t seed, int n)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  population_worth worth;
  population *people = fixture_open(problem->population, seed);
  double *ones = dlbcl_numbers(n);
  for (int i = 0; i < n; i++) {
    ones[i] = 1;
  }
  cr_assert(population_worth_of(people, n, ones, &worth, &error), "%s", error.message);
  population_close(people);
  release(ones);
  return worth;
}

Test(population, shipped_weights_meet_all_printed_rows_within_one_percent, .timeout = 120)
{
  for (int which = 0; which < SHIPPED; which++) {
    const uint64_t seed = (uint64_t)which + 1;
    stepdose_problem *problem = read_weighted(which, seed);
    printed_rows rows = rows_of(problem, seed, PATIENTS, shipped[which].il6_scale);
    double *weights = weights_of(problem, seed);
    const double size = weights_effective_size(PATIENTS, weights);
    for (int k = 0; k < rows.n; k++) {
      const double found = row_mean(&rows, k, weights);
      cr_log_info("%-40s printed %.2f, unweighted %.3f, weighted %.4f\n", rows.name[k],
                  rows.target[k], row_mean(&rows, k, NULL), found);
      cr_expect(fabs(found - rows.target[k]) < 0.01, "%s, %s: %g", shipped[which].file,
                rows.name[k], found);
    }
    cr_log_info("%s, seed %d: largest error %.4f, unweighted %.4f; effective sample %.1f %%\n",
                shipped[which].file, (int)seed, worst_row(&rows, weights), worst_row(&rows, NULL),
                100 * size / PATIENTS);
    cr_expect(worst_row(&rows, NULL) > 0.3, "without weights: %g", worst_row(&rows, NULL));
    cr_expect(size > 0.20 * PATIENTS, "worth %g", size);
    release(weights);
    release(rows.value);
    problem_free(problem);
  }
}

/* The other seed of each file, by counting alone: both files hold the same weights. */
Test(population, both_scales_have_the_same_weights)
{
  for (uint64_t seed = 1; seed <= SETS; seed++) {
    double *weights[SHIPPED];
    for (int which = 0; which < SHIPPED; which++) {
      stepdose_problem *problem = read_weighted(which, seed);
      weights[which] = weights_of(problem, seed);
      problem_free(problem);
    }
    double difference = 0, total = 0;
    for (int i = 0; i < PATIENTS; i++) {
      difference = fmax(difference, fabs(weights[0][i] - weights[1][i]) / weights[0][i]);
      total += weights[0][i];
    }
    cr_expect(difference < 0.01, "seed %d: off by %g", (int)seed, difference);
    cr_expect(fabs(total / PATIENTS - 1) < 1e-9, "seed %d: mean %g", (int)seed, total / PATIENTS);
    cr_expect(weights_effective_size(PATIENTS, weights[0]) > 0.20 * PATIENTS);
    release(weights[0]);
    release(weights[1]);
  }
}

/* Sampling is not changed by weights: the same patients as without. */
Test(population, weighted_files_have_the_patients_of_the_unweighted_ones)
{
  for (int which = 0; which < SHIPPED; which++) {
    stepdose_problem *weighted = read_weighted(which, 1);
    stepdose_problem *plain = fixture_population(shipped[which].unweighted, PATIENTS);
    population *a = fixture_open(weighted->population, 1);
    population *b = fixture_open(plain->population, 1);
    double *x = fixture_covariates(a, weighted->population, 0, PATIENTS);
    double *y = fixture_covariates(b, plain->population, 0, PATIENTS);
    const size_t n = (size_t)PATIENTS * (size_t)population_covariates(plain->population);
    cr_expect(memcmp(x, y, n * sizeof *x) == 0, "%s", shipped[which].file);
    cr_expect_eq(weighted->population->n_strata, plain->population->n_strata);
    release(x);
    release(y);
    population_close(a);
    population_close(b);
    problem_free(weighted);
    problem_free(plain);
  }
}

/* Each row within three binomial standard errors of as many patients as these are worth. */
Test(population, resampled_patients_meet_the_printed_rows_as_their_number_allows, .timeout = 120)
{
  enum { N = 512 };
  stepdose_problem *problem = read_weighted(0, 1);
  problem->population->resampled = true;
  for (uint64_t seed = 5; seed <= 6; seed++) {
    printed_rows rows = rows_of(problem, seed, N, 1);
    const population_worth worth = worth_of_resampled(problem, seed, N);
    const double worst = worst_row(&rows, NULL);
    cr_log_info("%d resampled patients of seed %d, %d different, worth %.0f: largest error %.3f\n",
                N, (int)seed, worth.different, worth.effective, worst);
    cr_expect(worst < 3 * sqrt(0.25 / worth.effective), "seed %d: %g", (int)seed, worst);
    release(rows.value);
  }
  problem_free(problem);
}

Test(population, resampled_patients_are_weighted_ones_and_the_same_alone)
{
  enum { N = 256 };
  stepdose_problem *problem = read_weighted(0, 1);
  population_description *d = problem->population;
  const int width = population_covariates(d);
  const size_t bytes = (size_t)width * sizeof(double);
  for (uint64_t seed = 7; seed <= 8; seed++) {
    d->resampled = false;
    population *all = fixture_open(d, d->weight_set[seed % SETS].seed);
    double *candidates = fixture_covariates(all, d, 0, PATIENTS);
    population_close(all);
    d->resampled = true;
    population *people = fixture_open(d, seed);
    population *again = fixture_open(d, seed);
    double *x = fixture_covariates(people, d, 0, N);
    int found = 0;
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < PATIENTS; j++) {
        if (memcmp(x + i * width, candidates + j * width, bytes) == 0) {
          found++;
          break;
        }
      }
    }
    double *alone = fixture_covariates(again, d, N - 1, 1);
    cr_expect_eq(found, N, "seed %d: %d of %d are candidates", (int)seed, found, N);
    cr_expect(memcmp(alone, x + (N - 1) * width, bytes) == 0, "seed %d: alone", (int)seed);
    release(alone);
    release(x);
    release(candidates);
    population_close(people);
    population_close(again);
  }
  problem_free(problem);
}

Test(population, what_weighted_and_resampled_patients_are_worth_is_told)
{
  stepdose_problem *problem = read_weighted(0, 1);
  population_description *d = problem->population;
  stepdose_error error = {.code = STEPDOSE_OK};
  double *weights = weights_of(problem, 1);
  double largest = 0;
  population_worth worth;
  population *people = fixture_open(d, 1);
  cr_assert(population_worth_of(people, PATIENTS, weights, &worth, &error));
  for (int i = 0; i < PATIENTS; i++) {
    largest = fmax(largest, weights[i]);
  }
  cr_expect_eq(worth.different, PATIENTS);
  cr_expect(fabs(worth.effective - weights_effective_size(PATIENTS, weights)) < 1e-6);
  cr_expect(fabs(worth.acceptance * largest - 1) < 1e-12);
  population_close(people);
  d->resampled = true;
  worth = worth_of_resampled(problem, 3, 256);
  cr_log_info("256 resampled: %d different, worth %.0f\n", worth.different, worth.effective);
  cr_expect(worth.different > 200 && worth.different < 256, "%d", worth.different);
  cr_expect(worth.effective <= worth.different && worth.effective > 100, "%g", worth.effective);
  release(weights);
  problem_free(problem);
}

Test(population, patients_without_weights_are_refused_where_there_are_weights)
{
  stepdose_problem *problem = read_weighted(0, 1);
  stepdose_error error = {.code = STEPDOSE_OK};
  cr_expect_null(population_open(problem->population, problem->model, SETS + 1, &error));
  cr_expect_eq(error.code, STEPDOSE_OUT_OF_RANGE, "%s", error.message);
  population *people = fixture_open(problem->population, 1);
  error.code = STEPDOSE_OK;
  cr_expect(!population_draw(people, problem->parameters, PATIENTS, 1, NULL, NULL, NULL, &error));
  cr_expect_eq(error.code, STEPDOSE_OUT_OF_RANGE, "%s", error.message);
  population_close(people);
  problem_free(problem);
}
