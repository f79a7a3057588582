/* Population files: what is read, what is refused and where, and that the effective problem carries
 * it all. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/problem/mutate.h"

#define MAIN STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json"
#define REQUEST                                                                                    \
  "/population={\"file\": \"populations/dlbcl-virtual.json\", \"patients\": 512, \"seed\": 11}"

static stepdose_problem *read_with(const char *const *changes, size_t n, stepdose_error *error)
{
  *error = (stepdose_error){.code = STEPDOSE_OK};
  return problem_read(MAIN, changes, n, error);
}

static stepdose_problem *read_request(void)
{
  static const char *const changes[] = {REQUEST};
  stepdose_error error;
  stepdose_problem *p = read_with(changes, 1, &error);
  cr_assert(p != NULL, "%s %s", error.pointer, error.message);
  return p;
}

static const char *parameter_name(const stepdose_problem *p, int index)
{
  return p->model->parameters[index].name;
}

Test(problem, a_population_is_typed_data)
{
  stepdose_problem *p = read_request();
  const population_description *d = p->population;
  cr_assert_not_null(d);
  cr_expect(!p->reference_patient && p->patients == 512 && p->population_seed == 11);
  cr_expect(d->sampling == POPULATION_SOBOL && d->n_coordinates == 34 && d->n_derived == 3 &&
            d->n_correlations == 1 && d->n_strata == 3 && d->n_ranges == 0);
  const population_quantity *b = &d->quantity[0];
  cr_expect(strcmp(b->name, "blood_b") == 0 && strcmp(b->unit, "cells/mL") == 0 &&
            b->basis == POPULATION_BASIS_FITTED && b->at_least == 1000 && isinf(b->at_most));
  cr_expect(b->n_sets == 2 && strcmp(parameter_name(p, b->sets[0]), "Bpbref_perml") == 0 &&
            strcmp(parameter_name(p, b->sets[1]), "Bpbo_perml") == 0);
  const population_coordinate *c = &d->coordinate[0];
  cr_expect(c->law == POPULATION_LAW_SPLIT_LOGNORMAL && c->number[POPULATION_MEDIAN] == 125000 &&
            c->number[POPULATION_SD_LN_ABOVE] == 1.3 && c->number[POPULATION_SD_LN_BELOW] == 2.3);
  const population_correlation *k = &d->correlation[0];
  cr_expect(strcmp(d->quantity[k->first].name, "clearance") == 0 && k->value == 0.88 &&
            strcmp(d->quantity[k->second].name, "central_volume") == 0);
  const population_product *product = &d->product[1];
  cr_expect(product->n_factors == 3 && product->factor == 1 && product->factors[0].power == 1 &&
            product->factors[2].power == -1 && !product->factors[2].is_parameter);
  const population_stratum *s = &d->stratum[2];
  cr_expect(strcmp(s->name, "heavily B-depleted") == 0 && s->covariate == 0 && isinf(s->low) &&
            s->high == 10000);
  problem_free(p);
}

Test(problem, a_population_with_every_other_part_is_read)
{
  static const char *const changes[] = {
      REQUEST,
      "/population/file/sampling=pseudo_random",
      "/population/file/coordinates/-={\"name\": \"age\", \"law\": \"empirical\", \"unit\": "
      "\"year\", "
      "\"table\": [{\"value\": 50, \"weight\": 1}, {\"value\": 70, \"weight\": 2}], "
      "\"basis\": \"assumed\", \"source\": \"test\"}",
      "/population/file/derived/-={\"name\": \"half_volume\", \"factor\": 0.5, \"product\": "
      "[{\"of\": \"Vp_tdb\", \"power\": 2}], \"unit\": \"mL/kg\", \"source\": \"test\"}",
      "/population/file/plausible=[{\"of\": \"age\", \"min\": 60, \"source\": \"test\"}]",
  };
  stepdose_error error;
  stepdose_problem *p = read_with(changes, sizeof changes / sizeof changes[0], &error);
  cr_assert(p != NULL, "%s %s", error.pointer, error.message);
  const population_description *d = p->population;
  cr_expect(d->sampling == POPULATION_PSEUDO_RANDOM && d->n_coordinates == 35 && d->n_rows == 2);
  cr_expect(d->coordinate[34].n_rows == 2 && d->row[1].value == 70 && d->row[1].weight == 2);
  const population_product *product = &d->product[3];
  cr_expect(product->factor == 0.5 && product->factors[0].is_parameter &&
            strcmp(parameter_name(p, product->factors[0].index), "Vp_tdb") == 0);
  cr_expect(d->n_ranges == 1 && d->range[0].covariate == 34 && d->range[0].low == 60 &&
            isinf(d->range[0].high));
  problem_free(p);
}

Test(problem, a_population_reads_back_from_the_effective_problem)
{
  stepdose_problem *p = read_request();
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *again =
      problem_read_text(MAIN, p->effective, strlen(p->effective), NULL, 0, &error);
  cr_assert(again != NULL, "%s %s", error.pointer, error.message);
  cr_expect_str_eq(again->hash, p->hash);
  cr_expect(memcmp(again->population, p->population, sizeof *p->population) == 0);
  problem_free(again);
  problem_free(p);
}

Test(problem, one_patient_of_a_population_is_the_reference_patient)
{
  static const char *const changes[] = {"/population=populations/dlbcl-virtual.json"};
  stepdose_error error;
  stepdose_problem *p = read_with(changes, 1, &error);
  cr_assert(p != NULL, "%s %s", error.pointer, error.message);
  cr_expect(p->reference_patient && p->patients == 1 && p->population != NULL);
  cr_expect(p->n_warnings > 0 &&
            strstr(p->warnings[p->n_warnings - 1], "only the reference patient is used") != NULL);
  problem_free(p);
}

Test(problem, values_that_the_patients_replace_are_warned_about)
{
  static const char *const changes[] = {
      REQUEST, "/parameters={\"Vtumor\": {\"value\": 30, \"unit\": \"mL\", \"source\": \"test\"}, "
               "\"Vp_tdb\": {\"value\": 100, \"unit\": \"mL/kg\", \"source\": \"test\"}}"};
  stepdose_error error;
  stepdose_problem *p = read_with(changes, 2, &error);
  cr_assert(p != NULL, "%s %s", error.pointer, error.message);
  cr_expect_str_eq(p->warnings[p->n_warnings - 1],
                   "the patients replace values of \"parameters\": Vtumor");
  problem_free(p);
}

typedef struct refusal {
  const char *change;
  stepdose_code code;
  const char *pointer_end;
} refusal;

#define COORDINATE "/population/file/coordinates/"
#define NEW_COORDINATE                                                                             \
  COORDINATE "-={\"unit\": \"1\", \"basis\": \"assumed\", \"source\": \"test\", "

static const refusal refusals[] = {
    {"/population/patients=65537", STEPDOSE_OUT_OF_RANGE, "/population/patients"},
    {"/population/patients=0", STEPDOSE_OUT_OF_RANGE, "/population/patients"},
    {"/population/file=populations/dlbcl.json", STEPDOSE_OUT_OF_RANGE, "/population/patients"},
    {"/population/file/model=synapse", STEPDOSE_CONTRADICTION, "/population/file/model"},
    {"/population/file/sampling=latin", STEPDOSE_UNKNOWN_NAME, "/sampling"},
    {COORDINATE "0/law=cauchy", STEPDOSE_UNKNOWN_NAME, "/coordinates/0/law"},
    {COORDINATE "0/law=lognormal", STEPDOSE_MISSING_KEY, "/coordinates/0/sd_ln"},
    {COORDINATE "0/sd_ln=1", STEPDOSE_CONTRADICTION, "/coordinates/0/sd_ln"},
    {COORDINATE "0/sd_ln_above=-1", STEPDOSE_OUT_OF_RANGE, "/coordinates/0/sd_ln_above"},
    {COORDINATE "0/median=0", STEPDOSE_EMPTY_RANGE, "/coordinates/0/median"},
    {COORDINATE "2/low=80", STEPDOSE_EMPTY_RANGE, "/coordinates/2/low"},
    {COORDINATE "2/low=-1", STEPDOSE_EMPTY_RANGE, "/coordinates/2/low"},
    {COORDINATE "9/median=301", STEPDOSE_EMPTY_RANGE, "/coordinates/9/median"},
    {COORDINATE "0/at_most=1", STEPDOSE_EMPTY_RANGE, "/coordinates/0/at_least"},
    {COORDINATE "0/unit=1/uL", STEPDOSE_UNITS_MISMATCH, "/coordinates/0/sets/0"},
    {COORDINATE "0/basis=guessed", STEPDOSE_UNKNOWN_NAME, "/coordinates/0/basis"},
    {COORDINATE "1/name=blood_b", STEPDOSE_CONTRADICTION, "/coordinates/1/name"},
    {COORDINATE "0/sets/1=Bpb", STEPDOSE_UNKNOWN_NAME, "/coordinates/0/sets/1"},
    {COORDINATE "0/sets/1=Bpbref_perml", STEPDOSE_CONTRADICTION, "/coordinates/0/sets/1"},
    {COORDINATE "0/table=[{\"value\": 1, \"weight\": 1}]", STEPDOSE_CONTRADICTION,
     "/coordinates/0/table"},
    {NEW_COORDINATE "\"name\": \"x\", \"law\": \"empirical\"}", STEPDOSE_MISSING_KEY,
     "/coordinates/34/table"},
    {NEW_COORDINATE "\"name\": \"x\", \"law\": \"empirical\", "
                    "\"table\": [{\"value\": 1, \"weight\": 0}]}",
     STEPDOSE_EMPTY_RANGE, "/coordinates/34/table"},
    {"/population/file/correlations/0/first=tumor_burden", STEPDOSE_UNKNOWN_NAME,
     "/correlations/0/first"},
    {"/population/file/correlations/0/second=clearance", STEPDOSE_CONTRADICTION,
     "/correlations/0/second"},
    {"/population/file/correlations/-={\"first\": \"central_volume\", \"second\": \"clearance\", "
     "\"value\": 0, \"source\": \"test\"}",
     STEPDOSE_CONTRADICTION, "/correlations/1"},
    {"/population/file/correlations=[{\"first\": \"blood_b\", \"second\": \"clearance\", "
     "\"value\": 0.9, \"source\": \"a\"}, {\"first\": \"blood_b\", \"second\": \"blood_cd8\", "
     "\"value\": 0.9, \"source\": \"a\"}, {\"first\": \"blood_cd8\", \"second\": \"clearance\", "
     "\"value\": -0.9, \"source\": \"a\"}]",
     STEPDOSE_CONTRADICTION, "/correlations"},
    {"/population/file/derived/0/product/1/of=blood", STEPDOSE_UNKNOWN_NAME,
     "/derived/0/product/1/of"},
    {"/population/file/derived/0/product/1/of=tumor_burden", STEPDOSE_UNKNOWN_NAME,
     "/derived/0/product/1/of"}, /* comes later */
    {"/population/file/derived/0/sets/0=Vtumor", STEPDOSE_CONTRADICTION, "/derived/0/sets/0"},
    {"/population/file/plausible=[{\"of\": \"blood\", \"source\": \"test\"}]",
     STEPDOSE_UNKNOWN_NAME, "/plausible/0/of"},
    {"/population/file/plausible=[{\"of\": \"blood_b\", \"min\": 2, \"max\": 1, \"source\": "
     "\"a\"}]",
     STEPDOSE_EMPTY_RANGE, "/plausible/0"},
    {"/population/file/strata/0/from=5e10", STEPDOSE_EMPTY_RANGE, "/strata/0"},
    {"/population/file/strata/1/name=low tumor burden", STEPDOSE_CONTRADICTION, "/strata/1/name"},
    {"/population/file/strata/0/if=1", STEPDOSE_UNKNOWN_KEY, "/strata/0/if"},
    {"/design={\"Vtumor\": {\"min\": 10, \"max\": 20}}", STEPDOSE_CONTRADICTION,
     "/coordinates/4/sets/0"},
};

Test(problem, population_files_are_refused_where_they_are_wrong)
{
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    const refusal *f = &refusals[i];
    const char *const changes[] = {REQUEST, f->change};
    stepdose_error e;
    stepdose_problem *p = read_with(changes, 2, &e);
    const size_t length = strlen(e.pointer), end = strlen(f->pointer_end);
    cr_expect_null(p, "%s was accepted", f->change);
    cr_expect_eq(e.code, f->code, "%s: %s: %s", f->change, stepdose_code_name(e.code), e.message);
    cr_expect(length >= end && strcmp(e.pointer + length - end, f->pointer_end) == 0,
              "%s: pointer %s", f->change, e.pointer);
    cr_expect(e.message[0] != '\0' && e.remedy[0] != '\0', "%s: no message or remedy", f->change);
    problem_free(p);
  }
}

/* The shipped population has 34. */
Test(problem, a_population_has_at_most_64_coordinates)
{
  enum { MORE = POPULATION_COORDINATES_MAX - 34 + 1 };
  static char change[MORE][256];
  const char *changes[MORE + 1] = {REQUEST};
  stepdose_error e;
  for (int i = 0; i < MORE; i++) {
    snprintf(change[i], sizeof change[i],
             NEW_COORDINATE "\"name\": \"x%d\", \"law\": \"uniform\", \"low\": 0, \"high\": 1}", i);
    changes[i + 1] = change[i];
  }
  stepdose_problem *p = read_with(changes, MORE, &e);
  cr_expect(p != NULL && p->population->n_coordinates == POPULATION_COORDINATES_MAX, "%s",
            e.message);
  problem_free(p);
  cr_expect_null(read_with(changes, MORE + 1, &e));
  cr_expect(e.code == STEPDOSE_OUT_OF_RANGE && strstr(e.pointer, "/coordinates") != NULL, "%s %s",
            e.pointer, e.message);
}

Test(problem, mutants_of_a_population_are_refused_or_read_back, .timeout = 120)
{
  stepdose_problem *p = read_request();
  mutation m;
  mutation_open(&m, MAIN, p->effective, strlen(p->effective));
  mutate_all(&m, 31, 5);
  cr_log_info("%ld mutants, %ld refused, %ld harmless\n", m.tried, m.refused, m.harmless);
  cr_expect(m.tried > 100 && m.refused > m.harmless && m.failed == 0, "%ld of %ld are wrong",
            m.failed, m.tried);
  mutation_close(&m);
  problem_free(p);
  (void)mutate_shipped; /* has its own test */
}

/* Every 41st allocation, and all after it, fail. */
Test(problem, a_population_that_finds_no_memory_is_refused_cleanly, .timeout = 120)
{
  static const char *const changes[] = {REQUEST};
  stepdose_error e;
  int n = 0;
  for (long first = 0;; first += 41, n++) {
    allocate_fail_after(first, 1);
    stepdose_problem *p = read_with(changes, 1, &e);
    allocate_fail_after(-1, 0);
    if (p != NULL) {
      problem_free(p);
      break;
    }
    cr_assert_eq(e.code, STEPDOSE_NO_MEMORY, "allocation %ld: %s", first, e.message);
  }
  cr_expect(n > 20, "%d failures", n);
}

static void expect_row(const char *documentation, const char *name, const char *meaning)
{
  text row = {0};
  text_append(&row, "| `%s` | %s |", name, meaning);
  cr_expect_not_null(strstr(documentation, row.bytes), "docs/problem-file.md lacks %s", row.bytes);
  text_free(&row);
}

Test(problem, every_law_basis_and_sampling_is_documented)
{
  char *documentation = NULL;
  size_t length = 0;
  stepdose_error e = {.code = STEPDOSE_OK};
  cr_assert(
      file_read(STEPDOSE_SOURCE_DIR "/docs/problem-file.md", 1 << 20, &documentation, &length, &e),
      "%s", e.message);
#define X(id, name, takes, positive, meaning) expect_row(documentation, name, meaning);
  POPULATION_LAWS(X)
#undef X
#define X(id, name, meaning) expect_row(documentation, name, meaning);
  POPULATION_BASES(X)
  POPULATION_SAMPLINGS(X)
#undef X
  release(documentation);
}
