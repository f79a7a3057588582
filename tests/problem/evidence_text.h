/* A small evidence file, and changed copies of it. */
#ifndef TESTS_PROBLEM_EVIDENCE_TEXT_H
#define TESTS_PROBLEM_EVIDENCE_TEXT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "problem/evidence.h"

#define EVIDENCE_PATH STEPDOSE_SOURCE_DIR "/problems/evidence/small.json"
#define EVIDENCE_SHIPPED STEPDOSE_SOURCE_DIR "/problems/evidence/synapse.json"

/* Two molecules in one indication; the values observed are invented. */
static const char evidence_small[] =
    "{\"format\": \"stepdose-evidence-1\",\n"
    " \"common\": {\"model\": \"synapse\", \"horizon_days\": 28,\n"
    "   \"indication\": \"../indications/synapse/dlbcl.json\",\n"
    "   \"population\": {\"file\": \"../populations/synapse-nhl.json\", \"patients\": 16, "
    "\"seed\": 3}},\n"
    " \"cases\": [\n"
    "   {\"name\": \"steps\", \"comparator\": \"approved 0.16/0.8/48/48 mg\",\n"
    "    \"problem\": {\"molecule\": \"../molecules/synapse/epcoritamab.json\"}},\n"
    "   {\"name\": \"once\",\n"
    "    \"problem\": {\"molecule\": \"../molecules/synapse/mosunetuzumab.json\",\n"
    "      \"regimen\": {\"route\": \"iv\", \"infusion_h\": 4,\n"
    "        \"steps\": [{\"day\": 0, \"dose_mg\": 2}]}}}],\n"
    " \"rows\": [\n"
    "   {\"name\": \"any\", \"case\": \"steps\", \"endpoint\": \"crs_probability\",\n"
    "    \"grade_at_least\": 1, \"observed\": 0.51, \"unit\": \"fraction\", \"n\": 157,\n"
    "    \"asked_within\": 0.1, \"use\": \"fit\", \"source\": \"invented\"},\n"
    "   {\"name\": \"by dose\", \"case\": \"steps\", \"endpoint\": \"crs_probability\",\n"
    "    \"grade_at_least\": 2, \"window\": 3, \"observed\": 0.1, \"unit\": \"fraction\",\n"
    "    \"bound\": \"at_most\", \"sd\": 0.02, \"use\": \"check\", \"source\": \"invented\"},\n"
    "   {\"name\": \"peak\", \"case\": \"once\", \"endpoint\": \"il6_peak\", \"window\": 1,\n"
    "    \"statistic\": \"median\", \"observed\": 50, \"unit\": \"pg/mL\", \"factor\": 3,\n"
    "    \"asked_within\": 3, \"use\": \"check\", \"source\": \"invented\"},\n"
    "   {\"name\": \"day\", \"case\": \"once\", \"endpoint\": \"il6\", \"day\": 1,\n"
    "    \"statistic\": \"reference\", \"observed\": 20, \"unit\": \"pg/mL\", \"low\": 5,\n"
    "    \"high\": 80, \"use\": \"fit\", \"source\": \"invented\"},\n"
    "   {\"name\": \"mean\", \"case\": \"once\", \"endpoint\": \"il6_mean\", \"day\": 0,\n"
    "    \"to_day\": 1, \"statistic\": \"p95\", \"observed\": 500, \"unit\": \"pg/mL\",\n"
    "    \"sd_log10\": 0.2, \"use\": \"seen\", \"source\": \"invented\"},\n"
    "   {\"name\": \"ratio\", \"case\": \"once\", \"endpoint\": \"il6_peak\", \"window\": 1,\n"
    "    \"statistic\": \"median\", \"of\": \"steps\", \"observed\": 2, \"unit\": \"1\",\n"
    "    \"bound\": \"at_least\", \"sd_log10\": 0.1, \"use\": \"fit\", \"source\": "
    "\"invented\"}],\n"
    " \"parameters\": [\n"
    "   {\"name\": \"cytokine_trimers\", \"low\": 1, \"high\": 1000, \"scale\": \"log\",\n"
    "    \"prior\": {\"mean\": 24, \"sd\": 0.7}, \"source\": \"invented\"},\n"
    "   {\"name\": \"anchor\", \"low\": 0.001, \"high\": 10, \"scale\": \"log\",\n"
    "    \"sets\": [{\"name\": \"potency_anchor\", \"molecule\": \"epcoritamab\"}],\n"
    "    \"source\": \"invented\"},\n"
    "   {\"name\": \"spread\", \"low\": 0.1, \"high\": 1, \"sets\": [\n"
    "      {\"name\": \"population.trimers_needed.sd_ln\", \"factor\": 2}],\n"
    "    \"source\": \"invented\"},\n"
    "   {\"name\": \"crs_slope_per_decade\", \"low\": 1, \"high\": 9, \"source\": "
    "\"invented\"}]}\n";

/* Rows and parameters in their order. */
enum { ROW_ANY, ROW_BY_DOSE, ROW_PEAK, ROW_DAY, ROW_MEAN, ROW_RATIO, SMALL_ROWS };
enum { PARAMETER_TRIMERS, PARAMETER_ANCHOR, PARAMETER_SPREAD, PARAMETER_SLOPE, SMALL_PARAMETERS };

/* A copy in which the only `from` is `to`. */
static inline char *evidence_changed(const char *from, const char *to)
{
  text out = {0};
  const char *at = strstr(evidence_small, from);
  cr_assert(at != NULL && strstr(at + 1, from) == NULL, "%s is not there once", from);
  text_append_bytes(&out, evidence_small, (size_t)(at - evidence_small));
  text_append_bytes(&out, to, strlen(to));
  text_append_bytes(&out, at + strlen(from), strlen(at + strlen(from)));
  return text_take(&out);
}

static inline evidence *evidence_of(const char *bytes, int patients)
{
  stepdose_error e = {.code = STEPDOSE_OK};
  evidence *read = evidence_read_text(EVIDENCE_PATH, bytes, strlen(bytes), patients, &e);
  cr_assert_not_null(read, "%d: %s: %s (%s)", e.line, e.pointer, e.message, e.remedy);
  return read;
}

#endif
