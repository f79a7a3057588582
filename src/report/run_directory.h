/* The directory of one run: which files it holds, whose it is, and what its result says. */
#ifndef REPORT_RUN_DIRECTORY_H
#define REPORT_RUN_DIRECTORY_H

#include "base/hash.h"
#include "base/text.h"
#include "study/verify.h"

/* Files of a run directory: X(ID, name, its hash stands in result.json, what it holds). */
#define RUN_FILES(X)                                                                               \
  X(PROBLEM, "problem.json", true, "the effective problem as run")                                 \
  X(REGIMEN, "regimen.csv", true, "the regimen as NONMEM event records")                           \
  X(COMPACT, "regimen_addl.csv", true, "the same, repeated doses as ADDL and II")               \
  X(HISTORY, "history.csv", true, "every evaluation of the search")                                \
  X(MAP, "design_map.csv", true, "the best regimen at each point of the design map")              \
  X(FRONT, "pareto.csv", true, "every regimen of the front between the goals")                     \
  X(SENSITIVITY, "sensitivity.csv", true, "indices of every input, with intervals")                \
  X(STRATA, "strata.csv", true, "the regimen of each stratum, dose by dose")                       \
  X(RESTART, "restart.csv", true, "every rule after every missed dose and every gap")              \
  X(WHATIF, "whatif.csv", true, "every figure of every change, with its difference")               \
  X(FIT_ROWS, "fit_rows.csv", true, "evidence beside the fit, and beside fits without a drug")     \
  X(FIT_PARAMETERS, "fit_values.csv", true, "fitted values with intervals")                    \
  X(PARAMETERS, "parameters.json", true, "fitted values for problems to name: \"calibration\"")    \
  X(TRAJECTORIES, "trajectories.csv", true, "courses: reference patient, percentiles of patients") \
  X(ENDPOINTS, "endpoints.csv", true, "peaks per dose window, tumour, burden")                     \
  X(PATIENTS, "patients.csv", true, "virtual patients: parameters, endpoints, risks")              \
  X(COURSES, "courses.csv", true, "courses of some virtual patients one by one")                   \
  X(SUMMARY, "summary.txt", true, "the summary above")                                             \
  X(RESULT, "result.json", false, "everything above for programs, with hashes")                    \
  X(REPORT, "report.html", false, "this run as one page with figures")                             \
  X(JOURNAL, "journal.bin", false, "evaluations, to continue an interrupted run")

typedef enum run_file {
#define X(id, name, hashed, meaning) RUN_FILE_##id,
  RUN_FILES(X)
#undef X
      RUN_FILE_COUNT
} run_file;

typedef struct run_file_row {
  const char *name;
  bool hashed;
  const char *meaning;
} run_file_row;
extern const run_file_row run_files[RUN_FILE_COUNT];

typedef enum run_state { RUN_FRESH, RUN_CONTINUES, RUN_FINISHED } run_state;

/* runs/<problem name>-<first 8 digits of the identity>; the caller releases; NULL: no memory. */
char *run_directory_default(const stepdose_problem *problem, const char *identity);

/* Makes the directory and finds out whose it is: new, the same run (unfinished or finished), or
 * another one (RUN_EXISTS). overwrite: removes what a run wrote there before; files that no run
 * wrote are refused all the same. */
bool run_directory_claim(const char *directory, const stepdose_problem *problem,
                         const char *identity, bool overwrite, run_state *state,
                         stepdose_error *error);

/* Refuses (RUN_EXISTS) a directory in which `input` (may be NULL) is one of the files of a run: the
 * run would replace it. */
bool run_directory_spares(const char *directory, const char *input, stepdose_error *error);
bool run_directory_clear(const char *directory, stepdose_error *error); /* all files of a run */

bool run_directory_write(const char *directory, run_file file, const char *bytes, size_t length,
                         stepdose_error *error);
bool run_directory_write_text(const char *directory, run_file file, text *t, stepdose_error *error);
bool run_directory_has(const char *directory, run_file file);
char *run_directory_path(const char *directory, run_file file); /* the caller releases */
/* The directory, where `path` may also be the result.json in it; the caller releases; NULL: no
 * memory. */
char *run_directory_named(const char *path);
bool run_directory_remove(const char *directory, run_file file, stepdose_error *error);
/* The whole file; the caller releases *bytes. */
bool run_directory_read(const char *directory, run_file file, char **bytes, size_t *length,
                        stepdose_error *error);
bool run_directory_hash(const char *directory, run_file file, char hash[HASH_TEXT_SIZE],
                        stepdose_error *error);

/* result_read.c: what a result.json says. RESULT_INVALID if it is incomplete or not as written. */
typedef struct stored_result {
  char identity[HASH_TEXT_SIZE];
  bool finished;
  study_claims claims;
} stored_result;
stored_result *stored_result_read(const char *directory,
                                  stepdose_error *error); /* caller releases */
/* stored_summary.c: summary.txt as that result has it, with a remark that it is an old one; the
 * caller releases. */
char *stored_result_summary(const char *directory, const stored_result *stored,
                            stepdose_error *error);

#define RESULT_FORMAT "stepdose-result-1"
#define RESULT_HEAD "{\n  \"format\": \"" RESULT_FORMAT "\"" /* its first bytes */

/* The last member of result.json is the SHA-256 of the file with this member's digits as zeros. */
#define RESULT_HASH_KEY "sha256_of_this_file"
bool result_hash(const char *bytes, size_t length, char hash[HASH_TEXT_SIZE], size_t *position);

#endif
