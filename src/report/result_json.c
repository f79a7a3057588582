/* result.json: what was asked, what was found, how sure it is, and the hashes of everything. */
#include "report/ending.h"
#include "report/json_writer.h"
#include "report/result_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void write_seed(json_writer *w, const char *key, uint64_t seed)
{
  char digits[32];
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)seed);
  json_string(w, key, digits);
}

static void write_problem(json_writer *w, const stepdose_problem *problem)
{
  json_open_object(w, "problem");
  json_string(w, "title", problem->title);
  json_string(w, "name", problem->name);
  json_string(w, "model", problem->model->name);
  json_string(w, "molecule", problem->molecule_name);
  json_string(w, "indication", problem->indication_name);
  json_string(w, "population", problem->reference_patient ? "reference" : problem->population_name);
  if (!problem->reference_patient) {
    json_integer(w, "patients", problem->patients);
    write_seed(w, "population_seed", problem->population_seed);
  }
  json_number(w, "horizon_days", problem->horizon_days);
  json_string(w, "sha256", problem->hash);
  json_close_object(w);
}

void write_doses(json_writer *w, const char *key, const schedule *doses)
{
  json_open_array(w, key);
  for (int i = 0, number = 0; i < doses->n_doses; i++) {
    const dose *d = &doses->doses[i];
    json_open_object(w, NULL);
    if (route_is_engager(d->route)) {
      json_integer(w, "dose", ++number);
    } else {
      json_string(w, "premedication", route_word(d->route));
    }
    json_number(w, "day", d->day);
    json_number(w, "amount", d->amount);
    json_string(w, "unit", route_unit(d->route));
    json_number(w, "infusion_h", d->duration_days * 24);
    json_string(w, "route", route_word(d->route));
    json_close_object(w);
  }
  json_close_array(w);
}

void write_design(json_writer *w, const stepdose_problem *problem, const double *design)
{
  if (problem->n_design == 0) {
    return;
  }
  json_open_object(w, "design");
  for (int i = 0; i < problem->n_design; i++) {
    const model_parameter *p = &problem->model->parameters[problem->design[i].parameter];
    json_open_object(w, problem->design[i].name);
    json_number(w, "value", design[i]);
    json_string(w, "unit", p->unit);
    json_string(w, "source", "chosen by stepdose from the design of the problem");
    json_close_object(w);
  }
  json_close_object(w);
}

void write_hospital_days(json_writer *w, const stepdose_problem *problem, double days)
{
  if (problem->request.hospital.n_stays > 0) {
    json_number(w, "hospital_days", days);
  }
}

static void write_regimen(json_writer *w, const stepdose_problem *problem,
                          const report_regimen *regimen, const study_proposal *p)
{
  if (regimen == NULL) {
    json_null(w, "regimen");
    return;
  }
  const endpoints *e = &regimen->verified->found;
  json_open_object(w, "regimen");
  json_truth(w, "on_grid", p == NULL || !p->off_grid);
  json_string(w, "file", run_files[RUN_FILE_REGIMEN].name);
  write_doses(w, "doses", regimen->doses);
  json_number(w, "total_mg", e->total_mg);
  json_integer(w, "visits", e->n_visits);
  write_hospital_days(w, problem, e->hospital_days);
  json_close_object(w);
}

static void write_goal(json_writer *w, const stepdose_problem *problem,
                       const report_regimen *regimen)
{
  const measure_row *row = &problem_measures[problem->goal.measure];
  json_open_object(w, "goal");
  json_string(w, "objective", row->objective);
  json_string(w, "measure", row->name);
  json_string(w, "unit", row->unit);
  if (row->exploitable) {
    json_number(w, "day", problem->goal.day);
  } else if (problem->goal.measure == MEASURE_SMALLEST_LOG10_KILL_LAST_DAYS) {
    json_number(w, "last_days", problem->goal.last_days);
  }
  if (!problem->reference_patient) {
    json_string(w, "statistic", problem_statistic_names[problem->goal.statistic]);
  }
  if (!problem->reference_patient && problem->goal.statistic == STATISTIC_QUANTILE) {
    json_number(w, "share", problem->goal.share);
  }
  if (regimen != NULL) {
    json_number(w, "searched", regimen->searched->goal);
    json_number(w, "verified", regimen->verified->goal);
    json_number(w, "numerical_error", fabs(regimen->verified->goal - regimen->searched->goal));
  }
  json_close_object(w);
}

/* Over virtual patients it is they who decide, where the limits tell of them. */
static void write_verdict(json_writer *w, const report_run *run, const report_regimen *regimen)
{
  const bool reference = assessment_holds(regimen->verified);
  if (run->patients == NULL) {
    json_truth(w, "every_limit_holds", reference);
    return;
  }
  json_truth(w, "every_limit_holds",
             cohort_can_judge(run->problem) ? cohort_outcome_holds(&run->patients->outcome[0])
                                            : reference);
  json_truth(w, "every_limit_holds_in_the_reference_patient", reference);
}

void write_limit_name(json_writer *w, const limit *l)
{
  const limit_kind_row *row = &problem_limit_kinds[l->kind];
  json_string(w, "pointer", l->pointer);
  json_string(w, "objective", row->objective);
  json_string(w, "key", row->key);
  json_string(w, "unit", row->unit);
  json_number(w, "bound", l->bound);
  if (row->takes_window) {
    json_string(w, "window", problem_window_names[l->window]);
  }
  if (row->takes_window && l->window == WINDOW_DAYS) {
    json_number(w, "from_day", l->from_day);
    json_number(w, "to_day", l->to_day);
  }
  if (l->kind == LIMIT_DAMAGE) {
    json_string(w, "compared", "damage, which is 1 - health");
    json_number(w, "health_min", 1 - l->bound);
  }
  if (l->grade > 0) {
    json_integer(w, "grade_at_least", l->grade);
  }
  if (l->place_name[0] != '\0') {
    json_string(w, l->kind == LIMIT_DAMAGE ? "tissue" : "site", l->place_name);
  }
  if (l->kind == LIMIT_DAYS_ABOVE) {
    json_number(w, "above", l->above);
  }
}

/* Searched values stand in the same order: both runs have the same doses, so the same windows. */
static void write_limit_values(json_writer *w, int k, const report_regimen *regimen)
{
  const assessment *tight = regimen->verified;
  const assessment *loose = regimen->searched;
  json_open_array(w, "values");
  for (int i = 0; i < tight->n_values; i++) {
    const assessed_value *v = &tight->value[i];
    if (v->limit != k) {
      continue;
    }
    double searched = i < loose->n_values ? loose->value[i].value : (double)NAN;
    json_open_object(w, NULL);
    json_integer(w, "dose", v->window);
    json_number(w, "day", v->day);
    json_number(w, "searched", searched);
    json_number(w, "verified", v->value);
    json_number(w, "margin", v->margin);
    json_number(w, "numerical_error", fabs(v->value - searched));
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_limit_worst(json_writer *w, const limit *l, const assessment *tight, int worst)
{
  if (worst < 0) {
    json_null(w, "worst");
    json_truth(w, "holds", tight->simulated);
    return;
  }
  const assessed_value *v = &tight->value[worst];
  json_open_object(w, "worst");
  json_integer(w, "dose", v->window);
  json_number(w, "day", v->day);
  json_number(w, "value", v->value);
  json_number(w, "percent_of_bound_left", assessment_percent_left(l, v->value));
  json_close_object(w);
  json_truth(w, "holds", v->margin <= 0);
}

static void write_limits(json_writer *w, const stepdose_problem *problem,
                         const report_regimen *regimen)
{
  json_open_array(w, "limits");
  for (int k = 0; k < problem->n_limits; k++) {
    const limit *l = &problem->limits[k];
    json_open_object(w, NULL);
    write_limit_name(w, l);
    if (regimen != NULL) {
      write_limit_worst(w, l, regimen->verified, assessment_worst(regimen->verified, k));
      write_limit_values(w, k, regimen);
    }
    json_close_object(w);
  }
  json_close_array(w);
}

static void write_texts(json_writer *w, const stepdose_problem *problem)
{
  report_version version[REPORT_VERSIONS];
  report_versions(version);
  json_open_object(w, "versions");
  for (int i = 0; i < REPORT_VERSIONS; i++) {
    json_string(w, version[i].name, version[i].version);
  }
  json_close_object(w);
  json_open_array(w, "warnings");
  for (int i = 0; i < problem->n_warnings; i++) {
    json_string(w, NULL, problem->warnings[i]);
  }
  json_close_array(w);
}

/* Only what differs from one machine or attempt to the next: two runs agree in everything else. */
static void write_run(json_writer *w, const report_run *run, const study_proposal *p,
                      const study_map *m)
{
  char finished[32] = "";
  time_t now = time(NULL);
  struct tm utc;
  if (gmtime_r(&now, &utc) != NULL) {
    strftime(finished, sizeof finished, "%Y-%m-%dT%H:%M:%SZ", &utc);
  }
  json_open_object(w, "run");
  json_string(w, "written", finished);
  json_number(w, "seconds", run->seconds);
  json_integer(w, "threads", run->threads);
  if (p != NULL || m != NULL) {
    json_integer(w, "evaluations_from_journal",
                 p != NULL ? p->journal_answers : m->journal_answers);
  }
  json_close_object(w);
}

static bool write_files(json_writer *w, const char *directory, stepdose_error *error)
{
  char hash[HASH_TEXT_SIZE];
  json_open_object(w, "files");
  for (int f = 0; f < RUN_FILE_COUNT; f++) {
    if (!run_files[f].hashed || !run_directory_has(directory, (run_file)f)) {
      continue;
    }
    if (!run_directory_hash(directory, (run_file)f, hash, error)) {
      return false;
    }
    json_string(w, run_files[f].name, hash);
  }
  json_close_object(w);
  return true;
}

static void write_head(json_writer *w, const report_run *run, const study_proposal *p)
{
  char meaning[ENDING_SIZE];
  ending_meaning(run, p, meaning);
  json_string(w, "format", RESULT_FORMAT);
  json_string(w, "notice", "Research use only: not for dosing patients.");
  json_string(w, "verb", run->verb);
  json_string(w, "status", stepdose_status_name(run->status));
  json_string(w, "status_meaning", meaning);
  json_integer(w, "exit_code", stepdose_status_exit(run->status));
  json_truth(w, "finished", run->finished);
  json_string(w, "identity", run->identity);
}

/* Written with zeros first, then filled in: see RESULT_HASH_KEY. */
static void seal(json_writer *w)
{
  char hash[HASH_TEXT_SIZE];
  size_t position = 0;
  memset(hash, '0', sizeof hash - 1);
  hash[sizeof hash - 1] = 0;
  json_string(w, RESULT_HASH_KEY, hash);
  json_close_object(w);
  text_append(w->out, "\n");
  if (w->out->failed || !result_hash(w->out->bytes, w->out->length, hash, &position)) {
    w->out->failed = true;
    return;
  }
  memcpy(w->out->bytes + position, hash, sizeof hash - 1);
}

bool result_json(const report_run *run, const report_regimen *regimen, const study_proposal *p,
                 const study_map *m, text *out, stepdose_error *error)
{
  json_writer w = {.out = out};
  json_open_object(&w, NULL);
  write_head(&w, run, p);
  write_problem(&w, run->problem);
  write_regimen(&w, run->problem, regimen, p);
  if (regimen != NULL && regimen->design != NULL) {
    write_design(&w, run->problem, regimen->design);
  }
  write_goal(&w, run->problem, regimen);
  if (regimen != NULL) {
    write_verdict(&w, run, regimen);
    json_number(&w, "search_tolerance", regimen->searched->tolerance);
    json_number(&w, "verification_tolerance", regimen->verified->tolerance);
  }
  write_limits(&w, run->problem, regimen);
  if (run->patients != NULL) {
    write_cohort_parts(&w, run->patients);
  }
  if (run->restart != NULL) {
    write_restart_parts(&w, run->restart);
  }
  if (run->whatif != NULL) {
    write_whatif_parts(&w, run->whatif);
  }
  if (run->whatif != NULL && run->whatif->card != NULL) {
    write_robustness(&w, run->problem, run->whatif->card);
  }
  if (run->strata != NULL) {
    write_strata_parts(&w, run->strata);
  }
  if (run->calibration != NULL) {
    write_calibration_parts(&w, run->calibration);
  }
  if (run->front != NULL) {
    write_front_parts(&w, run->front);
  }
  if (run->sensitivity != NULL) {
    write_sensitivity_parts(&w, run->sensitivity);
  }
  if (p != NULL) {
    write_proposal_parts(&w, p);
  }
  if (p != NULL && p->card != NULL) {
    write_robustness(&w, run->problem, p->card);
  }
  if (m != NULL) {
    write_map_parts(&w, m);
  }
  write_texts(&w, run->problem);
  if (!write_files(&w, run->directory, error)) {
    return false;
  }
  write_run(&w, run, p, m);
  seal(&w);
  return true;
}
