/* The manual page of the program, in the man(7) language, from the tables of cli.h.
 *
 * usage: generate_manual DATE, where DATE is that of the page, as in 2026-01-31 */
#include "cli/cli.h"
#include "report/run_directory.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 72 }; /* escapes may add some */

/* A word of a text as a roff source wants it: a point or an apostrophe in front of a line would be
 * a request, a backslash an escape, a dash in front of a word a hyphen. */
static void print_word(const char *word, size_t length, bool starts_line)
{
  bool dashes = true;
  if (starts_line && (word[0] == '.' || word[0] == '\'')) {
    fputs("\\&", stdout);
  }
  for (size_t i = 0; i < length; i++) {
    const char plain[] = {word[i], '\0'};
    dashes = dashes && strchr("-(`", word[i]) != NULL;
    fputs(word[i] == '\\'            ? "\\e"
          : word[i] == '`'           ? "\\(ga"
          : dashes && word[i] == '-' ? "\\-"
                                     : plain,
          stdout);
  }
}

/* A text in lines of their own. */
static void print_prose(const char *prose)
{
  size_t used = 0;
  const char *word = prose + strspn(prose, " \n");
  while (*word != '\0') {
    size_t length = strcspn(word, " \n");
    bool fits = used + 1 + length <= LINE_MAX_BYTES;
    if (used > 0) {
      putchar(fits ? ' ' : '\n');
    }
    used = used > 0 && fits ? used + 1 + length : length;
    print_word(word, length, used == length);
    word += length;
    word += strspn(word, " \n");
  }
  putchar('\n');
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
       "A problem file says what is asked: molecule, indication, what may vary,\n"
       "the goal, the limits.\n"
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
    print_prose(verb->meaning);
    puts(".PP");
    print_prose(verb->lesson);
    puts(".PP\nExample:\n.PP");
    print_example(verb->example);
  }
}

/* The verbs that take an option, unless all do. */
static void print_takers(unsigned verbs)
{
  const char *between = "(with ";
  if (verbs == CLI_ALL) {
    return;
  }
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    if ((verbs & (1U << v)) != 0) {
      printf("%s\\fB%s\\fR", between, cli_verbs[v].word);
      between = ",\n";
    }
  }
  puts(")");
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
  puts(".PP");
  print_prose(
      "Problem files to start from, JSON Schemas of all files that are read, and examples in "
      "R and Python are installed in share/stepdose of the prefix.");
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
