/* Do the virtual patients of DLBCL say what they are meant to say, and how many are needed? The fit
 * table of 4096 patients for ten seeds; the 27 printed rows with the shipped weights, and after
 * resampling; the standard deviation of estimates from n patients, Sobol points against independent
 * ones.
 * usage: bench_population */
#include "bench/bench.h"
#include "population/dlbcl_tables.h"
#include "population/weights.h"

#include "base/random.h"

#include <string.h>

enum {
  FIT_PATIENTS = 4096,
  FIT_SEEDS = 10,
  SIZES = 6,
  SIZE_LEAST = 64,
  SIZE_MOST = SIZE_LEAST << (SIZES - 1),
  SCRAMBLINGS = 20,
  BOOTSTRAPS = 400,
  RESAMPLED_SEEDS = 10,
  SETS = 5 /* of weights in a file */
};

/* --- the fit table ---------------------------------------------------------------------------- */

typedef struct fit_row {
  char name[80];
  double recipe, found[FIT_SEEDS];
} fit_row;

typedef struct fit_table {
  int n, seed;
  fit_row row[128];
} fit_table;

/* Rows come in the same order for each seed. */
static void add(fit_table *t, int *at, const char *regimen, const char *what, double recipe,
                double found)
{
  if (!isnan(recipe)) {
    fit_row *row = &t->row[(*at)++];
    snprintf(row->name, sizeof row->name, "%s: %s", regimen, what);
    row->recipe = recipe;
    row->found[t->seed] = found;
    t->n = *at > t->n ? *at : t->n;
  }
}

static double median(const double *values)
{
  return weighted_quantile(FIT_PATIENTS, values, NULL, 0.5);
}

static void add_regimen(fit_table *t, int *at, int regimen, const dlbcl_outcome *o)
{
  static const char *const peaks[PERCENTILES] = {"first IL-6 peak, 5 %", "50 %", "95 %"};
  const dlbcl_row *e = &dlbcl_recipe[regimen];
  const char *name = dlbcl_regimens[regimen].name;
  for (int q = 0; q < PERCENTILES; q++) {
    add(t, at, name, peaks[q], e->peak[q],
        weighted_quantile(FIT_PATIENTS, o->first_peak, NULL, dlbcl_percentile[q]));
  }
  add(t, at, name, "activated CD8, %", e->activated, median(o->activated));
  for (int w = 0; w < LATER_WINDOWS; w++) {
    char what[64];
    snprintf(what, sizeof what, "activated CD8, window %d, %%", w + 2);
    add(t, at, name, what, e->later_activated[w], median(o->later_activated[w]));
    snprintf(what, sizeof what, "IL-6 peak, window %d", w + 2);
    add(t, at, name, what, e->later_peak[w], median(o->later_peak[w]));
  }
  add(t, at, name, "responders, %", e->responders,
      100 * weighted_mean(FIT_PATIENTS, o->responds, NULL));
}

static bool fill_fit_table(fit_table *t, const stepdose_problem *problem, stepdose_error *error)
{
  for (t->seed = 0; t->seed < FIT_SEEDS; t->seed++) {
    cohort *patients = dlbcl_patients(problem, (uint64_t)t->seed + 1, FIT_PATIENTS, error);
    bool done = patients != NULL;
    int at = 0;
    for (int r = 0; done && r < DLBCL_REGIMENS; r++) {
      dlbcl_outcome o = {0};
      done = dlbcl_simulate(patients, FIT_PATIENTS, &dlbcl_regimens[r], &o, error);
      if (done) {
        add_regimen(t, &at, r, &o);
      }
      dlbcl_release(&o);
    }
    cohort_close(patients);
    if (!done) {
      return false;
    }
  }
  return true;
}

static void print_fit_table(const fit_table *t)
{
  printf("## Fit table: dlbcl-virtual.json, %d patients, seeds 1 to %d\n\n"
         "| row | recipe | seed 1 | least to most of %d seeds |\n|---|---|---|---|\n",
         FIT_PATIENTS, FIT_SEEDS, FIT_SEEDS);
  for (int i = 0; i < t->n; i++) {
    const fit_row *row = &t->row[i];
    double least = INFINITY, most = -INFINITY;
    for (int s = 0; s < FIT_SEEDS; s++) {
      least = fmin(least, row->found[s]);
      most = fmax(most, row->found[s]);
    }
    printf("| %s | %g | %.4g | %.4g to %.4g |\n", row->name, row->recipe, row->found[0], least,
           most);
  }
  puts("");
}

static bool show_fit(stepdose_error *error)
{
  static fit_table table;
  stepdose_problem *problem = dlbcl_problem("dlbcl-virtual.json", FIT_PATIENTS, 1, error);
  const bool done = problem != NULL && fill_fit_table(&table, problem, error);
  if (done) {
    print_fit_table(&table);
  }
  problem_free(problem);
  return done;
}

/* --- the printed rows ------------------------------------------------------------------------- */

/* Weighted mean of row k less its target. weights may be NULL. */
static double row_error(const printed_rows *rows, int k, const double *weights)
{
  double sum = 0, total = 0;
  for (int i = 0; i < rows->n_patients; i++) {
    sum += weighted_weight(weights, i) * rows->value[i * PRINTED_ROWS + k];
    total += weighted_weight(weights, i);
  }
  return sum / total - rows->target[k];
}

static double worst_error(const printed_rows *rows, const double *weights)
{
  double worst = 0;
  for (int k = 0; k < rows->n; k++) {
    worst = fmax(worst, fabs(row_error(rows, k, weights)));
  }
  return worst;
}

static void print_rows(const printed_rows *rows, const double *weights)
{
  puts(
      "| printed row, as share of patients | printed | unweighted | weighted |\n|---|---|---|---|");
  for (int k = 0; k < rows->n; k++) {
    printf("| %s | %.2f | %.3f | %.4f |\n", rows->name[k], rows->target[k],
           rows->target[k] + row_error(rows, k, NULL),
           rows->target[k] + row_error(rows, k, weights));
  }
  puts("");
}

static bool show_set(const char *file, double il6_scale, uint64_t seed, int index, bool rows_too,
                     stepdose_error *error)
{
  printed_rows rows = {0};
  stepdose_problem *problem = dlbcl_problem(file, FIT_PATIENTS, seed, error);
  bool done = problem != NULL && printed_open(problem, seed, FIT_PATIENTS, il6_scale, &rows, error);
  if (done) {
    const double *weights = problem->population->weight_set[index].weight;
    const double size = weights_effective_size(FIT_PATIENTS, weights);
    double largest = 0;
    for (int i = 0; i < FIT_PATIENTS; i++) {
      largest = fmax(largest, weights[i]);
    }
    printf("%s, seed %llu: largest error of %d rows %.4f unweighted, %.4f weighted; effective "
           "sample %.0f of %d (%.1f %%); rejection sampling would accept %.1f %%\n\n",
           file, (unsigned long long)seed, rows.n, worst_error(&rows, NULL),
           worst_error(&rows, weights), size, FIT_PATIENTS, 100 * size / FIT_PATIENTS,
           100 / largest);
    if (rows_too) {
      print_rows(&rows, weights);
    }
  }
  release(rows.value);
  problem_free(problem);
  return done;
}

static bool show_weights(stepdose_error *error)
{
  bool done = true;
  puts("## Weights\n");
  for (int k = 0; done && k < SETS; k++) {
    const uint64_t seed = (uint64_t)k + 1;
    done = show_set("dlbcl-virtual-weighted.json", 1, seed, k, k == 0, error);
  }
  return done &&
         show_set("dlbcl-virtual-observed-scale-weighted.json", 7.5 / 21.5, 1, 0, false, error);
}

/* --- resampled patients ----------------------------------------------------------------------- */

static bool worth_of(const stepdose_problem *problem, uint64_t seed, int n, population_worth *worth,
                     stepdose_error *error)
{
  double *ones = dlbcl_numbers(n);
  population *people = population_open(problem->population, problem->model, seed, error);
  for (int i = 0; i < n; i++) {
    ones[i] = 1;
  }
  const bool done = people != NULL && population_worth_of(people, n, ones, worth, error);
  population_close(people);
  release(ones);
  return done;
}

static bool show_resampled_size(const stepdose_problem *problem, int n, stepdose_error *error)
{
  double worst[RESAMPLED_SEEDS], different = 0, effective = 0;
  for (int s = 0; s < RESAMPLED_SEEDS; s++) {
    printed_rows rows = {0};
    population_worth worth = {0};
    const uint64_t seed = (uint64_t)s + 1;
    const bool done = worth_of(problem, seed, n, &worth, error) &&
                      printed_open(problem, seed, n, 1, &rows, error);
    if (done) {
      worst[s] = worst_error(&rows, NULL);
      different += (double)worth.different / RESAMPLED_SEEDS;
      effective += worth.effective / RESAMPLED_SEEDS;
    }
    release(rows.value);
    if (!done) {
      return false;
    }
  }
  const double median = bench_median(worst, RESAMPLED_SEEDS);
  printf("| %d | %.0f | %.0f | %.3f | %.3f |\n", n, different, effective, median,
         worst[RESAMPLED_SEEDS - 1]);
  return true;
}

static bool show_resampled(stepdose_error *error)
{
  static const int sizes[] = {128, 256, 512, 1024};
  stepdose_problem *problem = dlbcl_problem("dlbcl-virtual-weighted.json", FIT_PATIENTS, 1, error);
  bool done = problem != NULL;
  printf("## Resampled patients: largest error of the 27 rows, %d seeds\n\n"
         "| patients | different people | worth | median | most |\n|---|---|---|---|---|\n",
         RESAMPLED_SEEDS);
  for (size_t k = 0; done && k < sizeof sizes / sizeof sizes[0]; k++) {
    problem->population->resampled = true;
    done = show_resampled_size(problem, sizes[k], error);
  }
  puts("");
  problem_free(problem);
  return done;
}

/* --- sampling errors -------------------------------------------------------------------------- */

/* What is estimated from patients under 20 mg. */
static const char *const estimate_names[] = {"ln median first peak",
                                             "ln 95 %",
                                             "ln 5 %",
                                             "response, points",
                                             "P(peak > 1000), points",
                                             "median activated, points",
                                             "mean log10 tumour",
                                             "ln 90 %"};
enum { ESTIMATE_COUNT = sizeof estimate_names / sizeof estimate_names[0] };

static void estimate(int n, const dlbcl_outcome *o, const double *times, double *e)
{
  double above = 0;
  for (int i = 0; i < n; i++) {
    above += weighted_weight(times, i) * (o->first_peak[i] > 1000);
  }
  double total = 0;
  for (int i = 0; i < n; i++) {
    total += weighted_weight(times, i);
  }
  e[0] = log(weighted_quantile(n, o->first_peak, times, 0.5));
  e[1] = log(weighted_quantile(n, o->first_peak, times, 0.95));
  e[2] = log(weighted_quantile(n, o->first_peak, times, 0.05));
  e[3] = 100 * weighted_mean(n, o->responds, times);
  e[4] = 100 * above / total;
  e[5] = weighted_quantile(n, o->activated, times, 0.5);
  e[6] = weighted_mean(n, o->tumor_log10, times);
  e[7] = log(weighted_quantile(n, o->first_peak, times, 0.9));
}

typedef struct scatter {
  int n;
  double sum[ESTIMATE_COUNT], squares[ESTIMATE_COUNT];
} scatter;

static void scatter_add(scatter *s, const double *e)
{
  s->n++;
  for (int k = 0; k < ESTIMATE_COUNT; k++) {
    s->sum[k] += e[k];
    s->squares[k] += e[k] * e[k];
  }
}

static double scatter_sd(const scatter *s, int k)
{
  return sqrt(fmax(0, s->squares[k] - s->sum[k] * s->sum[k] / s->n) / (s->n - 1));
}

/* n patients with replacement out of all of one large sample: `times` each. */
static void bootstrap(const dlbcl_outcome *all, int n, scatter *out)
{
  double *times = dlbcl_numbers(FIT_PATIENTS);
  double e[ESTIMATE_COUNT];
  for (int b = 0; b < BOOTSTRAPS; b++) {
    random_stream random = random_open((uint64_t)b, (uint64_t)n);
    memset(times, 0, FIT_PATIENTS * sizeof *times);
    for (int i = 0; i < n; i++) {
      times[(int)(random_uniform(&random) * FIT_PATIENTS)]++;
    }
    estimate(FIT_PATIENTS, all, times, e);
    scatter_add(out, e);
  }
  release(times);
}

/* The first n of a scrambling are a sample of n. */
static bool scramble(const stepdose_problem *problem, scatter sobol[SIZES], stepdose_error *error)
{
  for (int s = 0; s < SCRAMBLINGS; s++) {
    dlbcl_outcome o = {0};
    const bool done =
        dlbcl_run(problem, (uint64_t)s + 1, SIZE_MOST, &dlbcl_regimens[DLBCL_20], &o, error);
    for (int k = 0; done && k < SIZES; k++) {
      double e[ESTIMATE_COUNT];
      estimate(SIZE_LEAST << k, &o, NULL, e);
      scatter_add(&sobol[k], e);
    }
    dlbcl_release(&o);
    if (!done) {
      return false;
    }
  }
  return true;
}

static void print_scatter(const scatter random[SIZES], const scatter sobol[SIZES])
{
  printf(
      "## Standard deviation of an estimate, 20 mg: independent patients (%d bootstraps of %d) / "
      "scrambled Sobol (%d scramblings)\n\n| n |",
      BOOTSTRAPS, FIT_PATIENTS, SCRAMBLINGS);
  for (int k = 0; k < ESTIMATE_COUNT; k++) {
    printf(" %s |", estimate_names[k]);
  }
  puts("\n|---|---|---|---|---|---|---|---|---|");
  for (int i = 0; i < SIZES; i++) {
    printf("| %d |", SIZE_LEAST << i);
    for (int k = 0; k < ESTIMATE_COUNT; k++) {
      const bool points = strstr(estimate_names[k], "points") != NULL;
      printf(points ? " %.1f / %.2f |" : " %.3f / %.3f |", scatter_sd(&random[i], k),
             scatter_sd(&sobol[i], k));
    }
    puts("");
  }
}

static bool show_sampling(stepdose_error *error)
{
  static scatter random[SIZES], sobol[SIZES];
  dlbcl_outcome all = {0};
  stepdose_problem *problem = dlbcl_problem("dlbcl-virtual.json", FIT_PATIENTS, 1, error);
  const bool done =
      problem != NULL &&
      dlbcl_run(problem, SCRAMBLINGS + 1, FIT_PATIENTS, &dlbcl_regimens[DLBCL_20], &all, error) &&
      scramble(problem, sobol, error);
  for (int k = 0; done && k < SIZES; k++) {
    bootstrap(&all, SIZE_LEAST << k, &random[k]);
  }
  if (done) {
    print_scatter(random, sobol);
  }
  dlbcl_release(&all);
  problem_free(problem);
  return done;
}

int main(void)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const bool done =
      show_fit(&error) && show_weights(&error) && show_resampled(&error) && show_sampling(&error);
  if (!done) {
    fprintf(stderr, "%s %s\n", error.pointer, error.message);
  }
  return done ? 0 : 1;
}
