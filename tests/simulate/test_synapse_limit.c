/* synapse with its new mechanisms switched off (preset hosseini_limit) against hosseini2020, over
 * the six regimens of the published trajectories (test_published.c). */
#include "simulate/bench.h"

#include <math.h>

typedef struct regimen {
  const char *name;
  int n_doses;
  double day[6], mg[6];
} regimen;

static const regimen regimens[] = {
    {"2.8 mg every three weeks", 4, {0, 21, 42, 63}, {2.8, 2.8, 2.8, 2.8}},
    {"20 mg every three weeks", 4, {0, 21, 42, 63}, {20, 20, 20, 20}},
    {"60/60/30 mg", 4, {0, 21, 42, 63}, {60, 60, 30, 30}},
    {"1/2/60/60/30 mg", 6, {0, 7, 14, 21, 42, 63}, {1, 2, 60, 60, 30, 30}},
    {"1.6/10/10/20 mg", 6, {0, 7, 14, 21, 42, 63}, {1.6, 10, 10, 20, 20, 20}},
    {"1.6/20 mg", 5, {0, 7, 21, 42, 63}, {1.6, 20, 20, 20, 20}},
};
enum { REGIMENS = sizeof regimens / sizeof regimens[0] };

Test(synapse_limit, without_the_new_mechanisms_it_is_hosseini2020)
{
  static bench ours, theirs;
  double worst_first = 0, worst_later = 0, worst_tumor = 0;
  open_bench(&theirs, "hosseini2020");
  open_bench(&ours, "synapse");
  apply_preset(&ours, "hosseini_limit");
  for (int r = 0; r < REGIMENS; r++) {
    schedule s = {.n_doses = regimens[r].n_doses};
    for (int i = 0; i < s.n_doses; i++) {
      s.doses[i] = (dose){regimens[r].day[i], regimens[r].mg[i], 4.0 / 24, ROUTE_IV};
    }
    const endpoints a = run(&ours, &s, NULL), b = run(&theirs, &s, NULL);
    for (int w = 0; w < s.n_doses; w++) {
      const double off = fabs(a.il6[w].value / b.il6[w].value - 1);
      cr_expect_lt(off, w == 0 ? 0.10 : 0.25, "%s, dose %d: IL-6 %g, hosseini2020 %g",
                   regimens[r].name, w + 1, a.il6[w].value, b.il6[w].value);
      double *worst = w == 0 ? &worst_first : &worst_later;
      *worst = fmax(*worst, off);
    }
    const double tumor = fabs(log10(a.tumor_final / b.tumor_final));
    cr_expect_lt(tumor, 0.05, "%s: log10 tumour %g, hosseini2020 %g", regimens[r].name,
                 log10(a.tumor_final), log10(b.tumor_final));
    worst_tumor = fmax(worst_tumor, tumor);
  }
  cr_log_info("worst first peak %.1f %%, later %.1f %%, log10 tumour %.3f\n", 100 * worst_first,
              100 * worst_later, worst_tumor);
  close_bench(&ours);
  close_bench(&theirs);
}

/* The preset changes what its name says and leaves the rest to the table: what it switches off must
 * be on without it, or the limit would test nothing. */
Test(synapse_limit, the_preset_matters)
{
  static bench b;
  open_bench(&b, "synapse");
  const schedule s = {1, {{0, 2.8, 4.0 / 24, ROUTE_IV}}};
  const double before = run(&b, &s, NULL).il6[0].value;
  apply_preset(&b, "hosseini_limit");
  const double limit = run(&b, &s, NULL).il6[0].value;
  cr_expect(fabs(limit / before - 1) > 0.5, "%g with and %g without", limit, before);
  close_bench(&b);
}
