/* The program: arguments in, exit code out. */
#include "base/error.h"
#include "cli/cli.h"

#include <signal.h>
#include <time.h>

/* Set by a signal, read by the library before every evaluation. */
static volatile int stop_wanted;

static struct timespec first_wish;

/* Wrappers such as timeout(1) deliver one Ctrl-C twice: only a later one is a second wish. */
static const double seconds_of_one_wish = 0.5;

static double seconds_since_first_wish(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - first_wish.tv_sec) +
         1e-9 * (double)(now.tv_nsec - first_wish.tv_nsec);
}

/* The first Ctrl-C asks for an orderly end, a second one ends at once; the journal survives both.
 * Calls only what is safe in a signal handler. */
static void want_stop(int signal_number)
{
  if (!stop_wanted) {
    clock_gettime(CLOCK_MONOTONIC, &first_wish);
    stop_wanted = 1;
  } else if (seconds_since_first_wish() > seconds_of_one_wish) {
    signal(signal_number, SIG_DFL);
    raise(signal_number);
  }
}

/* Who started the program with nohup wants it to go on when the terminal is closed. */
static void catch_hangup(const struct sigaction *orderly)
{
  struct sigaction before;
  if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
    sigaction(SIGHUP, orderly, NULL);
  }
}

/* A closed pipe is an error of writing, not a signal. */
static void catch_signals(void)
{
  struct sigaction orderly = {.sa_handler = want_stop, .sa_flags = SA_RESTART};
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  sigaction(SIGINT, &orderly, NULL);
  sigaction(SIGTERM, &orderly, NULL);
  catch_hangup(&orderly);
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
