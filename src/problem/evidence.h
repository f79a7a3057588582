/* Published observations as typed data, and their reading: what was given to whom (cases), what was
 * seen (rows), and which numbers of the model may be fitted to it (parameters). */
#ifndef PROBLEM_EVIDENCE_H
#define PROBLEM_EVIDENCE_H

#include "base/hash.h"
#include "problem/problem.h"

enum {
  EVIDENCE_CASES_MAX = 64,
  EVIDENCE_ROWS_MAX = 256,
  EVIDENCE_PARAMETERS_MAX = 64,
  EVIDENCE_TARGETS_MAX = 16,
  EVIDENCE_NAME_SIZE = 128,
  EVIDENCE_SOURCE_SIZE = 512
};

/* On which scale errors of a quantity are told and intervals are symmetric: X(ID, meaning). */
#define EVIDENCE_SCALES(X)                                                                         \
  X(LINEAR, "difference")                                                                          \
  X(LOG10, "decades")

typedef enum evidence_scale {
#define X(id, meaning) EVIDENCE_##id,
  EVIDENCE_SCALES(X)
#undef X
      EVIDENCE_SCALE_COUNT
} evidence_scale;

/* When a quantity is read: in a dose window or the course, on a day, as a mean over days. */
typedef enum evidence_time {
  EVIDENCE_IN_WINDOW,
  EVIDENCE_ON_DAY,
  EVIDENCE_OVER_DAYS
} evidence_time;

/* What can be observed: X(ID, name in files, unit, scale, time, the last output that the model must
 * give, meaning of the number of one patient). */
#define EVIDENCE_ENDPOINTS(X)                                                                      \
  X(CRS_PROBABILITY, "crs_probability", "fraction", LINEAR, IN_WINDOW, OUTPUT_CRS_DRIVE,           \
    "probability of cytokine release syndrome of grade_at_least or higher")                        \
  X(CRS_DRIVE, "crs_drive_peak", "pg/mL", LOG10, IN_WINDOW, OUTPUT_CRS_DRIVE,                      \
    "largest rise of the signal behind cytokine release syndrome")                                 \
  X(IL6_PEAK, "il6_peak", "pg/mL", LOG10, IN_WINDOW, OUTPUT_IL6, "largest IL-6")                   \
  X(IFN_PEAK, "ifn_gamma_peak", "pg/mL", LOG10, IN_WINDOW, OUTPUT_IFN, "largest interferon-gamma") \
  X(ACTIVATED_CD8, "activated_cd8_peak", "fraction", LINEAR, IN_WINDOW, OUTPUT_ACTIVATED_CD8,      \
    "largest activated share of CD8 T cells in blood")                                             \
  X(IL6_ON_DAY, "il6", "pg/mL", LOG10, ON_DAY, OUTPUT_IL6, "IL-6")                                 \
  X(IL6_MEAN, "il6_mean", "pg/mL", LOG10, OVER_DAYS, OUTPUT_IL6, "mean of IL-6 over the days")     \
  X(DRUG_ON_DAY, "drug", "ug/mL", LOG10, ON_DAY, OUTPUT_DRUG, "drug in blood")                     \
  X(TUMOR_CHANGE, "tumor_change", "fraction", LINEAR, ON_DAY, OUTPUT_TUMOR,                        \
    "change of tumour cells since day 0; a fall is negative")                                      \
  X(RESPONSE, "response_rate", "fraction", LINEAR, ON_DAY, OUTPUT_TUMOR,                           \
    "1 where the tumour has shrunk by at least half, else 0")

typedef enum evidence_endpoint {
#define X(id, name, unit, scale, time, output, meaning) EVIDENCE_##id,
  EVIDENCE_ENDPOINTS(X)
#undef X
      EVIDENCE_ENDPOINT_COUNT
} evidence_endpoint;

typedef struct evidence_endpoint_row {
  const char *name, *unit, *meaning;
  evidence_scale scale;
  evidence_time time;
  int output;
} evidence_endpoint_row;
extern const evidence_endpoint_row evidence_endpoints[EVIDENCE_ENDPOINT_COUNT];

/* How the numbers of the patients become one: X(ID, name in files, share below it (NAN: no
 * quantile), meaning). */
#define EVIDENCE_STATISTICS(X)                                                                     \
  X(REFERENCE, "reference", NAN, "of the reference patient, who has the values of the problem")    \
  X(MEAN, "mean", NAN, "mean over the virtual patients; of a probability the expected share")      \
  X(P5, "p5", 0.05, "5 % of the virtual patients lie below")                                       \
  X(P25, "p25", 0.25, "a quarter lies below")                                                      \
  X(MEDIAN, "median", 0.5, "half lie below")                                                       \
  X(P75, "p75", 0.75, "three quarters lie below")                                                  \
  X(P95, "p95", 0.95, "95 % lie below")

typedef enum evidence_statistic {
#define X(id, name, share, meaning) EVIDENCE_##id,
  EVIDENCE_STATISTICS(X)
#undef X
      EVIDENCE_STATISTIC_COUNT
} evidence_statistic;

typedef struct evidence_statistic_row {
  const char *name, *meaning;
  double share;
} evidence_statistic_row;
extern const evidence_statistic_row evidence_statistics[EVIDENCE_STATISTIC_COUNT];

/* What the number of a row says: X(ID, name in files, meaning). */
#define EVIDENCE_BOUNDS(X)                                                                         \
  X(EQUAL, "equal", "it was observed")                                                             \
  X(AT_MOST, "at_most", "what was observed lies at or below it")                                   \
  X(AT_LEAST, "at_least", "what was observed lies at or above it")

typedef enum evidence_bound {
#define X(id, name, meaning) EVIDENCE_##id,
  EVIDENCE_BOUNDS(X)
#undef X
      EVIDENCE_BOUND_COUNT
} evidence_bound;

extern const char *const evidence_bound_names[EVIDENCE_BOUND_COUNT];

/* X(ID, name in files, meaning) */
#define EVIDENCE_USES(X)                                                                           \
  X(FIT, "fit", "calibrate fits to it")                                                            \
  X(CHECK, "check", "no fit has used it: predictions are compared with it")                        \
  X(SEEN, "seen", "compared only, and no check: a fitted row rests on the same data")

typedef enum evidence_use {
#define X(id, name, meaning) EVIDENCE_##id,
  EVIDENCE_USES(X)
#undef X
      EVIDENCE_USE_COUNT
} evidence_use;
extern const char *const evidence_use_names[EVIDENCE_USE_COUNT];

/* What was given to whom: a problem with one regimen. */
typedef struct evidence_case {
  char name[EVIDENCE_NAME_SIZE];
  stepdose_problem *problem; /* owned */
  schedule doses;            /* with premedication */
} evidence_case;

/* One published number. Of a ratio ("of") predicted and observed are quotients, without unit and on
 * the scale of decades. */
typedef struct evidence_row {
  char name[EVIDENCE_NAME_SIZE];  /* each once */
  int of_case;                    /* index into cases */
  char drug[PROBLEM_NAME_SIZE];   /* for people and for leaving a drug out; default: the molecule */
  char group[EVIDENCE_NAME_SIZE]; /* rows that are judged together; default: the case */
  evidence_endpoint endpoint;
  int grade;          /* CRS_PROBABILITY */
  int window;         /* EVIDENCE_IN_WINDOW: dose number from 1, 0: the course */
  double day, to_day; /* EVIDENCE_ON_DAY, EVIDENCE_OVER_DAYS: from day to to_day */
  evidence_statistic statistic;
  /* A ratio to row `of`, or to the same quantity in case `of_other_case`, there after dose
   * `of_window` if it is not 0; both -1: no ratio. */
  int of, of_other_case, of_window;
  evidence_bound bound;
  evidence_scale scale; /* of the endpoint; of a ratio LOG10 */
  double observed;      /* in the unit of the endpoint */
  long n, count;    /* patients behind a share, and those of them with the event; n 0: not told */
  double sd;        /* of the observation, on `scale`: as given, or (1.96 of it) from factor or
                       low and high, or from n */
  double low, high; /* 95 % interval of what was observed: as given; else of n exact (Clopper
                       and Pearson); else observed -+ 1.96 sd. AT_MOST, AT_LEAST: to observed, from
                       observed */
  double asked; /* how far off on `scale` a prediction may be that is asked for; NAN: not told */
  evidence_use use;
  char source[EVIDENCE_SOURCE_SIZE];
} evidence_row;

/* Where a fitted number goes: `key` times `factor` of the cases with this molecule and indication.
 * key: a parameter as files call it, or "population.COORDINATE.NUMBER" (sd_ln, median, ...). */
typedef struct evidence_target {
  char key[PROBLEM_PARAMETER_KEY_SIZE];
  char molecule[PROBLEM_NAME_SIZE], indication[PROBLEM_NAME_SIZE]; /* names; "": any */
  double factor;
} evidence_target;

/* A number that may be fitted. Where several targets set the same number of a case, the last one
 * counts: of one parameter, and over all parameters in their order. */
typedef struct evidence_parameter {
  char name[PROBLEM_PARAMETER_KEY_SIZE]; /* each once */
  double low, high;                      /* low < high; of LOG10 positive */
  evidence_scale scale;
  bool has_prior;
  double prior_mean; /* in the unit of the parameter */
  double prior_sd;   /* on `scale`: of LOG10 in decades */
  int n_targets;
  evidence_target target[EVIDENCE_TARGETS_MAX]; /* left out in the file: the parameter `name` of
                                                   every case that has it */
  char source[EVIDENCE_SOURCE_SIZE];
} evidence_parameter;

typedef struct evidence {
  char path[PROBLEM_PATH_SIZE], title[256];
  char hash[HASH_TEXT_SIZE]; /* of the file and of the effective problem of every case */
  int n_cases, n_rows, n_parameters;
  evidence_case cases[EVIDENCE_CASES_MAX];
  evidence_row rows[EVIDENCE_ROWS_MAX];
  evidence_parameter parameters[EVIDENCE_PARAMETERS_MAX];
} evidence;

/* Reads strictly, with file, line, column and pointer of what is refused. patients: of every case
 * with virtual patients; 0: as the file has it. NULL: *error. The caller frees. */
evidence *evidence_read(const char *path, int patients, stepdose_error *error);
/* The same from text that stands for a file at `path`. */
evidence *evidence_read_text(const char *path, const char *bytes, size_t length, int patients,
                             stepdose_error *error);
void evidence_free(evidence *e);

/* What a row is divided by, as a row of its own. False: it is no ratio. */
bool evidence_divisor(const evidence *e, const evidence_row *row, evidence_row *below);

/* Where target `t` of a parameter points to in a case: an index into model->parameters, or a number
 * of a coordinate of its population. False: it does not concern the case. */
typedef struct evidence_place {
  bool in_population;
  int parameter;            /* index into model->parameters */
  int coordinate;           /* in_population: index of the coordinate, */
  population_number number; /* and which number of its law */
} evidence_place;
bool evidence_locate(const evidence_target *t, const evidence_case *c, evidence_place *place);

/* The value that a parameter has as the files have it: of the first case that its first target with
 * a place concerns, divided by the factor. NAN: it concerns none (refused by the reader). */
double evidence_shipped(const evidence *e, int parameter);

#endif
