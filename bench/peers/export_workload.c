/* Writes workload W1 for peers that are no C programs, as CSV files with 17 digits. The reference
 * patient:
 *   constants.csv         name, site (-1: none), value: what the kernel derives from the
 * parameters, in its order states.csv            initial, scale segments.csv          start, end,
 * drug_rate, margination (see workload.h) daily.csv, dense.csv  output days, day 0 left out
 *   reference.csv         the answer: IL-6 peak, then day by day the six outputs
 *   check.csv             state, rate: one state in mid course, one line per state, against which a
 *                         port is checked
 * The cohort:
 *   cohort_parameters.csv all parameters of all patients, for peers with a model of their own
 *   cohort_patients.csv   one line for each patient of the sample: number in the cohort, constants,
 *                         initial states, drug rates and margination of the segments
 *   cohort_reference.csv  one line for each of them, as reference.csv
 * usage: export_workload DIRECTORY (which exists) */
#include "bench/cohort_w1.h"
#include "workload.h"

typedef struct constant {
  const char *name;
  int site;
} constant;

static const constant constants[HOSSEINI2020_DERIVED] = {
#define X(name) {#name, 0}, {#name, 1}, {#name, 2}, {#name, 3}, {#name, 4},
    HOSSEINI2020_SITE_CONSTANTS(X)
#undef X
#define X(name) {#name, -1},
        HOSSEINI2020_CONSTANTS(X)
#undef X
};
_Static_assert(SITES == 5, "one entry per site");

/* header: NULL where the caller writes the line of column names. */
static FILE *create(const char *directory, const char *name, const char *header)
{
  char path[4096];
  if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path) {
    return NULL;
  }
  FILE *file = fopen(path, "w");
  if (!file) {
    perror(path);
    return NULL;
  }
  if (header) {
    fprintf(file, "%s\n", header);
  }
  return file;
}

static bool write_constants(const workload *w, FILE *file)
{
  for (int i = 0; i < HOSSEINI2020_DERIVED; i++) {
    fprintf(file, "%s,%d,%.17g\n", constants[i].name, constants[i].site, w->derived[i]);
  }
  return fclose(file) == 0;
}

static bool write_states(const workload *w, FILE *file)
{
  for (int i = 0; i < SYSTEM_N; i++) {
    fprintf(file, "%.17g,%.17g\n", w->initial[i], w->scale[i]);
  }
  return fclose(file) == 0;
}

static bool write_segments(const workload *w, FILE *file)
{
  for (int i = 0; i < WORKLOAD_SEGMENTS; i++) {
    const workload_segment *s = &w->segment[i];
    fprintf(file, "%.17g,%.17g,%.17g,%.17g\n", s->start, s->end, s->drug_rate, s->margination);
  }
  return fclose(file) == 0;
}

static bool write_times(const workload *w, FILE *file)
{
  for (int i = 0; i < w->times.n; i++) {
    fprintf(file, "%.17g\n", w->times.day[i]);
  }
  return fclose(file) == 0;
}

static bool write_reference(FILE *file)
{
  w1_answer reference;
  if (!w1_reference(&reference)) {
    fclose(file);
    return false;
  }
  fprintf(file, "%.17g\n", reference.il6_peak);
  for (int i = 0; i < W1_VALUES; i++) {
    fprintf(file, "%.17g\n", reference.value[i]);
  }
  return fclose(file) == 0;
}

/* Every term of the rates has to act: some drug, some activated cells, some loss everywhere. */
static bool write_check(const workload *w, FILE *file)
{
  double y[SYSTEM_N], rate[SYSTEM_N];
  for (int i = 0; i < SYSTEM_N; i++) {
    y[i] = (0.7 + 0.02 * i) * w->initial[i];
  }
  y[TDB_DEPOT] = 0.5, y[TDB_CENTRAL] = 12, y[TDB_PERIPHERAL] = 3, y[BLIN] = 0, y[MARGINATION] = 2;
  for (int s = 0; s < SITES; s++) {
    y[ACT + s] = (0.1 + 0.03 * s) * y[REST + s];
    y[ACT0 + s] = (0.2 - 0.03 * s) * y[REST + s];
  }
  y[IL6_BLOOD] = 70, y[IL6_TISSUE] = 40;
  w->kernels->rates(w->derived, y, rate);
  for (int i = 0; i < SYSTEM_N; i++) {
    fprintf(file, "%.17g,%.17g\n", y[i], rate[i]);
  }
  return fclose(file) == 0;
}

static bool export_patient(const char *directory)
{
  workload daily, dense;
  if (!workload_open(&daily, NULL, false) || !workload_open(&dense, NULL, true)) {
    return false;
  }
  FILE *file;
  const bool good =
      (file = create(directory, "constants.csv", "name,site,value")) &&
      write_constants(&daily, file) && (file = create(directory, "states.csv", "initial,scale")) &&
      write_states(&daily, file) &&
      (file = create(directory, "segments.csv", "start,end,drug_rate,margination")) &&
      write_segments(&daily, file) && (file = create(directory, "daily.csv", "day")) &&
      write_times(&daily, file) && (file = create(directory, "dense.csv", "day")) &&
      write_times(&dense, file) && (file = create(directory, "reference.csv", "value")) &&
      write_reference(file) && (file = create(directory, "check.csv", "state,rate")) &&
      write_check(&daily, file);
  workload_close(&daily);
  workload_close(&dense);
  return good;
}

/* --- the cohort ------------------------------------------------------------------------------- */

static bool write_parameters(const cohort *patients, FILE *file)
{
  const model *m = model_find("hosseini2020");
  for (int k = 0; k < m->n_parameters; k++) {
    fprintf(file, ",%s", m->parameters[k].name);
  }
  for (int p = 0; p < COHORT_PATIENTS; p++) {
    fprintf(file, "\n%d", p + 1);
    for (int k = 0; k < m->n_parameters; k++) {
      fprintf(file, ",%.17g", cohort_parameters(patients, p)[k]);
    }
  }
  fputc('\n', file);
  return fclose(file) == 0;
}

/* Column names end in a number: constant.0, constant.1, ... */
static void write_names(const char *group, int n, FILE *file)
{
  for (int i = 0; i < n; i++) {
    fprintf(file, ",%s.%d", group, i);
  }
}

static void write_values(const double *value, int n, FILE *file)
{
  for (int i = 0; i < n; i++) {
    fprintf(file, ",%.17g", value[i]);
  }
}

static bool write_sampled(const cohort *patients, int i, FILE *file)
{
  const int p = cohort_w1_spread(i, COHORT_PEER_SAMPLE, COHORT_PATIENTS);
  workload w;
  if (!workload_open(&w, cohort_parameters(patients, p), false)) {
    return false;
  }
  fprintf(file, "\n%d", p + 1);
  write_values(w.derived, HOSSEINI2020_DERIVED, file);
  write_values(w.initial, SYSTEM_N, file);
  for (int s = 0; s < WORKLOAD_SEGMENTS; s++) {
    fprintf(file, ",%.17g", w.segment[s].drug_rate);
  }
  for (int s = 0; s < WORKLOAD_SEGMENTS; s++) {
    fprintf(file, ",%.17g", w.segment[s].margination);
  }
  workload_close(&w);
  return true;
}

static bool write_sample(const cohort *patients, FILE *file)
{
  write_names("constant", HOSSEINI2020_DERIVED, file);
  write_names("initial", SYSTEM_N, file);
  write_names("drug_rate", WORKLOAD_SEGMENTS, file);
  write_names("margination", WORKLOAD_SEGMENTS, file);
  bool good = true;
  for (int i = 0; good && i < COHORT_PEER_SAMPLE; i++) {
    good = write_sampled(patients, i, file);
  }
  fputc('\n', file);
  return (fclose(file) == 0) && good;
}

static bool write_sample_reference(const cohort *patients, FILE *file)
{
  static w1_answer reference[COHORT_PEER_SAMPLE];
  const bool good = cohort_w1_reference(patients, COHORT_PEER_SAMPLE, reference);
  write_names("value", W1_VALUES, file);
  for (int i = 0; good && i < COHORT_PEER_SAMPLE; i++) {
    fprintf(file, "\n%.17g", reference[i].il6_peak);
    write_values(reference[i].value, W1_VALUES, file);
  }
  fputc('\n', file);
  return (fclose(file) == 0) && good;
}

/* The other columns' names follow with write_names. */
static FILE *create_wide(const char *directory, const char *name, const char *first_column)
{
  FILE *file = create(directory, name, NULL);
  if (file) {
    fputs(first_column, file);
  }
  return file;
}

static bool export_cohort(const char *directory)
{
  cohort *patients = cohort_w1_patients();
  FILE *file;
  const bool good = patients &&
                    (file = create_wide(directory, "cohort_parameters.csv", "patient")) &&
                    write_parameters(patients, file) &&
                    (file = create_wide(directory, "cohort_patients.csv", "patient")) &&
                    write_sample(patients, file) &&
                    (file = create_wide(directory, "cohort_reference.csv", "il6_peak")) &&
                    write_sample_reference(patients, file);
  cohort_close(patients);
  return good;
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    fprintf(stderr, "usage: export_workload DIRECTORY\n");
    return 1;
  }
  return export_patient(argv[1]) && export_cohort(argv[1]) ? 0 : 1;
}
