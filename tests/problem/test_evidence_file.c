/* Evidence files: what is read, what is refused and where. */
#include "problem/evidence_text.h"

#include "base/allocate.h"
#include "base/binomial.h"
#include "base/file.h"

#include <math.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* --- what is read ----------------------------------------------------------------------------- */

Test(evidence_file, rows_arrive_as_typed_data)
{
  evidence *e = evidence_of(evidence_small, 0);
  cr_assert(e->n_cases == 2 && e->n_rows == SMALL_ROWS && e->n_parameters == SMALL_PARAMETERS);
  const evidence_row *any = &e->rows[ROW_ANY], *day = &e->rows[ROW_DAY];
  cr_expect(any->of_case == 0 && any->endpoint == EVIDENCE_CRS_PROBABILITY && any->grade == 1 &&
            any->window == 0 && any->statistic == EVIDENCE_MEAN && any->use == EVIDENCE_FIT &&
            any->scale == EVIDENCE_LINEAR && any->of < 0 && any->of_other_case < 0);
  cr_expect_str_eq(any->drug, "epcoritamab");
  cr_expect_str_eq(any->group, "steps");
  cr_expect(any->asked == 0.1 && isnan(day->asked));
  cr_expect(e->rows[ROW_BY_DOSE].window == 3 && e->rows[ROW_BY_DOSE].bound == EVIDENCE_AT_MOST);
  cr_expect(day->day == 1 && day->to_day == 1 && day->statistic == EVIDENCE_REFERENCE);
  cr_expect(e->rows[ROW_MEAN].to_day == 1 && e->rows[ROW_MEAN].use == EVIDENCE_SEEN);
  cr_expect(e->rows[ROW_RATIO].of_other_case == 0 && e->rows[ROW_RATIO].scale == EVIDENCE_LOG10);
  evidence_free(e);
}

static void expect_near(double found, double wanted, const char *what)
{
  cr_expect(fabs(found - wanted) <= 1e-12 * fabs(wanted), "%s: %.17g, expected %.17g", what, found,
            wanted);
}

Test(evidence_file, every_way_of_saying_how_sure_gives_an_interval)
{
  const double z = 1.959963984540054; /* 97.5 % of a standard normal number lie below */
  evidence *e = evidence_of(evidence_small, 0);
  const evidence_row *row = e->rows;
  const binomial_interval exact = binomial_exact_interval(80, 157, 0.95);
  cr_expect(row[ROW_ANY].n == 157 && row[ROW_ANY].count == 80, "80 of 157 are 0.51");
  cr_expect(row[ROW_ANY].low == exact.low && row[ROW_ANY].high == exact.high);
  expect_near(row[ROW_ANY].sd, sqrt(80.5 / 158 * (1 - 80.5 / 158) / 157), "n");
  expect_near(row[ROW_PEAK].low, 50.0 / 3, "factor");
  expect_near(row[ROW_PEAK].high, 150, "factor");
  expect_near(row[ROW_PEAK].sd, log10(3) / z, "factor");
  expect_near(row[ROW_PEAK].asked, log10(3), "asked");
  cr_expect(row[ROW_DAY].low == 5 && row[ROW_DAY].high == 80);
  expect_near(row[ROW_DAY].sd, log10(16) / (2 * z), "low and high");
  expect_near(row[ROW_MEAN].high, 500 * pow(10, 0.2 * z), "sd_log10");
  cr_expect(isinf(row[ROW_BY_DOSE].low) && row[ROW_BY_DOSE].high == 0.1, "at most");
  cr_expect(row[ROW_BY_DOSE].sd == 0.02);
  cr_expect(row[ROW_RATIO].low == 2 && isinf(row[ROW_RATIO].high), "at least");
  evidence_free(e);
}

/* A case put together is the problem that the same words make in a file of their own. */
Test(evidence_file, a_case_is_the_problem_that_it_says)
{
  static const char alone[] =
      "{\"format\": \"stepdose-problem-1\", \"model\": \"synapse\", \"horizon_days\": 28, "
      "\"molecule\": \"../molecules/synapse/mosunetuzumab.json\", "
      "\"indication\": \"../indications/synapse/dlbcl.json\", "
      "\"population\": {\"file\": \"../populations/synapse-nhl.json\", \"patients\": 16, "
      "\"seed\": 3}, "
      "\"regimen\": {\"route\": \"iv\", \"infusion_h\": 4, "
      "\"steps\": [{\"day\": 0, \"dose_mg\": 2}]}}";
  stepdose_error error = {.code = STEPDOSE_OK};
  evidence *e = evidence_of(evidence_small, 0);
  stepdose_problem *p = problem_read_text(EVIDENCE_PATH, alone, strlen(alone), NULL, 0, &error);
  cr_assert_not_null(p, "%s %s", error.pointer, error.message);
  cr_expect_str_eq(e->cases[1].problem->effective, p->effective);
  cr_expect(e->cases[1].doses.n_doses == 1 && e->cases[1].doses.doses[0].amount == 2);
  problem_free(p);
  evidence_free(e);
}

Test(evidence_file, a_case_may_be_a_problem_file)
{
  char *bytes = evidence_changed("{\"molecule\": \"../molecules/synapse/mosunetuzumab.json\",\n"
                                 "      \"regimen\": {\"route\": \"iv\", \"infusion_h\": 4,\n"
                                 "        \"steps\": [{\"day\": 0, \"dose_mg\": 2}]}}",
                                 "\"../synapse-mosunetuzumab-dlbcl.json\", "
                                 "\"comparator\": \"flat 60 mg\"");
  stepdose_error error = {.code = STEPDOSE_OK};
  evidence *e = evidence_read_text(EVIDENCE_PATH, bytes, strlen(bytes), 0, &error);
  /* that problem has one patient, so that its rows must be about him */
  cr_expect(e == NULL && error.code == STEPDOSE_CONTRADICTION &&
                strcmp(error.pointer, "/rows/2/statistic") == 0,
            "%s: %s", error.pointer, error.message);
  evidence_free(e);
  release(bytes);
}

Test(evidence_file, a_comparator_is_the_schedule_of_the_molecule)
{
  evidence *e = evidence_of(evidence_small, 0);
  const evidence_case *c = &e->cases[0];
  cr_assert_gt(c->problem->n_comparators, 0);
  const schedule *shipped = &c->problem->comparators[0].doses;
  cr_assert_str_eq(c->problem->comparators[0].name, "approved 0.16/0.8/48/48 mg");
  cr_assert_eq(c->doses.n_doses, shipped->n_doses);
  for (int i = 0; i < shipped->n_doses; i++) {
    cr_expect(c->doses.doses[i].day == shipped->doses[i].day &&
              c->doses.doses[i].amount == shipped->doses[i].amount);
  }
  evidence_free(e);
}

Test(evidence_file, patients_are_as_many_as_asked_for)
{
  evidence *e = evidence_of(evidence_small, 0);
  evidence *more = evidence_of(evidence_small, 40);
  for (int i = 0; i < 2; i++) {
    cr_expect(e->cases[i].problem->patients == 16 && more->cases[i].problem->patients == 40);
    cr_expect_eq(more->cases[i].problem->population_seed, 3u);
  }
  cr_expect_str_neq(e->hash, more->hash, "other patients are other evidence");
  evidence_free(e);
  evidence_free(more);
}

/* --- parameters ------------------------------------------------------------------------------- */

Test(evidence_file, targets_concern_the_cases_that_they_name)
{
  evidence *e = evidence_of(evidence_small, 0);
  evidence_place place;
  const evidence_parameter *p = e->parameters;
  cr_expect(p[PARAMETER_TRIMERS].has_prior && p[PARAMETER_TRIMERS].prior_mean == 24 &&
            p[PARAMETER_TRIMERS].prior_sd == 0.7 && p[PARAMETER_TRIMERS].scale == EVIDENCE_LOG10);
  cr_expect(evidence_locate(&p[PARAMETER_TRIMERS].target[0], &e->cases[0], &place) &&
            evidence_locate(&p[PARAMETER_TRIMERS].target[0], &e->cases[1], &place));
  cr_expect(evidence_locate(&p[PARAMETER_ANCHOR].target[0], &e->cases[0], &place) &&
            !evidence_locate(&p[PARAMETER_ANCHOR].target[0], &e->cases[1], &place));
  cr_expect(evidence_locate(&p[PARAMETER_SPREAD].target[0], &e->cases[1], &place) &&
            place.in_population && place.coordinate == 0 && place.number == POPULATION_SD_LN);
  evidence_free(e);
}

Test(evidence_file, shipped_values_are_those_of_the_cases)
{
  evidence *e = evidence_of(evidence_small, 0);
  const stepdose_problem *p = e->cases[0].problem;
  const int anchor = model_parameter_index(p->model, "potency_anchor");
  cr_expect_eq(evidence_shipped(e, PARAMETER_ANCHOR), p->parameters[anchor]);
  cr_expect_eq(evidence_shipped(e, PARAMETER_SPREAD),
               p->population->coordinate[0].number[POPULATION_SD_LN] / 2);
  evidence_free(e);
}

/* --- what is refused -------------------------------------------------------------------------- */

/* The end of the rows, and the beginning of another about the case "steps". */
#define AFTER_ROWS "\"invented\"}],\n"
#define SHARE_NAMED(name, grade, window)                                                           \
  "{\"name\": \"" name "\", \"case\": \"steps\", \"endpoint\": \"crs_probability\", "              \
  "\"grade_at_least\": " grade ", " window                                                         \
  "\"unit\": \"fraction\", \"use\": \"check\", \"source\": \"invented\", "
#define SHARE(grade, window) SHARE_NAMED("more", grade, window)
#define SHARE2(grade, window) SHARE_NAMED("still more", grade, window)

/* from, to: a change of the small file; line: of the error, 0 where it is in another file. */
static const struct {
  const char *from, *to;
  stepdose_code code;
  const char *pointer;
  int line;
} refused[] = {
    {"evidence-1", "evidence-2", STEPDOSE_FORMAT_UNSUPPORTED, "/format", 1},
    {"\"common\"", "\"comon\"", STEPDOSE_UNKNOWN_KEY, "/comon", 2},
    {"\"common\": {", "\"common\": \"x.json\", \"title\": {", STEPDOSE_WRONG_TYPE, "/title", 2},
    {"\"name\": \"once\"", "\"name\": \"steps\"", STEPDOSE_CONTRADICTION, "/cases/1/name", 8},
    {"approved 0.16/0.8/48/48 mg", "approved 0.16/0.8/48 mg", STEPDOSE_UNKNOWN_NAME,
     "/cases/0/comparator", 6},
    {"\"horizon_days\": 28", "\"horizon_days\": -1", STEPDOSE_OUT_OF_RANGE, "/common/horizon_days",
     2},
    {"\"horizon_days\": 28", "\"horizons\": 28", STEPDOSE_UNKNOWN_KEY, "/common/horizons", 2},
    {"\"dose_mg\": 2", "\"dose_ug\": 2", STEPDOSE_UNKNOWN_KEY,
     "/cases/1/problem/regimen/steps/0/dose_ug", 11},
    {"\"dose_mg\": 2", "\"dose_mg\": {\"min\": 1, \"max\": 2}", STEPDOSE_WRONG_TYPE,
     "/cases/1/problem/regimen", 10},
    {"{\"route\": \"iv\", \"infusion_h\": 4,", "{\"infusion_h\": 4,", STEPDOSE_MISSING_KEY,
     "/cases/1/problem/regimen/route", 10},
    {"synapse/mosunetuzumab.json", "synapse/none.json", STEPDOSE_FILE_REFERENCE,
     "/cases/1/problem/molecule", 9},
    {"\"name\": \"by dose\"", "\"name\": \"any\"", STEPDOSE_CONTRADICTION, "/rows/1/name", 16},
    {"\"name\": \"any\", \"case\": \"steps\"", "\"name\": \"any\", \"case\": \"step\"",
     STEPDOSE_UNKNOWN_NAME, "/rows/0/case", 13},
    {"\"endpoint\": \"il6\"", "\"endpoint\": \"il7\"", STEPDOSE_UNKNOWN_NAME, "/rows/3/endpoint",
     22},
    {"    \"grade_at_least\": 1, ", "    ", STEPDOSE_MISSING_KEY, "/rows/0/grade_at_least", 13},
    {"\"endpoint\": \"il6\", ", "\"endpoint\": \"il6\", \"grade_at_least\": 2, ",
     STEPDOSE_CONTRADICTION, "/rows/3/grade_at_least", 22},
    {"\"window\": 3", "\"window\": 5", STEPDOSE_OUT_OF_RANGE, "/rows/1/window", 17},
    {"\"endpoint\": \"il6\", \"day\": 1", "\"endpoint\": \"il6\", \"day\": 29",
     STEPDOSE_OUT_OF_RANGE, "/rows/3/day", 22},
    {"\"endpoint\": \"il6\", \"day\": 1", "\"endpoint\": \"il6\"", STEPDOSE_MISSING_KEY,
     "/rows/3/day", 22},
    {"\"to_day\": 1", "\"to_day\": 0", STEPDOSE_EMPTY_RANGE, "/rows/4/to_day", 26},
    {"\"statistic\": \"p95\"", "\"statistic\": \"p99\"", STEPDOSE_UNKNOWN_NAME, "/rows/4/statistic",
     26},
    {"\"observed\": 50, \"unit\": \"pg", "\"observed\": 50, \"unit\": \"ng",
     STEPDOSE_UNITS_MISMATCH, "/rows/2/unit", 20},
    {"\"observed\": 2, \"unit\": \"1\"", "\"observed\": 2, \"unit\": \"pg/mL\"",
     STEPDOSE_UNITS_MISMATCH, "/rows/5/unit", 29},
    {"\"observed\": 50,", "\"observed\": 0,", STEPDOSE_OUT_OF_RANGE, "/rows/2/observed", 20},
    {"\"n\": 157,", "\"n\": 157, \"sd\": 0.1,", STEPDOSE_CONTRADICTION, "/rows/0/sd", 14},
    {"\"n\": 157,", "", STEPDOSE_MISSING_KEY, "/rows/0", 13},
    {"\"n\": 157", "\"n\": 3", STEPDOSE_CONTRADICTION, "/rows/0/n", 14},
    {"\"n\": 157", "\"sd_log10\": 0.1", STEPDOSE_CONTRADICTION, "/rows/0/sd_log10", 14},
    {"\"factor\": 3", "\"n\": 3", STEPDOSE_CONTRADICTION, "/rows/2/n", 20},
    {"\"low\": 5,", "\"low\": 25,", STEPDOSE_EMPTY_RANGE, "/rows/3/high", 24},
    {"\"high\": 80, ", "", STEPDOSE_MISSING_KEY, "/rows/3/high", 22},
    {"\"asked_within\": 3", "\"asked_within\": 0.5", STEPDOSE_OUT_OF_RANGE, "/rows/2/asked_within",
     21},
    {"\"use\": \"seen\"", "\"use\": \"never\"", STEPDOSE_UNKNOWN_NAME, "/rows/4/use", 27},
    {"\"bound\": \"at_least\"", "\"bound\": \"above\"", STEPDOSE_UNKNOWN_NAME, "/rows/5/bound", 30},
    {"\"of\": \"steps\"", "\"of\": \"nothing\"", STEPDOSE_UNKNOWN_NAME, "/rows/5/of", 29},
    {"\"of\": \"steps\"", "\"of\": \"ratio\"", STEPDOSE_CONTRADICTION, "/rows/5/of", 29},
    {"\"of\": \"steps\"", "\"of\": \"any\"", STEPDOSE_UNITS_MISMATCH, "/rows/5/of", 29},
    {"\"of\": \"steps\"", "\"of\": \"peak\", \"of_window\": 1", STEPDOSE_CONTRADICTION,
     "/rows/5/of_window", 29},
    {"\"of\": \"steps\"", "\"of_window\": 2", STEPDOSE_CONTRADICTION, "/rows/5/of_window", 29},
    {"\"name\": \"cytokine_trimers\"", "\"name\": \"cytokine_trimer\"", STEPDOSE_UNKNOWN_NAME,
     "/parameters/0/name", 32},
    {"\"low\": 1, \"high\": 1000", "\"low\": 1, \"high\": 1e9", STEPDOSE_OUT_OF_RANGE,
     "/parameters/0/name", 32},
    {"\"low\": 1, \"high\": 1000", "\"low\": 0, \"high\": 1000", STEPDOSE_OUT_OF_RANGE,
     "/parameters/0/low", 32},
    {"\"low\": 1, \"high\": 9", "\"low\": 9, \"high\": 9", STEPDOSE_EMPTY_RANGE,
     "/parameters/3/low", 40},
    {"\"scale\": \"log\",\n    \"prior\"", "\"scale\": \"ln\",\n    \"prior\"",
     STEPDOSE_UNKNOWN_NAME, "/parameters/0/scale", 32},
    {"\"mean\": 24", "\"mean\": 0", STEPDOSE_OUT_OF_RANGE, "/parameters/0/prior/mean", 33},
    {"\"sd\": 0.7", "\"sd\": 0", STEPDOSE_OUT_OF_RANGE, "/parameters/0/prior/sd", 33},
    {"\"molecule\": \"epcoritamab\"", "\"molecule\": \"epcoritmab\"", STEPDOSE_UNKNOWN_NAME,
     "/parameters/1/sets/0/name", 35},
    {"population.trimers_needed.sd_ln", "population.trimers_needed.sd", STEPDOSE_UNKNOWN_NAME,
     "/parameters/2/sets/0/name", 38},
    {"\"name\": \"anchor\"", "\"name\": \"cytokine_trimers\"", STEPDOSE_CONTRADICTION,
     "/parameters/1/name", 34},
    {AFTER_ROWS, "\"invented\"},\n" SHARE("1", "") "\"observed\": 0.51, \"n\": 157}],\n",
     STEPDOSE_CONTRADICTION, "/rows/6/observed", 31},
    {AFTER_ROWS, "\"invented\"},\n" SHARE("2", "") "\"observed\": 0.52, \"sd\": 0.1}],\n",
     STEPDOSE_CONTRADICTION, "/rows/6/observed", 31},
    {AFTER_ROWS,
     "\"invented\"},\n" SHARE("3", "\"window\": 2, ") "\"observed\": 0.52, \"sd\": 0.1}],\n",
     STEPDOSE_CONTRADICTION, "/rows/6/observed", 31},
    {AFTER_ROWS,
     "\"invented\"},\n" SHARE("3", "\"window\": 3, ") "\"observed\": 0.2, \"sd\": 0.1}],\n",
     STEPDOSE_CONTRADICTION, "/rows/6/observed", 31},
    {AFTER_ROWS,
     "\"invented\"},\n" SHARE(
         "1", "\"window\": 3, ") "\"observed\": 0.05, \"sd\": 0.1, "
                                 "\"bound\": \"equal\"},\n" SHARE2(
                                     "2", "\"window\": 3, ") "\"observed\": 0.06, \"sd\": "
                                                             "0.1}],\n",
     STEPDOSE_CONTRADICTION, "/rows/7/observed", 32},
};

/* Not the same number of the same patients, or not of the same event. */
Test(evidence_file, rows_that_differ_in_what_they_tell_stand_beside_each_other)
{
  static const char *const further[] = {
      SHARE("1", "") "\"observed\": 0.52, \"n\": 157}",
      SHARE("1", "\"window\": 1, ") "\"observed\": 0.51, \"n\": 157}",
      SHARE("2", "") "\"observed\": 0.51, \"n\": 157}",
      SHARE("2", "") "\"observed\": 0.6, \"sd\": 0.1, \"bound\": \"at_most\"}",
      SHARE("3", "\"window\": 1, ") "\"observed\": 0.3, \"sd\": 0.1}",
      "{\"name\": \"other source\", \"case\": \"steps\", \"endpoint\": \"crs_probability\", "
      "\"grade_at_least\": 1, \"observed\": 0.51, \"unit\": \"fraction\", \"n\": 157, \"use\": "
      "\"fit\", \"source\": \"another\"}",
  };
  for (size_t i = 0; i < COUNT(further); i++) {
    char row[512];
    snprintf(row, sizeof row, "\"invented\"},\n%s],\n", further[i]);
    char *bytes = evidence_changed(AFTER_ROWS, row);
    stepdose_error e = {.code = STEPDOSE_OK};
    evidence *read = evidence_read_text(EVIDENCE_PATH, bytes, strlen(bytes), 0, &e);
    cr_expect_not_null(read, "%s: %s: %s", further[i], e.pointer, e.message);
    evidence_free(read);
    release(bytes);
  }
}

Test(evidence_file, what_cannot_hold_is_refused_in_place)
{
  for (size_t i = 0; i < COUNT(refused); i++) {
    char *bytes = evidence_changed(refused[i].from, refused[i].to);
    stepdose_error e = {.code = STEPDOSE_OK};
    evidence *read = evidence_read_text(EVIDENCE_PATH, bytes, strlen(bytes), 0, &e);
    cr_expect_null(read, "%s was accepted", refused[i].to);
    cr_expect_eq(e.code, refused[i].code, "%s: %s: %s", refused[i].to, stepdose_code_name(e.code),
                 e.message);
    cr_expect_str_eq(e.pointer, refused[i].pointer, "%s: %s: %s", refused[i].to, e.pointer,
                     e.message);
    cr_expect_eq(e.line, refused[i].line, "%s: line %d", refused[i].to, e.line);
    cr_expect_str_eq(e.file, EVIDENCE_PATH, "%s: %s", refused[i].to, e.file);
    cr_expect_neq(e.remedy[0], '\0', "%s: no remedy", refused[i].to);
    evidence_free(read);
    release(bytes);
  }
}

Test(evidence_file, an_error_in_a_file_that_a_case_names_is_told_there)
{
  char *bytes = evidence_changed("synapse/epcoritamab.json", "mosunetuzumab.json");
  stepdose_error e = {.code = STEPDOSE_OK};
  cr_expect_null(evidence_read_text(EVIDENCE_PATH, bytes, strlen(bytes), 0, &e));
  cr_expect(e.code == STEPDOSE_CONTRADICTION && strstr(e.file, "molecules/mosunetuzumab.json"),
            "%s: %s: %s", e.file, e.pointer, e.message);
  release(bytes);
}

Test(evidence_file, a_failed_allocation_anywhere_is_a_named_error)
{
  enum { SWEEP = 80 };
  stepdose_error e;
  const long before = allocate_count();
  evidence_free(evidence_of(evidence_small, 20));
  const long needed = allocate_count() - before;
  cr_assert_gt(needed, SWEEP);
  for (int i = 0; i < SWEEP; i++) {
    allocate_fail_after(needed * i / SWEEP, 1);
    evidence *read =
        evidence_read_text(EVIDENCE_PATH, evidence_small, strlen(evidence_small), 20, &e);
    allocate_fail_after(-1, 0);
    cr_expect_null(read, "allocation %ld of %ld failed unnoticed", needed * i / SWEEP, needed);
    cr_expect_eq(e.code, STEPDOSE_NO_MEMORY, "%s: %s", stepdose_code_name(e.code), e.message);
    evidence_free(read);
  }
}

/* --- what is documented ------------------------------------------------------------------------
 */

Test(evidence_file, every_word_of_the_format_is_documented)
{
  static const char *const rows[] = {
#define X(id, name, unit, scale, time, output, meaning) "| `" name "` | " unit " |",
      EVIDENCE_ENDPOINTS(X)
#undef X
#define X(id, name, share, meaning) "| `" name "` | " meaning " |",
          EVIDENCE_STATISTICS(X)
#undef X
#define X(id, name, meaning) "| `" name "` | " meaning " |",
              EVIDENCE_BOUNDS(X) EVIDENCE_USES(X)
#undef X
  };
  stepdose_error e = {.code = STEPDOSE_OK};
  char *documentation = NULL;
  size_t length = 0;
  cr_assert(
      file_read(STEPDOSE_SOURCE_DIR "/docs/problem-file.md", 1 << 20, &documentation, &length, &e),
      "%s", e.message);
  for (size_t i = 0; i < COUNT(rows); i++) {
    cr_expect_not_null(strstr(documentation, rows[i]), "docs/problem-file.md lacks %s", rows[i]);
  }
  release(documentation);
}

/* --- the shipped file ------------------------------------------------------------------------- */

Test(evidence_file, the_shipped_evidence_names_a_source_for_every_number)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  evidence *e = evidence_read(EVIDENCE_SHIPPED, 2, &error);
  cr_assert_not_null(e, "%d: %s: %s", error.line, error.pointer, error.message);
  int n_use[EVIDENCE_USE_COUNT] = {0};
  for (int i = 0; i < e->n_rows; i++) {
    cr_expect_gt(strlen(e->rows[i].source), 10, "%s", e->rows[i].name);
    n_use[e->rows[i].use]++;
  }
  cr_expect(n_use[EVIDENCE_FIT] > 20 && n_use[EVIDENCE_CHECK] > 20 && n_use[EVIDENCE_SEEN] > 0);
  for (int i = 0; i < e->n_parameters; i++) {
    const evidence_parameter *p = &e->parameters[i];
    const double shipped = evidence_shipped(e, i);
    cr_expect(shipped >= p->low && shipped <= p->high, "%s is %g", p->name, shipped);
  }
  evidence_free(e);
}
