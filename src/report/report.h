/* Study results as files and text. Every file of a run directory is written whole or not at all;
 * result.json goes last, so that a directory with a result.json is complete. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/run_directory.h"
#include "study/calibrate.h"
#include "study/cost.h"
#include "study/map.h"
#include "study/pareto_study.h"
#include "study/propose.h"
#include "study/restart.h"
#include "study/robustness.h"
#include "study/sensitivity_study.h"
#include "study/simulate_study.h"
#include "study/strata.h"
#include "study/verify.h"
#include "study/whatif.h"

/* What every result says about the run that made it. Everything is borrowed. */
typedef struct report_run {
  const stepdose_problem *problem;
  const char *verb;
  const char *directory;
  const char *identity;
  stepdose_status status;
  bool finished; /* the same command would find nothing left to do */
  double seconds;
  int threads;
  const cohort_study *patients;         /* virtual patients; NULL: none */
  const sensitivity_study *sensitivity; /* NULL: of another verb */
  const study_restart *restart;         /* rules after a missed dose; NULL: of another verb */
  const study_pareto *front;            /* NULL: of another verb */
  const study_calibration *calibration; /* NULL: of another verb */
  const study_whatif *whatif;           /* NULL: of another verb */
  const study_strata *strata;           /* NULL: of another verb */
} report_run;

/* One simulated regimen: what propose and simulate have in common. */
typedef struct report_regimen {
  const schedule *doses;
  const assessment *searched, *verified;
  const sampled_run *samples;
  const double *design; /* (problem->n_design) of the molecule; NULL: as the problem has it */
} report_regimen;

/* Write all files but problem.json and regimen.csv, which the run itself has written, and hand the
 * summary for people to the caller, who releases it. */
bool report_proposal(const report_run *run, const study_proposal *p, char **summary,
                     stepdose_error *error);
bool report_simulation(const report_run *run, const study_simulation *s, char **summary,
                       stepdose_error *error);

bool report_map(const report_run *run, const study_map *m, char **summary, stepdose_error *error);
/* run->front */
bool report_front(const report_run *run, char **summary, stepdose_error *error);
/* run->restart, and all that report_simulation writes of the same regimen */
bool report_restart(const report_run *run, const study_simulation *s, char **summary,
                    stepdose_error *error);
/* run->sensitivity, of the regimen of `s`. */
bool report_sensitivity(const report_run *run, const study_simulation *s, char **summary,
                        stepdose_error *error);

/* run->whatif, and all that report_simulation writes of its base. */
bool report_whatif(const report_run *run, char **summary, stepdose_error *error);

/* run->strata; of the common regimen all that report_proposal writes but its summary. */
bool report_strata(const report_run *run, char **summary, stepdose_error *error);

/* run->calibration; no regimen. */
bool report_calibration(const report_run *run, char **summary, stepdose_error *error);

/* Texts for people; NULL if memory is exhausted; the caller releases. */
char *report_verification(const study_claims *claims, const study_checks *checks);
char *report_files(const char *directory);
char *report_selftest(const study_checks *checks);
char *report_problem(const stepdose_problem *problem, const study_cost *cost, int threads);
char *report_population_problem(const stepdose_problem *problem, const study_preview *patients,
                                const study_patients_cost *cost, int threads);

/* --- parts, one file each --- */

/* summary.c */
void summary_proposal(const report_run *run, const study_proposal *p, text *out);
void summary_simulation(const report_run *run, const study_simulation *s, text *out);
void summary_question(const stepdose_problem *problem, text *out);
/* The same where `n_goals` further limits are goals. */
void summary_question_but(const stepdose_problem *problem, int n_goals, text *out);
void summary_regimen(const report_run *run, const report_regimen *regimen, text *out);
/* How many doses, on how many days, how much; premedication. */
void summary_burden(const stepdose_problem *problem, const report_regimen *regimen, text *out);
void summary_warnings(const stepdose_problem *problem, text *out);
/* Decisions (n) that lie on an end of their range; designed: the molecule's properties are among
 * the decisions. */
void summary_bounds(int n, const corner_bound *bound, bool designed, text *out);
void summary_end(text *out);
/* summary_search.c */
void summary_search(const study_proposal *p, text *out);
/* summary_map.c */
void summary_map(const report_run *run, const study_map *m, text *out);
/* summary_map_sample.c: the properties and the best molecules of a Latin hypercube */
void summary_map_sample(const study_map *m, text *out);
/* summary_restart.c */
void summary_restart(const report_run *run, const study_simulation *s, text *out);
/* summary_sensitivity.c */
void summary_sensitivity(const report_run *run, const study_simulation *s, text *out);
/* The name of an output, and in plain words the limit that it is about. */
enum { SENSITIVITY_WORDS_SIZE = 192 };
void summary_sensitivity_output(const stepdose_problem *problem, const char *name,
                                char words[SENSITIVITY_WORDS_SIZE]);
/* summary_tables.c */
typedef struct named_assessment {
  const char *name;
  const schedule *doses;
  const assessment *at;
} named_assessment;
void summary_doses(const stepdose_problem *problem, const report_regimen *regimen, text *out);
void summary_limits(const stepdose_problem *problem, const report_regimen *regimen, text *out);
void summary_side_by_side(const stepdose_problem *problem, const named_assessment *shown, int n,
                          text *out);
void summary_relaxations(const study_proposal *p, text *out);
/* summary_near.c; nothing where the problem has no design */
void summary_near(const study_proposal *p, text *out);
void summary_design(const stepdose_problem *problem, const double *design, text *out);

/* summary_cohort.c */
void summary_cohort(const cohort_study *c, text *out);
/* Who they are, and who of them could not be simulated. */
void summary_patients_drawn(const cohort_study *c, const char *head, text *out);
/* What the given regimen does in them, but for the limits: response, endpoints (IL-6 by dose only
 * where asked), CRS by dose. */
void summary_outcome(const cohort_study *c, bool with_il6, text *out);
/* Mean probability of CRS, which is the expected share of the patients; window 0: the course; NAN
 * where there is none. */
double summary_crs_mean(const cohort_outcome *o, int grade, int window);
/* summary_beside.c: all schedules of a cohort; `given`: name of the first one */
void summary_beside(const cohort_study *c, const char *given, text *out);
/* summary_risks.c: limits of the given regimen that tell a risk. seen: it in the patients of a
 * search, whose risks stand beside those of c; NULL: c are the only ones. */
bool summary_has_risks(const stepdose_problem *problem);
bool summary_bounds_crs(const stepdose_problem *problem); /* a limit on a probability of it */
void summary_risks(const cohort_study *c, const cohort_study *seen, text *out);
void summary_goal(const cohort_study *c, const cohort_study *seen, text *out);
void summary_strata(const cohort_study *c, text *out); /* goal and risks in each stratum */
/* summary_patients.c: a proposal over virtual patients, instead of its regimen in the reference
 * patient and the schedules beside it; who blocks; what was tried before */
void summary_patients(const report_run *run, const study_proposal *p, text *out);
void summary_responsible(const study_proposal *p, int blocking, text *out);
void summary_relaxed_patients(const study_proposal *p, text *out);
/* What patients are worth whose weights differ, or of whom some are there twice; else nothing. */
void summary_worth(text *out, const char *head, const population_description *d,
                   const population_worth *w, long patients);
/* summary_onset.c; nothing where hardly anybody falls ill */
void summary_onsets(const cohort_outcome *o, text *out);

/* summary_whatif.c */
void summary_whatif(const report_run *run, text *out);
/* summary_robustness.c */
void summary_robustness(const stepdose_problem *problem, const robustness_card *card, text *out);
/* csv_whatif.c; names and units of its figures, also for other files */
void csv_whatif(const study_whatif *w, text *out);
enum { WHATIF_NAME_SIZE = 64 };
void whatif_figure_name(const study_whatif *w, int figure, char name[WHATIF_NAME_SIZE]);
const char *whatif_figure_unit(const study_whatif *w, const whatif_outcome *o, int figure);

/* summary_calibration.c */
void summary_calibration(const report_run *run, text *out);

/* csv_calibration.c: one line a row of evidence, one a parameter */
void csv_fit_rows(const study_calibration *c, text *out);
void csv_fit_parameters(const study_calibration *c, text *out);
/* parameters_json.c: the file that a problem names as its "calibration" */
void parameters_json(const study_calibration *c, text *out);

/* csv.c; regimen.samples and regimen.verified must be there */
void csv_trajectories(const stepdose_problem *problem, const report_regimen *regimen, text *out);
/* false: no memory */
bool csv_endpoints(const stepdose_problem *problem, const report_regimen *regimen, text *out);
bool csv_history(const study_proposal *p, text *out); /* false: no memory */

void csv_number(text *out, double value);
void csv_text(text *out, const char *words); /* quoted as in RFC 4180 */
/* Row "patient,endpoint,window,day,value,unit" of the endpoint that `row` names. */
void csv_endpoint(long patient, const endpoint_row *row, peak found, text *out);
/* Tissues carry the names that the indication gives them. False: an output of a tissue that the
 * problem does not have. */
bool csv_output_name(const stepdose_problem *problem, int output, char name[ENDPOINT_NAME_SIZE]);

/* csv_cohort.c: rows behind those of the reference patient, and a table of their own */
void csv_cohort_trajectories(const cohort_study *c, text *out);
void csv_cohort_endpoints(const cohort_study *c, text *out);
void csv_patients(const cohort_study *c, text *out);
void csv_courses(const cohort_study *c, text *out);

/* csv_map.c */
void csv_map(const study_map *m, text *out);
/* ",0;7;14,1;2;60": days and amounts of the doses of engager, each with its comma. */
void csv_doses(const schedule *doses, text *out);

/* csv_pareto.c: one row a point of the front. Names of its columns, also for other files: of the
 * benefit (k -1) or cost k. */
void csv_pareto(const study_pareto *s, text *out);
enum { CSV_GOAL_SIZE = 96 };
void csv_goal_column(const study_pareto *s, int k, char name[CSV_GOAL_SIZE]);
/* summary_pareto.c */
void summary_pareto(const report_run *run, text *out);
/* What cost k is, with its unit and what of the patients counts. */
enum { SUMMARY_COST_SIZE = 160 };
void summary_cost(const study_pareto *s, int k, char out[SUMMARY_COST_SIZE]);
/* summary_exchange.c: what a step to less of cost k takes, for each point shown. */
void summary_exchange(const study_pareto *s, int k, text *out);
/* summary_by_stratum.c, csv_strata.c */
void summary_by_stratum(const report_run *run, text *out);
void csv_strata(const study_strata *s, text *out);
void csv_restart(const study_restart *r, text *out);         /* csv_restart.c */
void csv_sensitivity(const sensitivity_study *s, text *out); /* csv_sensitivity.c */

/* result_json.c: regimen NULL where there is none; p NULL but for a proposal, m NULL but for a map
 */
bool result_json(const report_run *run, const report_regimen *regimen, const study_proposal *p,
                 const study_map *m, text *out, stepdose_error *error);

/* versions.c: X(name, version) of everything that takes part in the computation */
typedef struct report_version {
  const char *name;
  char version[96];
} report_version;
enum { REPORT_VERSIONS = 6 };
void report_versions(report_version version[REPORT_VERSIONS]);

#endif
