/* What every verb that writes a run directory does around its study: the seed, the identity of the
 * run, its directory, its progress, its journal, its result. */
#ifndef VERBS_RUN_FRAME_H
#define VERBS_RUN_FRAME_H

#include "report/report.h"

struct stepdose_result {
  stepdose_status status;
  char *directory;
  char *summary;
};

/* One run of a verb, from its settings to its result. */
typedef struct run_frame {
  const stepdose_problem *problem;
  stepdose_problem *reseeded; /* owned; the problem with another seed, if one was asked for */
  const char *verb;
  const char *input_file; /* a file besides the problem that the result depends on; NULL: none */
  char input_hash[HASH_TEXT_SIZE]; /* of the files that it refers to; "": of none */
  const char *regimen_file;        /* a given regimen, where that is not the input; NULL: none */
  char identity[HASH_TEXT_SIZE];
  char *directory;
  run_state state;
  int threads;
  progress *progress, *quiet;
} run_frame;

int run_thread_count(const stepdose_settings *settings);

/* Fills everything up to the directory's name; whatever comes of it, run_frame_close. */
bool run_frame_open(run_frame *f, const char *verb, const stepdose_problem *problem,
                    const char *input_file, const stepdose_settings *settings,
                    const char *directory, stepdose_error *error);
void run_frame_close(run_frame *f);
/* f->problem and f->reseeded alone, of a frame that is otherwise not used. */
bool run_frame_reseed(run_frame *f, const stepdose_settings *settings, stepdose_error *error);

/* Makes the directory and writes problem.json first: a directory that was left in the middle is
 * known by it. f->state tells what it held. */
bool run_frame_claim(run_frame *f, bool overwrite, stepdose_error *error);
/* After a failed study: a directory that was fresh is left as it was found. */
void run_frame_abandon(const run_frame *f);

report_run run_frame_describe(const run_frame *f, stepdose_status status, bool finished);

/* The result of a run; both take the summary in every case. run_frame_page makes report.html first,
 * from the files as they are on disk. NULL: *error. */
stepdose_result *run_result(stepdose_status status, const char *directory, char *summary,
                            stepdose_error *error);
stepdose_result *run_frame_page(const run_frame *f, stepdose_status status, char *summary,
                                stepdose_error *error);
/* The result that the directory already holds. */
stepdose_result *run_frame_finished(const run_frame *f, stepdose_error *error);

/* A study that searches with a journal: each such verb is one row. */
typedef struct run_study {
  const char *verb;
  bool (*possible)(const stepdose_problem *problem, stepdose_error *error); /* may be NULL */
  /* input: the frame's input_file */
  void *(*run)(const stepdose_problem *problem, const char *input, const study_run *run,
               stepdose_error *error);
  void (*free)(void *made);
  stepdose_status (*status)(const void *made);
  bool (*cut_short)(const void *made); /* the same command would go on */
  /* Writes all files but problem.json; hands over the summary. */
  bool (*report)(const report_run *run, const void *made, char **summary, stepdose_error *error);
  /* Of the files that the input file refers to: part of the run's identity; may be NULL. */
  bool (*hash_input)(const char *input, char hash[HASH_TEXT_SIZE], stepdose_error *error);
  const char *regimen_file; /* of study_run; NULL: none */
} run_study;
stepdose_result *run_study_verb(const run_study *study, const stepdose_problem *problem,
                                const char *input_file, const stepdose_settings *settings,
                                const char *directory, stepdose_error *error);

#endif
