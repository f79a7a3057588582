/* The program: arguments in, exit code out. */
#include "base/error.h"
#include "cli/cli.h"

#include <signal.h>

/* Set by a signal, read by the library before every evaluation. */
static volatile int stop_wanted;

static void want_stop(int signal_number)
{
  (void)signal_number;
  stop_wanted = 1;
}

/* The first Ctrl-C asks for an orderly end, a second one ends at once. A closed pipe is an error of
 * writing, not a signal. */
static void catch_signals(void)
{
  struct sigaction orderly = {.sa_handler = want_stop, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  sigaction(SIGINT, &orderly, NULL);
  sigaction(SIGTERM, &orderly, NULL);
  sigaction(SIGPIPE, &ignored, NULL);
}

int main(int argc, char **argv)
{
  cli_arguments arguments;
  stepdose_error error;
  catch_signals();
  if (!cli_parse(argc, argv, &arguments, &error)) {
    cli_complain(&error);
    return stepdose_code_exit(error.code);
  }
  return cli_run(&arguments, &stop_wanted);
}
