/* First-dose IL-6 peaks of single patients in phase 1 (digitised dots of Hosseini 2020 Fig. 6)
 * among those of virtual patients at the same dose: their ranks should be uniform. */
#include "tests/population/fixtures.h"

#include "base/file.h"

enum { PATIENTS = 1024, SEED = 1, DOTS_MAX = 100 };

typedef struct dots {
  int n;
  double dose_mg[DOTS_MAX], peak[DOTS_MAX];
} dots;

static dots read_dots(void)
{
  const char *directory = getenv("STEPDOSE_EVIDENCE");
  char *path = file_join(directory != NULL ? directory : STEPDOSE_EVIDENCE_DIR,
                         "observed/mosunetuzumab_first_dose_IL6_peak_Hosseini2020_Fig6.csv");
  FILE *f = fopen(path, "r");
  dots d = {0};
  char line[512];
  release(path);
  if (f == NULL) {
    cr_skip_test("the evidence is not there: set STEPDOSE_EVIDENCE");
  }
  while (d.n < DOTS_MAX && fgets(line, sizeof line, f) != NULL) {
    d.n += sscanf(line, "%lf,%lf", &d.dose_mg[d.n], &d.peak[d.n]) == 2;
  }
  fclose(f);
  return d;
}

/* Share of the patients of each dot's dose with a lower peak, in increasing order. */
static void ranks(const stepdose_problem *problem, const dots *d, weighted_number *rank)
{
  dlbcl_outcome o = {0};
  for (int k = 0; k < d->n; k++) {
    if (k == 0 || d->dose_mg[k] != d->dose_mg[k - 1]) {
      const dlbcl_regimen once = {"one dose", ROUTE_IV, 3, 1, {0}, {d->dose_mg[k]}};
      dlbcl_release(&o);
      o = fixture_run(problem, SEED, PATIENTS, &once);
    }
    int lower = 0;
    for (int i = 0; i < PATIENTS; i++) {
      lower += o.first_peak[i] < d->peak[k];
    }
    rank[k] = (weighted_number){(lower + 0.5) / (PATIENTS + 1), 1};
  }
  dlbcl_release(&o);
  qsort(rank, (size_t)d->n, sizeof rank[0], weighted_by_value);
}

/* Kolmogorov and Smirnov against the uniform distribution, and the mean. */
static void judge(const char *file, const dots *d, double *distance, double *mean)
{
  weighted_number rank[DOTS_MAX];
  stepdose_problem *problem = fixture_population(file, PATIENTS);
  ranks(problem, d, rank);
  *distance = *mean = 0;
  for (int k = 0; k < d->n; k++) {
    *mean += rank[k].value / d->n;
    *distance =
        fmax(*distance, fmax(rank[k].value - (double)k / d->n, (k + 1.0) / d->n - rank[k].value));
  }
  cr_log_info("%s: %d dots, mean rank %.3f, distance %.3f\n", file, d->n, *mean, *distance);
  problem_free(problem);
}

/* The recipe finds mean ranks of 0.35 and 0.49, distances of 0.28 and 0.11; 1.36/sqrt(n) is
 * exceeded by chance once in twenty. */
Test(population, observed_peaks_lie_in_the_middle_on_the_observed_scale_only, .timeout = 120)
{
  const dots d = read_dots();
  double distance, mean;
  cr_assert(d.n > 50, "%d dots", d.n);
  judge("dlbcl-virtual.json", &d, &distance, &mean);
  cr_expect(fabs(mean - 0.35) < 0.03 && distance > 1.36 / sqrt(d.n), "printed: %g %g", mean,
            distance);
  judge("dlbcl-virtual-observed-scale.json", &d, &distance, &mean);
  cr_expect(fabs(mean - 0.49) < 0.03 && distance < 1.36 / sqrt(d.n), "observed: %g %g", mean,
            distance);
}
