/* A problem as typed data, and its reading. cJSON is used in this room and in report only. */
#ifndef PROBLEM_PROBLEM_H
#define PROBLEM_PROBLEM_H

#include "base/text.h"
#include "problem/population_description.h"
#include "problem/restart_description.h"
#include "problem/sensitivity_description.h"
#include "simulate/simulate.h"

enum {
  PROBLEM_STEPS_MAX = 12,
  PROBLEM_LEVELS_MAX = 128,
  PROBLEM_CHOICES_MAX = 32,
  PROBLEM_LIMITS_MAX = 24,
  PROBLEM_COMPARATORS_MAX = 8,
  PROBLEM_PREMEDICATION_MAX = 8,
  PROBLEM_DESIGN_MAX = 8,
  PROBLEM_GRADES = 4,
  PROBLEM_MAINTENANCE_DOSES_MAX = 40,
  PROBLEM_NAME_SIZE = 128,
  PROBLEM_TISSUE_SIZE = 32,
  PROBLEM_PARAMETER_KEY_SIZE = 96,
  PROBLEM_PATH_SIZE = 512,
#define X(name, word, unit, key, engager, meaning) +(engager)
  PROBLEM_ENGAGER_ROUTES = 0 MODEL_ROUTES(X)
#undef X
};

#define PROBLEM_EARLIEST_DAY (-30) /* of premedication */
#define PROBLEM_CYCLE_DAYS 21

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

/* Premedication: which doses of engager a dose of another drug goes with. */
#define PROBLEM_WITH_DOSES(X)                                                                      \
  X(STEPS, "steps", "each dose before maintenance")                                                \
  X(FIRST, "first", "the first dose alone")                                                        \
  X(ALL, "all", "every dose")                                                                      \
  X(ALL_IN_CYCLE_1, "all_in_cycle_1", "every dose of the first 21 days")                           \
  X(ALL_IN_CYCLES_1_AND_2, "all_in_cycles_1_and_2", "every dose of the first 42 days")

typedef enum with_doses {
#define X(id, name, meaning) WITH_DOSES_##id,
  PROBLEM_WITH_DOSES(X)
#undef X
      WITH_DOSES_COUNT
} with_doses;

/* Either with doses of engager, hours_before each (negative: after), or on one fixed day. */
typedef struct premedication {
  route drug; /* one that is no engager */
  double dose_mg;
  bool on_day; /* else with doses */
  double day;  /* may be negative: before the first dose of engager on day 0 */
  with_doses with;
  double hours_before;
} premedication;

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
  int n_premedication;   /* given with every regimen of the space */
  premedication premedication[PROBLEM_PREMEDICATION_MAX];
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

/* How the goals of virtual patients become one: X(ID, name in files, meaning). */
#define PROBLEM_STATISTICS(X)                                                                      \
  X(MEAN, "mean", "mean over the patients")                                                        \
  X(MEDIAN, "median", "half of the patients do better")                                            \
  X(QUANTILE, "quantile", "the share `share` of the patients does worse")                          \
  X(WORST_STRATUM, "worst_stratum", "mean over the patients of the stratum where it is smallest")

typedef enum goal_statistic {
#define X(id, name, meaning) STATISTIC_##id,
  PROBLEM_STATISTICS(X)
#undef X
      STATISTIC_COUNT
} goal_statistic;
extern const char *const problem_statistic_names[STATISTIC_COUNT];

typedef struct goal {
  measure measure;
  double day;               /* of measures at a day; default: the horizon */
  double last_days;         /* default 21 */
  goal_statistic statistic; /* default mean; of one patient they are all the same */
  double share;             /* STATISTIC_QUANTILE, in (0, 1) */
} goal;

/* Kinds of limit: X(ID, objective, key in files, unit, lowest bound, highest bound, takes a window,
 * the last output of the model that it needs, meaning). */
#define PROBLEM_LIMIT_KINDS(X)                                                                     \
  X(IL6_PEAK, "il6_peak", "max_pg_mL", "pg/mL", 1e-6, 1e9, true, OUTPUT_IL6,                       \
    "largest IL-6 in the window")                                                                  \
  X(CRS_DRIVE, "crs", "max_drive_pg_mL", "pg/mL", 1e-6, 1e9, true, OUTPUT_CRS_DRIVE,               \
    "largest rise, above its value at the dose, of the signal behind cytokine release syndrome")   \
  X(CRS_PROBABILITY, "crs", "probability_max", "fraction", 1e-6, 0.999999, true, OUTPUT_CRS_DRIVE, \
    "with `grade_at_least`: probability of cytokine release syndrome of that grade or higher")     \
  X(DAMAGE, "off_tumor", "health_min", "fraction", 0, 0.999, false, OUTPUT_HEALTH_TISSUE1,         \
    "smallest healthy share that `tissue` may fall to; compared as damage, 1 - health")            \
  X(ACTIVATED_CD8, "immune_activation", "activated_cd8_fraction_max", "fraction", 1e-6, 1, true,   \
    OUTPUT_ACTIVATED_CD8, "largest activated share of blood CD8 T cells in the window")            \
  X(ACTIVATED_SITE, "immune_activation", "activated_fraction_max", "fraction", 1e-6, 1, false,     \
    OUTPUT_ACTIVATED_LYMPHOID, "largest activated share of the T cells at `site`")                 \
  X(DAYS_ABOVE, "immune_activation", "days_above_max", "days", 0.01, 1000, false,                  \
    OUTPUT_ACTIVATED_LYMPHOID, "days with an activated share at `site` larger than `above`")       \
  X(TOTAL_MG, "treatment_burden", "total_mg_max", "mg", 1e-6, 1e6, false, OUTPUT_DRUG,             \
    "sum of all doses before the horizon")                                                         \
  X(VISITS, "treatment_burden", "visits_max", "visits", 1, 1000, false, OUTPUT_DRUG,               \
    "days with a dose before the horizon")                                                         \
  X(DOSES, "treatment_burden", "doses_max", "doses", 1, 1000, false, OUTPUT_DRUG,                  \
    "doses before the horizon")                                                                    \
  X(HOSPITAL_DAYS, "treatment_burden", "hospital_days_max", "days", 0.01, 1000, false,             \
    OUTPUT_DRUG, "days in hospital after doses before the horizon, as `hospital` says")

typedef enum limit_kind {
#define X(id, objective, key, unit, low, high, window, output, meaning) LIMIT_##id,
  PROBLEM_LIMIT_KINDS(X)
#undef X
      LIMIT_KIND_COUNT
} limit_kind;

typedef struct limit_kind_row {
  const char *objective, *key, *unit, *meaning;
  double low, high;
  bool takes_window;
  int output; /* the last output that the model must give */
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

/* Risks with a key of their own, and all: see below. */
#define PROBLEM_RISK_KEYS(X)                                                                       \
  X(QUANTILE, "quantile", 1e-6, 0.999999, "share of patients whose quantile is bounded")           \
  X(TAIL_MEAN, "cvar", 0, 0.999999, "the mean over all patients beyond this quantile is bounded")

/* What of the virtual patients a limit bounds: X(ID, key in files, lowest, highest, meaning of its
 * number). A risk of one window counts each patient once. The reference patient alone has no
 * distribution: then the bound is his own, whatever the risk says. "probability_max" is the bound
 * of CRS_PROBABILITY, and the risk of all others. */
#define PROBLEM_RISKS(X)                                                                           \
  X(NONE, "", 0, 0, "not told: enough for `simulate`, refused by searches over virtual patients")  \
  X(PROBABILITY, "probability_max", 1e-6, 0.999999, "largest share of patients beyond the bound")  \
  PROBLEM_RISK_KEYS(X)                                                                             \
  X(MEAN, "", 0, 0, "mean over the patients: of CRS_PROBABILITY, and what all patients share")

typedef enum limit_risk {
#define X(id, key, low, high, meaning) RISK_##id,
  PROBLEM_RISKS(X)
#undef X
      RISK_COUNT
} limit_risk;
extern const char *const problem_risk_keys[RISK_COUNT];

/* From the rise of the drive to the odds of cytokine release syndrome: see objectives/crs.h. */
typedef struct crs_coefficients {
  double intercept[PROBLEM_GRADES]; /* log odds of grade 1, 2, ... or higher at 1 pg/mL */
  double slope;                     /* of the log odds, per decade of the drive */
  double patient_sd;                /* spread of the drive's effect between patients, decades */
} crs_coefficients;

/* Sites of T cells that every model with sites has; normal tissues follow, by their own names. */
#define PROBLEM_SITES(X)                                                                           \
  X(BLOOD, "blood")                                                                                \
  X(LYMPHOID, "lymphoid")                                                                          \
  X(TUMOR, "tumor")

typedef enum problem_site {
#define X(id, name) PROBLEM_SITE_##id,
  PROBLEM_SITES(X)
#undef X
      PROBLEM_SITE_TISSUE
} problem_site;

/* Patients whom a limit counts, where it names no stratum of theirs. */
enum limit_patients {
  LIMIT_ALL_PATIENTS = -1,
  LIMIT_STRATUM_IGNORED = -2 /* the reference patient belongs to none */
};

typedef struct limit {
  limit_kind kind;
  double bound; /* what the value must not exceed; of DAMAGE: damage, which is 1 - health_min */
  window_kind window;
  double from_day, to_day; /* WINDOW_DAYS */
  int interval;            /* WINDOW_DAYS: index into endpoint_request.interval */
  int place;               /* DAMAGE: tissue; ACTIVATED_SITE, DAYS_ABOVE: site (problem_site) */
  char place_name[PROBLEM_TISSUE_SIZE]; /* of that tissue or site, else "" */
  int grade;    /* CRS_PROBABILITY; DAMAGE: the grade that the bound stands for, 0 for none */
  double above; /* DAYS_ABOVE: the same as endpoint_request.activated_above */
  crs_coefficients crs; /* CRS_PROBABILITY */
  limit_risk risk;      /* over virtual patients */
  double share;         /* the number of the risk; of RISK_NONE, RISK_MEAN: 0 */
  int stratum;          /* of the population, whose patients alone count; or a limit_patients */
  char pointer[64];     /* "/limits/0" */
} limit;

/* What a front can make small: X(limit kind that measures it, name in files, the bound of such a
 * limit: it gives its margins a scale on which an absent window is next to nothing and a failed
 * simulation worse than all others). Of several of one objective the first is the default. */
#define PROBLEM_COSTS(X)                                                                           \
  X(IL6_PEAK, "peak_pg_mL", 1)                                                                     \
  X(CRS_PROBABILITY, "probability", 1e-6)                                                          \
  X(CRS_DRIVE, "drive_pg_mL", 0.01)                                                                \
  X(DAMAGE, "damage", 1)                                                                           \
  X(ACTIVATED_CD8, "activated_cd8_fraction", 1e-3)                                                 \
  X(ACTIVATED_SITE, "activated_fraction", 1)                                                       \
  X(DAYS_ABOVE, "days_above", 1)                                                                   \
  X(TOTAL_MG, "total_mg", 1)                                                                       \
  X(VISITS, "visits", 1)                                                                           \
  X(DOSES, "doses", 1)                                                                             \
  X(HOSPITAL_DAYS, "hospital_days", 1)

enum { PROBLEM_COSTS_MAX = 3 };
#define PROBLEM_PARETO_POPULATION 100
#define PROBLEM_PARETO_EVALUATIONS 6000

/* Goals of a front, and how it is searched. */
typedef struct pareto_settings {
  int n_costs; /* 0: no goals are given */
  goal benefit;
  limit cost[PROBLEM_COSTS_MAX]; /* as limits that nothing exceeds: `bound` only gives the scale of
                                    their margins */
  int population_size;           /* even */
  long evaluations_max;
  uint64_t seed;
} pareto_settings;

/* How the answer of a search over virtual patients is verified: with patients that the search has
 * not seen. All 0 for the reference patient, and where the population has one set of weights: then
 * there is nobody else. */
typedef struct verification_settings {
  int patients;  /* default: four times those of the search, at least 1024 */
  uint64_t seed; /* of those patients; never the search's own. Default: its successor */
  int rounds;    /* times that limits which fail are tightened and searched again; default 3 */
} verification_settings;

/* A regimen to show beside the answer, from the molecule file (or the problem's own "comparators").
 */
typedef struct comparator {
  char name[PROBLEM_NAME_SIZE];
  char source[256];
  bool approved;
  schedule doses;
} comparator;

/* A parameter of the model that is searched together with the regimen. */
typedef struct design_variable {
  char name[PROBLEM_PARAMETER_KEY_SIZE]; /* as in files: "kd_cd3_nM", "gut.receptors_per_cell" */
  int parameter;                         /* index into model->parameters */
  decision values;                       /* a range, or choices */
  bool logarithmic; /* searched and drawn on a logarithmic scale: ranges over more than a decade */
} design_variable;

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
  int map_points;           /* values of a range on the map of the design */
  int map_samples;          /* molecules of a Latin hypercube in the place of a grid; 0: a grid */
  char engine[32];          /* name from PROBLEM_ENGINES, or "auto" */
} search_settings;

typedef struct problem_calibration problem_calibration; /* problem/calibration.h */

struct stepdose_problem {
  char path[PROBLEM_PATH_SIZE];
  char name[PROBLEM_NAME_SIZE]; /* file stem */
  char title[256];
  const model *model;
  char molecule_name[PROBLEM_NAME_SIZE], indication_name[PROBLEM_NAME_SIZE],
      population_name[PROBLEM_NAME_SIZE];
  /* As the problem names these files, relative to its own; "": they are in its own text. */
  char molecule_file[PROBLEM_PATH_SIZE], indication_file[PROBLEM_PATH_SIZE];
  bool reference_patient; /* "population": "reference" */
  int patients;           /* of a cohort */
  uint64_t population_seed;
  population_description *population; /* NULL: none is described; owned */
  problem_calibration *calibration;   /* its values are in parameters and population; NULL: none;
                                         owned */
  verification_settings verification;
  int n_compared; /* strata with regimens of their own, see strata_compared; 0: there are none */
  int compared[POPULATION_STRATA_MAX];
  sensitivity_settings sensitivity;
  restart_settings restart;
  pareto_settings pareto;
  double horizon_days;
  double *parameters; /* (model->n_parameters): defaults, then the indication (preset,
                       * values), the molecule, the problem (presets, values, fixed numbers of the
                       * design) */
  int n_tissues;      /* named by the indication; at most model->n_tissues */
  char tissue[MODEL_TISSUES_MAX][PROBLEM_TISSUE_SIZE];
  double
      health_grades[PROBLEM_GRADES]; /* health below which damage of grade 1, 2, ... is reached */
  regimen_space regimen;
  int n_design;
  design_variable design[PROBLEM_DESIGN_MAX];
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

/* Index of the intercept of grade 1 .. PROBLEM_GRADES or higher; -1: the model has none. */
int problem_crs_intercept(const model *m, int grade);
/* Copied from the parameters of a patient, so that objectives need no model; 0 where the model has
 * none. A grade includes the higher ones: an intercept above that of the grade below counts as the
 * same. */
void problem_crs_coefficients(const model *m, const double *parameters, crs_coefficients *c);

bool limit_is_burden(limit_kind kind); /* follows from the doses alone, the same for all patients */
/* Whether two limits compare the same values, by whatever bounds and patients. */
bool limit_same_quantity(const limit *a, const limit *b);
double problem_cost_scale(limit_kind kind); /* see PROBLEM_COSTS; NAN: it cannot be minimized */
const char *problem_cost_measure(limit_kind kind); /* its name in files, "" if there is none */
/* Sets what a goal needs to be collected, in the place of what another goal needs. */
void problem_request_goal(const goal *g, endpoint_request *request);

/* Without a tumour regimens can be simulated, but every goal is without meaning. */
bool problem_has_tumor(const stepdose_problem *problem);

/* Adds premedication, sorted in by day, to a sorted schedule of engager doses. Doses of engager
 * before day `steps_end` count as steps; what falls on or after the horizon is not given. False:
 * the schedule has no room, and some doses are missing. */
bool problem_premedicate(const premedication *list, int n, double steps_end, double horizon_days,
                         schedule *doses);

/* The day from which on doses of a list that does not tell its steps from its maintenance count as
 * maintenance: its steps are the doses up to the first of the largest amount. INFINITY: none. */
double problem_steps_end(const schedule *engager);

/* How files call a parameter: normal tissues by the names that the indication gives them. False: it
 * belongs to a tissue that is not named, and files cannot give it. */
bool problem_parameter_key(const stepdose_problem *problem, int parameter,
                           char key[PROBLEM_PARAMETER_KEY_SIZE]);

/* A JSON `regimen` object with fixed numbers (file or text) as a schedule for this problem, with
 * the problem's premedication. */
bool problem_read_regimen(const stepdose_problem *problem, const char *path, schedule *doses,
                          stepdose_error *error);

#endif
