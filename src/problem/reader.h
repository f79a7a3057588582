/* One reading of a problem: the tree of the file with everything it refers to hung in, and the
 * problem that is filled from it. Functions return false with reader->error filled. */
#ifndef PROBLEM_READER_H
#define PROBLEM_READER_H

#include "problem/fields.h"
#include "problem/json.h"

/* Where the value of a parameter comes from. Those of molecule and indication stand in their own
 * objects; the effective problem adds all others to its "parameters". */
typedef enum origin_kind {
  ORIGIN_DEFAULT,
  ORIGIN_PRESET,
  ORIGIN_INDICATION,
  ORIGIN_MOLECULE,
  ORIGIN_CALIBRATION,
  ORIGIN_PROBLEM,
  ORIGIN_DESIGN,   /* fixed there */
  ORIGIN_NO_TARGET /* a tissue whose density nobody gives: 0 */
} origin_kind;

typedef struct parameter_origin {
  origin_kind kind;
  const model_preset *preset;
  bool assumed; /* as its file says */
} parameter_origin;

typedef struct reader {
  json_reader json;
  const char *path;          /* of the problem file */
  cJSON *root;               /* the problem; references are replaced by what they refer to */
  stepdose_problem *problem; /* being filled */
  parameter_origin *origins; /* (model->n_parameters) */
  stepdose_error *error;
} reader;

/* read_document.c: checks a tree against the table of fields, opens references, adds defaults. */
bool reader_check(reader *r, cJSON *item, field_object object);

/* reader.c */
/* Replaces the path `item` in `parent` by the file's content; *opened is the new item. */
bool reader_open_reference(reader *r, cJSON *parent, cJSON *item, cJSON **opened);
/* Adds a value that the file leaves out, from JSON text; `name` is its origin ("default"). */
bool reader_add(reader *r, cJSON *object, const char *key, const char *json, const char *name);

/* override.c: applies one "POINTER=VALUE". */
bool reader_override(reader *r, const char *text);

/* Values of a checked object; the key must exist in number and string, may be missing in the
 * others. */
double reader_number(const cJSON *object, const char *key);
const char *reader_string(const cJSON *object, const char *key);
double reader_number_or(const cJSON *object, const char *key, double missing);
bool reader_flag(const cJSON *object, const char *key);

/* The unknown name `item`, with what exists and the nearest of it. Returns false. */
bool reader_unknown(reader *r, const cJSON *item, const char *what, const char *const *names,
                    size_t n);
/* The index of the text `item` among names (n); -1 with the error filled. */
int reader_choose(reader *r, const cJSON *item, const char *what, const char *const *names, int n);
/* An error at a value of the problem. */
#define reader_fail(r, item, code, remedy, ...)                                                    \
  json_fail(&(r)->json, item, (r)->error, STEPDOSE_##code, remedy, __VA_ARGS__)
#define reader_fail_key(r, item, code, remedy, ...)                                                \
  json_fail_key(&(r)->json, item, (r)->error, STEPDOSE_##code, remedy, __VA_ARGS__)

bool reader_warn(reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends a name to a list for such a warning, whole; "..." stands for those that find no room. */
enum { READER_LIST_SIZE = 192 };
void reader_list(char list[READER_LIST_SIZE], const char *name);

/* The parts of a problem, each from its checked object. */
bool read_parameters(reader *r); /* model, names, parameters */
bool read_tissues(reader *r);    /* of the indication */
bool read_calibration(reader *r); /* after molecule and presets */
bool read_design(reader *r);     /* after all other parameters */
bool read_population(reader *r); /* after parameters and design */
bool check_crs_grades(reader *r); /* check_grades.c, when all parameters are there */
bool calibrate_population(reader *r); /* read_calibration.c, after the population */
bool read_regimen(reader *r, const cJSON *object, regimen_space *space);
bool read_goal(reader *r);
bool read_limits(reader *r);
bool read_pareto(reader *r); /* after limits: goals of a front */
bool read_verification(reader *r); /* after the population */
bool read_sensitivity(reader *r);  /* after parameters, population and search */
bool read_restart(reader *r);
bool read_sensitivity_inputs(reader *r, const cJSON *list); /* NULL: the default ones */
bool read_comparators(reader *r);
bool check_regimen(reader *r, const cJSON *object,
                   const regimen_space *space);                  /* days, gaps, grids */
bool check_burden(reader *r, const cJSON *item, const limit *l); /* can any regimen meet it? */
bool write_effective(reader *r);                                 /* effective, origins, hash */

/* read_population.c: raises what patients may set to the most that the model accepts. */
void population_raise(const stepdose_problem *p, double *parameters);

/* read_laws.c: the coordinates of a population. */
bool read_quantity(reader *r, const cJSON *object, int covariate); /* name, unit, bounds, sets */
bool read_coordinate(reader *r, const cJSON *object, int i);

/* read_strata.c: a stratum by its name; the one that a request restricts the patients to; whether
 * such patients can be in the stratum that a limit counts; "strata_compared". */
bool read_stratum_name(reader *r, const cJSON *item, int *stratum);
bool read_only_stratum(reader *r, const cJSON *request);
bool check_counts_anybody(reader *r, const cJSON *item, int stratum);
bool read_strata_compared(reader *r);

/* read_weights.c: the weights of a population, and whether a request (NULL: none) agrees with them.
 */
bool read_weights(reader *r, const cJSON *list);
bool check_request(reader *r, const cJSON *request);
/* How many patients a verification can have at most. */
int fresh_patients_most(const population_description *d);

/* read_route.c: a route that model and molecule offer; what belongs to it. */
bool read_route(reader *r, const cJSON *item, route *found);
bool route_unit_mismatch(reader *r, const cJSON *item, route used); /* fails at the key of item */
bool check_dose_key(reader *r, const cJSON *object,
                    route used); /* has the dose, in its unit only */
bool read_infusion(reader *r, const cJSON *object, route used,
                   double *hours); /* 0 where there is none */

/* parameter_key.c: index of the parameter that files call `key`, or -1. */
int parameter_find(const stepdose_problem *problem, const char *key);
int parameter_of_tissue(const model *m, int tissue, const char *suffix); /* tissue from 0; -1 */
/* Whether `key` would be a parameter if the indication named its tissue; *example: the same of
 * another tissue. */
bool parameter_of_unnamed_tissue(const stepdose_problem *problem, const char *key, int *example);
bool parameter_unknown(reader *r, const cJSON *item); /* fails at the key of item */

/* read_tissues.c */
bool health_grades_assumed(const stepdose_problem *p); /* nobody has declared them */
void check_tissues(reader *r); /* after all parameters: without target, without T cells */

/* read_premedication.c: `item` is an object or a list. */
bool read_premedication(reader *r, cJSON *item, premedication *list, int *n);
bool check_premedication_room(reader *r, const cJSON *item, const regimen_space *space);

/* read_hospital.c: the rule for days in hospital, after the goal; the default one where they are
 * asked for and none is given; the fewest days that any regimen has. */
bool read_hospital(reader *r);
bool need_hospital(reader *r);
double least_hospital_days(const hospital_rule *rule);

/* read_goal.c: one goal from its checked object. */
bool read_one_goal(reader *r, cJSON *object, goal *g);

/* read_limits.c: parts of a limit that the goals of a front have too. read_limit_window: by the
 * kind of *l. */
bool read_limit_objective(reader *r, const cJSON *item);
bool check_limit_offered(reader *r, const cJSON *item, limit_kind kind); /* by the model */
bool read_limit_window(reader *r, cJSON *object, limit *l);

/* read_limit_parts.c: what a limit needs besides bound and window. Fills limits[] and *n: a limit
 * on any tissue is one on each. */
bool read_limit_parts(reader *r, cJSON *object, const limit *base, limit limits[MODEL_TISSUES_MAX],
                      int *n);
/* Refuses keys that none of the bounds read (a bit for each limit_kind) uses. */
bool check_limit_keys(reader *r, const cJSON *object, unsigned kinds);
bool limit_takes_keys(const cJSON *object, limit_kind kind); /* all that the limit has */

/* read_risks.c: what of the virtual patients a limit bounds, and which of them it counts. Keys of
 * risks beside burdens are refused by check_limit_keys. */
bool read_risk(reader *r, const cJSON *object, limit *l);
bool read_stratum_of_limit(reader *r, const cJSON *object, limit *l);
/* Whether two limits on the same values say different things: of other patients, or a wider bound
 * for a larger share of them. */
bool limits_bound_apart(const limit *a, const limit *b);
bool warn_of_one_patient(reader *r); /* after goal and limits: what the problem says in vain */

/* doses.c: the doses of a space without freedom, with premedication; false: too many. */
bool space_schedule(const regimen_space *space, double horizon_days, schedule *doses);

/* decision.c: quantities that are fixed, a range, or a list. */
bool decision_read(reader *r, const cJSON *item, decision *d); /* item may be NULL: not given */
bool decision_fixed(const decision *d);
/* Smallest allowed value >= bound, largest <= bound; levels (n_levels, may be 0) restrict amounts
 * further. NAN if there is none. */
double decision_above(const decision *d, double bound, const double *level, int n_levels);
double decision_below(const decision *d, double bound, const double *level, int n_levels);

#endif
