/* stepdose: proposes step-up dosing schedules for bispecific T-cell engagers.
 *
 * The one public header. A problem file goes in, a verified regimen comes out:
 *
 *     stepdose_error error;
 *     stepdose_problem *problem = stepdose_problem_read("problem.json", NULL, 0, &error);
 *     stepdose_settings settings = stepdose_settings_default();
 *     stepdose_result *result = stepdose_propose(problem, &settings, "runs/first", &error);
 *     printf("%s\n", stepdose_status_name(stepdose_result_status(result)));
 *     stepdose_result_free(result);
 *     stepdose_problem_free(problem);
 *
 * Promised: the library never prints, exits or aborts; every failure is a stepdose_error with
 * cause, place and remedy; the same binary, input and seed give the same bits for any number of
 * threads. Not promised: equal bits on another CPU model or with another C library (their exp and
 * log differ in the last place). Research software: results are not for dosing patients.
 *
 * Thread rule: functions on different objects may run in parallel; a problem is read-only once it
 * has been read.
 */
#ifndef STEPDOSE_H
#define STEPDOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define STEPDOSE_API __attribute__((visibility("default")))
#else
#define STEPDOSE_API
#endif

/* Every error: X(name, exit code of the program, what it means). The only list of errors. */
#define STEPDOSE_ERRORS(X)                                                                         \
  X(OK, 0, "no error")                                                                             \
  X(USAGE, 1, "the command line cannot be understood")                                             \
  X(JSON_SYNTAX, 2, "the file is not strict JSON")                                                 \
  X(JSON_DUPLICATE_KEY, 2, "an object has the same key twice")                                     \
  X(JSON_TOO_LARGE, 2, "the file is larger or more deeply nested than allowed")                    \
  X(FORMAT_UNSUPPORTED, 2, "the file names a format that this version does not read")              \
  X(UNKNOWN_KEY, 2, "an object has a key that is not defined there")                               \
  X(MISSING_KEY, 2, "an object lacks a key that it needs")                                         \
  X(WRONG_TYPE, 2, "a value has the wrong JSON type")                                              \
  X(OUT_OF_RANGE, 2, "a number or text lies outside what is allowed")                              \
  X(NOT_FINITE, 2, "a number is too large to be represented")                                      \
  X(UNKNOWN_NAME, 2, "a text names something that does not exist")                                 \
  X(EMPTY_RANGE, 2, "a range or list of choices holds no value")                                   \
  X(STEPS_OUT_OF_ORDER, 2, "dose days do not increase")                                            \
  X(CONTRADICTION, 2, "two entries cannot both hold")                                              \
  X(UNITS_MISMATCH, 2, "a dose is given in a unit that its route does not use")                    \
  X(FILE_REFERENCE, 2, "a file that the problem refers to cannot be read")                         \
  X(EVENT_TABLE, 2, "the event table is not a regimen that can be simulated")                      \
  X(RESULT_INVALID, 2, "the result file is incomplete or was changed")                             \
  X(SIMULATION_FAILED, 2, "the model cannot be integrated with these doses and parameters")        \
  X(LIMIT_REACHED, 4, "stopped by a limit or a signal; the best so far was written")               \
  X(INPUT_OUTPUT, 5, "a file could not be read or written")                                        \
  X(RUN_EXISTS, 5, "the run directory holds another run")                                          \
  X(NO_MEMORY, 6, "memory could not be allocated")                                                 \
  X(INTERNAL, 70, "an internal check failed: please report this")

typedef enum stepdose_code {
#define X(name, exit_code, meaning) STEPDOSE_##name,
  STEPDOSE_ERRORS(X)
#undef X
      STEPDOSE_CODE_COUNT
} stepdose_code;

/* An error as a value: filled by the function that failed, never allocated, safe to copy. */
typedef struct stepdose_error {
  stepdose_code code;
  char file[256];    /* file it was found in, or "" */
  int line;          /* 1-based, 0 where there is none */
  int column;        /* 1-based byte column, 0 where there is none */
  char pointer[256]; /* JSON Pointer (RFC 6901) of the value, or "" */
  char message[512]; /* what was found, in one sentence */
  char remedy[512];  /* what is allowed or what to do, or "" */
} stepdose_error;

/* How a run ended: X(name, text in result files, exit code, what it means). The only list of
 * statuses. */
#define STEPDOSE_STATUSES(X)                                                                       \
  X(VERIFIED, "verified", 0, "every limit holds in an independent run from the written file")      \
  X(FEASIBLE_IN_SAMPLE_ONLY, "feasible-in-sample-only", 3,                                         \
    "the limits held in the search but not when verified")                                         \
  X(INFEASIBLE, "infeasible", 3, "no regimen met every limit")                                     \
  X(INTERRUPTED, "interrupted", 4,                                                                 \
    "stopped before the search was complete; the best so far was written")                         \
  X(SIMULATED, "simulated", 0, "a given regimen was simulated")                                    \
  X(ANALYSED, "analysed", 0, "the sensitivity of a given regimen was computed")                    \
  X(CALIBRATED, "calibrated", 0, "declared parameters were fitted to evidence")                    \
  X(REPRODUCED, "reproduced", 0, "files, goal and limits are what a result says")                  \
  X(MISMATCH, "mismatch", 3, "a result could not be reproduced")

typedef enum stepdose_status {
#define X(name, text, exit_code, meaning) STEPDOSE_STATUS_##name,
  STEPDOSE_STATUSES(X)
#undef X
      STEPDOSE_STATUS_COUNT
} stepdose_status;

STEPDOSE_API const char *stepdose_version(void);                    /* "0.1.0", static */
STEPDOSE_API const char *stepdose_code_name(stepdose_code code);    /* "OUT_OF_RANGE", static */
STEPDOSE_API const char *stepdose_code_meaning(stepdose_code code); /* static */
STEPDOSE_API int stepdose_code_exit(stepdose_code code); /* exit code of the program for an error */
STEPDOSE_API const char *stepdose_status_name(stepdose_status status); /* "verified", static */
STEPDOSE_API const char *stepdose_status_meaning(stepdose_status status);
STEPDOSE_API int stepdose_status_exit(stepdose_status status);

/* One report of how far a run is. Times are for people; no decision in the library depends on them.
 */
typedef struct stepdose_progress {
  const char *stage;      /* "screening", "searching", "grid", "verifying", ...; static */
  long done, total;       /* evaluations, or runs, of this stage */
  double best_goal;       /* best feasible value so far, NAN if none */
  double worst_violation; /* violation of the best point so far, 0 if feasible, NAN if unknown */
  double seconds, seconds_left; /* since the start; estimate, NAN if unknown */
} stepdose_progress;

typedef struct stepdose_settings {
  int threads;   /* worker threads; 0: one per processor */
  bool has_seed; /* replaces the seed of the problem file */
  uint64_t seed;
  bool overwrite; /* replace what the run directory holds */
  const volatile int
      *stop; /* borrowed; the run ends at the next evaluation once *stop is not 0; may be NULL */
  /* called from one thread at a time, at most about ten times a second; may be NULL */
  void (*progress)(void *context, const stepdose_progress *progress);
  void *progress_context;
} stepdose_settings;

STEPDOSE_API stepdose_settings stepdose_settings_default(void);

typedef struct stepdose_problem stepdose_problem;
typedef struct stepdose_result stepdose_result;

/* Reads and validates a problem file and the molecule, indication and population files that it
 * names (relative to it). `overrides`: n_overrides texts "POINTER=VALUE" (VALUE is JSON, or else a
 * plain string), applied before validation; may be NULL. Returns NULL and fills *error on failure.
 * The caller frees. */
STEPDOSE_API stepdose_problem *stepdose_problem_read(const char *path, const char *const *overrides,
                                                     size_t n_overrides, stepdose_error *error);
STEPDOSE_API void stepdose_problem_free(stepdose_problem *problem);

/* Text for people: the whole effective problem with the origin of every value, and the estimated
 * cost. Returns NULL and fills *error on failure. The caller frees with stepdose_text_free. */
STEPDOSE_API char *stepdose_check(const stepdose_problem *problem,
                                  const stepdose_settings *settings, stepdose_error *error);
STEPDOSE_API void stepdose_text_free(char *text);

/* Each verb borrows its problem and settings, writes its files into `directory` (NULL:
 * runs/<name>-<hash>), and returns a result, or NULL with *error filled. The caller frees. A result
 * exists also where nothing feasible was found or the run was interrupted: see
 * stepdose_result_status. */
STEPDOSE_API stepdose_result *stepdose_simulate(const stepdose_problem *problem,
                                                const char *regimen_file,
                                                const stepdose_settings *settings,
                                                const char *directory, stepdose_error *error);
STEPDOSE_API stepdose_result *stepdose_propose(const stepdose_problem *problem,
                                               const stepdose_settings *settings,
                                               const char *directory, stepdose_error *error);
/* The best regimen for each molecule on a grid over the first one or two variables of the problem's
 * design, or of a Latin hypercube over all of them ("map_samples" of its search). */
STEPDOSE_API stepdose_result *stepdose_map(const stepdose_problem *problem,
                                           const stepdose_settings *settings, const char *directory,
                                           stepdose_error *error);
/* The front between the goals of the problem's "pareto": regimens of which none is better than
 * another in all of them, under all other limits. */
STEPDOSE_API stepdose_result *stepdose_pareto(const stepdose_problem *problem,
                                              const stepdose_settings *settings,
                                              const char *directory, stepdose_error *error);
/* One regimen for all virtual patients, one for each of the strata that "strata_compared" of the
 * problem names, and what the second gains. */
STEPDOSE_API stepdose_result *stepdose_strata(const stepdose_problem *problem,
                                              const stepdose_settings *settings,
                                              const char *directory, stepdose_error *error);
/* Which inputs move the outputs of a given regimen, as "sensitivity" of the problem asks;
 * regimen_file as for stepdose_simulate. */
STEPDOSE_API stepdose_result *stepdose_sensitivity(const stepdose_problem *problem,
                                                   const char *regimen_file,
                                                   const stepdose_settings *settings,
                                                   const char *directory, stepdose_error *error);
/* Simulates a regimen as stepdose_simulate does, and computes what to do after a missed or delayed
 * dose of it: continue, repeat, step back, restart. */
STEPDOSE_API stepdose_result *stepdose_restart(const stepdose_problem *problem,
                                               const char *regimen_file,
                                               const stepdose_settings *settings,
                                               const char *directory, stepdose_error *error);
/* What changes of the problem or of a regimen do, each beside both as they are, in the same
 * patients. changes_file: see docs/problem-file.md. base: a regimen file as for stepdose_simulate,
 * or the directory of a run, finished and as it was written, whose regimen.csv is taken; may be
 * NULL. */
STEPDOSE_API stepdose_result *stepdose_whatif(const stepdose_problem *problem,
                                              const char *changes_file, const char *base,
                                              const stepdose_settings *settings,
                                              const char *directory, stepdose_error *error);
/* Fits the parameters that an evidence file declares to its rows, with intervals and with fits that
 * have not seen one drug. Of the problem: seeds, patients, starts and evaluations of the search. */
STEPDOSE_API stepdose_result *stepdose_calibrate(const stepdose_problem *problem,
                                                 const char *evidence_file,
                                                 const stepdose_settings *settings,
                                                 const char *directory, stepdose_error *error);
/* `path`: a run directory or its result.json. Recomputes hashes and re-simulates what the result
 * claims. */
STEPDOSE_API stepdose_result *stepdose_verify(const char *path, const stepdose_settings *settings,
                                              stepdose_error *error);
/* `path`: a run directory or its result.json. Writes report.html, one page with figures that needs
 * nothing else, from the files of that run, and returns the name of the page; NULL and *error
 * filled on failure, as where a file is missing or was changed after the run. The caller frees with
 * stepdose_text_free. The verbs above write the same page. */
STEPDOSE_API char *stepdose_report(const char *path, stepdose_error *error);
/* paths: n (2..64) finished runs, each as for stepdose_report and no two the same. Writes one page
 * that compares them: what was asked, regimens, goal, limits, risks, with links to their pages
 * (which stepdose_report makes). file: its name; NULL: comparison.html beside the first run. An
 * older comparison is replaced, anything else is not. Returns the name of the page; NULL and *error
 * filled on failure. The caller frees with stepdose_text_free. */
STEPDOSE_API char *stepdose_compare(const char *const *paths, size_t n, const char *file,
                                    stepdose_error *error);
/* evidence_file: published observations. Predicts each of its rows and returns predictions
 * and observations side by side as text; writes validation.csv and the page validation.html into
 * `directory` (NULL: nowhere).
 * patients: of every case with virtual patients, 0: as the file has it; a seed in the settings is
 * theirs. NULL and *error filled on failure. The caller frees with stepdose_text_free. */
STEPDOSE_API char *stepdose_validate(const char *evidence_file, int patients,
                                     const char *directory, const stepdose_settings *settings,
                                     stepdose_error *error);
/* Installation check on built-in cases, under a minute; *passed tells the verdict, the text each
 * check. */
STEPDOSE_API char *stepdose_selftest(const stepdose_settings *settings, bool *passed,
                                     stepdose_error *error);

STEPDOSE_API stepdose_status stepdose_result_status(const stepdose_result *result);
STEPDOSE_API const char *
stepdose_result_directory(const stepdose_result *result); /* owned by the result */
STEPDOSE_API const char *
stepdose_result_summary(const stepdose_result *result); /* text for people, owned */
STEPDOSE_API void stepdose_result_free(stepdose_result *result);

#ifdef __cplusplus
}
#endif
#endif
