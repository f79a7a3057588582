/* What each verb does, by the public header. */
#include "base/error.h"
#include "cli/cli.h"

#include <stdio.h>

static const int exit_output_failed = 5;

static int fail(const stepdose_error *error)
{
  cli_complain(error);
  return stepdose_code_exit(error->code);
}

/* Prints; if stdout does not take it, that is what the program reports. */
static int print_and_exit(const char *characters, int exit_code)
{
  if (cli_print(characters)) {
    return exit_code;
  }
  fputs("stepdose: standard output could not be written\n", stderr);
  return exit_output_failed;
}

static stepdose_settings make_settings(const cli_arguments *a, const volatile int *stop)
{
  stepdose_settings settings = stepdose_settings_default();
  settings.threads = a->threads;
  settings.has_seed = a->given[CLI_OPTION_SEED];
  settings.seed = a->seed;
  settings.overwrite = a->given[CLI_OPTION_OVERWRITE];
  settings.stop = stop;
  cli_watch(a, &settings);
  return settings;
}

static stepdose_problem *read_problem(const cli_arguments *a, stepdose_error *error)
{
  return stepdose_problem_read(a->operand, a->overrides, a->n_overrides, error);
}

/* Takes the result. */
static int present(const cli_arguments *a, stepdose_result *result, const stepdose_error *error)
{
  cli_watch_end();
  if (result == NULL) {
    return fail(error);
  }
  stepdose_status status = stepdose_result_status(result);
  int exit_code = print_and_exit(stepdose_result_summary(result), stepdose_status_exit(status));
  if (status == STEPDOSE_STATUS_INTERRUPTED) {
    cli_remark(
        a, "the search is not complete: the best so far is in %s; the summary says how to go on",
        stepdose_result_directory(result));
  }
  stepdose_result_free(result);
  return exit_code;
}

static int run_check(const cli_arguments *a, const stepdose_settings *settings)
{
  stepdose_error error;
  stepdose_problem *problem = read_problem(a, &error);
  if (problem == NULL) {
    return fail(&error);
  }
  char *shown = stepdose_check(problem, settings, &error);
  int exit_code = shown != NULL ? print_and_exit(shown, 0) : fail(&error);
  stepdose_text_free(shown);
  stepdose_problem_free(problem);
  return exit_code;
}

/* Studies that read a problem and write a run directory: those that read a second file (operand or
 * regimen), and those that do not. */
typedef stepdose_result *study(const stepdose_problem *problem, const stepdose_settings *settings,
                               const char *directory, stepdose_error *error);
typedef stepdose_result *study_of_file(const stepdose_problem *problem, const char *input_file,
                                       const stepdose_settings *settings, const char *directory,
                                       stepdose_error *error);

static study *const studies[CLI_VERB_COUNT] = {
    [CLI_VERB_PROPOSE] = stepdose_propose,
    [CLI_VERB_MAP] = stepdose_map,
    [CLI_VERB_PARETO] = stepdose_pareto,
    [CLI_VERB_STRATA] = stepdose_strata,
};

static study_of_file *const studies_of_files[CLI_VERB_COUNT] = {
    [CLI_VERB_SIMULATE] = stepdose_simulate,
    [CLI_VERB_RESTART] = stepdose_restart,
    [CLI_VERB_SENSITIVITY] = stepdose_sensitivity,
    [CLI_VERB_CALIBRATE] = stepdose_calibrate,
};

static stepdose_result *compare(const cli_arguments *a, const stepdose_problem *problem,
                                const stepdose_settings *settings, stepdose_error *error)
{
  return stepdose_whatif(problem, a->input_file, a->regimen, settings, a->output, error);
}

static stepdose_result *make_result(const cli_arguments *a, const stepdose_problem *problem,
                                    const stepdose_settings *settings, stepdose_error *error)
{
  const char *file = a->regimen != NULL ? a->regimen : a->input_file;
  if (a->verb == CLI_VERB_WHATIF) {
    return compare(a, problem, settings, error);
  }
  return studies[a->verb] != NULL
             ? studies[a->verb](problem, settings, a->output, error)
             : studies_of_files[a->verb](problem, file, settings, a->output, error);
}

static int run_study(const cli_arguments *a, const stepdose_settings *settings)
{
  stepdose_error error;
  stepdose_problem *problem = read_problem(a, &error);
  if (problem == NULL) {
    return fail(&error);
  }
  int exit_code = present(a, make_result(a, problem, settings, &error), &error);
  stepdose_problem_free(problem);
  return exit_code;
}

static int run_verify(const cli_arguments *a, const stepdose_settings *settings)
{
  stepdose_error error;
  return present(a, stepdose_verify(a->operand, settings, &error), &error);
}

/* A page that is named, or what went wrong; takes the page. */
static int present_page(char *page, const stepdose_error *error)
{
  if (page == NULL) {
    return fail(error);
  }
  int exit_code = print_and_exit(page, 0);
  stepdose_text_free(page);
  return exit_code != 0 ? exit_code : print_and_exit("\n", 0);
}

static int report_one(const char *run)
{
  stepdose_error error;
  char *page = stepdose_report(run, &error);
  return present_page(page, &error);
}

static int report_all(const cli_arguments *a)
{
  stepdose_error error;
  const char *run[1 + CLI_FURTHER_MAX] = {a->operand};
  for (size_t i = 0; i < a->n_further; i++) {
    run[1 + i] = a->further[i];
  }
  char *page = stepdose_compare(run, 1 + a->n_further, a->output, &error);
  return present_page(page, &error);
}

/* Stops at the first run that cannot be shown. */
static int run_report(const cli_arguments *a, const stepdose_settings *settings)
{
  (void)settings;
  int exit_code = report_one(a->operand);
  for (size_t i = 0; i < a->n_further && exit_code == 0; i++) {
    exit_code = report_one(a->further[i]);
  }
  return exit_code == 0 && a->n_further > 0 ? report_all(a) : exit_code;
}

static int run_validate(const cli_arguments *a, const stepdose_settings *settings)
{
  stepdose_error error;
  char *shown = stepdose_validate(a->operand, a->patients, a->output, settings, &error);
  cli_watch_end();
  if (shown == NULL) {
    return fail(&error);
  }
  int exit_code = print_and_exit(shown, 0);
  stepdose_text_free(shown);
  return exit_code;
}

static int run_selftest(const cli_arguments *a, const stepdose_settings *settings)
{
  (void)a;
  stepdose_error error;
  bool passed = false;
  char *shown = stepdose_selftest(settings, &passed, &error);
  if (shown == NULL) {
    return fail(&error);
  }
  int exit_code = print_and_exit(shown, passed ? 0 : stepdose_code_exit(STEPDOSE_INTERNAL));
  stepdose_text_free(shown);
  return exit_code;
}

static int show_help(const cli_arguments *a)
{
  char *shown = cli_help(a);
  if (shown == NULL) {
    return stepdose_code_exit(STEPDOSE_NO_MEMORY);
  }
  int exit_code = print_and_exit(shown, 0);
  stepdose_text_free(shown);
  return exit_code;
}

static int show_version(void)
{
  char line[64];
  snprintf(line, sizeof line, "stepdose %s\n", stepdose_version());
  return print_and_exit(line, 0);
}

int cli_run(const cli_arguments *a, const volatile int *stop)
{
  static int (*const run[CLI_VERB_COUNT])(const cli_arguments *, const stepdose_settings *) = {
      [CLI_VERB_CHECK] = run_check,       [CLI_VERB_SIMULATE] = run_study,
      [CLI_VERB_PROPOSE] = run_study,     [CLI_VERB_MAP] = run_study,
      [CLI_VERB_PARETO] = run_study,      [CLI_VERB_STRATA] = run_study,
      [CLI_VERB_SENSITIVITY] = run_study, [CLI_VERB_RESTART] = run_study,
      [CLI_VERB_CALIBRATE] = run_study,   [CLI_VERB_WHATIF] = run_study,
      [CLI_VERB_VERIFY] = run_verify,     [CLI_VERB_REPORT] = run_report,
      [CLI_VERB_VALIDATE] = run_validate, [CLI_VERB_SELFTEST] = run_selftest,
  };
  if (a->given[CLI_OPTION_HELP]) {
    return show_help(a);
  }
  if (a->given[CLI_OPTION_VERSION]) {
    return show_version();
  }
  stepdose_settings settings = make_settings(a, stop);
  return run[a->verb](a, &settings);
}
