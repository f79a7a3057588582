/* What the rest of the house knows of a model: tables of its parameters, states, outputs and
 * routes, and its kernels. A model is constant data, shared by all threads. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/error.h"

/* Routes of administration: X(ID, word in files, unit of a dose, key of a dose, engager, meaning).
 * The unit of a dose amount belongs to the route. The last three carry premedication: they open no
 * dose window, move no T cells, and are no engager in totals. */
#define MODEL_ROUTES(X)                                                                            \
  X(IV, "iv", "mg", "dose_mg", true, "short intravenous infusion")                                 \
  X(SC, "sc", "mg", "dose_mg", true, "subcutaneous injection")                                     \
  X(CIV, "civ", "ug/m2/day", "dose_ug_m2_day", true,                                               \
    "continuous intravenous infusion, rate per body surface")                                      \
  X(DEXAMETHASONE, "dexamethasone", "mg", "dose_mg", false, "dexamethasone, at once")              \
  X(TOCILIZUMAB, "tocilizumab", "mg", "dose_mg", false, "tocilizumab infusion")                    \
  X(DEPLETER, "obinutuzumab", "mg", "dose_mg", false, "infusion of a B-cell depleting antibody")

typedef enum route {
#define X(name, word, unit, key, engager, meaning) ROUTE_##name,
  MODEL_ROUTES(X)
#undef X
      ROUTE_COUNT
} route;

const char *route_word(route r); /* "iv" */
const char *route_unit(route r); /* "mg" */
const char *route_key(route r);  /* "dose_mg" */
bool route_is_engager(route r);  /* false: premedication */

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
/* Where T cells meet target cells. A model may have fewer; normal tissues are named by the
 * indication. Blood is always the first. */
enum { MODEL_TISSUES_MAX = 4, MODEL_SITES_MAX = 3 + MODEL_TISSUES_MAX };

/* Outputs that not every model gives: those that a model lacks
 * are not in its files. X(ID, name in files, unit, meaning). */
#define MODEL_FURTHER_OUTPUTS(X)                                                                   \
  X(CRS_DRIVE, "crs_drive_pg_mL", "pg/mL", "signal behind cytokine release syndrome, as IL-6")     \
  X(IFN, "ifn_gamma_pg_mL", "pg/mL", "interferon-gamma in blood")                                  \
  X(TUMOR_SIZE, "tumor_size_cells", "cells", "tumour cells, those dying included")                 \
  X(TUMOR_DRUG, "tumor_drug_nM", "nM", "free active drug in the tumour")                           \
  X(ACTIVATED_LYMPHOID, "activated_fraction_lymphoid", "fraction", "activated share of T cells")   \
  X(ACTIVATED_TUMOR, "activated_fraction_tumor", "fraction", "activated share of T cells")         \
  X(ACTIVATED_TISSUE1, "activated_fraction_tissue1", "fraction", "activated share of T cells")     \
  X(ACTIVATED_TISSUE2, "activated_fraction_tissue2", "fraction", "activated share of T cells")     \
  X(ACTIVATED_TISSUE3, "activated_fraction_tissue3", "fraction", "activated share of T cells")     \
  X(ACTIVATED_TISSUE4, "activated_fraction_tissue4", "fraction", "activated share of T cells")     \
  X(HEALTH_TISSUE1, "health_tissue1", "fraction", "healthy share of a normal tissue")              \
  X(HEALTH_TISSUE2, "health_tissue2", "fraction", "healthy share of a normal tissue")              \
  X(HEALTH_TISSUE3, "health_tissue3", "fraction", "healthy share of a normal tissue")              \
  X(HEALTH_TISSUE4, "health_tissue4", "fraction", "healthy share of a normal tissue")

enum {
  FURTHER_OUTPUTS_BEFORE_ = OUTPUT_COUNT - 1,
#define X(name, file_name, unit, meaning) OUTPUT_##name,
  MODEL_FURTHER_OUTPUTS(X)
#undef X
      OUTPUTS_MAX
};
extern const model_output_row model_outputs[OUTPUTS_MAX]; /* the common ones, then the further */

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
  int n_outputs; /* of model_outputs, from the first on: OUTPUT_COUNT if it has none of its own */
  int n_tissues; /* normal tissues */
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
  /* The smallest member of the model's family that holds what these parameters describe: same
   * parameters and outputs, fewer states. NULL: the model has no family. */
  const struct model *(*fitting)(const double *parameters);
} model;

const model *model_find(const char *name); /* NULL if there is none */
int model_count(void);
const model *model_at(int i);
int model_parameter_index(const model *m, const char *name); /* -1 if there is none */
void model_parameter_defaults(const model *m, double *parameters);
const model_preset *model_preset_find(const model *m, const char *name);
/* Whether the parameter takes whole numbers only: arms are counted, and laws are numbered. */
bool model_parameter_is_whole(const model_parameter *row);
/* For `derive` of each model: whether every constant (n) is finite; if not, *error. */
bool model_constants_finite(const double *derived, int n, stepdose_error *error);

#endif
