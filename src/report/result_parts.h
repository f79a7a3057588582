/* Pieces of result.json that its two source files share. */
#ifndef REPORT_RESULT_PARTS_H
#define REPORT_RESULT_PARTS_H

#include "report/json_writer.h"
#include "study/calibrate.h"
#include "study/cohort_study.h"
#include "study/map.h"
#include "study/pareto_study.h"
#include "study/restart.h"
#include "study/robustness.h"
#include "study/sensitivity_study.h"
#include "study/strata.h"
#include "study/whatif.h"

void write_doses(json_writer *w, const char *key, const schedule *doses);
/* Member "design", nothing where the problem has none: an object as "parameters" of a problem file
 * takes it. */
void write_design(json_writer *w, const stepdose_problem *problem, const double *design);
void write_limit_name(json_writer *w, const limit *l);
/* Member "hospital_days", nothing where the problem does not count them. */
void write_hospital_days(json_writer *w, const stepdose_problem *problem, double days);
/* As text: a program's numbers may not hold all its digits. */
void write_seed(json_writer *w, const char *key, uint64_t seed);
/* Member "cohort": what the given regimen and others do in virtual patients. */
void write_cohort_parts(json_writer *w, const cohort_study *c);
/* Members "goal_value", "every_limit_holds" and "risks" of a regimen in virtual patients. */
void write_risks(json_writer *w, const stepdose_problem *problem, const cohort_outcome *o);
/* Members "patients_search" and "responsible_patients" of a proposal over virtual patients. */
void write_patients_parts(json_writer *w, const study_proposal *p);
/* Member "at_a_bound": decisions (n) that lie on an end of their range. */
void write_bounds(json_writer *w, int n, const corner_bound *bound);
/* What only a proposal has: corner answers, near-optimal set, comparators, infeasibility, search.
 */
void write_proposal_parts(json_writer *w, const study_proposal *p);
/* Member "calibration". */
void write_calibration_parts(json_writer *w, const study_calibration *c);
/* What only a design map has: its axes, and what was found. */
void write_map_parts(json_writer *w, const study_map *m);
/* Member "pareto": the goals, the trace, and the points of the front that are shown. */
void write_front_parts(json_writer *w, const study_pareto *s);
/* What only rules after a missed dose have: their windows. */
void write_restart_parts(json_writer *w, const study_restart *r);
/* Member "strata". */
void write_strata_parts(json_writer *w, const study_strata *s);
/* Member "robustness". */
void write_robustness(json_writer *w, const stepdose_problem *problem, const robustness_card *card);
/* Member "whatif". */
void write_whatif_parts(json_writer *w, const study_whatif *s);
/* Member "sensitivity". */
void write_sensitivity_parts(json_writer *w, const sensitivity_study *s);

#endif
