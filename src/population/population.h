/* Virtual patients: parameters of a model drawn from a description, any patient by its index alone.
 *
 *     population *people = population_open(problem->population, problem->model, seed, &error);
 *     population_draw(people, problem->parameters, 0, 256, parameters, weights, covariates,
 * &error); cohort *patients = cohort_open(problem->model, 256, parameters, &error);
 *
 * Patient i of a seed is the same whoever is drawn with him. Coordinates come from scrambled Sobol
 * points (256 patients are the first 256 of 4096; a power of two is most even) or from independent
 * random numbers. Patients outside the plausible ranges keep their place and get the weight 0: a
 * Sobol set from which points are dropped is none.
 *
 * Weights of the description make patients count differently: either its weighted patients
 * themselves, who exist for its own seeds only and agree with anything only all together; or,
 * resampled, patients who count alike, each one of the weighted ones and some of them several
 * times.
 */
#ifndef POPULATION_POPULATION_H
#define POPULATION_POPULATION_H

#include "model/model.h"
#include "problem/population_description.h"

/* Constant, shared by threads. */
typedef struct population population;

/* Borrows description and model. NULL with *error: a seed without weights where there are weights
 * for others, correlations that nothing can have, or no memory. */
population *population_open(const population_description *d, const model *m, uint64_t seed,
                            stepdose_error *error);
void population_close(population *p);

/* Patients first .. first+count-1, below POPULATION_PATIENTS_MAX (weighted ones: below their
 * number). base (n_parameters): values of the problem, for all that the description leaves alone.
 * parameters (count x n_parameters): what cohort_open takes; always within what the model accepts.
 * weights (count): 1, of weighted patients what the description says (all of a seed: mean 1); 0
 * where a covariate is implausible or the model would not accept it, and for whoever is not in the
 * only stratum that the description asks for.
 * covariates (count x population_covariates): as the description names them.
 * Each of the three may be NULL. */
bool population_draw(const population *p, const double *base, long first, int count,
                     double *parameters, double *weights, double *covariates,
                     stepdose_error *error);

/* How many patients are plausible, and which range refuses how many. */
typedef struct population_acceptance {
  long drawn, accepted;
  long outside[POPULATION_RANGES_MAX]; /* by range of the description */
  long outside_model;                  /* a parameter beyond what the model accepts */
} population_acceptance;

/* Adds `count` patients by their covariates; zero-initialise *a before the first. */
void population_count_accepted(const population *p, int count, const double *covariates,
                               population_acceptance *a);

/* What the first `count` patients are worth who have these weights. */
typedef struct population_worth {
  int different;     /* people with a weight: fewer than patients where some are there twice */
  double effective;  /* patients of equal weight that they are worth: (sum w)^2 / sum w^2 of them */
  double acceptance; /* share of the weighted that rejection sampling would keep; 1: no weights */
} population_worth;

bool population_worth_of(const population *p, int count, const double *weights,
                         population_worth *out, stepdose_error *error);

/* Whether a patient belongs to stratum `s` of the description. */
bool population_in_stratum(const population *p, int s, const double *covariates);

#endif
