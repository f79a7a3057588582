/* The manual page of the program, in the man(7) language, from the tables of cli.h.
 *
 * usage: generate_manual DATE, where DATE is that of the page, as in 2026-01-31 */
#include "cli/cli.h"
#include "report/run_directory.h"

#include <stdio.h>
#include <string.h>

/* The words of a text in lines of their own, as a roff source wants them: a point or an apostrophe
 * in front would be a request, a backslash an escape, a dash before a word a hyphen. */
static void print_prose(const char *prose)
{
  char before = '\n';
  for (const char *c = prose; *c != '\0'; c++) {
    bool first = before == '\n';
    bool dash = *c == '-' && (strchr("\n (`-", before) != NULL);
    if (first && (*c == '.' || *c == '\'')) {
      fputs("\\&", stdout);
    }
    if (*c == '\\') {
      fputs("\\e", stdout);
    } else if (*c == '`') {
      fputs("\\(ga", stdout);
    } else {
      fputs(dash ? "\\-" : (char[]){*c, '\0'}, stdout);
    }
    before = *c;
  }
  fputs("\n", stdout);
}

/* What is typed as it stands: every dash is a minus. */
static void print_typed(const char *typed)
{
  for (const char *c = typed; *c != '\0'; c++) {
    fputs(*c == '-' ? "\\-" : *c == '\\' ? "\\e" : (char[]){*c, '\0'}, stdout);
  }
}

static void print_example(const char *example)
{
  puts(".RS 4\n.EX");
  print_typed(example);
  puts("\n.EE\n.RE");
}

static void print_heading(const char *date)
{
  printf(".\\\" made from the tables of src/cli/cli.h\n");
  printf(".TH STEPDOSE 1 %s \"stepdose %s\" \"User Commands\"\n", date, stepdose_version());
  puts(".SH NAME");
  printf("stepdose \\- ");
  print_prose(CLI_PURPOSE);
}

static void print_synopsis(void)
{
  puts(".SH SYNOPSIS");
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    printf("%s.B stepdose %s\n[\\fIOPTIONS\\fR]\n", v > 0 ? ".br\n" : "", cli_verbs[v].word);
    if (cli_verbs[v].operand[0] != '\0') {
      printf(".I %s\n", cli_verbs[v].operand);
    }
  }
  puts(".SH DESCRIPTION\n"
       "A problem file says what is asked: molecule, indication, what may vary, the goal, the\n"
       "limits.\n"
       ".B stepdose\n"
       "answers with a regimen that it has verified, and with the files that show why.\n.PP");
  print_prose(CLI_CAUTION);
}

static void print_verbs(void)
{
  puts(".SH VERBS");
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    const cli_verb_row *verb = &cli_verbs[v];
    printf(".SS %s%s%s\n", verb->word, verb->operand[0] != '\0' ? " " : "", verb->operand);
    print_prose(verb->lesson);
    puts(".PP\nExample:\n.PP");
    print_example(verb->example);
  }
}

/* The verbs that take an option, unless all do. */
static void print_takers(unsigned verbs)
{
  const char *between = "Taken by ";
  if (verbs == CLI_ALL) {
    return;
  }
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    if ((verbs & (1U << v)) != 0) {
      printf("%s\\fB%s\\fR", between, cli_verbs[v].word);
      between = ", ";
    }
  }
  puts(".");
}

static void print_options(void)
{
  puts(".SH OPTIONS");
  for (int o = 0; o < CLI_OPTION_COUNT; o++) {
    const cli_option_row *row = &cli_options[o];
    fputs(".TP\n", stdout);
    if (row->letter != 0) {
      printf("\\fB\\-%c\\fR, ", row->letter);
    }
    printf("\\fB\\-\\-%s\\fR", row->word);
    if (row->argument[0] != '\0') {
      printf(" \\fI%s\\fR", row->argument);
    }
    puts("");
    print_prose(row->meaning);
    print_takers(row->verbs);
  }
}

static void print_exit_status(void)
{
  puts(".SH EXIT STATUS");
#define X(code, meaning)                                                                           \
  printf(".TP\n.B %d\n", code);                                                                    \
  print_prose(meaning);
  CLI_EXIT_CODES(X)
#undef X
}

static void print_files(void)
{
  puts(".SH FILES\nIn a run directory:");
  for (int f = 0; f < RUN_FILE_COUNT; f++) {
    printf(".TP\n.I %s\n", run_files[f].name);
    print_prose(run_files[f].meaning);
  }
  puts(".PP\nProblem files to start from and JSON Schemas of all files that are read are installed "
       "in\n.I share/stepdose\nbeside the program.");
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    fputs("usage: generate_manual DATE\n", stderr);
    return 1;
  }
  print_heading(argv[1]);
  print_synopsis();
  print_verbs();
  print_options();
  print_exit_status();
  print_files();
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
