/* A program of somebody else: simulates a problem file with the installed library.
 *
 * usage: simulate PROBLEM DIRECTORY */
#include <stdio.h>
#include <stepdose.h>

int main(int argc, char **argv)
{
  stepdose_error error;
  const char *overrides[] = {"/population=reference"};
  if (argc != 3) {
    return 1;
  }
  stepdose_problem *problem = stepdose_problem_read(argv[1], overrides, 1, &error);
  if (problem == NULL) {
    fprintf(stderr, "%s: %s\n", error.file, error.message);
    return 2;
  }
  stepdose_settings settings = stepdose_settings_default();
  stepdose_result *result = stepdose_simulate(problem, NULL, &settings, argv[2], &error);
  stepdose_problem_free(problem);
  if (result == NULL) {
    fprintf(stderr, "%s\n", error.message);
    return 3;
  }
  printf("%s %s\n", stepdose_version(), stepdose_status_name(stepdose_result_status(result)));
  stepdose_result_free(result);
  return 0;
}
