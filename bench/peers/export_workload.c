/* Writes workload W1 for peers that are no C programs, as CSV files with 17 digits:
 *   constants.csv  name, site (-1: none), value: what the kernel derives from the parameters, in
 * its order states.csv     initial, scale segments.csv   start, end, drug_rate, margination (see
 * workload.h) daily.csv, dense.csv   output days, day 0 left out reference.csv  the answer: IL-6
 * peak, then day by day the six outputs check.csv      state, rate: one state in mid course, one
 * line per state, against which a port is checked usage: export_workload DIRECTORY (which exists)
 */
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
  fprintf(file, "%s\n", header);
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

static bool export_workload(const char *directory)
{
  workload daily, dense;
  if (!workload_open(&daily, false) || !workload_open(&dense, true)) {
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

int main(int argc, char **argv)
{
  if (argc != 2) {
    fprintf(stderr, "usage: export_workload DIRECTORY\n");
    return 1;
  }
  return export_workload(argv[1]) ? 0 : 1;
}
