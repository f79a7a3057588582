/* Which inputs of a problem move its outputs: sensitivity of one given regimen.
 *
 * Inputs are parameters of the model, coordinates of the population, doses of the regimen. In the
 * reference patient an input has the value that a point of the study gives it. Virtual patients
 * have values of their own: there the input's ratio to its value in the problem multiplies the
 * value of every patient, and what the population derives from it follows by its powers. The
 * patients of all points are the same ones (common random numbers). Values are kept within what the
 * model accepts. The best regimen of a point is searched for the reference patient. */
#ifndef STUDY_SENSITIVITY_STUDY_H
#define STUDY_SENSITIVITY_STUDY_H

#include "base/progress.h"
#include "optimize/global_sensitivity.h"
#include "study/endpoint_rows.h"

enum { SENSITIVITY_EFFECTS_MAX = 64, SENSITIVITY_OUTPUTS_MAX = 256 };

/* What an input does to a parameter of a patient: value * (x / reference)^power. */
typedef struct sensitivity_effect {
  int parameter;
  double power;
} sensitivity_effect;

typedef struct sensitivity_input {
  sensitivity_described described; /* with its range */
  const char *unit;
  double reference; /* value in the problem; of coordinates 1 */
  int first, last;  /* SENSITIVITY_OF_DOSES: indices into the schedule; else -1 */
  int n_own;        /* effects in the reference patient come first, */
  int n_effects;    /* those in virtual patients after them */
  sensitivity_effect effect[SENSITIVITY_EFFECTS_MAX];
  bool absolute; /* the reference is 0: parameters become equal to x */
  int group;     /* index into the study's groups */
} sensitivity_input;

/* Where the numbers of an output come from: X(ID, in words). */
#define SENSITIVITY_SOURCES(X)                                                                     \
  X(REFERENCE, "reference patient")                                                                \
  X(PATIENTS, "virtual patients")                                                                  \
  X(BEST, "best regimen, searched anew")

typedef enum sensitivity_source {
#define X(id, name) SENSITIVITY_FROM_##id,
  SENSITIVITY_SOURCES(X)
#undef X
      SENSITIVITY_SOURCE_COUNT
} sensitivity_source;

/* What is looked at: X(ID, name in files, or how it begins; source; meaning). */
#define SENSITIVITY_OUTPUTS(X)                                                                     \
  X(GOAL, "goal", REFERENCE, "the problem's goal in the reference patient")                        \
  X(LIMIT, "limit_", REFERENCE,                                                                    \
    "`limit_2`: what the second limit bounds, in the reference patient where it is worst")         \
  X(ENDPOINT, "", REFERENCE,                                                                       \
    "an endpoint of the reference patient as in endpoints.csv: `il6_peak.1` after the first "      \
    "dose, `il6_peak.course`, or `il6_peak` for all of them")                                      \
  X(PATIENTS_GOAL, "patients.goal", PATIENTS, "the problem's goal by its statistic")               \
  X(PATIENTS_RESPONSE, "patients.response", PATIENTS,                                              \
    "share of the patients whose tumour has shrunk by at least half")                              \
  X(PATIENTS_LIMIT, "patients.limit_", PATIENTS,                                                   \
    "`patients.limit_2`: share of the patients beyond the second limit in any of its windows; of " \
    "a limit on a probability of CRS its mean")                                                    \
  X(PATIENTS_ANY_LIMIT, "patients.any_limit", PATIENTS,                                            \
    "share of the patients beyond any limit that is not a probability")                            \
  X(PATIENTS_CRS, "patients.crs_probability_grade", PATIENTS,                                      \
    "`patients.crs_probability_grade2`: mean probability of CRS of that grade or higher over the " \
    "course")                                                                                      \
  X(BEST_GOAL, "best.goal", BEST, "goal of the best regimen within the limits")                    \
  X(BEST_FEASIBLE, "best.feasible", BEST, "1 where a regimen within the limits was found, else 0") \
  X(BEST_TOTAL, "best.total_mg", BEST, "its doses together")                                       \
  X(BEST_DOSE, "best.dose_", BEST, "`best.dose_1`: its first dose")

typedef enum sensitivity_output_kind {
#define X(id, name, source, meaning) SENSITIVITY_LOOK_##id,
  SENSITIVITY_OUTPUTS(X)
#undef X
      SENSITIVITY_OUTPUT_KIND_COUNT
} sensitivity_output_kind;

typedef struct sensitivity_output {
  char name[ENDPOINT_NAME_SIZE + 8];
  char unit[24]; /* "log10 pg/mL" of concentrations, which are looked at on that scale */
  sensitivity_output_kind kind;
  int index; /* limit or dose from 0, row of the endpoints, grade */
  sensitivity_source source;
  bool logarithmic;
} sensitivity_output;

/* Derivatives of an output, SENSITIVITY_LOCAL. */
typedef struct sensitivity_slope {
  double plain;  /* per unit of the input */
  double scaled; /* per decade of the input; NAN where its value is not above 0 */
  double swing;  /* linear change of the output from the low to the high end of the range */
} sensitivity_slope;

typedef struct sensitivity_study {
  const stepdose_problem *problem; /* borrowed */
  const sensitivity_settings *settings;
  stepdose_status status;
  schedule doses;
  double horizon_days; /* simulated: no longer than the outputs need */
  endpoint_request request;
  int n_inputs, n_outputs, n_groups;
  sensitivity_input *input;   /* (n_inputs) */
  sensitivity_output *output; /* (n_outputs) */
  char group[SENSITIVITY_DESCRIBED_MAX][SENSITIVITY_GROUP_SIZE];
  int n_patients;             /* plausible ones, which are simulated */
  double *reference;          /* (n_outputs): values at the problem's own inputs */
  sensitivity_outcome found;  /* SENSITIVITY_MORRIS, SENSITIVITY_SOBOL */
  sensitivity_slope *slope;   /* (n_outputs x n_inputs); SENSITIVITY_LOCAL */
  long simulations, failures; /* single ones */
  char first_failure[512];
} sensitivity_study;

typedef struct sensitivity_request {
  const stepdose_problem *problem;
  const schedule *doses; /* the regimen whose sensitivity is asked for */
  int threads;
  progress *progress; /* may be NULL */
} sensitivity_request;

/* Inputs and outputs alone, as the problem and the regimen have them; nothing is simulated but one
 * patient. NULL: *error tells which input or output makes no sense. The caller frees. */
sensitivity_study *sensitivity_study_open(const sensitivity_request *request,
                                          stepdose_error *error);
/* Runs an opened study. Stopped by the user it tells what its complete rows show, with the status
 * INTERRUPTED; LIMIT_REACHED where they show nothing yet. */
bool sensitivity_study_run(sensitivity_study *s, const sensitivity_request *request,
                           stepdose_error *error);
void sensitivity_study_free(sensitivity_study *s);

/* A factor is an input, or a group where all inputs of a group change together. */
const char *sensitivity_factor_name(const sensitivity_study *s, int factor);
int sensitivity_factors(const sensitivity_study *s);
const char *sensitivity_output_meaning(sensitivity_output_kind kind);
const char *sensitivity_source_name(sensitivity_source source);
/* Whether any output comes from there. */
bool sensitivity_looks_at(const sensitivity_study *s, sensitivity_source source);

/* What factors are ranked by: the total index, mu_star, or the swing, which has no interval. The
 * last stage has all rows; a study of derivatives has the stage 0 only. */
const char *sensitivity_importance_name(sensitivity_study_method method);
sensitivity_index sensitivity_importance(const sensitivity_study *s, int stage, int output,
                                         int factor);
/* By how much that changed at most, of all factors, from half of the rows to all; NAN: unknown. */
double sensitivity_moved(const sensitivity_study *s, int output);
/* Estimates from all rows that have this flag. */
long sensitivity_count_flag(const sensitivity_study *s, sensitivity_flag flag);

#endif
