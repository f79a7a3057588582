/* What a sensitivity study varies, over which ranges, and what it looks at, as typed data. The
 * study itself is the business of src/study. */
#ifndef PROBLEM_SENSITIVITY_DESCRIPTION_H
#define PROBLEM_SENSITIVITY_DESCRIPTION_H

#include <stdbool.h>
#include <stdint.h>

enum {
  SENSITIVITY_DESCRIBED_MAX = 128, /* inputs */
  SENSITIVITY_ASKED_MAX = 64,      /* outputs as named in the file */
  SENSITIVITY_NAME_SIZE = 96,
  SENSITIVITY_GROUP_SIZE = 32,
  SENSITIVITY_PATIENTS = 200 /* where the file does not tell, at most */
};

/* X(ID, name in files, samples where the file does not tell, meaning). */
#define SENSITIVITY_METHODS(X)                                                                     \
  X(LOCAL, "local", 0, "derivatives at the values of the problem")                                 \
  X(MORRIS, "morris", 64,                                                                          \
    "elementary effects over the ranges: which inputs matter at all, from few runs")               \
  X(SOBOL, "sobol", 512,                                                                           \
    "share of each output's variance over the ranges, alone and with interactions")

typedef enum sensitivity_study_method {
#define X(id, name, samples, meaning) SENSITIVITY_##id,
  SENSITIVITY_METHODS(X)
#undef X
      SENSITIVITY_METHOD_COUNT
} sensitivity_study_method;
extern const char *const sensitivity_method_names[SENSITIVITY_METHOD_COUNT];

/* Kinds of input: X(ID, name in files, group where the file does not tell, meaning of its value).
 */
#define SENSITIVITY_INPUTS(X)                                                                      \
  X(MOLECULE, "parameter", "molecule", "a parameter that the molecule file or the design gives")   \
  X(PARAMETER, "parameter", "patient", "another parameter of the model")                           \
  X(COORDINATE, "coordinate", "patient",                                                           \
    "a coordinate of the population: a factor on every patient's own value")                       \
  X(DOSES, "doses", "regimen", "amount of a dose of the regimen, or of several in proportion")

typedef enum sensitivity_input_kind {
#define X(id, name, group, meaning) SENSITIVITY_OF_##id,
  SENSITIVITY_INPUTS(X)
#undef X
      SENSITIVITY_INPUT_KIND_COUNT
} sensitivity_input_kind;
extern const char *const sensitivity_input_kind_names[SENSITIVITY_INPUT_KIND_COUNT];

typedef struct sensitivity_described {
  char name[SENSITIVITY_NAME_SIZE]; /* as files call it: "Cl_tdb", "clearance", "dose_3_to_6" */
  sensitivity_input_kind kind;
  int index;        /* into model->parameters, or the population's coordinates; else first dose */
  int last;         /* SENSITIVITY_OF_DOSES: numbers from 1, as in dose windows */
  double low, high; /* in the unit of the parameter or dose; factors of a coordinate; NAN of doses
                       whose range is the default */
  bool logarithmic; /* even on the logarithmic scale; else on the plain one */
  char group[SENSITIVITY_GROUP_SIZE];
} sensitivity_described;

typedef struct sensitivity_settings {
  sensitivity_study_method method;
  int n_inputs;
  sensitivity_described input[SENSITIVITY_DESCRIBED_MAX];
  bool every_dose; /* the inputs are the default ones: the regimen's doses are added */
  bool too_many;   /* there are more default inputs than a study can have */
  int n_outputs;   /* 0: the default ones */
  char output[SENSITIVITY_ASKED_MAX][SENSITIVITY_NAME_SIZE];
  long samples;      /* 0 of SENSITIVITY_LOCAL */
  int patients;      /* the first of the population; 0: the reference patient alone */
  uint64_t seed;     /* of points and bootstrap */
  double factor;     /* default ranges: value / factor to value * factor */
  bool by_group;     /* all inputs of a group change together */
  bool second_order; /* SENSITIVITY_SOBOL: pairs too */
  long evaluations;  /* of each search of the best regimen, where an output asks for it */
} sensitivity_settings;

#endif
