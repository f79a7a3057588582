/* Random patients for tests of synapse, with every mechanism of the model at work in many of them.
 */
#ifndef TESTS_MODEL_SYNAPSE_PATIENTS_H
#define TESTS_MODEL_SYNAPSE_PATIENTS_H

#include "base/random.h"
#include "model/model.h"

#include <math.h>
#include <string.h>

enum { SYNAPSE_PARAMETERS_MAX = 512 };

/* How a parameter is drawn; its name ends with `ending`. The first row that fits is taken; others
 * are lognormal around the default with a CV of about 30 %. */
typedef struct synapse_draw {
  const char *ending;
  enum { UNIFORM, EITHER, WHOLE, LOGNORMAL } kind;
  double low, high; /* LOGNORMAL: median, standard deviation of the logarithm */
  double share;     /* of the patients that have it at all; the others keep the default */
} synapse_draw;

static const synapse_draw synapse_draws[] = {
    {"target_valency", EITHER, 1, 2, 1},
    {"cd3_valency", EITHER, 1, 2, 1},
    {"fc_recycling", UNIFORM, 0.3, 1, 0.5},
    {"masked_fraction", UNIFORM, 0, 1, 0.5},
    {"mask_factor", UNIFORM, 1, 100, 1},
    {"mask_cleavage_blood_per_day", UNIFORM, 0, 1, 1},
    {"mask_cleavage_per_day", UNIFORM, 0, 3, 1},
    {"fc_gamma_binding", UNIFORM, 0, 0.3, 0.5},
    {"second_antigen_gain", UNIFORM, 0, 20, 0.5},
    {"second_antigen_per_cell", LOGNORMAL, 1e4, 1, 1},
    {"clearance_extra_L_per_day", UNIFORM, 0, 1, 0.5},
    {"saturable_clearance_nM_per_day", UNIFORM, 0, 1, 0.5},
    {"soluble_target_nM", UNIFORM, 0, 5, 0.5},
    {"soluble_complex_clearance_per_day", UNIFORM, 0, 1, 1},
    {"exhaustion_per_day", UNIFORM, 0, 0.3, 0.5},
    {"exhausted_share", UNIFORM, 0, 1, 0.5},
    {"hosseini_source", UNIFORM, 0, 1, 0.5},
    {"tumor_seeding_per_day", UNIFORM, 0, 0.3, 0.5},
    {"tumor_growth_law", WHOLE, 0, 2, 1},
    {"tumor_capacity_cells", LOGNORMAL, 1e12, 0.5, 1},
    {"antigen_low_fraction", UNIFORM, 0, 0.5, 0.5},
    {"antigen_low_factor", UNIFORM, 0, 0.3, 1},
    {"depleter_kill_tumor_per_day", UNIFORM, 0, 0.3, 0.5},
    {"target_cells_per_mL", LOGNORMAL, 1e6, 1, 1}, /* of normal tissues, and blood_ */
    {"source_exponent", UNIFORM, 0.3, 1, 1},
};

static const char *const synapse_tissues[] = {"tissue1", "tissue2", "tissue3", "tissue4"};

static inline bool synapse_ends_with(const char *name, const char *ending)
{
  const size_t n = strlen(name), k = strlen(ending);
  return n >= k && strcmp(name + n - k, ending) == 0;
}

static inline double synapse_drawn(const synapse_draw *d, double usual, random_stream *s)
{
  const double x = random_uniform(s), z = random_normal(s);
  if (random_uniform(s) >= d->share) {
    return usual;
  }
  switch (d->kind) {
  case EITHER:
    return x < 0.5 ? d->low : d->high;
  case WHOLE:
    return floor(d->low + x * (d->high - d->low + 1));
  case LOGNORMAL:
    return d->low * exp(d->high * z);
  default:
    return d->low + x * (d->high - d->low);
  }
}

/* Index of a state by name, -1 if this variant has none. */
static inline int synapse_state(const model *m, const char *name)
{
  for (int i = 0; i < m->n_states; i++) {
    if (strcmp(m->states[i].name, name) == 0) {
      return i;
    }
  }
  return -1;
}

/* parameters (n_parameters); tissues: how many normal tissues have T cells. */
static inline void synapse_random_parameters(const model *m, random_stream *s, int tissues,
                                             double *parameters)
{
  for (int i = 0; i < m->n_parameters; i++) {
    const model_parameter *row = &m->parameters[i];
    double x = row->value * exp(0.3 * random_normal(s));
    for (size_t k = 0; k < sizeof synapse_draws / sizeof synapse_draws[0]; k++) {
      if (synapse_ends_with(row->name, synapse_draws[k].ending)) {
        x = synapse_drawn(&synapse_draws[k], row->value, s);
        break;
      }
    }
    for (int n = 0; n < 4; n++) {
      if (strncmp(row->name, synapse_tissues[n], 7) == 0 &&
          synapse_ends_with(row->name, "t_partition")) {
        x = n < tissues ? 10 * exp(random_normal(s)) : 0;
      }
    }
    parameters[i] = fmin(row->high, fmax(row->low, x));
  }
}

#endif
