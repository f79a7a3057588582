/* Help from the tables of cli.h. */
#include "base/text.h"
#include "cli/cli.h"

static void append_options(unsigned verbs, text *out)
{
  text_append(out, "\nOptions\n");
  for (int o = 0; o < CLI_OPTION_COUNT; o++) {
    const cli_option_row *row = &cli_options[o];
    text usage = {0};
    if ((row->verbs & verbs) == 0) {
      continue;
    }
    if (row->letter != 0) {
      text_append(&usage, "-%c, ", row->letter);
    } else {
      text_append_repeat(&usage, ' ', 4);
    }
    text_append(&usage, "--%s %s", row->word, row->argument);
    char *shown = text_take(&usage);
    text_append(out, "  %-28s %s\n", shown != NULL ? shown : "", row->meaning);
    out->failed = out->failed || shown == NULL;
    stepdose_text_free(shown);
  }
}

static void append_exit_codes(text *out)
{
  text_append(out, "\nExit codes\n");
#define X(code, meaning) text_append(out, "  %2d  %s\n", code, meaning);
  CLI_EXIT_CODES(X)
#undef X
}

static void append_general(text *out)
{
  text_append(out,
              "stepdose %s: " CLI_PURPOSE "\n"
              "\nusage: stepdose VERB [OPTIONS] ...\n\nVerbs\n",
              stepdose_version());
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    text_append(out, "  %-11s %-16s %s\n", cli_verbs[v].word, cli_verbs[v].operand,
                cli_verbs[v].meaning);
  }
  append_options(CLI_ALL, out);
  append_exit_codes(out);
  text_append(out,
              "\nExample\n  %s\n\nA problem file says what is asked: molecule, indication, what "
              "may vary, the goal, the limits.\nStart from one in problems/ and try it with "
              "`stepdose check`. `stepdose VERB --help` says more.\n"
              CLI_CAUTION "\n",
              cli_verbs[CLI_VERB_PROPOSE].example);
}

static void append_verb(const cli_verb_row *verb, unsigned bit, text *out)
{
  text_append(out, "stepdose %s: %s\n\nusage: stepdose %s [OPTIONS]%s%s\n\n%s\n", verb->word,
              verb->meaning, verb->word, verb->operand[0] != 0 ? " " : "", verb->operand,
              verb->lesson);
  append_options(bit, out);
  text_append(out, "\nExample\n  %s\n", verb->example);
}

char *cli_help(const cli_arguments *arguments)
{
  text out = {0};
  if (arguments->has_verb) {
    append_verb(&cli_verbs[arguments->verb], 1U << arguments->verb, &out);
  } else {
    append_general(&out);
  }
  return text_take(&out);
}
