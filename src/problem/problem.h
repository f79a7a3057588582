/* A problem as typed data, and its reading. cJSON is used in this room and in report only. */
#ifndef PROBLEM_PROBLEM_H
#define PROBLEM_PROBLEM_H

#include "base/text.h"
#include "simulate/simulate.h"

enum {
  PROBLEM_STEPS_MAX = 12,
  PROBLEM_LEVELS_MAX = 128,
  PROBLEM_CHOICES_MAX = 32,
  PROBLEM_LIMITS_MAX = 24,
  PROBLEM_COMPARATORS_MAX = 8,
  PROBLEM_MAINTENANCE_DOSES_MAX = 40,
  PROBLEM_NAME_SIZE = 128,
  PROBLEM_PATH_SIZE = 512
};

/* A quantity as the file gives it: a fixed number, a range (with an optional grid), or a list of
 * choices. */
typedef struct decision {
  bool given;
  double low, high; /* equal: fixed */
  double grid;      /* spacing of allowed values from low; 0: none */
  int n_choices;    /* > 0: exactly these, increasing */
  double choice[PROBLEM_CHOICES_MAX];
} decision;

typedef struct regimen_step {
  decision day, amount; /* days; route_unit(route) */
} regimen_step;

typedef enum dose_order { DOSE_ORDER_FREE, DOSE_ORDER_UNTIL_TARGET } dose_order;

typedef struct regimen_space {
  route route;
  double infusion_h; /* iv only */
  int n_steps;
  regimen_step step[PROBLEM_STEPS_MAX];
  decision number_of_steps; /* whole numbers; not given: all steps */
  decision gap_days;        /* between neighbouring steps, at least ENDPOINT_ONE_DOSE_DAYS; not
                               given: no more than that */
  bool has_maintenance;
  struct {
    decision first_day, every_days, amount;
    int doses;
  } maintenance;
  int n_levels; /* allowed amounts (vials); 0: any amount */
  double level[PROBLEM_LEVELS_MAX];
  dose_order order;      /* doses never fall before the first maintenance dose has been given */
  double step_ratio_max; /* largest ratio of neighbouring doses up to the first maintenance dose;
                            INFINITY: none */
} regimen_space;

/* Measures of a goal: X(ID, objective, name in files, unit, exploitable, meaning). Larger is
 * better. */
#define PROBLEM_MEASURES(X)                                                                        \
  X(TIME_AVERAGED_LOG10_KILL, "tumor_control", "time_averaged_log10_kill", "log10", false,         \
    "time average over the horizon of log10(tumour at start / tumour), tumour floored at one "     \
    "cell")                                                                                        \
  X(SMALLEST_LOG10_KILL_LAST_DAYS, "tumor_control", "smallest_log10_kill_last_days", "log10",      \
    false, "smallest log10 kill of the last `last_days` days")                                     \
  X(CHANGE_PERCENT_AT_DAY, "tumor_control", "change_percent_at_day", "%", true,                    \
    "change of tumour cells from the start at `day`, in percent (a fall counts as better)")        \
  X(RESPONSE_RATE, "tumor_control", "response_rate", "fraction", true,                             \
    "share of patients whose tumour has shrunk by at least half at `day`")                         \
  X(LOG10_KILL_AT_DAY, "tumor_control", "log10_kill_at_day", "log10", true,                        \
    "log10(tumour at start / tumour) at `day`")

typedef enum measure {
#define X(id, objective, name, unit, exploitable, meaning) MEASURE_##id,
  PROBLEM_MEASURES(X)
#undef X
      MEASURE_COUNT
} measure;

typedef struct measure_row {
  const char *objective, *name, *unit, *meaning;
  bool exploitable; /* reading one single day can be gamed by timing: warned about */
} measure_row;
extern const measure_row problem_measures[MEASURE_COUNT];

typedef struct goal {
  measure measure;
  double day;       /* of measures at a day; default: the horizon */
  double last_days; /* default 21 */
} goal;

/* Kinds of limit: X(ID, objective, key in files, unit, lowest bound, highest bound, takes a window,
 * meaning). */
#define PROBLEM_LIMIT_KINDS(X)                                                                     \
  X(IL6_PEAK, "il6_peak", "max_pg_mL", "pg/mL", 1e-6, 1e9, true, "largest IL-6 in the window")     \
  X(ACTIVATED_CD8, "immune_activation", "activated_cd8_fraction_max", "fraction", 1e-6, 1, true,   \
    "largest activated share of blood CD8 T cells in the window")                                  \
  X(TOTAL_MG, "treatment_burden", "total_mg_max", "mg", 1e-6, 1e6, false,                          \
    "sum of all doses before the horizon")                                                         \
  X(VISITS, "treatment_burden", "visits_max", "visits", 1, 1000, false,                            \
    "days with a dose before the horizon")                                                         \
  X(DOSES, "treatment_burden", "doses_max", "doses", 1, 1000, false, "doses before the horizon")

typedef enum limit_kind {
#define X(id, objective, key, unit, low, high, window, meaning) LIMIT_##id,
  PROBLEM_LIMIT_KINDS(X)
#undef X
      LIMIT_KIND_COUNT
} limit_kind;

typedef struct limit_kind_row {
  const char *objective, *key, *unit, *meaning;
  double low, high;
  bool takes_window;
} limit_kind_row;
extern const limit_kind_row problem_limit_kinds[LIMIT_KIND_COUNT];

/* Windows of a limit: X(ID, name in files, meaning). DAYS is written {"from_day": a, "to_day": b}.
 */
#define PROBLEM_WINDOWS(X)                                                                         \
  X(COURSE, "course", "the whole horizon")                                                         \
  X(FIRST_DOSE, "first_dose", "from the first dose to the second")                                 \
  X(LATER_DOSES, "later_doses", "each window from the second dose on")                             \
  X(EACH_DOSE, "each_dose", "each window from one dose to the next")                               \
  X(DAYS, "days", "a range of days")

typedef enum window_kind {
#define X(id, name, meaning) WINDOW_##id,
  PROBLEM_WINDOWS(X)
#undef X
      WINDOW_KIND_COUNT
} window_kind;
extern const char *const problem_window_names[WINDOW_KIND_COUNT];

typedef struct limit {
  limit_kind kind;
  double bound;
  window_kind window;
  double from_day, to_day; /* WINDOW_DAYS */
  int interval;            /* WINDOW_DAYS: index into endpoint_request.interval */
  char pointer[64];        /* "/limits/0" */
} limit;

/* A regimen to show beside the answer, from the molecule file (or the problem's own "comparators").
 */
typedef struct comparator {
  char name[PROBLEM_NAME_SIZE];
  char source[256];
  bool approved;
  schedule doses;
} comparator;

/* Engines of the search: X(name in files, meaning, algorithm, engine inside, takes constraints).
 * The first is the default, also called "auto". The last three say how src/optimize runs it, in the
 * names of its library; here only the names count. */
#define PROBLEM_ENGINES(X)                                                                         \
  X("cobyla", "linear models of goal and constraints from a simplex (Powell)", LN_COBYLA,          \
    NUM_ALGORITHMS, true)                                                                          \
  X("slsqp", "sequential quadratic programming on forward differences (Kraft)", LD_SLSQP,          \
    NUM_ALGORITHMS, true)                                                                          \
  X("ccsaq", "conservative convex separable models on forward differences (Svanberg)", LD_CCSAQ,   \
    NUM_ALGORITHMS, true)                                                                          \
  X("auglag-bobyqa", "augmented Lagrangian over quadratic models (Birgin, Martinez; Powell)",      \
    AUGLAG, LN_BOBYQA, true)                                                                       \
  X("sbplx-penalty", "subspace simplex on an exact penalty (Rowan)", LN_SBPLX, NUM_ALGORITHMS,     \
    false)                                                                                         \
  X("crs2-penalty", "controlled random search on an exact penalty (Kaelo, Ali)", GN_CRS2_LM,       \
    NUM_ALGORITHMS, false)                                                                         \
  X("isres", "evolution strategy with stochastic ranking (Runarsson, Yao)", GN_ISRES,              \
    NUM_ALGORITHMS, true)

typedef struct search_settings {
  uint64_t seed;
  int starts;
  long evaluations_max;
  double minutes_max;
  double near_optimal_loss; /* in the unit of the goal: regimens within it are listed beside the
                               answer */
  char engine[32];          /* name from PROBLEM_ENGINES, or "auto" */
} search_settings;

struct stepdose_problem {
  char path[PROBLEM_PATH_SIZE];
  char name[PROBLEM_NAME_SIZE]; /* file stem */
  char title[256];
  const model *model;
  char molecule_name[PROBLEM_NAME_SIZE], indication_name[PROBLEM_NAME_SIZE],
      population_name[PROBLEM_NAME_SIZE];
  bool reference_patient; /* "population": "reference" */
  int patients;           /* of a cohort */
  uint64_t population_seed;
  double horizon_days;
  double *parameters; /* (model->n_parameters): defaults, then the indication (preset,
                       * values), the molecule, the problem (presets, values) */
  regimen_space regimen;
  goal goal;
  int n_limits;
  limit limits[PROBLEM_LIMITS_MAX];
  int n_comparators;
  comparator comparators[PROBLEM_COMPARATORS_MAX];
  search_settings search;
  double tolerance;         /* relative tolerance of the integrator */
  endpoint_request request; /* what goal and limits need to be collected */
  int n_warnings;
  char warnings[8][256];
  char *effective; /* the effective problem as JSON text: reads back to the same problem without
                      other files */
  char *origins;   /* the effective problem as text for people, one line a value: pointer, value,
                      unit, origin */
  char hash[65];   /* SHA-256 of `effective` */
};

/* See stepdose_problem_read. */
stepdose_problem *problem_read(const char *path, const char *const *overrides, size_t n_overrides,
                               stepdose_error *error);
/* The same from text that stands for a file at `path` (tests, fuzzing, embedded cases). */
stepdose_problem *problem_read_text(const char *path, const char *text, size_t length,
                                    const char *const *overrides, size_t n_overrides,
                                    stepdose_error *error);
void problem_free(stepdose_problem *problem);

/* Without a tumour regimens can be simulated, but every goal is without meaning. */
bool problem_has_tumor(const stepdose_problem *problem);

/* A JSON `regimen` object with fixed numbers (file or text) as a schedule for this problem. */
bool problem_read_regimen(const stepdose_problem *problem, const char *path, schedule *doses,
                          stepdose_error *error);

#endif
