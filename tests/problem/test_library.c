/* The library of molecules and indications for model synapse: every file reads, every number says
 * where it comes from, regimens are the published ones. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "problem/library.h"

enum { MOLECULES = 14, INDICATIONS = 8 };

Test(library, every_molecule_reads_with_every_indication)
{
  const file_list molecules = list_files("molecules");
  const file_list indications = list_files("indications");
  cr_expect_eq(molecules.n, MOLECULES);
  cr_expect_eq(indications.n, INDICATIONS);
  for (int m = 0; m < molecules.n; m++) {
    for (int i = 0; i < indications.n; i++) {
      stepdose_problem *p = problem_of(molecules.stem[m], indications.stem[i]);
      cr_expect(problem_has_tumor(p), "%s has no tumour", indications.stem[i]);
      problem_free(p);
    }
  }
}

/* --- sources ---------------------------------------------------------------------------------- */

/* "0.3 to 11 nM": a number, " to ", a number. */
static bool gives_range(const char *source)
{
  for (const char *to = strstr(source, " to "); to != NULL; to = strstr(to + 1, " to ")) {
    if (to > source && isdigit((unsigned char)to[-1]) && isdigit((unsigned char)to[4])) {
      return true;
    }
  }
  return false;
}

static void expect_sources(const char *stem, const cJSON *file)
{
  int n = 0;
  for (const cJSON *item = json_get(file, "parameters")->child; item != NULL; item = item->next) {
    const char *source = json_get(item, "source")->valuestring;
    const bool assumed = cJSON_IsTrue(json_get(item, "assumed"));
    cr_expect_geq(strlen(source), 5, "%s: source of %s", stem, item->string);
    cr_expect(!assumed || gives_range(source), "%s: %s is assumed, its range is missing: %s", stem,
              item->string, source);
    cr_expect(assumed || strstr(source, "assumed") == NULL, "%s: %s is not marked as assumed: %s",
              stem, item->string, source);
    n++;
  }
  cr_expect_gt(n, 8, "%s", stem);
}

Test(library, every_number_has_a_source_and_every_assumed_one_a_range)
{
  static const char *const kinds[] = {"molecules", "indications"};
  for (int k = 0; k < 2; k++) {
    const file_list files = list_files(kinds[k]);
    for (int i = 0; i < files.n; i++) {
      json_reader r = {0};
      cJSON *file = read_library_file(&r, kinds[k], files.stem[i]);
      expect_sources(files.stem[i], file);
      cJSON_Delete(file);
      json_reader_close(&r);
    }
  }
}

/* --- regimens --------------------------------------------------------------------------------- */

Test(library, every_molecule_has_step_up_and_flat_regimens_with_sources)
{
  const file_list molecules = list_files("molecules");
  for (int m = 0; m < molecules.n; m++) {
    stepdose_problem *p = problem_of(molecules.stem[m], "dlbcl");
    int flat = 0;
    cr_expect_geq(p->n_comparators, 2, "%s", molecules.stem[m]);
    for (int c = 0; c < p->n_comparators; c++) {
      const comparator *one = &p->comparators[c];
      const bool is_flat = strncmp(one->name, "flat", 4) == 0;
      cr_expect_geq(strlen(one->source), 20, "%s: %s", molecules.stem[m], one->name);
      cr_expect(!is_flat || !one->approved, "%s: %s", molecules.stem[m], one->name);
      cr_expect_eq(one->approved, strncmp(one->name, "approved", 8) == 0, "%s: %s",
                   molecules.stem[m], one->name);
      flat += is_flat;
    }
    cr_expect(flat > 0 && flat < p->n_comparators, "%s: %d flat", molecules.stem[m], flat);
    problem_free(p);
  }
}

/* What schedules.csv calls a regimen, and where the library has it. */
static const struct {
  const char *drug, *molecule;
  int comparator;
  double first_day, factor; /* day of the label that is day 0; our unit per unit of the table */
  int rows;
} schedules[] = {
    {"mosunetuzumab IV", "mosunetuzumab", 0, 1, 1, 4},
    {"mosunetuzumab SC (Lunsumio VELO)", "mosunetuzumab", 1, 1, 1, 3},
    {"glofitamab", "glofitamab", 0, 8, 1, 3},
    {"epcoritamab (2-step)", "epcoritamab", 0, 1, 1, 4},
    {"epcoritamab (3-step)", "epcoritamab", 1, 1, 1, 4},
    {"teclistamab", "teclistamab", 0, 1, 70, 3},
    {"elranatamab", "elranatamab", 0, 1, 1, 3},
    {"talquetamab weekly", "talquetamab", 0, 1, 70, 3},
    {"talquetamab biweekly", "talquetamab", 1, 1, 70, 4},
    {"tarlatamab", "tarlatamab", 0, 1, 1, 3},
    {"blinatumomab R/R ALL >=45 kg", "blinatumomab", 0, 1, 1 / 1.8, 2},
    {"blinatumomab NHL trial step-up", "blinatumomab", 2, 1, 1, 3},
    {"tebentafusp", "tebentafusp", 0, 1, 1e-3, 3},
    {"linvoseltamab", "linvoseltamab", 0, 1, 1, 3},
    {"odronextamab (0.7/4/20)", "odronextamab", 0, 1, 1, 7},
};

/* Column `wanted` of a CSV line; texts may be quoted. */
static void csv_column(const char *line, int wanted, char *cell, size_t size)
{
  bool quoted = false;
  size_t used = 0;
  for (int column = 0; *line != '\0' && *line != '\n' && column <= wanted; line++) {
    quoted = *line == '"' ? !quoted : quoted;
    if (*line == ',' && !quoted) {
      column++;
    } else if (column == wanted && used + 1 < size && *line != '"') {
      cell[used++] = *line;
    }
  }
  cell[used] = '\0';
}

static bool gives(const schedule *s, double day, double amount)
{
  for (int i = 0; i < s->n_doses; i++) {
    if (s->doses[i].day == day && fabs(s->doses[i].amount / amount - 1) < 1e-5) {
      return true;
    }
  }
  return false;
}

/* Rows up to the full dose; maintenance and doses before our day 0 are passed over. */
static int expect_rows_given(const char *csv, size_t s, const comparator *c)
{
  int n = 0;
  for (const char *line = csv; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
    char name[64];
    char step[64];
    char day[64];
    char amount[32];
    line += *line == '\n';
    csv_column(line, 0, name, sizeof name);
    csv_column(line, 5, step, sizeof step);
    csv_column(line, 6, day, sizeof day);
    csv_column(line, 7, amount, sizeof amount);
    const double from = strtod(day, NULL) - schedules[s].first_day;
    if (strcmp(name, schedules[s].drug) == 0 && strcmp(step, "maint") != 0 && from >= 0) {
      cr_expect(gives(&c->doses, from, strtod(amount, NULL) * schedules[s].factor),
                "%s, %s: %s on day %s", schedules[s].molecule, c->name, amount, day);
      n++;
    }
  }
  return n;
}

Test(library, regimens_are_the_published_schedules)
{
  const char *directory = getenv("STEPDOSE_EVIDENCE");
  char *path =
      file_join(directory != NULL ? directory : STEPDOSE_EVIDENCE_DIR, "clinical/schedules.csv");
  char *csv = NULL;
  size_t length = 0;
  const bool present = file_read(path, 1 << 20, &csv, &length, NULL);
  release(path);
  if (!present) {
    cr_skip_test("the evidence is not here");
  }
  for (size_t s = 0; s < sizeof schedules / sizeof schedules[0]; s++) {
    stepdose_problem *p = problem_of(schedules[s].molecule, "dlbcl");
    cr_assert_gt(p->n_comparators, schedules[s].comparator);
    const int rows = expect_rows_given(csv, s, &p->comparators[schedules[s].comparator]);
    cr_expect_eq(rows, schedules[s].rows, "%s: %d rows", schedules[s].drug, rows);
    problem_free(p);
  }
  release(csv);
}
