/* What the program says: data on stdout (every byte checked), messages and progress on stderr. */
#include "base/error.h"
#include "base/number.h"
#include "cli/cli.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 24, LINE_SIZE = 160 };

/* A bar was drawn and its line is not ended yet. */
static bool line_open;

bool cli_print(const char *characters)
{
  size_t length = strlen(characters);
  return fwrite(characters, 1, length, stdout) == length && fflush(stdout) == 0;
}

void cli_complain(const stepdose_error *error)
{
  char line[2048];
  error_format(error, line, sizeof line);
  fprintf(stderr, "stepdose: %s\n", line);
}

void cli_remark(const cli_arguments *arguments, const char *format, ...)
{
  if (arguments->given[CLI_OPTION_QUIET]) {
    return;
  }
  va_list list;
  va_start(list, format);
  fputs("stepdose: ", stderr);
  vfprintf(stderr, format, list);
  fputs("\n", stderr);
  va_end(list);
}

static void append_figure(char *line, const char *name, double value, const char *unit)
{
  char number[NUMBER_TEXT_SIZE];
  size_t used = strlen(line);
  if (isfinite(value)) {
    number_format_rounded(value, 4, number);
    snprintf(line + used, LINE_SIZE - used, "  %s %s%s", name, number, unit);
  }
}

static void draw_bar(void *context, const stepdose_progress *p)
{
  (void)context;
  char bar[BAR_WIDTH + 1];
  char line[LINE_SIZE];
  double share = p->total > 0 ? (double)p->done / (double)p->total : 0;
  int filled = (int)(BAR_WIDTH * fmin(share, 1));
  memset(bar, '.', BAR_WIDTH);
  memset(bar, '#', (size_t)filled);
  bar[BAR_WIDTH] = 0;
  snprintf(line, sizeof line, "[%s] %s %ld/%ld", bar, p->stage, p->done, p->total);
  append_figure(line, "best", p->best_goal, "");
  if (p->worst_violation > 0) {
    append_figure(line, "worst limit over by", p->worst_violation, "");
  }
  append_figure(line, "", ceil(p->seconds_left), " s left");
  fprintf(stderr, "\r%-99.99s", line);
  fflush(stderr);
  line_open = true;
}

static void print_member(const char *name, double value)
{
  char number[NUMBER_TEXT_SIZE] = "null";
  if (isfinite(value)) {
    number_format(value, number);
  }
  fprintf(stderr, ",\"%s\":%s", name, number);
}

static void print_json(void *context, const stepdose_progress *p)
{
  (void)context;
  fprintf(stderr, "{\"stage\":\"%s\",\"done\":%ld,\"total\":%ld", p->stage, p->done, p->total);
  print_member("best_goal", p->best_goal);
  print_member("worst_violation", p->worst_violation);
  print_member("seconds", p->seconds);
  print_member("seconds_left", p->seconds_left);
  fputs("}\n", stderr);
}

void cli_watch(const cli_arguments *arguments, stepdose_settings *settings)
{
  bool unwanted = arguments->given[CLI_OPTION_QUIET] || arguments->progress == CLI_PROGRESS_NONE;
  bool automatic = arguments->progress == CLI_PROGRESS_AUTO;
  if (unwanted || (automatic && !isatty(STDERR_FILENO))) {
    return;
  }
  settings->progress = arguments->progress == CLI_PROGRESS_JSON ? print_json : draw_bar;
}

void cli_watch_end(void)
{
  if (line_open) {
    fprintf(stderr, "\r%99s\r", "");
    line_open = false;
  }
}
