/* Makes the weighted population files of DLBCL: maximum-entropy weights of the first 4096 patients
 * of seeds 1 to 5 that agree with all 27 rows printed by Hosseini 2020 (Figs 4-5). Five, so that a
 * search and the three repetitions of its verification have patients of their own.
 * usage: fit_weights printed  > problems/populations/dlbcl-virtual-weighted.json
 *        fit_weights observed > problems/populations/dlbcl-virtual-observed-scale-weighted.json */
#include "population/dlbcl_tables.h"
#include "population/weights.h"

#include "base/file.h"

#include <string.h>

enum { PATIENTS = 4096, SETS = 5, A_LINE = 16 };
#define RIDGE 1e-3
#define DIRECTORY STEPDOSE_SOURCE_DIR "/problems/populations/"

/* Which file, what the weighted one is called, its IL-6 relative to the printed scale (ratio of the
 * two medians of kIL6prod), and what its weights agree with. */
typedef struct product {
  const char *word, *file, *name;
  double il6_scale;
  const char *source;
} product;

#define ROWS_WORDS                                                                                 \
  "maximum entropy, ridge 1e-3: the 27 rows printed in Hosseini 2020 Figs 4-5 (percentiles of "    \
  "first IL-6 peaks, activated shares, later peaks, response)"

static const product products[] = {
    {"printed", "dlbcl-virtual.json", "DLBCL, virtual patients, weighted", 1, ROWS_WORDS},
    {"observed", "dlbcl-virtual-observed-scale.json",
     "DLBCL, virtual patients (observed IL-6 scale), weighted", 7.5 / 21.5,
     ROWS_WORDS ", IL-6 times 0.35"},
};

static const product *find_product(const char *word)
{
  for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
    if (strcmp(products[i].word, word) == 0) {
      return &products[i];
    }
  }
  return NULL;
}

/* The population file with another name and without its closing brace. */
static void print_population(const product *p, const char *bytes, size_t length)
{
  const char *name = strstr(bytes, "\"name\": \"") + strlen("\"name\": \"");
  const char *rest = strchr(name, '"');
  const char *end = bytes + length;
  while (*end != '}') {
    end--;
  }
  while (end[-1] == '\n') {
    end--;
  }
  printf("%.*s%s%.*s,\n  \"weights\": [", (int)(name - bytes), bytes, p->name, (int)(end - rest),
         rest);
}

static void print_set(const product *p, int seed, const char *laws, const double *weights)
{
  printf("%s\n    {\n      \"seed\": %d,\n      \"patients\": %d,\n      \"laws\": \"%s\",\n"
         "      \"source\": \"%s\",\n      \"weight\": [",
         seed > 1 ? "," : "", seed, PATIENTS, laws, p->source);
  for (int i = 0; i < PATIENTS; i++) {
    printf("%s%s%.3g", i > 0 ? "," : "", i % A_LINE == 0 ? "\n        " : " ",
           PATIENTS * weights[i]);
  }
  printf("\n      ]\n    }");
}

static bool make_set(const product *p, const stepdose_problem *problem, int seed, const char *laws,
                     stepdose_error *error)
{
  printed_rows rows = {0};
  weights_report report;
  double *weights = dlbcl_numbers(PATIENTS);
  bool done = printed_open(problem, (uint64_t)seed, PATIENTS, p->il6_scale, &rows, error);
  if (done) {
    const weights_request request = {PATIENTS, rows.n, rows.value, rows.target, NULL, RIDGE};
    done = weights_match(&request, weights, &report, error);
  }
  if (done) {
    print_set(p, seed, laws, weights);
    fprintf(stderr, "seed %d: largest error %.4f, with weights %.5f; effective sample %.1f %%\n",
            seed, report.error_before, report.error_after, 100 * report.effective_size / PATIENTS);
  }
  release(rows.value);
  release(weights);
  return done;
}

static bool make(const product *p, stepdose_error *error)
{
  char path[512], laws[HASH_TEXT_SIZE];
  char *bytes = NULL;
  size_t length = 0;
  snprintf(path, sizeof path, DIRECTORY "%s", p->file);
  stepdose_problem *problem = dlbcl_problem(p->file, PATIENTS, 1, error);
  bool done = problem != NULL && file_read(path, 1 << 20, &bytes, &length, error) &&
              population_fingerprint(problem->population, problem->model, laws);
  if (done) {
    print_population(p, bytes, length);
  }
  for (int seed = 1; done && seed <= SETS; seed++) {
    done = make_set(p, problem, seed, laws, error);
  }
  puts("\n  ]\n}");
  release(bytes);
  problem_free(problem);
  return done;
}

int main(int argc, char **argv)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  const product *p = argc == 2 ? find_product(argv[1]) : NULL;
  if (p == NULL) {
    fprintf(stderr, "usage: fit_weights printed|observed\n");
    return 1;
  }
  if (!make(p, &error)) {
    fprintf(stderr, "%s %s\n", error.pointer, error.message);
    return 1;
  }
  return 0;
}
