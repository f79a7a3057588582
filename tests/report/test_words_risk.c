/* Limits over virtual patients in plain words. */
#include "report/words_risk.h"
#include "study/fixtures.h"

#include <math.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* A limit, the sentence about it, and its name in a table. */
static const struct {
  const char *limit, *sentence, *table;
} limits[] = {
    {"{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1000,"
     "\"probability_max\":0.1}",
     "IL-6 peak, first dose: above 1000 pg/mL in at most 10 % of patients",
     "IL-6 peak > 1000 pg/mL"},
    {"{\"objective\":\"il6_peak\",\"window\":{\"from_day\":7,\"to_day\":21},\"max_pg_mL\":100,"
     "\"probability_max\":0.025}",
     "IL-6 peak, days 7 to 21: above 100 pg/mL in at most 2.5 % of patients",
     "IL-6 peak > 100 pg/mL"},
    {"{\"objective\":\"il6_peak\",\"window\":\"course\",\"max_pg_mL\":500,\"quantile\":0.75,"
     "\"stratum\":\"high tumor burden\"}",
     "IL-6 peak, whole course: at most 500 pg/mL in 75 % of patients of the stratum \"high tumor "
     "burden\"",
     "IL-6 peak, 75 % quantile"},
    {"{\"objective\":\"il6_peak\",\"window\":\"each_dose\",\"max_pg_mL\":200,\"cvar\":0.9}",
     "IL-6 peak, each dose: at most 200 pg/mL on average over the highest 10 % of patients",
     "IL-6 peak, mean of highest 10 %"},
    {"{\"objective\":\"immune_activation\",\"window\":\"course\","
     "\"activated_cd8_fraction_max\":0.3,\"probability_max\":0.05}",
     "activated CD8 T cells, whole course: above 0.3 in at most 5 % of patients",
     "activated CD8 T cells > 0.3"},
    {"{\"objective\":\"treatment_burden\",\"total_mg_max\":120}", "total drug: at most 120 mg",
     "total drug"},
    {"{\"objective\":\"treatment_burden\",\"visits_max\":8}", "visits: at most 8", "visits"},
    {"{\"objective\":\"treatment_burden\",\"hospital_days_max\":6}",
     "hospital stay: at most 6 days", "hospital stay"},
    {"{\"objective\":\"il6_peak\",\"window\":\"later_doses\",\"max_pg_mL\":50}",
     "IL-6 peak, later doses: at most 50 pg/mL (in how many of the patients is not told)",
     "IL-6 peak, largest"},
};

static stepdose_problem *problem_with(const char *path, const char *population, const char *asked)
{
  char people[160];
  char all[512];
  const char *const changes[] = {people, all};
  snprintf(people, sizeof people,
           "/population={\"file\":\"populations/%s.json\",\"patients\":8,\"seed\":5}", population);
  snprintf(all, sizeof all, "/limits=[%s]", asked);
  return fixture_problem(path, changes, 2);
}

Test(words_risk, a_limit_reads_as_a_sentence_and_as_a_name)
{
  for (size_t i = 0; i < COUNT(limits); i++) {
    char sentence[WORDS_RISK_SIZE];
    char name[WORDS_SIZE];
    stepdose_problem *p = problem_with(FIXTURE_MAIN, "dlbcl-virtual", limits[i].limit);
    words_risk(p, &p->limits[0], sentence);
    words_risk_short(&p->limits[0], name);
    cr_expect_str_eq(sentence, limits[i].sentence);
    cr_expect_str_eq(name, limits[i].table);
    stepdose_problem_free(p);
  }
}

Test(words_risk, a_probability_of_crs_is_an_expected_share)
{
  static const struct {
    int grade;
    const char *sentence, *table;
  } grades[] = {
      {2, "CRS of grade 2 or higher, whole course: expected in at most 10 % of patients",
       "CRS grade 2 or higher"},
      {4, "CRS of grade 4, whole course: expected in at most 10 % of patients", "CRS grade 4"},
  };
  for (size_t i = 0; i < COUNT(grades); i++) {
    char asked[160], sentence[WORDS_RISK_SIZE], name[WORDS_SIZE];
    snprintf(asked, sizeof asked,
             "{\"objective\":\"crs\",\"grade_at_least\":%d,\"window\":\"course\","
             "\"probability_max\":0.1}",
             grades[i].grade);
    stepdose_problem *p = problem_with(
        STEPDOSE_SOURCE_DIR "/problems/synapse-mosunetuzumab-dlbcl.json", "synapse-nhl", asked);
    words_risk(p, &p->limits[0], sentence);
    words_risk_short(&p->limits[0], name);
    cr_expect_str_eq(sentence, grades[i].sentence);
    cr_expect_str_eq(name, grades[i].table);
    stepdose_problem_free(p);
  }
}

Test(words_risk, damage_is_told_with_the_health_that_it_leaves)
{
  const limit l = {.kind = LIMIT_DAMAGE,
                   .risk = RISK_PROBABILITY,
                   .share = 0.02,
                   .bound = 0.25,
                   .grade = 3,
                   .stratum = LIMIT_ALL_PATIENTS,
                   .place_name = "gut"};
  char sentence[WORDS_RISK_SIZE];
  stepdose_problem *p = fixture_problem(FIXTURE_MAIN, NULL, 0);
  words_risk(p, &l, sentence);
  cr_expect_str_eq(sentence,
                   "damage to gut: above 0.25 (health below 0.75, where grade 3 begins) in "
                   "at most 2 % of patients");
  stepdose_problem_free(p);
}

Test(words_risk, values_carry_the_unit_of_what_is_compared)
{
  const limit share = {.kind = LIMIT_IL6_PEAK, .risk = RISK_PROBABILITY, .share = 0.1};
  const limit quantile = {.kind = LIMIT_IL6_PEAK, .risk = RISK_QUANTILE, .share = 0.9};
  const limit expected = {.kind = LIMIT_CRS_PROBABILITY, .risk = RISK_MEAN, .grade = 2};
  static const struct {
    int of;
    double value;
    const char *words;
  } cases[] = {{0, 0.0962, "9.62 %"},
               {0, 0.100097, "10.01 %"},
               {1, 511.97, "512 pg/mL"},
               {2, 0.1277, "12.77 %"},
               {1, NAN, "-"},
               {0, NAN, "-"}};
  const limit *const of[] = {&share, &quantile, &expected};
  char words[WORDS_SIZE];
  for (size_t i = 0; i < COUNT(cases); i++) {
    words_risk_value(of[cases[i].of], cases[i].value, words);
    cr_expect_str_eq(words, cases[i].words);
  }
  words_risk_interval(&share, 0.0838, 0.11, words);
  cr_expect_str_eq(words, "8.4 to 11.0 %");
  words_risk_interval(&quantile, 498.2, 530, words);
  cr_expect_str_eq(words, "498 to 530");
  words_risk_interval(&quantile, NAN, NAN, words);
  cr_expect_str_eq(words, "-");
  words_bound(&share, 921.4, words);
  cr_expect_str_eq(words, "921.4 pg/mL");
}

Test(words_risk, limits_that_read_alike_are_told_apart_by_their_windows)
{
  char first[WORDS_SIZE], other[WORDS_SIZE];
  stepdose_problem *p = problem_with(
      FIXTURE_MAIN, "dlbcl-virtual",
      "{\"objective\":\"il6_peak\",\"window\":\"first_dose\",\"max_pg_mL\":1000,"
      "\"probability_max\":0.1},{\"objective\":\"il6_peak\",\"window\":\"later_doses\","
      "\"max_pg_mL\":1000,\"probability_max\":0.1}");
  words_risk_row(p, 0, first);
  words_risk_row(p, 1, other);
  cr_expect_str_eq(first, "IL-6 peak > 1000 pg/mL, first dose");
  cr_expect_str_eq(other, "IL-6 peak > 1000 pg/mL, later doses");
  stepdose_problem_free(p);
}

Test(words_risk, ends_of_an_interval_have_the_digits_to_be_compared_with_small_bounds)
{
  static const struct {
    double low, high;
    const char *words;
  } cases[] = {{0.0836, 0.11, "8.4 to 11.0 %"},   {0, 0.0143, "0.0 to 1.4 %"},
               {0, 0.00045, "0.0 to 0.045 %"},     {0.000043, 0.0062, "0.0043 to 0.62 %"},
               {0.0062, 0.01, "0.62 to 1.0 %"}};
  const limit l = {.kind = LIMIT_IL6_PEAK, .risk = RISK_PROBABILITY};
  for (size_t i = 0; i < COUNT(cases); i++) {
    char words[WORDS_SIZE];
    words_risk_interval(&l, cases[i].low, cases[i].high, words);
    cr_expect_str_eq(words, cases[i].words, "%s", words);
  }
}
