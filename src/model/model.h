/* What the rest of the house knows of a model: tables of its parameters, states, outputs and
 * routes, and its kernels. A model is constant data, shared by all threads. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/error.h"

/* Routes of administration. The unit of a dose amount belongs to the route. */
#define MODEL_ROUTES(X)                                                                            \
  X(IV, "iv", "mg", "dose_mg", "short intravenous infusion")                                       \
  X(SC, "sc", "mg", "dose_mg", "subcutaneous injection")                                           \
  X(CIV, "civ", "ug/m2/day", "dose_ug_m2_day",                                                     \
    "continuous intravenous infusion, rate per body surface")

typedef enum route {
#define X(name, word, unit, key, meaning) ROUTE_##name,
  MODEL_ROUTES(X)
#undef X
      ROUTE_COUNT
} route;

const char *route_word(route r); /* "iv" */
const char *route_unit(route r); /* "mg" */
const char *route_key(route r);  /* "dose_mg" */

/* Outputs that every model gives, in this order: X(name in files, unit, meaning). */
#define MODEL_OUTPUTS(X)                                                                           \
  X(DRUG, "drug_ug_mL", "ug/mL", "drug concentration in blood")                                    \
  X(IL6, "il6_pg_mL", "pg/mL", "interleukin-6 in blood")                                           \
  X(TUMOR, "tumor_cells", "cells", "tumour cells")                                                 \
  X(BLOOD_B, "blood_b_per_mL", "cells/mL", "B cells in blood")                                     \
  X(BLOOD_T, "blood_t_per_mL", "cells/mL", "CD8 T cells in blood, all states")                     \
  X(ACTIVATED_CD8, "activated_cd8_fraction", "fraction", "activated share of CD8 T cells in blood")

typedef enum model_output {
#define X(name, file_name, unit, meaning) OUTPUT_##name,
  MODEL_OUTPUTS(X)
#undef X
      OUTPUT_COUNT
} model_output;

typedef struct model_output_row {
  const char *name, *unit, *meaning;
} model_output_row;
extern const model_output_row model_outputs[OUTPUT_COUNT];

typedef struct model_parameter {
  const char *name, *unit;
  double value;     /* default: the table's DLBCL column */
  double low, high; /* what the tool accepts; a value outside is refused */
  double cohort_low,
      cohort_high; /* published bounds of virtual patients; NAN where none were published */
  const char *source;
  const char *meaning;
} model_parameter;

typedef struct model_state {
  const char *name, *unit;
  double scale; /* a value of this state that is small but not yet negligible: the absolute
                   tolerance is rtol*scale */
} model_state;

/* A named set of values that replaces defaults: {parameter, value} pairs. */
typedef struct model_preset_value {
  const char *parameter;
  double value;
} model_preset_value;

typedef struct model_preset {
  const char *name, *meaning, *source;
  int n_values;
  const model_preset_value *values;
} model_preset;

/* How a route enters the model. A dose of `amount` (unit of the route): an infusion adds
 * amount*scale/duration to the rate of state `into` while it lasts (civ: amount*scale per day), an
 * injection adds amount*scale to it. */
typedef struct model_route {
  bool offered;
  int into;
} model_route;

struct model_kernels; /* integrator's view, by lane width: model/kernels.h */

typedef struct model {
  const char *name, *title, *source;
  int n_parameters, n_states;
  const model_parameter *parameters;
  const model_state *states;
  int n_presets;
  const model_preset
      *presets; /* columns of the source's table and variants of its authors' project */
  model_route routes[ROUTE_COUNT];
  /* Amount of a dose in the unit of state routes[r].into, per unit of the route. */
  double (*dose_scale)(route r, const double *parameters);
  /* What the act of dosing does besides delivering drug (each start of a dose; a change of a
   * running continuous infusion is no start): state += jump. */
  void (*dose_jump)(const double *parameters, double *state);
  /* Constants that the kernels use, from parameters: derived (n_derived). */
  int n_derived;
  bool (*derive)(const double *parameters, double *derived, stepdose_error *error);
  void (*initial_state)(const double *parameters, double *state);
  const struct model_kernels *(*kernels)(int lanes); /* NULL if that width does not run here */
} model;

const model *model_find(const char *name); /* NULL if there is none */
int model_count(void);
const model *model_at(int i);
int model_parameter_index(const model *m, const char *name); /* -1 if there is none */
void model_parameter_defaults(const model *m, double *parameters);
const model_preset *model_preset_find(const model *m, const char *name);

#endif
