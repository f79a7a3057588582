/* One run, read back from the files of its directory for the page that shows it. */
#ifndef REPORT_PAGE_RUN_H
#define REPORT_PAGE_RUN_H

#include "report/csv_table.h"
#include "report/run_directory.h"

typedef struct cJSON cJSON;

typedef struct page_run {
  const char *directory; /* borrowed */
  stored_result *stored;
  cJSON *result, *settings; /* result.json, problem.json */
  stepdose_problem *problem;
  csv_table trajectories, endpoints, history, map; /* n_columns 0: the run has none */
  csv_table courses; /* of some virtual patients */
  csv_table sensitivity, front, restart;
  csv_table fit; /* rows of evidence */
  char *summary;
} page_run;

/* Every file that result.json names must be there, as it was written: else RESULT_INVALID or
 * INPUT_OUTPUT. NULL on failure. */
page_run *page_run_read(const char *directory, stepdose_error *error);
/* The same without tables and summary: what was asked and answered. */
page_run *page_run_read_answer(const char *directory, stepdose_error *error);
void page_run_free(page_run *run);
/* Path of the regimen.csv of a run that is finished and as it was written; the caller releases.
 * NULL: RESULT_INVALID, INPUT_OUTPUT, or no memory. */
char *page_run_regimen(const char *directory, stepdose_error *error);

/* Members of result.json; an object may be NULL. */
const cJSON *page_member(const cJSON *object, const char *key);
double page_number(const cJSON *object, const char *key);      /* NAN where there is none */
const char *page_string(const cJSON *object, const char *key); /* "" where there is none */
bool page_true(const cJSON *object, const char *key);

/* What the given regimen does in virtual patients; NULL: there are none. */
const cJSON *page_given_outcome(const page_run *run);
/* Of these patients where there are some, else of the reference patient; NAN: no regimen. */
double page_goal_reached(const page_run *run);

/* Doses of engager in an array of doses: amounts and days of at most `room`. */
enum { PAGE_DOSES_MAX = 256 };
typedef struct page_doses {
  int n;
  double day[PAGE_DOSES_MAX], amount[PAGE_DOSES_MAX];
  const char *unit; /* of the first one */
} page_doses;
void page_doses_read(const cJSON *doses, page_doses *out);

/* A curve of trajectories.csv. */
typedef struct page_course {
  long n;
  double *day, *value;
} page_course;
/* False: no memory. n 0: there is no such curve. */
bool page_course_read(const page_run *run, const char *output, const char *statistic,
                      page_course *out);
void page_course_free(page_course *course);

/* The virtual patients of courses.csv: their numbers, at most `room`; returns how many. */
int page_shown_patients(const page_run *run, int room, int *patient);
/* The course of one of them; as page_course_read. */
bool page_patient_read(const page_run *run, const char *output, int patient, page_course *out);

#endif
