/* How long does a patient of a cohort take, and with what error? Workload W1 for 1000 identical and
 * for 1000 different patients (cohort_w1.h), by lane width and method; two threads against one.
 * usage: bench_cohort                      tables
 *        bench_cohort --threads            the last of them, which needs a quiet machine
 *        bench_cohort --csv [TOLERANCE...] lines to be compared with other solvers (bench/peers) */
#include "cohort_w1.h"

#include "model/width.h"
#include "rounds.h"

#include <pthread.h>
#include <string.h>

enum {
  ROUNDS = 5,
  THREAD_ROUNDS = 15,
  WIDTHS = 4,
  TOLERANCES = 3,
  CASES_MAX = 2 * WIDTHS * TOLERANCES,
  LONG_CALL = 8
};

static const int widths[WIDTHS] = {1, 2, 4, 8};
static const double tolerances[TOLERANCES] = {1e-4, 5e-5, 2e-5};

/* Limits of the errors at which a time counts (issue 3). */
static const w1_error limit = {.peak = 1e-4, .tumor = 1e-5, .daily = 1e-3};

typedef struct patients_row {
  const char *name;
  cohort *patients;
  cohort_w1 load;
  int n_reference;
  w1_answer reference[COHORT_SAMPLE];
} patients_row;

static patients_row identical = {.name = "identical", .n_reference = 1};
static patients_row different = {.name = "different", .n_reference = COHORT_SAMPLE};

typedef struct measured_case {
  patients_row *row;
  cohort_w1 *load;
  cohort_engine *engine;
  double tolerance;
  const rosenbrock_method *method; /* NULL: the engine's choice */
  cohort_error error;
} measured_case;

static bool run_case(void *context)
{
  const measured_case *c = context;
  return cohort_w1_run(c->load, c->engine, c->tolerance, c->method);
}

static bool open_row(patients_row *row, cohort *patients)
{
  row->patients = patients;
  return patients && cohort_w1_open(&row->load, patients, COHORT_PATIENTS) &&
         cohort_w1_reference(patients, row->n_reference, row->reference);
}

static void close_row(patients_row *row)
{
  cohort_w1_close(&row->load);
  cohort_close(row->patients);
}

static cohort_engine *open_engine(int threads, int lanes)
{
  stepdose_error error = {0};
  cohort_engine *e = cohort_engine_open(model_find("hosseini2020"), threads, lanes, &error);
  if (!e) {
    fprintf(stderr, "%s\n", error.message);
  }
  return e;
}

/* --- lane widths ------------------------------------------------------------------------------ */

static bool is_within(const w1_error *e)
{
  return e->peak <= limit.peak && e->tumor <= limit.tumor && e->daily <= limit.daily;
}

static void print_case(const char *name, const measured_case *c, const timed *t)
{
  const spread us = rounds_spread(ROUNDS, t->cpu_seconds, 1e6 / c->load->n);
  const spread wall = rounds_spread(ROUNDS, t->seconds, 1e6 / c->load->n);
  const w1_error *w = &c->error.worst, *m = &c->error.most;
  printf(
      "| %s | %d | %g | %.0f (%.0f-%.0f) | %.0f | %.0e / %.0e / %.0e | %.0e / %.0e / %.0e | %s |\n",
      name, cohort_engine_lanes(c->engine), c->tolerance, us.median, us.least, us.most, wall.median,
      w->peak, w->tumor, w->daily, m->peak, m->tumor, m->daily,
      is_within(w)   ? "all"
      : is_within(m) ? "95 %"
                     : "no");
}

static int make_cases(cohort_engine *const engines[WIDTHS], measured_case *cases)
{
  patients_row *rows[] = {&identical, &different};
  int n = 0;
  for (int r = 0; r < 2; r++) {
    for (int w = 0; w < WIDTHS; w++) {
      for (int t = 0; engines[w] && t < TOLERANCES; t++) {
        cases[n++] = (measured_case){.row = rows[r],
                                     .load = &rows[r]->load,
                                     .engine = engines[w],
                                     .tolerance = tolerances[t]};
      }
    }
  }
  return n;
}

static bool measure_errors(int n, measured_case *cases)
{
  for (int i = 0; i < n; i++) {
    measured_case *c = &cases[i];
    if (!run_case(c)) {
      return false;
    }
    c->error = cohort_w1_errors(c->load, c->row->n_reference, c->row->reference);
  }
  return true;
}

/* One table of cases: errors, then interleaved rounds. */
static bool measure_table(const char *title, int n, measured_case *cases)
{
  static timed times[CASES_MAX];
  for (int i = 0; i < n; i++) {
    times[i] = (timed){run_case, &cases[i], {0}, {0}};
  }
  if (!measure_errors(n, cases) || !rounds_run(ROUNDS, true, n, times)) {
    return false;
  }
  printf("## %s\n\n| case | lanes | tolerance | microseconds a patient, processor: median "
         "(best-worst) | clock | worst error | 95 %% below | within |\n"
         "|---|---|---|---|---|---|---|---|\n",
         title);
  for (int i = 0; i < n; i++) {
    const measured_case *c = &cases[i];
    print_case(c->method ? c->method->name : c->row->name, c, &times[i]);
  }
  puts("");
  return true;
}

static bool lane_widths(void)
{
  static measured_case cases[CASES_MAX];
  cohort_engine *engines[WIDTHS];
  for (int w = 0; w < WIDTHS; w++) {
    engines[w] = width_runs(widths[w]) ? open_engine(1, widths[w]) : NULL;
  }
  const int n = make_cases(engines, cases);
  const bool good = measure_table("Identical and different patients, by lane width", n, cases);
  for (int w = 0; w < WIDTHS; w++) {
    cohort_engine_close(engines[w]);
  }
  return good;
}

static bool methods(void)
{
  const rosenbrock_method *choice[] = {&rosenbrock_rodas4, &rosenbrock_rodas5p};
  const double tolerance[] = {1e-4, 5e-5, 2e-5, 1e-5};
  measured_case cases[8];
  cohort_engine *engine = open_engine(1, 0);
  for (int i = 0; i < 8; i++) {
    cases[i] = (measured_case){.row = &different,
                               .load = &different.load,
                               .engine = engine,
                               .tolerance = tolerance[i / 2],
                               .method = choice[i % 2]};
  }
  const bool good = engine && measure_table("Different patients, by method", 8, cases);
  cohort_engine_close(engine);
  return good;
}

/* --- threads ---------------------------------------------------------------------------------- */

/* Two engines of one thread each, which share nothing: what the machine gives to two threads. */
typedef struct two_engines {
  measured_case half[2];
  bool good;
} two_engines;

static void *run_second(void *context)
{
  two_engines *t = context;
  t->good = run_case(&t->half[1]);
  return NULL;
}

static bool run_two_engines(void *context)
{
  two_engines *t = context;
  pthread_t thread;
  if (pthread_create(&thread, NULL, run_second, t) != 0) {
    return false;
  }
  const bool good = run_case(&t->half[0]);
  pthread_join(thread, NULL);
  return good && t->good;
}

static void print_ratio(const char *what, const timed *one, const timed *two, double factor)
{
  const spread s = rounds_ratio(THREAD_ROUNDS, one->seconds, two->seconds, factor);
  const spread cpu = rounds_ratio(THREAD_ROUNDS, one->cpu_seconds, two->cpu_seconds, 2 * factor);
  const double best = factor * rounds_spread(THREAD_ROUNDS, one->seconds, 1).least /
                      rounds_spread(THREAD_ROUNDS, two->seconds, 1).least;
  printf("| %s | %.2f (%.2f-%.2f) | %.2f | %.2f |\n", what, s.median, s.least, s.most, best,
         cpu.median);
}

/* short_load: 1000 simulations in a call; long_load: 8000, where the end of a call weighs less. */
static bool compare_threads(cohort_engine *one[2], cohort_engine *two, cohort_w1 *short_load,
                            cohort_w1 *other, cohort_w1 *long_load)
{
  measured_case c[] = {{.load = short_load, .engine = one[0], .tolerance = 1e-4},
                       {.load = short_load, .engine = two, .tolerance = 1e-4},
                       {.load = long_load, .engine = one[0], .tolerance = 1e-4},
                       {.load = long_load, .engine = two, .tolerance = 1e-4}};
  two_engines apart = {.half = {{.load = short_load, .engine = one[0], .tolerance = 1e-4},
                                {.load = other, .engine = one[1], .tolerance = 1e-4}}};
  timed t[] = {{run_case, &c[0], {0}, {0}},
               {run_case, &c[1], {0}, {0}},
               {run_two_engines, &apart, {0}, {0}},
               {run_case, &c[2], {0}, {0}},
               {run_case, &c[3], {0}, {0}}};
  if (!rounds_run(THREAD_ROUNDS, true, 5, t)) {
    return false;
  }
  printf(
      "\n## Two threads against one: different patients, tolerance 1e-4\n\n"
      "| simulations in a call | times as fast, by the clock: median (least-most) | best against "
      "best | by time of the processors (if none of them ever waited) |\n|---|---|---|---|\n");
  print_ratio("1000", &t[0], &t[1], 1);
  print_ratio("8000", &t[3], &t[4], 1);
  print_ratio("two engines of one thread that share nothing, 1000 each (what the machine gives)",
              &t[0], &t[2], 2);
  return true;
}

static bool threads(void)
{
  cohort_w1 other = {0}, long_load = {0};
  cohort_engine *one[2] = {open_engine(1, 0), open_engine(1, 0)}, *two = open_engine(2, 0);
  const bool good = one[0] && one[1] && two &&
                    cohort_w1_open(&other, different.patients, COHORT_PATIENTS) &&
                    cohort_w1_open(&long_load, different.patients, LONG_CALL * COHORT_PATIENTS) &&
                    compare_threads(one, two, &different.load, &other, &long_load);
  cohort_w1_close(&other);
  cohort_w1_close(&long_load);
  cohort_engine_close(one[0]);
  cohort_engine_close(one[1]);
  cohort_engine_close(two);
  return good;
}

/* --- lines for the comparison with other solvers ---------------------------------------------- */

static w1_answer peer_reference[COHORT_PEER_SAMPLE];

static bool measure_csv(void *context, double tolerance)
{
  measured_case *c = context;
  c->tolerance = tolerance;
  const double microseconds = w1_microseconds(run_case, c) / c->load->n;
  if (isnan(microseconds)) {
    return false;
  }
  char name[64];
  snprintf(name, sizeof name, "stepdose %d %s", cohort_engine_lanes(c->engine),
           cohort_engine_lanes(c->engine) > 1 ? "lanes" : "lane");
  cohort_w1_print(name, tolerance, microseconds,
                  cohort_w1_errors(c->load, COHORT_PEER_SAMPLE, peer_reference));
  return true;
}

/* One patient after the other: those of the sample only. */
static int print_csv(int argc, char **argv)
{
  cohort_w1 sample = {0};
  measured_case narrow = {.load = &sample, .engine = open_engine(1, 1)};
  measured_case wide = {.load = &different.load, .engine = open_engine(1, 0)};
  const bool good = narrow.engine && wide.engine && (different.patients = cohort_w1_patients()) &&
                    cohort_w1_open(&different.load, different.patients, COHORT_PATIENTS) &&
                    cohort_w1_open(&sample, different.patients, COHORT_PEER_SAMPLE) &&
                    cohort_w1_reference(different.patients, COHORT_PEER_SAMPLE, peer_reference);
  puts(COHORT_CSV_HEADER);
  const int code = !good ||
                   w1_each_tolerance(argc, argv, TOLERANCES, tolerances, measure_csv, &narrow) ||
                   w1_each_tolerance(argc, argv, TOLERANCES, tolerances, measure_csv, &wide);
  cohort_w1_close(&sample);
  close_row(&different);
  cohort_engine_close(narrow.engine);
  cohort_engine_close(wide.engine);
  return code;
}

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "--csv") == 0) {
    return print_csv(argc - 1, argv + 1);
  }
  if (argc > 1 && strcmp(argv[1], "--threads") == 0) {
    const bool good = open_row(&different, cohort_w1_patients()) && threads();
    close_row(&different);
    return good ? 0 : 1;
  }
  printf(
      "%d patients, one thread, %d interleaved rounds. Errors: IL-6 peak / day-84 tumour / daily "
      "outputs, of %d patients. Within the limits (%.0e / %.0e / %.0e): all of them, 95 %%, or "
      "no.\n\n",
      COHORT_PATIENTS, ROUNDS, COHORT_SAMPLE, limit.peak, limit.tumor, limit.daily);
  const bool good = open_row(&identical, cohort_w1_one_patient()) &&
                    open_row(&different, cohort_w1_patients()) && lane_widths() && methods() &&
                    threads();
  close_row(&identical);
  close_row(&different);
  return good ? 0 : 1;
}
