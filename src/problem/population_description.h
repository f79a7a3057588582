/* Where virtual patients come from, as typed data: independent coordinates with their laws,
 * quantities derived from them, correlations, plausible ranges, strata, weights. Sampling is the
 * business of src/population. */
#ifndef PROBLEM_POPULATION_DESCRIPTION_H
#define PROBLEM_POPULATION_DESCRIPTION_H

#include <stdbool.h>

#include "base/hash.h"
#include "model/model.h"

enum {
  POPULATION_COORDINATES_MAX = 64,
  POPULATION_DERIVED_MAX = 32,
  POPULATION_COVARIATES_MAX = POPULATION_COORDINATES_MAX + POPULATION_DERIVED_MAX,
  POPULATION_SETS_MAX = 8,
  POPULATION_FACTORS_MAX = 8,
  POPULATION_CORRELATIONS_MAX = 64,
  POPULATION_RANGES_MAX = 32,
  POPULATION_STRATA_MAX = 8,
  POPULATION_TABLE_MAX = 1024, /* rows of all empirical tables together */
  POPULATION_PATIENTS_MAX = 65536,
  POPULATION_WEIGHT_SETS_MAX = 8,
  POPULATION_CANDIDATES_MAX = 16384, /* weighted patients of a seed */
  POPULATION_NAME_SIZE = 64
};

/* Numbers of laws: X(ID, key in files, lowest, highest, meaning). */
#define POPULATION_NUMBERS(X)                                                                      \
  X(MEDIAN, "median", -1e15, 1e15, "half of the patients lie below it")                            \
  X(SD_LN, "sd_ln", 0, 10, "standard deviation of the natural logarithm; lognormal")               \
  X(SD_LN_ABOVE, "sd_ln_above", 0, 10, "the same above the median; split_lognormal")               \
  X(SD_LN_BELOW, "sd_ln_below", 0, 10, "the same below the median; split_lognormal")               \
  X(MEAN, "mean", -1e15, 1e15, "normal")                                                           \
  X(SD, "sd", 0, 1e15, "standard deviation; normal")                                               \
  X(LOW, "low", -1e15, 1e15, "smallest value of a law between bounds")                             \
  X(HIGH, "high", -1e15, 1e15, "largest value of a law between bounds, and of power")              \
  X(EXPONENT, "exponent", 1e-3, 100, "of power")                                                   \
  X(WIDTH, "width", 0, 1, "share of the logarithmic interval that triangular_log uses")            \
  X(ALPHA, "alpha", 1e-2, 1e4, "first shape of beta")                                              \
  X(BETA, "beta", 1e-2, 1e4, "second shape of beta")

typedef enum population_number {
#define X(id, key, low, high, meaning) POPULATION_##id,
  POPULATION_NUMBERS(X)
#undef X
      POPULATION_NUMBER_COUNT
} population_number;

#define POPULATION_TAKES(id) (1u << POPULATION_##id)
#define POPULATION_TAKES_BOUNDS (POPULATION_TAKES(LOW) | POPULATION_TAKES(HIGH))

/* Laws of a coordinate: X(ID, name in files, numbers it takes, only positive values, meaning). u is
 * uniform in (0, 1), z its standard normal score. */
#define POPULATION_LAWS(X)                                                                         \
  X(LOGNORMAL, "lognormal", POPULATION_TAKES(MEDIAN) | POPULATION_TAKES(SD_LN), true,              \
    "median * exp(sd_ln * z)")                                                                     \
  X(SPLIT_LOGNORMAL, "split_lognormal",                                                            \
    POPULATION_TAKES(MEDIAN) | POPULATION_TAKES(SD_LN_ABOVE) | POPULATION_TAKES(SD_LN_BELOW),      \
    true, "median * exp(s * z), s = sd_ln_above for z > 0, else sd_ln_below")                      \
  X(NORMAL, "normal", POPULATION_TAKES(MEAN) | POPULATION_TAKES(SD), false, "mean + sd * z")       \
  X(UNIFORM, "uniform", POPULATION_TAKES_BOUNDS, false, "low + (high - low) * u")                  \
  X(LOG_UNIFORM, "log_uniform", POPULATION_TAKES_BOUNDS, true, "low * (high / low)^u")             \
  X(POWER, "power", POPULATION_TAKES(HIGH) | POPULATION_TAKES(EXPONENT), true,                     \
    "high * u^exponent")                                                                           \
  X(TRIANGULAR_LOG, "triangular_log",                                                              \
    POPULATION_TAKES(MEDIAN) | POPULATION_TAKES_BOUNDS | POPULATION_TAKES(WIDTH), true,            \
    "median * (bound / median)^(width * abs(t)), t triangular on -1..1, bound = high for t > 0, "  \
    "else low")                                                                                    \
  X(BETA, "beta", POPULATION_TAKES(ALPHA) | POPULATION_TAKES(BETA) | POPULATION_TAKES_BOUNDS,      \
    false, "low + (high - low) * (beta variable with shapes alpha and beta)")                      \
  X(EMPIRICAL, "empirical", 0u, false, "one of the values of table, by weight")

typedef enum population_law {
#define X(id, name, takes, positive, meaning) POPULATION_LAW_##id,
  POPULATION_LAWS(X)
#undef X
      POPULATION_LAW_COUNT
} population_law;

/* What a law rests on: X(ID, name in files, meaning). */
#define POPULATION_BASES(X)                                                                        \
  X(PUBLISHED, "published", "values and shape as its source prints them")                          \
  X(FITTED, "fitted", "adjusted until populations of patients agree with its source")              \
  X(ASSUMED, "assumed", "nobody has measured it")

typedef enum population_basis {
#define X(id, name, meaning) POPULATION_BASIS_##id,
  POPULATION_BASES(X)
#undef X
      POPULATION_BASIS_COUNT
} population_basis;

/* Points that patients are made of: X(ID, name in files, meaning). */
#define POPULATION_SAMPLINGS(X)                                                                    \
  X(SOBOL, "sobol", "scrambled Sobol points: even, best with a power of two of patients")          \
  X(PSEUDO_RANDOM, "pseudo_random", "independent random numbers")

typedef enum population_sampling {
#define X(id, name, meaning) POPULATION_##id,
  POPULATION_SAMPLINGS(X)
#undef X
      POPULATION_SAMPLING_COUNT
} population_sampling;

/* A quantity of a patient. Its value is moved to at_least or at_most where it lies beyond. */
typedef struct population_quantity {
  char name[POPULATION_NAME_SIZE], unit[32];
  population_basis basis;
  double at_least, at_most;      /* -INFINITY, INFINITY: not given */
  int n_sets;                    /* parameters of the model that become equal to it */
  int sets[POPULATION_SETS_MAX]; /* indices into model->parameters */
} population_quantity;

typedef struct population_coordinate {
  population_law law;
  double number[POPULATION_NUMBER_COUNT]; /* those that the law takes */
  int first_row, n_rows;                  /* of an empirical law */
} population_coordinate;

typedef struct population_row {
  double value, weight;
} population_row;

/* Either a covariate of the patient or a parameter as the problem has it. */
typedef struct population_factor {
  bool is_parameter;
  int index;
  double power;
} population_factor;

typedef struct population_product {
  double factor;
  int n_factors;
  population_factor factors[POPULATION_FACTORS_MAX];
} population_product;

typedef struct population_correlation {
  int first, second; /* coordinates */
  double value;      /* of their normal scores */
} population_correlation;

/* low <= value <= high */
typedef struct population_range {
  int covariate;
  double low, high; /* -INFINITY, INFINITY: open */
} population_range;

/* Patients with low <= value < high. */
typedef struct population_stratum {
  char name[POPULATION_NAME_SIZE];
  int covariate;
  double low, high;
} population_stratum;

/* Weights of the first n_patients patients of a seed; their mean is 1. */
typedef struct population_weight_set {
  uint64_t seed;
  int n_patients;
  double *weight; /* (n_patients), >= 0; owned */
} population_weight_set;

/* Covariates are numbered: coordinates first, in the order of the file, then what is derived from
 * them. The order of the coordinates is part of the identity of a sample. */
typedef struct population_description {
  population_sampling sampling;
  int n_coordinates, n_derived, n_correlations, n_ranges, n_strata, n_rows;
  population_quantity quantity[POPULATION_COVARIATES_MAX];
  population_coordinate coordinate[POPULATION_COORDINATES_MAX];
  population_product product[POPULATION_DERIVED_MAX];
  population_correlation correlation[POPULATION_CORRELATIONS_MAX];
  population_range range[POPULATION_RANGES_MAX];
  population_stratum stratum[POPULATION_STRATA_MAX];
  population_row row[POPULATION_TABLE_MAX]; /* of all empirical tables */
  /* Without sets all patients count alike. With them there are the weighted patients of these seeds
   * and no others; or, resampled, patients who count alike and are drawn from them by weight. */
  int n_weight_sets;
  population_weight_set weight_set[POPULATION_WEIGHT_SETS_MAX];
  bool resampled;
  int only_stratum; /* number, from 1, of the stratum whose patients alone count; 0: all do */
} population_description;

typedef struct population_law_row {
  const char *name, *meaning;
  unsigned takes;
  bool positive;
} population_law_row;

extern const population_law_row population_laws[POPULATION_LAW_COUNT];
extern const char *const population_number_keys[POPULATION_NUMBER_COUNT];
extern const char *const population_sampling_names[POPULATION_SAMPLING_COUNT];

void population_description_free(population_description *d); /* with its weights; may be NULL */

int population_covariates(const population_description *d);
int population_covariate_index(const population_description *d, const char *name); /* -1: none */

/* Index of the set of weights that the patients of a seed are of: of weighted patients the one of
 * that seed, of resampled ones the sets take turns; -1: none. */
int population_set_of(const population_description *d, uint64_t seed);
/* Whether nobody can be among the patients of both seeds: the seeds differ, and so do the sets of
 * weights where there are any. */
bool population_strangers(const population_description *d, uint64_t a, uint64_t b);
/* The seed of other patients than those of `seed`: its successor; of weighted patients, who exist
 * for few seeds, the next one of theirs (the first after the last). */
#define POPULATION_SEED_MOST 9007199254740991u /* the largest whole number of a JSON file */
uint64_t population_next_seed(const population_description *d, uint64_t seed);
/* How many seeds, following each other, have only strangers: as many as there are sets of weights,
 * resampled or not; one set: none but the same people. */
uint64_t population_seeds(const population_description *d);

/* Whether no patient can belong to both strata: of one covariate, and without a common value. */
bool population_strata_apart(const population_description *d, int a, int b);

/* Cholesky factor of the correlation matrix of the normal scores (n_coordinates x n_coordinates),
 * zero above the diagonal. False: no such patients exist, the matrix is not positive definite. */
bool population_correlation_factor(const population_description *d, double *factor);

/* SHA-256 of all that decides who patient i of a seed is: the same text, the same patients, and
 * weights hold for no others. False: no memory. */
bool population_fingerprint(const population_description *d, const model *m,
                            char hash[HASH_TEXT_SIZE]);

#endif
