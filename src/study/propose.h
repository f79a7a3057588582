/* The main job: search every branch of the regimen space, choose, write regimen.csv, read it back
 * and verify it at a tighter tolerance, and answer what a careful reader would ask. */
#ifndef STUDY_PROPOSE_H
#define STUDY_PROPOSE_H

#include "optimize/evaluate_regimen.h"
#include "optimize/journal.h"
#include "study/assessment.h"
#include "study/cohort_study.h"
#include "study/sampling.h"

enum {
  STUDY_NEAR_LISTED = 12,  /* near-optimal regimens that are verified and listed */
  STUDY_VERIFY_TRIES = 64, /* candidates that are verified until one holds */
  STUDY_BRANCHES_MAX = 64  /* numbers of steps times choices of the design */
};

#define STUDY_JOURNAL_SEARCHES 4096 /* more than one proposal ever makes */

/* What a study is given besides its problem. Everything is borrowed. */
typedef struct study_run {
  const char *directory; /* regimen.csv is written here */
  int threads;
  search_journal *journal; /* may be NULL */
  progress *progress;      /* may be NULL */
  progress *quiet;         /* sees the user's wish to stop but reports nothing; may be NULL */
  const char *regimen_file; /* a given regimen to start from; NULL: none */
  int journal_first; /* number in the journal of the first of these searches: a study that proposes
                        several times keeps them apart by multiples of STUDY_JOURNAL_SEARCHES */
} study_run;

/* The search of one branch: one number of steps, one choice from each list of the design. */
typedef struct study_branch {
  regimen_evaluation *evaluation;
  search_outcome outcome;
  bool searched;
  int coarse_patients; /* that a first search was made on; 0: none was */
  long coarse_evaluations, coarse_failures;
} study_branch;

/* A regimen within search.near_optimal_loss of the best one. */
typedef struct near_regimen {
  int branch;
  const search_point *point;
  schedule doses;
  double design[PROBLEM_DESIGN_MAX];
  assessment verified;               /* of the reference patient, at the tight tolerance */
  double margin[PROBLEM_LIMITS_MAX]; /* over virtual patients: risk_margin of the worst window of
                                        each limit in those of the search, whose goal is point's */
  bool less_drug, fewer_visits;      /* than the proposed regimen */
} near_regimen;

/* A variable of the proposed regimen that lies on an end of its range. */
typedef struct corner_bound {
  regimen_variable variable;
  double value;
  bool lowest;
} corner_bound;

/* Is the proposal an artefact of where the problem ends, of timing, or of the mesh? */
typedef struct corner_answers {
  int n_bounds;
  corner_bound bound[SEARCH_VARIABLES_MAX];
  double kill_end, kill_average; /* log10 */
  double kill_before_last_week;  /* largest log10 kill up to 7 days before the horizon */
  bool only_in_last_week;        /* less than half of the final kill 7 days before the end */
  double goal_change;            /* verified - searched */
  double largest_limit_change;   /* relative, over all limit values */
  bool tolerances_agree;
} corner_answers;

enum { STUDY_ROUNDS_MAX = 11 }; /* of verification with fresh patients, the first one included */

/* One answer of a search over virtual patients, and what patients whom it has not seen say of it.
 */
typedef struct patients_round {
  double safety[PROBLEM_LIMITS_MAX]; /* margin that the search kept to spare, by limit */
  uint64_t seed;                     /* of the fresh patients */
  schedule doses;
  double searched_goal, fresh_goal;
  /* Risk and margin of the worst window of each limit, as in cohort_risk. */
  double searched[PROBLEM_LIMITS_MAX], fresh[PROBLEM_LIMITS_MAX];
  double searched_margin[PROBLEM_LIMITS_MAX], fresh_margin[PROBLEM_LIMITS_MAX];
  bool holds; /* in fresh patients */
} patients_round;

/* The proposed regimen in virtual patients. */
typedef struct patients_answer {
  int n_rounds;
  patients_round round[STUDY_ROUNDS_MAX]; /* the last one is of the proposed regimen */
  cohort_study *seen;                     /* in the patients of the search, at its tolerance */
  cohort_study *fresh; /* in those of the last round, STUDY_TIGHTER times tighter; schedules of the
                          molecule beside it, but where the molecule itself is designed */
} patients_answer;

/* What one limit alone would have to become so that a regimen exists, the others kept. */
typedef struct relaxation {
  int limit;
  bool possible;       /* false: relaxing this limit alone is not enough */
  /* In the unit of the limit; over virtual patients what risk_bound would have to be (of a share the
   * search wants less than one patient more: see risk_margin). */
  double bound_needed;
  schedule doses;      /* the regimen that reaches it */
  double design[PROBLEM_DESIGN_MAX];
  assessment at; /* tight tolerance */
  /* In the patients of the search, where there are any. */
  double bound_at_share; /* of RISK_PROBABILITY: the bound that its share needs; else NAN */
  double goal;
  double risk[PROBLEM_LIMITS_MAX], margin[PROBLEM_LIMITS_MAX]; /* as in patients_round */
  long evaluations;
} relaxation;

typedef struct study_proposal {
  const stepdose_problem *problem; /* borrowed */
  stepdose_status status;
  double *parameters; /* (n_parameters) scratch: of the molecule in hand */
  int n_branches;
  study_branch branch[STUDY_BRANCHES_MAX];
  search_end end;      /* of the branches together */
  bool budget_used_up; /* some branch wanted more evaluations than its share */
  long evaluations, failures, journal_answers; /* of all searches of the run */
  long evaluations_coarse;                     /* besides these, on few of the patients */
  long evaluations_repair, evaluations_relax;  /* the part of them that repair.c and relax.c made */
  char first_failure[512];

  bool has_regimen; /* false: nothing was evaluated before the run was stopped */
  bool feasible;    /* the search found a regimen that meets every limit */
  bool off_grid;    /* only off the grid so far: the run ended before the grid */
  bool holds;       /* the verification says that every limit holds */
  int chosen_branch;
  const search_point *chosen;
  schedule doses;                    /* as read back from regimen.csv */
  double design[PROBLEM_DESIGN_MAX]; /* of the proposed molecule (problem->n_design) */
  assessment searched;               /* at the tolerance of the search */
  assessment verified;               /* from the written file, STUDY_TIGHTER times tighter */
  int tried;                         /* candidates that were verified */
  double safety;             /* log10 by which all limits were tightened to get it; 0: not needed */
  study_branch repaired;     /* the search with tightened limits, if there was one */
  patients_answer *patients; /* NULL: of the reference patient alone, whose assessments `searched`
                                and `verified` are in every case */
  sampled_run samples;       /* of the verified run */

  corner_answers corner;
  long n_near_found;
  int n_near;
  near_regimen near[STUDY_NEAR_LISTED];
  int n_comparators;
  /* of problem->comparators, with the molecule as its file has it; tight tolerance */
  assessment comparator[PROBLEM_COMPARATORS_MAX];
  int n_relaxations; /* where nothing is feasible and the run was not cut short */
  relaxation relaxation[PROBLEM_LIMITS_MAX];
  struct robustness_card *card; /* of the proposed regimen, by whoever asks for it; may be NULL */
} study_proposal;

/* NULL and *error on failure; an infeasible or interrupted problem is a result. Caller frees. */
study_proposal *study_propose(const stepdose_problem *problem, const study_run *run,
                              stepdose_error *error);
void study_proposal_free(study_proposal *p);

/* The limit that the proposed regimen exceeds most, or -1. Over virtual patients: in those of the
 * search, or in fresh ones where it is feasible in the search. */
int study_blocking_limit(const study_proposal *p);
/* Those patients; p->patients must be there. */
const cohort_study *study_judging_patients(const study_proposal *p);

/* Refuses a problem whose goal has no meaning: nothing is to be searched without a tumour; one with
 * more branches than can be searched; and one with virtual patients and a limit without a risk. */
bool study_can_propose(const stepdose_problem *problem, stepdose_error *error);

/* --- steps of the method, one file each --- */

/* search_branches.c: runs the search of each branch. */
bool study_search_branches(study_proposal *p, const study_run *run, stepdose_error *error);
void study_add_up(study_proposal *p, const search_outcome *o); /* counts, and what cut it short */
bool study_cut_short(search_end end); /* by time or by the user: the same command goes on later */
long study_budget(const stepdose_problem *problem, double share); /* evaluations, at least one */

/* What relax.c may spend on each limit, and repair.c in all, besides the problem's evaluations. */
#define STUDY_RELAX_SHARE 0.25
#define STUDY_REPAIR_SHARE 0.5
/* What of its evaluations a search over all patients may spend after one on few of them, and each
 * further search with tightened limits. */
#define STUDY_FINE_SHARE 0.5
#define STUDY_TIGHTENED_SHARE 0.2

/* What one search is asked. */
typedef struct study_question {
  int branch;
  int relaxed_limit;                 /* as in regimen_evaluation; -1: none */
  double safety[PROBLEM_LIMITS_MAX]; /* as in regimen_evaluation */
  int tightened;                     /* 0: no limit is; else the number of that attempt, from 1 */
  double share;                      /* of the problem's evaluations */
  const search_point *start;         /* tried besides the usual starting points; may be NULL */
  const search_point *other_start;   /* the same */
} study_question;
bool study_search_branch(const stepdose_problem *problem, const study_run *run,
                         const study_question *asked, study_branch *out, stepdose_error *error);
void study_branch_close(study_branch *b);

/* search_coarse.c: where a search over all patients starts. */
enum { STUDY_COARSE_ANSWERS = 4 };
typedef struct coarse_answers {
  int patients; /* 0: the cohort is too small for a first search on few */
  int n;
  double value[STUDY_COARSE_ANSWERS][SEARCH_VARIABLES_MAX];
  long evaluations, failures;
} coarse_answers;
int study_coarse_patients(const stepdose_problem *problem); /* 0: all are searched at once */
/* task: as for all patients, but for what is evaluated. */
bool study_search_coarse(const stepdose_problem *problem, const study_question *asked,
                         search_task task, coarse_answers *out, stepdose_error *error);

/* starts.c: comparators projected into the branch's box with the molecule as it is, the middle of
 * the box, and with a design the middle of the regimen's for the molecule as it is; for virtual
 * patients also doses that rise by one factor from step to step. starts
 * (STUDY_STARTS_MAX x n_variables); returns how many. */
enum {
  STUDY_LADDERS = 2,
  STUDY_STARTS_MAX = PROBLEM_COMPARATORS_MAX + 3 + STUDY_LADDERS /* and one of the question */
};
int study_starts(const regimen_evaluation *e, double *starts);

typedef struct candidate {
  int branch;
  const search_point *point;
} candidate;

/* choose.c: picks and verifies the regimen: fills everything from has_regimen to samples. */
bool study_choose(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                  stepdose_error *error);

/* Takes a candidate for the answer: writes it, reads it back, assesses the reference patient. */
bool study_take(study_proposal *p, const study_run *run, simulate_workspace *workspace, candidate c,
                stepdose_error *error);

/* choose_patients.c: takes a candidate and verifies it with fresh patients; where `tighten`, limits
 * that fail are tightened and searched again, problem->verification.rounds times at most. Fills
 * p->patients and p->holds. */
bool study_verify_fresh(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                        candidate c, bool tighten, stepdose_error *error);
void study_patients_free(patients_answer *a);
/* The seed of the patients who judge attempt `round` (from 0). */
uint64_t study_fresh_seed(const stepdose_problem *problem, int round);
/* The regimen of a request in its patients, with the molecule of this design (problem->n_design);
 * the caller frees. */
cohort_study *study_in_patients(study_proposal *p, const study_run *run, const double *design,
                                cohort_request request, stepdose_error *error);
/* Risk and margin of the worst window of each limit: NAN and -HUGE_VAL where it has none. */
void study_note_risks(const stepdose_problem *problem, const cohort_outcome *o, double *risk,
                      double *margin);

/* written.c: writes regimen.csv and reads it back: the doses that count from then on are those of
 * the file, not those in memory. */
bool study_write_regimen(const stepdose_problem *problem, const char *directory,
                         const schedule *decoded, schedule *read_back, stepdose_error *error);

/* candidates.c: feasible points of all branches within the loss of the best one, best first. */
typedef struct candidate_list {
  long n;
  candidate *at;
} candidate_list;
bool study_candidates(const study_proposal *p, candidate_list *list, stepdose_error *error);
/* The answer over virtual patients is one of limits that were tightened: then so are all
 * candidates, as others are no better than what fresh patients refused. */
bool study_is_tightened(const study_proposal *p);
/* design (problem->n_design) */
void study_decode(const study_proposal *p, candidate c, schedule *doses, double *design);
bool study_on_grid(const regimen_evaluation *e, const search_point *point);
/* assess() of a regimen of the molecule with this design. */
void study_assess(const study_proposal *p, simulate_workspace *workspace, const schedule *doses,
                  const double *design, double tolerance, trajectory *samples, assessment *out);

/* repair.c: searches once more with the limits tightened by what the tighter tolerance took away,
 * from the given candidate; *found.point stays NULL where nothing was found. */
bool study_repair(study_proposal *p, const study_run *run, candidate from, double excess,
                  candidate *found, stepdose_error *error);

/* near.c: other regimens within the stated loss. */
bool study_list_near(study_proposal *p, simulate_workspace *workspace, stepdose_error *error);

/* corner.c */
void study_corner(study_proposal *p);
/* The variables of e that lie on an end of their range in `value` (e->n_variables); how many. */
int study_bounds(const regimen_evaluation *e, const double *value,
                 corner_bound bound[SEARCH_VARIABLES_MAX]);

/* relax.c */
bool study_relax(study_proposal *p, const study_run *run, simulate_workspace *workspace,
                 stepdose_error *error);

#endif
