/* Evidence that the model itself has made with other values of some parameters: what a calibration
 * should find. Reference patients and three days: a prediction takes a few milliseconds. */
#ifndef TESTS_STUDY_CALIBRATE_FIXTURES_H
#define TESTS_STUDY_CALIBRATE_FIXTURES_H

#include <criterion/criterion.h>

#include "base/allocate.h"
#include "base/error.h"
#include "base/file.h"
#include "study/calibrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEMS STEPDOSE_SOURCE_DIR "/problems"
#define CALIBRATE_PROBLEM PROBLEMS "/synapse-mosunetuzumab-dlbcl.json"

enum { CALIBRATE_ROWS = 8, CALIBRATE_PARAMETERS = 3 };

/* The truth behind the rows; the shipped values are others. */
static const double calibrate_truth[CALIBRATE_PARAMETERS] = {3.5, 60, 0.3};

/* Single doses, each a case and a row. */
static const struct {
  const char *name, *molecule, *route, *dose;
} calibrate_doses[CALIBRATE_ROWS] = {
    {"m 0.1", "mosunetuzumab", "\"iv\", \"infusion_h\": 4", "0.1"},
    {"m 0.4", "mosunetuzumab", "\"iv\", \"infusion_h\": 4", "0.4"},
    {"m 1.6", "mosunetuzumab", "\"iv\", \"infusion_h\": 4", "1.6"},
    {"m 6", "mosunetuzumab", "\"iv\", \"infusion_h\": 4", "6"},
    {"m 20", "mosunetuzumab", "\"iv\", \"infusion_h\": 4", "20"},
    {"e 0.16", "epcoritamab", "\"sc\"", "0.16"},
    {"e 0.8", "epcoritamab", "\"sc\"", "0.8"},
    {"e 6", "epcoritamab", "\"sc\"", "6"},
};

static const char calibrate_parameters[] =
    "\"parameters\": ["
    "{\"name\": \"il6_production_pg_per_cell_day\", \"low\": 0.05, \"high\": 50, \"scale\": "
    "\"log\", \"source\": \"test\"},"
    "{\"name\": \"cytokine_trimers\", \"low\": 5, \"high\": 2000, \"scale\": \"log\", \"source\": "
    "\"test\"},"
    "{\"name\": \"anchor\", \"low\": 0.001, \"high\": 10, \"scale\": \"log\", \"source\": \"test\","
    " \"prior\": {\"mean\": 0.3, \"sd\": 1}, \"sets\": [{\"name\": \"potency_anchor\", "
    "\"molecule\": \"epcoritamab\"}]}]";

static inline void calibrate_add_case(text *out, int i)
{
  text_append(out,
              "%s{\"name\": \"%s\", \"problem\": {\"molecule\": \"%s/molecules/synapse/%s.json\", "
              "\"regimen\": {\"route\": %s, \"steps\": [{\"day\": 0, \"dose_mg\": %s}]}}}",
              i > 0 ? "," : "", calibrate_doses[i].name, PROBLEMS, calibrate_doses[i].molecule,
              calibrate_doses[i].route, calibrate_doses[i].dose);
}

static inline void calibrate_add_row(text *out, int i, double observed, const char *use)
{
  text_append(out,
              "{\"name\": \"peak, %s\", \"case\": \"%s\", \"endpoint\": \"il6_peak\", "
              "\"statistic\": \"reference\", \"observed\": %.17g, \"unit\": \"pg/mL\", "
              "\"sd_log10\": 0.05, \"use\": \"%s\", \"source\": \"test\"},",
              calibrate_doses[i].name, calibrate_doses[i].name, observed, use);
}

/* Rows: the IL-6 peak of each case, and IL-6 of a day that only checks. */
static inline char *calibrate_text(const double *observed, const char *use)
{
  text out = {0};
  text_append(&out,
              "{\"format\": \"stepdose-evidence-1\", \"title\": \"made\", \"common\": {\"model\": "
              "\"synapse\", \"horizon_days\": 3, \"indication\": "
              "\"%s/indications/synapse/dlbcl.json\"}, \"cases\": [",
              PROBLEMS);
  for (int i = 0; i < CALIBRATE_ROWS; i++) {
    calibrate_add_case(&out, i);
  }
  text_append(&out, "], \"rows\": [");
  for (int i = 0; i < CALIBRATE_ROWS; i++) {
    calibrate_add_row(&out, i, observed[i], use);
  }
  text_append(&out,
              "{\"name\": \"check\", \"case\": \"m 6\", \"endpoint\": \"il6\", \"day\": 1, "
              "\"statistic\": \"reference\", \"observed\": 10, \"unit\": \"pg/mL\", \"sd_log10\": "
              "0.1, \"use\": \"check\", \"source\": \"test\"}], %s}",
              calibrate_parameters);
  return text_take(&out);
}

/* What the model says with the truth. */
static inline void calibrate_observe(double *observed)
{
  static const double anything[CALIBRATE_ROWS] = {1, 1, 1, 1, 1, 1, 1, 1};
  evidence_prediction found[CALIBRATE_ROWS + 1];
  stepdose_error error = {.code = STEPDOSE_OK};
  char *bytes = calibrate_text(anything, "fit");
  evidence *e = evidence_read_text("made.json", bytes, strlen(bytes), 0, &error);
  cr_assert(e != NULL, "%s: %s", error.pointer, error.message);
  evidence_predictor *p =
      evidence_predictor_open(e, &(evidence_predictor_settings){.threads = 1}, &error);
  cr_assert(p != NULL && evidence_predictor_run(p, calibrate_truth, found, &error), "%s",
            error.message);
  for (int i = 0; i < CALIBRATE_ROWS; i++) {
    observed[i] = found[i].value;
  }
  evidence_predictor_close(p);
  evidence_free(e);
  release(bytes);
}

/* The evidence as a file in a directory of its own; remove it with calibrate_remove. */
typedef struct calibrate_files {
  char directory[64], evidence[96], journal[96];
} calibrate_files;

static inline calibrate_files calibrate_write(const double *observed, const char *use)
{
  calibrate_files f;
  strcpy(f.directory, "/tmp/stepdose-calibrate-XXXXXX");
  cr_assert_not_null(mkdtemp(f.directory));
  snprintf(f.evidence, sizeof f.evidence, "%s/made.json", f.directory);
  snprintf(f.journal, sizeof f.journal, "%s/journal.bin", f.directory);
  char *bytes = calibrate_text(observed, use);
  cr_assert(file_write(f.evidence, bytes, strlen(bytes), NULL));
  release(bytes);
  return f;
}

static inline void calibrate_remove(const calibrate_files *f)
{
  char command[96];
  snprintf(command, sizeof command, "rm -rf %s", f->directory);
  cr_assert_eq(system(command), 0);
}

/* starts: the shipped values among them. */
static inline stepdose_problem *calibrate_problem(int starts, long evaluations)
{
  char change[2][64];
  const char *changes[] = {change[0], change[1]};
  stepdose_error error = {.code = STEPDOSE_OK};
  snprintf(change[0], sizeof change[0], "/search/starts=%d", starts);
  snprintf(change[1], sizeof change[1], "/search/evaluations_max=%ld", evaluations);
  stepdose_problem *p = problem_read(CALIBRATE_PROBLEM, changes, 2, &error);
  cr_assert(p != NULL, "%s: %s", error.pointer, error.message);
  return p;
}

#endif
