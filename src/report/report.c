/* Writes the files of a run, result.json last. */
#include "report/report.h"

#include "base/allocate.h"
#include "regimen/event_table.h"

/* Writes what `fill` appended; the text is released in every case. */
static bool write_and_free(const char *directory, run_file file, text *t, stepdose_error *error)
{
  bool done = run_directory_write_text(directory, file, t, error);
  text_free(t);
  return done;
}

static bool write_compact(const report_run *run, const schedule *doses, stepdose_error *error)
{
  text table = {0};
  event_table_write_compact(doses, run->problem->horizon_days, &table);
  return write_and_free(run->directory, RUN_FILE_COMPACT, &table, error);
}

/* A table of an earlier, unfinished attempt must not stand beside a result that has none. */
static bool write_tables(const report_run *run, const report_regimen *regimen,
                         stepdose_error *error)
{
  if (regimen == NULL || !regimen->verified->simulated) {
    return run_directory_remove(run->directory, RUN_FILE_COMPACT, error) &&
           run_directory_remove(run->directory, RUN_FILE_TRAJECTORIES, error) &&
           run_directory_remove(run->directory, RUN_FILE_ENDPOINTS, error);
  }
  if (!write_compact(run, regimen->doses, error)) {
    return false;
  }
  text trajectories = {0};
  text endpoints_table = {0};
  csv_trajectories(run->problem, regimen, &trajectories);
  endpoints_table.failed = !csv_endpoints(run->problem, regimen, &endpoints_table);
  if (run->patients != NULL) {
    csv_cohort_trajectories(run->patients, &trajectories);
    csv_cohort_endpoints(run->patients, &endpoints_table);
  }
  bool done = write_and_free(run->directory, RUN_FILE_TRAJECTORIES, &trajectories, error);
  return write_and_free(run->directory, RUN_FILE_ENDPOINTS, &endpoints_table,
                        done ? error : NULL) &&
         done;
}

static bool write_patients(const report_run *run, stepdose_error *error)
{
  text table = {0};
  text courses = {0};
  if (run->patients == NULL) {
    return run_directory_remove(run->directory, RUN_FILE_PATIENTS, error) &&
           run_directory_remove(run->directory, RUN_FILE_COURSES, error);
  }
  csv_patients(run->patients, &table);
  csv_courses(run->patients, &courses);
  bool done = write_and_free(run->directory, RUN_FILE_PATIENTS, &table, error);
  return write_and_free(run->directory, RUN_FILE_COURSES, &courses, done ? error : NULL) && done;
}

static bool write_history(const report_run *run, const study_proposal *p, stepdose_error *error)
{
  text history = {0};
  if (!csv_history(p, &history)) {
    text_free(&history);
    return error_no_memory(error, "writing history.csv");
  }
  return write_and_free(run->directory, RUN_FILE_HISTORY, &history, error);
}

static bool write_result(const report_run *run, const report_regimen *regimen,
                         const study_proposal *p, const study_map *m, stepdose_error *error)
{
  text result = {0};
  if (!result_json(run, regimen, p, m, &result, error)) {
    text_free(&result);
    return false;
  }
  return write_and_free(run->directory, RUN_FILE_RESULT, &result, error);
}

/* Hands the summary over to the caller once it stands in its file. */
static bool write_summary(const report_run *run, text *written, char **summary,
                          stepdose_error *error)
{
  if (!run_directory_write_text(run->directory, RUN_FILE_SUMMARY, written, error)) {
    text_free(written);
    return false;
  }
  *summary = text_take(written);
  return *summary != NULL || error_no_memory(error, "writing the summary");
}

bool report_proposal(const report_run *run, const study_proposal *p, char **summary,
                     stepdose_error *error)
{
  text written = {0};
  report_regimen found = {&p->doses, &p->searched, &p->verified, &p->samples, p->design};
  const report_regimen *regimen = p->has_regimen ? &found : NULL;
  report_run of_patients = *run;
  of_patients.patients = p->patients != NULL ? p->patients->fresh : NULL;
  run = &of_patients;
  *summary = NULL;
  summary_proposal(run, p, &written);
  bool done = write_summary(run, &written, summary, error) && write_history(run, p, error) &&
              write_tables(run, regimen, error) && write_patients(run, error) &&
              write_result(run, regimen, p, NULL, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}

static bool write_event_table(const report_run *run, const schedule *doses, stepdose_error *error)
{
  text table = {0};
  event_table_write(doses, run->problem->horizon_days, &table);
  return write_and_free(run->directory, RUN_FILE_REGIMEN, &table, error);
}

bool report_simulation(const report_run *run, const study_simulation *s, char **summary,
                       stepdose_error *error)
{
  text written = {0};
  report_regimen regimen = {&s->doses, &s->searched, &s->verified, &s->samples, NULL};
  *summary = NULL;
  summary_simulation(run, s, &written);
  bool done = write_summary(run, &written, summary, error) &&
              write_event_table(run, &s->doses, error) && write_tables(run, &regimen, error) &&
              write_patients(run, error) && write_result(run, &regimen, NULL, NULL, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}

static bool write_restart(const report_run *run, stepdose_error *error)
{
  text table = {0};
  csv_restart(run->restart, &table);
  return write_and_free(run->directory, RUN_FILE_RESTART, &table, error);
}

bool report_restart(const report_run *run, const study_simulation *s, char **summary,
                    stepdose_error *error)
{
  text written = {0};
  report_regimen regimen = {&s->doses, &s->searched, &s->verified, &s->samples, NULL};
  *summary = NULL;
  summary_restart(run, s, &written);
  bool done = write_summary(run, &written, summary, error) && write_restart(run, error) &&
              write_event_table(run, &s->doses, error) && write_tables(run, &regimen, error) &&
              write_patients(run, error) && write_result(run, &regimen, NULL, NULL, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}

static bool write_whatif(const report_run *run, stepdose_error *error)
{
  text table = {0};
  csv_whatif(run->whatif, &table);
  return write_and_free(run->directory, RUN_FILE_WHATIF, &table, error);
}

bool report_whatif(const report_run *run, char **summary, stepdose_error *error)
{
  text written = {0};
  const study_simulation *s = run->whatif->base;
  report_regimen regimen = {&s->doses, &s->searched, &s->verified, &s->samples, NULL};
  *summary = NULL;
  summary_whatif(run, &written);
  bool done = write_summary(run, &written, summary, error) && write_whatif(run, error) &&
              write_event_table(run, &s->doses, error) && write_tables(run, &regimen, error) &&
              write_patients(run, error) && write_result(run, &regimen, NULL, NULL, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}

static bool write_strata(const report_run *run, stepdose_error *error)
{
  text table = {0};
  csv_strata(run->strata, &table);
  return write_and_free(run->directory, RUN_FILE_STRATA, &table, error);
}

bool report_strata(const report_run *run, char **summary, stepdose_error *error)
{
  text written = {0};
  const study_proposal *p = run->strata->common;
  report_regimen common = {&p->doses, &p->searched, &p->verified, &p->samples, p->design};
  const report_regimen *regimen = p->has_regimen ? &common : NULL;
  *summary = NULL;
  summary_by_stratum(run, &written);
  bool done = write_summary(run, &written, summary, error) && write_strata(run, error) &&
              write_history(run, p, error) && write_tables(run, regimen, error) &&
              write_patients(run, error) && write_result(run, regimen, p, NULL, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}

static bool write_fit(const report_run *run, stepdose_error *error)
{
  text rows = {0};
  text estimates = {0};
  text values = {0};
  csv_fit_rows(run->calibration, &rows);
  csv_fit_parameters(run->calibration, &estimates);
  parameters_json(run->calibration, &values);
  bool done = write_and_free(run->directory, RUN_FILE_FIT_ROWS, &rows, error);
  done = write_and_free(run->directory, RUN_FILE_FIT_PARAMETERS, &estimates, done ? error : NULL) &&
         done;
  return write_and_free(run->directory, RUN_FILE_PARAMETERS, &values, done ? error : NULL) && done;
}

bool report_calibration(const report_run *run, char **summary, stepdose_error *error)
{
  text written = {0};
  *summary = NULL;
  summary_calibration(run, &written);
  bool done = write_summary(run, &written, summary, error) && write_fit(run, error) &&
              write_result(run, NULL, NULL, NULL, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}

static bool write_map(const report_run *run, const study_map *m, stepdose_error *error)
{
  text table = {0};
  csv_map(m, &table);
  return write_and_free(run->directory, RUN_FILE_MAP, &table, error);
}

bool report_map(const report_run *run, const study_map *m, char **summary, stepdose_error *error)
{
  text written = {0};
  bool any = m->best >= 0;
  report_regimen best = {&m->doses, &m->searched, &m->verified, &m->samples,
                         any ? m->point[m->best].design : NULL};
  const report_regimen *regimen = any ? &best : NULL;
  *summary = NULL;
  summary_map(run, m, &written);
  bool done = write_summary(run, &written, summary, error) && write_map(run, m, error) &&
              write_tables(run, regimen, error) && write_result(run, regimen, NULL, m, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}

static bool write_front(const report_run *run, stepdose_error *error)
{
  text table = {0};
  csv_pareto(run->front, &table);
  return write_and_free(run->directory, RUN_FILE_FRONT, &table, error);
}

bool report_front(const report_run *run, char **summary, stepdose_error *error)
{
  text written = {0};
  const study_pareto *s = run->front;
  const bool any = s->chosen >= 0;
  report_regimen chosen = {&s->doses, &s->searched, &s->verified, &s->samples,
                           any ? s->front[s->chosen].design : NULL};
  const report_regimen *regimen = any ? &chosen : NULL;
  *summary = NULL;
  summary_pareto(run, &written);
  bool done = write_summary(run, &written, summary, error) && write_front(run, error) &&
              write_tables(run, regimen, error) && write_patients(run, error) &&
              write_result(run, regimen, NULL, NULL, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}

static bool write_sensitivity(const report_run *run, stepdose_error *error)
{
  text table = {0};
  csv_sensitivity(run->sensitivity, &table);
  return write_and_free(run->directory, RUN_FILE_SENSITIVITY, &table, error);
}

bool report_sensitivity(const report_run *run, const study_simulation *s, char **summary,
                        stepdose_error *error)
{
  text written = {0};
  report_regimen regimen = {&s->doses, &s->searched, &s->verified, &s->samples, NULL};
  *summary = NULL;
  summary_sensitivity(run, s, &written);
  bool done = write_summary(run, &written, summary, error) &&
              write_event_table(run, &s->doses, error) && write_sensitivity(run, error) &&
              write_tables(run, &regimen, error) && write_patients(run, error) &&
              write_result(run, &regimen, NULL, NULL, error);
  if (!done) {
    release(*summary);
    *summary = NULL;
  }
  return done;
}
