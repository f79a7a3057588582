/* What if: changes of a problem or of a regimen, each compared with the problem and the regimen as
 * they are, in the same virtual patients; the price of each limit, and how far each dose can go. */
#ifndef STUDY_WHATIF_H
#define STUDY_WHATIF_H

#include "problem/changes.h"
#include "study/propose.h"
#include "study/simulate_study.h"

/* What is compared besides the limits: X(ID, name in files, unit, meaning). */
#define WHATIF_FIGURES(X)                                                                          \
  X(GOAL, "goal", "", "the goal, by its statistic")                                                \
  X(RESPONSE, "response", "fraction", "share of patients whose tumour has shrunk by half")         \
  X(CRS_GRADE1, "crs_grade1", "fraction", "mean probability of CRS of any grade in the course")    \
  X(CRS_GRADE2, "crs_grade2", "fraction", "mean probability of CRS of grade 2 or higher")

enum whatif_figure_id {
#define X(id, name, unit, meaning) WHATIF_##id,
  WHATIF_FIGURES(X)
#undef X
      WHATIF_FIXED_COUNT,
  WHATIF_LIMITS = WHATIF_FIXED_COUNT, /* limit k of the unchanged problem: WHATIF_LIMITS + k */
  WHATIF_FIGURES_MAX = WHATIF_FIXED_COUNT + PROBLEM_LIMITS_MAX
};

typedef struct whatif_figure_row {
  const char *name, *unit, *meaning;
} whatif_figure_row;
extern const whatif_figure_row whatif_figure_rows[WHATIF_FIXED_COUNT];

/* A figure of one regimen. Of a limit the risk of its worst window (the value, in the reference
 * patient). NAN: the model has none, or the limit was dropped. */
typedef struct whatif_figure {
  double value;
  double difference; /* to the base; exactly 0 where nothing differs; NAN: another quantity */
  double low, high;  /* interval of the difference with COHORT_CONFIDENCE, by resampling patients in
                        pairs; NAN: of one patient, or not the same patients */
} whatif_figure;

/* One regimen under one problem. */
typedef struct whatif_outcome {
  const named_change *change; /* borrowed; NULL: the base */
  bool searched;              /* the regimen is that of a search of the changed problem */
  stepdose_status status;     /* of that search */
  bool has_regimen;           /* else the search found nothing, and there is nothing to compare */
  bool simulated;             /* false: `failure` tells why */
  char failure[512];
  schedule doses;
  int n_patients;
  bool paired;    /* as many patients as the base, of the same population and seed: pairs can be
                     compared */
  bool same_goal; /* as the base, over the same days: else goals have no difference */
  whatif_figure figure[WHATIF_FIGURES_MAX];
  /* of the unchanged problem's limit k */
  int limit_now[PROBLEM_LIMITS_MAX];    /* the same limit of this problem; -1: dropped */
  double bound[PROBLEM_LIMITS_MAX];     /* what the figure is compared with */
  bool limit_holds[PROBLEM_LIMITS_MAX]; /* true where it was dropped */
  int n_broken;                         /* limits of this problem that do not hold */
  bool holds;                           /* simulated, and every limit of this problem holds */
} whatif_outcome;

/* How far a dose can go, the others kept. Equal doses that follow each other count as one. */
typedef struct whatif_range {
  int first, last; /* numbers of the doses from 1 */
  double amount;
  double lowest, highest;    /* up to which every limit holds; NAN: some limit is broken already */
  int low_limit, high_limit; /* that breaks beyond; -1: none within WHATIF_RANGE_FACTOR */
} whatif_range;
#define WHATIF_RANGE_FACTOR 50.0

/* What a limit costs at the optimum, off the grid of vials. */
typedef struct whatif_shadow {
  int limit;
  double margin;        /* at the optimum: below 0 by more than noise, the limit costs nothing */
  double by_search;     /* change of the best goal per percent of the bound: bounds moved both
                           ways, the problem searched again; NAN: a search found nothing */
  double by_multiplier; /* the same from slopes of goal and active margins at the optimum */
  double goal_tighter, goal_wider;
} whatif_shadow;

typedef struct study_whatif {
  const stepdose_problem *problem; /* borrowed */
  stepdose_status status;
  change_list *changes;
  study_simulation *base;
  stepdose_problem *changed[CHANGES_MAX]; /* NULL: the problem itself */
  int n_outcomes;
  whatif_outcome *outcome; /* (n_outcomes): the base, then each change, after it its search */
  int n_ranges;
  whatif_range range[SCHEDULE_WINDOWS_MAX];
  int n_shadows;
  whatif_shadow shadow[PROBLEM_LIMITS_MAX];
  bool shadows_known;           /* false: not asked for, or no optimum was found */
  double shadow_goal;           /* the best goal found with the bounds as they are */
  double shadow_residual;       /* of the slope of the goal, the share that active margins leave */
  struct robustness_card *card; /* where no changes are given; else NULL */
  long evaluations;
  bool cut_short;
} study_whatif;

/* run->regimen_file as study_simulate takes it. NULL: *error. */
study_whatif *study_whatif_run(const stepdose_problem *problem, const char *changes_file,
                               const study_run *run, stepdose_error *error);
void study_whatif_free(study_whatif *w);
/* The problem under which `o` was found. */
const stepdose_problem *study_whatif_problem(const study_whatif *w, const whatif_outcome *o);
/* Whether changes and regimen can be read and fit together: nothing is simulated. */
bool study_whatif_check(const stepdose_problem *problem, const char *changes_file,
                        const char *regimen_file, stepdose_error *error);

/* --- parts, one file each --- */

/* whatif_regimen.c: the regimen as a change has it. changed: the problem as the change has it.
 * OUT_OF_RANGE: it has no such dose. */
bool whatif_regimen(const stepdose_problem *problem, const stepdose_problem *changed,
                    const schedule *doses, const named_change *c, schedule *out,
                    stepdose_error *error);

/* whatif_evaluate.c: one regimen under one problem, with everything that pairs need. */
typedef struct whatif_sample {
  const stepdose_problem *base, *problem; /* borrowed; whose limits are listed; as changed */
  int n;                                  /* patients; 1: the reference patient */
  uint64_t seed;
  char population[HASH_TEXT_SIZE]; /* population_fingerprint; "" of the reference patient */
  double each;                     /* cohort_study_each */
  int limit_now[PROBLEM_LIMITS_MAX];
  bool known[WHATIF_FIGURES_MAX];
  weighted_value *value; /* (WHATIF_FIGURES_MAX x n): of each patient, by figure */
  bool *member;          /* (n x n_strata) */
} whatif_sample;
/* Fills all of *out but its differences (and who it is). patients: the same regimen already
 * simulated in the patients of the problem, or NULL. */
bool whatif_evaluate(const stepdose_problem *base, const stepdose_problem *problem,
                     const schedule *doses, const cohort_study *patients, const study_run *run,
                     whatif_sample *sample, whatif_outcome *out, stepdose_error *error);
void whatif_sample_free(whatif_sample *s);
/* Differences of *out to `of`, with intervals. */
bool whatif_compare(const whatif_sample *of, const whatif_outcome *base, const whatif_sample *own,
                    whatif_outcome *out, stepdose_error *error);

/* whatif_ranges.c */
bool whatif_find_ranges(study_whatif *w, const study_run *run, stepdose_error *error);

/* whatif_shadow.c */
bool whatif_find_shadows(study_whatif *w, const study_run *run, stepdose_error *error);

#endif
