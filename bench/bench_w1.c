/* How long does one patient take, and with what error? Workload W1 (w1.h) by our own engine, single patient, one
 * thread, one line of CSV for each tolerance: the peers in bench/peers/ print the same columns.
 * usage: bench_w1 [TOLERANCE...] */
#include "w1.h"

typedef struct patient {
  simulate_workspace *workspace;
  double tolerance;
  w1_answer answer, reference;
} patient;

/* The daily outputs and the IL-6 peak are part of the time. */
static bool simulate(void *context)
{
  patient *p = context;
  return w1_simulate(p->workspace, p->tolerance, NULL, &p->answer);
}

static bool measure(void *context, double tolerance)
{
  patient *p = context;
  p->tolerance = tolerance;
  const double microseconds = w1_microseconds(simulate, p);
  if (isnan(microseconds)) {
    return false;
  }
  w1_print("stepdose single patient", tolerance, microseconds,
           w1_compare(&p->answer, &p->reference));
  return true;
}

int main(int argc, char **argv)
{
  const double tolerances[] = {1e-4, 2e-5, 1e-5, 1e-6};
  stepdose_error error;
  static patient p;
  p.workspace = simulate_workspace_open(model_find("hosseini2020"), &error);
  if (!p.workspace || !w1_reference(&p.reference)) {
    return 1;
  }
  const int code = w1_each_tolerance(argc, argv, 4, tolerances, measure, &p);
  simulate_workspace_close(p.workspace);
  return code;
}
