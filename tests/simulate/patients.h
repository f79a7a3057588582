/* Random patients for tests of cohorts: lognormal with CV 30 % on 16 parameters of hosseini2020. */
#ifndef TESTS_SIMULATE_PATIENTS_H
#define TESTS_SIMULATE_PATIENTS_H

#include "base/random.h"
#include "model/model.h"

#include <math.h>

static inline void patients_fill(const model *m, uint64_t seed, int n, double *parameters)
{
  static const char *const varied[] = {"fTact",         "KmBT_act",  "KdrugactT", "KmTB_kill",
                                       "KdrugB",        "Cl_tdb",    "Vc_tdb",    "kBkill",
                                       "fBkill",        "kTact",     "kTaexit",   "fTaprolif",
                                       "Trpbref_perml", "KTrptumor", "KBptumor",  "kBtumorprolif"};
  const double sd = sqrt(log(1 + 0.3 * 0.3));
  random_stream s = random_open(seed, 0);
  for (int p = 0; p < n; p++) {
    double *one = parameters + (long)p * m->n_parameters;
    model_parameter_defaults(m, one);
    for (int k = 0; k < 16; k++) {
      one[model_parameter_index(m, varied[k])] *= exp(sd * random_normal(&s));
    }
    one[model_parameter_index(m, "Trpbo_perml")] = one[model_parameter_index(m, "Trpbref_perml")];
  }
}

#endif
