/* The command line: one table of verbs, one of options, one of exit codes. Parser, help, dispatch,
 * manual and completion come from them. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "stepdose.h"

#define CLI_PURPOSE "proposes step-up dosing schedules for bispecific T-cell engagers"
#define CLI_CAUTION "Research use only: not for dosing patients."

/* Exit codes: X(code, meaning). */
#define CLI_EXIT_CODES(X)                                                                          \
  X(0, "done, and verified")                                                                       \
  X(1, "the command line cannot be understood")                                                    \
  X(2, "the problem or result file is invalid, or no regimen of it can be simulated")              \
  X(3, "no feasible regimen was found, or a result could not be reproduced")                       \
  X(4, "a limit of time or evaluations was reached, or Ctrl-C: the best so far was written")       \
  X(5, "a file could not be read or written")                                                      \
  X(6, "out of memory")                                                                            \
  X(70, "an internal check failed: please report it")

/* Verbs: X(ID, word, operand ("" if none), meaning, what a beginner should know, example). */
#define CLI_VERBS(X)                                                                               \
  X(CHECK, "check", "PROBLEM", "validate a problem file and show what it means",                   \
    "Reads the problem and the molecule, indication and population files that it names, and\n"     \
    "prints the whole effective problem with the origin of every value, and what a run will\n"     \
    "cost. Nothing is run and nothing is written. A file that is refused is answered with\n"       \
    "file, line, column, JSON Pointer, what was found and what is allowed.",                       \
    "stepdose check problems/mosunetuzumab-dlbcl.json --set /horizon_days=63")                     \
  X(SIMULATE, "simulate", "PROBLEM", "simulate one given regimen",                                 \
    "Simulates the regimen of --regimen FILE (event records in .csv, or a regimen object in\n"     \
    ".json); without it the problem's own regimen if all of it is fixed, else the approved\n"      \
    "schedule of the molecule. Writes trajectories.csv, endpoints.csv and result.json.",           \
    "stepdose simulate problems/mosunetuzumab-dlbcl.json --regimen my.csv -o runs/mine")           \
  X(PROPOSE, "propose", "PROBLEM", "search, verify and write a step-up schedule",                  \
    "The main job. Searches doses, days and number of steps for the best goal within all\n"        \
    "limits, reads the chosen regimen back from its file, simulates it at a 100 times tighter\n"   \
    "tolerance, and writes a run directory. Ctrl-C writes the best so far; the same command\n"     \
    "then continues. A run that is already finished is not repeated. Exit code 0 only if\n"        \
    "every limit held in the verification.",                                                       \
    "stepdose propose problems/mosunetuzumab-dlbcl.json -o runs/first --threads 2")                \
  X(MAP, "map", "PROBLEM", "map the best regimen over properties of the molecule",                 \
    "For problems with a `design`: over a grid of its first one or two variables (affinities,\n"   \
    "valency, half-life, ...) searches the best regimen of each molecule under all limits, and\n"  \
    "draws the goal, or the limit that leaves no regimen. What else the design leaves open is\n"   \
    "searched with the regimen. With map_samples in `search` the molecules are a Latin\n"          \
    "hypercube over all that the design leaves open. Writes design_map.csv, one row a molecule;\n" \
    "regimen.csv is that of the best one. Ctrl-C and continuing as with propose.",                 \
    "stepdose map problems/synapse-cea-solid.json --set /search/map_points=8 -o runs/map")         \
  X(PARETO, "pareto", "PROBLEM", "draw the front between goals: what more control costs",          \
    "Between one goal to maximize and one to three to minimize (risk, damage, drug, visits), as\n"  \
    "`pareto` of the problem names them (without it: the goal against the first limit that is\n"    \
    "no burden): regimens of which none is better than another in all goals, under all other\n"     \
    "limits; the knee; and what one percent less of each cost takes from the benefit. Writes\n"     \
    "pareto.csv, one row a regimen; regimen.csv is that of the knee. Ctrl-C and continuing as\n"    \
    "with propose.",                                                                               \
    "stepdose pareto problems/synapse-mosunetuzumab-dlbcl.json -o runs/front")                     \
  X(STRATA, "strata", "PROBLEM", "one regimen for all patients, or one for each stratum",          \
    "Proposes a regimen for all virtual patients and one for each stratum of the population\n"     \
    "alone (those of \"strata_compared\"), judges all of them by the same fresh patients, and\n"   \
    "tells what a regimen of its own gains each stratum, with an interval. Writes regimen.csv\n"   \
    "(the common one) and strata.csv. Ctrl-C and continuing as with propose.",                     \
    "stepdose strata problems/mosunetuzumab-dlbcl-population.json -o runs/strata")                 \
  X(SENSITIVITY, "sensitivity", "PROBLEM", "which inputs move the outputs of a regimen",           \
    "Varies parameters of molecule and patient and the doses of a given regimen (as simulate\n"    \
    "takes it), by the problem's \"sensitivity\": derivatives (local), elementary effects\n"       \
    "(morris) or shares of variance (sobol), with intervals, of endpoints and of risks in\n"       \
    "virtual patients. Writes sensitivity.csv. Ctrl-C tells what the samples so far show.",        \
    "stepdose sensitivity problems/mosunetuzumab-dlbcl.json --regimen my.csv -o runs/moves")      \
  X(RESTART, "restart", "PROBLEM", "compute what to do after a missed or delayed dose",            \
    "For each dose of a regimen (found as with simulate) and each time since it was given: what\n" \
    "happens in the patients if the next dose is given as planned, the last one repeated, the\n"   \
    "last step-up dose given again, or the regimen begun anew; and the least disruptive of these\n"\
    "that is as safe as the uninterrupted regimen. Writes restart.csv, and what simulate writes.\n"\
    "How it is judged: `restart` of the problem file.",                                            \
    "stepdose restart problems/synapse-teclistamab-myeloma.json -o runs/restart")                  \
  X(WHATIF, "whatif", "PROBLEM [CHANGES]", "what changes of problem or regimen would do",          \
    "CHANGES is a file of named changes: fields of the problem, a missed, late or wrong dose, no\n"  \
    "premedication. Each is compared with the regimen (of --regimen or --base, else as with\n"       \
    "simulate) as it is, in the same virtual patients, and searched anew where it asks for that:\n"  \
    "differences with intervals, limits that break, how far each dose can go, and what each\n"       \
    "limit costs. Writes whatif.csv, and what simulate writes. Without CHANGES: the robustness\n"     \
    "card of the regimen.",                                                                        \
    "stepdose whatif problems/mosunetuzumab-dlbcl.json changes.json --base runs/first -o runs/if")  \
  X(CALIBRATE, "calibrate", "PROBLEM EVIDENCE", "fit parameters to published observations",        \
    "Fits the parameters that EVIDENCE declares to those of its rows that may be fitted, from\n"    \
    "the shipped values on and from screened points. Writes every row beside the fit and\n"        \
    "beside a fit that has not seen its drug, intervals, what the rows leave open, and\n"          \
    "parameters.json, which problems can name as their \"calibration\". PROBLEM gives the seed\n"   \
    "and number of virtual patients, starts, evaluations and time; with the reference patient\n"   \
    "patients are as EVIDENCE has them. Ctrl-C and continuing as with propose.",                    \
    "stepdose calibrate problems/synapse-mosunetuzumab-dlbcl.json problems/evidence/synapse.json")  \
  X(VERIFY, "verify", "RESULT", "check that a result can be reproduced from its files",            \
    "RESULT is a run directory or its result.json. Recomputes the hashes of all files, reads\n"    \
    "problem.json and regimen.csv anew, simulates, and compares goal and limits with what\n"       \
    "result.json claims.",                                                                         \
    "stepdose verify runs/first")                                                                  \
  X(REPORT, "report", "RUN...", "show runs as pages with figures",                                 \
    "RUN is a run directory or its result.json. Writes report.html into it anew from its files:\n" \
    "one page that needs no network, for screens, phones and paper. The verbs that make runs\n"    \
    "write it too. A file that is missing or was changed after the run is refused. Of several\n"   \
    "runs it also writes one page that compares them, and marks those that cannot be compared\n"   \
    "with the first: -o FILE, else comparison.html beside the first run.",                         \
    "stepdose report runs/first runs/second -o both.html")                                                      \
  X(VALIDATE, "validate", "EVIDENCE", "compare the model with published observations",             \
    "EVIDENCE is a file of trials: what was given to whom, and what was seen. Predicts every\n"    \
    "row with virtual patients and prints it beside what was observed, with intervals: first\n"    \
    "what the evidence asks for, then rows that were fitted, rows that no fit has used, and\n"     \
    "rows that rest on fitted data. Nothing is fitted. With -o DIR writes validation.csv\n"        \
    "and validation.html.",                                                                        \
    "stepdose validate problems/evidence/synapse.json --patients 256 -o runs/validation")          \
  X(SELFTEST, "selftest", "", "check this installation on built-in cases",                         \
    "Numbers, files and hashes, the integrator against a closed form and a tighter tolerance,\n"   \
    "the search against trying everything. Takes seconds; prints all versions.",                   \
    "stepdose selftest")

typedef enum cli_verb {
#define X(id, word, operand, meaning, lesson, example) CLI_VERB_##id,
  CLI_VERBS(X)
#undef X
      CLI_VERB_COUNT
} cli_verb;

#define CLI_BIT(id) (1U << CLI_VERB_##id)
#define CLI_READS_PROBLEM (CLI_BIT(CHECK) | CLI_WRITES_RUN)
#define CLI_WRITES_RUN                                                                             \
  (CLI_BIT(SIMULATE) | CLI_BIT(PROPOSE) | CLI_BIT(MAP) | CLI_BIT(PARETO) | CLI_BIT(STRATA) |       \
   CLI_BIT(SENSITIVITY) | CLI_BIT(RESTART) | CLI_BIT(CALIBRATE) | CLI_BIT(WHATIF))
#define CLI_ALL ((1U << CLI_VERB_COUNT) - 1)

/* Options: X(ID, letter or 0, word, argument ("" if none), verbs that take it, meaning). */
#define CLI_OPTIONS(X)                                                                             \
  X(SET, 0, "set", "POINTER=VALUE", CLI_READS_PROBLEM,                                             \
    "change one field of the problem for this run; may be repeated")                               \
  X(OUTPUT, 'o', "output", "DIR", CLI_WRITES_RUN | CLI_BIT(VALIDATE) | CLI_BIT(REPORT),            \
    "directory (default: runs/<name>-<8 digits>; validate: none), or page")                        \
  X(OVERWRITE, 0, "overwrite", "", CLI_WRITES_RUN | CLI_BIT(VALIDATE),                             \
    "replace what DIR holds of an earlier run")                                                    \
  X(REGIMEN, 0, "regimen", "FILE",                                                                 \
    CLI_BIT(SIMULATE) | CLI_BIT(SENSITIVITY) | CLI_BIT(RESTART) | CLI_BIT(WHATIF),                 \
    "regimen to simulate, .csv or .json")                                                          \
  X(BASE, 0, "base", "DIR", CLI_BIT(WHATIF), "a finished run whose regimen is changed")            \
  X(THREADS, 0, "threads", "N", CLI_ALL, "worker threads (default: one per processor)")            \
  X(SEED, 0, "seed", "N", CLI_READS_PROBLEM | CLI_BIT(VALIDATE),                                   \
    "replaces /search/seed of the problem, or the seed of its patients")                           \
  X(PATIENTS, 0, "patients", "N", CLI_BIT(VALIDATE),                                               \
    "virtual patients of every case (default: as the evidence has it)")                            \
  X(PROGRESS, 0, "progress", "bar|json|none", CLI_ALL,                                             \
    "on stderr (default: bar on a terminal, else none)")                                           \
  X(QUIET, 'q', "quiet", "", CLI_ALL, "no progress and no remarks on stderr, only errors")         \
  X(HELP, 'h', "help", "", CLI_ALL, "this text; after a verb: more about that verb")               \
  X(VERSION, 0, "version", "", CLI_ALL, "print the version")

typedef enum cli_option {
#define X(id, letter, word, argument, verbs, meaning) CLI_OPTION_##id,
  CLI_OPTIONS(X)
#undef X
      CLI_OPTION_COUNT
} cli_option;

typedef enum cli_progress {
  CLI_PROGRESS_AUTO,
  CLI_PROGRESS_BAR,
  CLI_PROGRESS_JSON,
  CLI_PROGRESS_NONE
} cli_progress;

enum { CLI_OVERRIDES_MAX = 64, CLI_FURTHER_MAX = 64 };

typedef struct cli_arguments {
  bool has_verb;
  cli_verb verb;
  const char *operand; /* NULL: none given */
  const char *further[CLI_FURTHER_MAX]; /* operands of a verb that takes several */
  size_t n_further;
  bool given[CLI_OPTION_COUNT];
  const char *overrides[CLI_OVERRIDES_MAX];
  size_t n_overrides;
  const char *output;
  const char *input_file; /* second operand; NULL: none given */
  const char *regimen;    /* of --regimen, or directory of --base; NULL: none given */
  int threads;
  int patients; /* 0: none given */
  uint64_t seed;
  cli_progress progress;
} cli_arguments;

typedef struct cli_verb_row {
  const char *word, *operand, *meaning, *lesson, *example;
} cli_verb_row;
extern const cli_verb_row cli_verbs[CLI_VERB_COUNT];

typedef struct cli_option_row {
  char letter;
  const char *word, *argument;
  unsigned verbs;
  const char *meaning;
} cli_option_row;
extern const cli_option_row cli_options[CLI_OPTION_COUNT];

/* parse.c: argv -> arguments; USAGE with a suggestion where that is possible. */
bool cli_parse(int argc, char **argv, cli_arguments *out, stepdose_error *error);

/* help.c: text for stdout; NULL: no memory; released with stepdose_text_free. */
char *cli_help(const cli_arguments *arguments);

/* terminal.c */
/* Writes to stdout; false if anything did not arrive (closed pipe, full disk). */
bool cli_print(const char *characters);
void cli_complain(const stepdose_error *error);
void cli_remark(const cli_arguments *arguments, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Fills the progress fields of settings according to the arguments. */
void cli_watch(const cli_arguments *arguments, stepdose_settings *settings);
void cli_watch_end(void);

/* verbs.c: the exit code of the program. */
int cli_run(const cli_arguments *arguments, const volatile int *stop);

#endif
