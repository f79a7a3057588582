/* Virtual patients: parameters of a model drawn from a description, any patient by its index alone.
 *
 *     population *people = population_open(problem->population, problem->model, seed, &error);
 *     population_draw(people, problem->parameters, 0, 256, parameters, weights, covariates,
 * &error); cohort *patients = cohort_open(problem->model, 256, parameters, &error);
 *
 * Patient i of a seed is the same whoever is drawn with him. Coordinates come from scrambled Sobol
 * points (256 patients are the first 256 of 4096; a power of two is most even) or from independent
 * random numbers. Patients outside the plausible ranges keep their place and get the weight 0: a
 * Sobol set from which points are dropped is none. */
#ifndef POPULATION_POPULATION_H
#define POPULATION_POPULATION_H

#include "model/model.h"
#include "problem/population_description.h"

/* Constant, shared by threads. */
typedef struct population population;

/* Borrows description and model. NULL with *error: too many coordinates for Sobol points,
 * correlations that nothing can have, or no memory. */
population *population_open(const population_description *d, const model *m, uint64_t seed,
                            stepdose_error *error);
void population_close(population *p);

/* Patients first .. first+count-1, below POPULATION_PATIENTS_MAX. base (n_parameters): values of
 * the problem, for all that the description leaves alone.
 * parameters (count x n_parameters): what cohort_open takes; always within what the model accepts.
 * weights (count): 1, or 0 where a covariate is implausible or the model would not accept it.
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

/* Whether a patient belongs to stratum `s` of the description. */
bool population_in_stratum(const population *p, int s, const double *covariates);

#endif
