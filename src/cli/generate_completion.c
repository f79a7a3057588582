/* Completion of the command line in a shell, from the tables of cli.h.
 *
 * usage: generate_completion bash|zsh */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

/* What stands in the place of an argument or operand. */
typedef enum place { PLACE_TEXT, PLACE_WORDS, PLACE_FILE, PLACE_DIRECTORY } place;

/* The tables name it by its word: "a|b|c" are the words to choose from, "RUN..." is several. */
static place place_of(const char *argument)
{
  static const char *const files[] = {"FILE", "PROBLEM", "RESULT", "EVIDENCE", "CHANGES", "RUN"};
  if (strchr(argument, '|') != NULL) {
    return PLACE_WORDS;
  }
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    if (strncmp(argument, files[i], strlen(files[i])) == 0) {
      return PLACE_FILE;
    }
  }
  return strcmp(argument, "DIR") == 0 ? PLACE_DIRECTORY : PLACE_TEXT;
}

/* "a|b|c" with other characters between. */
static void print_words(const char *words)
{
  for (const char *c = words; *c != '\0'; c++) {
    putchar(*c == '|' ? ' ' : *c);
  }
}

static void print_option_words(unsigned verbs)
{
  const char *between = "";
  for (int o = 0; o < CLI_OPTION_COUNT; o++) {
    const cli_option_row *row = &cli_options[o];
    if ((row->verbs & verbs) == 0) {
      continue;
    }
    printf("%s--%s", between, row->word);
    between = " ";
    if (row->letter != 0) {
      printf(" -%c", row->letter);
    }
  }
}

/* --- bash ------------------------------------------------------------------------------------- */

static void print_bash_argument(const cli_option_row *row)
{
  static const char *const action[] = {
      [PLACE_TEXT] = "", [PLACE_WORDS] = "-W", [PLACE_FILE] = "-f", [PLACE_DIRECTORY] = "-d"};
  place what = place_of(row->argument);
  fputs("    ", stdout);
  if (row->letter != 0) {
    printf("-%c | ", row->letter);
  }
  printf("--%s) ", row->word);
  if (what == PLACE_TEXT) {
    puts("return ;;");
    return;
  }
  printf("_stepdose_offer %s", action[what]);
  if (what == PLACE_WORDS) {
    fputs(" '", stdout);
    print_words(row->argument);
    fputs("'", stdout);
  }
  puts("; return ;;");
}

static void print_bash_head(void)
{
  puts("# bash completion of stepdose, made from the tables of src/cli/cli.h\n"
       "\n"
       "# _stepdose_offer ACTION...: what compgen finds for the word at the cursor\n"
       "_stepdose_offer() {\n"
       "  local word\n"
       "  while IFS= read -r word; do\n"
       "    COMPREPLY+=(\"$word\")\n"
       "  done < <(compgen \"$@\" -- \"$cursor\")\n"
       "}\n"
       "\n"
       "_stepdose() {\n"
       "  local cursor=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
       "  local verb='' i\n"
       "  COMPREPLY=()\n"
       "  # bash may split --option=value at the sign\n"
       "  if [[ $cursor == '=' ]]; then\n"
       "    cursor=\n"
       "  elif [[ $before == '=' ]]; then\n"
       "    before=${COMP_WORDS[COMP_CWORD - 2]}\n"
       "  fi\n"
       "  case $before in");
}

static void print_bash_verbs(void)
{
  puts("  esac\n"
       "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
       "    case ${COMP_WORDS[i]} in");
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    printf("    %s) verb=${COMP_WORDS[i]}; break ;;\n", cli_verbs[v].word);
  }
  puts("    esac\n"
       "  done\n"
       "  case $verb:$cursor in");
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    printf("    %s:-*) _stepdose_offer -W '", cli_verbs[v].word);
    print_option_words(1U << v);
    puts("' ;;");
    if (place_of(cli_verbs[v].operand) == PLACE_FILE) {
      printf("    %s:*) _stepdose_offer -f ;;\n", cli_verbs[v].word);
    }
  }
  fputs("    :-*) _stepdose_offer -W '", stdout);
  print_option_words(CLI_ALL);
  fputs("' ;;\n    :*) _stepdose_offer -W '", stdout);
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    printf("%s%s", v > 0 ? " " : "", cli_verbs[v].word);
  }
  puts("' ;;\n"
       "  esac\n"
       "}\n"
       "\n"
       "complete -o filenames -F _stepdose stepdose");
}

static void print_bash(void)
{
  print_bash_head();
  for (int o = 0; o < CLI_OPTION_COUNT; o++) {
    if (cli_options[o].argument[0] != '\0') {
      print_bash_argument(&cli_options[o]);
    }
  }
  print_bash_verbs();
}

/* --- zsh -------------------------------------------------------------------------------------- */

/* A description inside single quotes: brackets and colons have a meaning for _arguments. */
static void print_zsh_text(const char *description)
{
  for (const char *c = description; *c != '\0'; c++) {
    if (*c == '\'') {
      fputs("'\\''", stdout);
    } else {
      if (strchr("[]:\\", *c) != NULL) {
        putchar('\\');
      }
      putchar(*c);
    }
  }
}

static void print_zsh_place(const char *argument)
{
  static const char *const action[] = {[PLACE_TEXT] = " ",
                                       [PLACE_WORDS] = "",
                                       [PLACE_FILE] = "_files",
                                       [PLACE_DIRECTORY] = "_files -/"};
  place what = place_of(argument);
  putchar(':');
  print_zsh_text(argument);
  printf(":%s", action[what]);
  if (what == PLACE_WORDS) {
    putchar('(');
    print_words(argument);
    putchar(')');
  }
}

static void print_zsh_option(cli_option o, bool is_letter)
{
  const cli_option_row *row = &cli_options[o];
  bool takes = row->argument[0] != '\0';
  printf("        '%s", o == CLI_OPTION_SET ? "*" : "");
  if (is_letter) {
    printf("-%c", row->letter);
  } else {
    printf("--%s%s", row->word, takes ? "=" : "");
  }
  putchar('[');
  print_zsh_text(row->meaning);
  putchar(']');
  if (takes) {
    print_zsh_place(row->argument);
  }
  puts("' \\");
}

static void print_zsh_verb(cli_verb v)
{
  printf("    %s)\n      _arguments -s \\\n", cli_verbs[v].word);
  for (int o = 0; o < CLI_OPTION_COUNT; o++) {
    if ((cli_options[o].verbs & (1U << v)) == 0) {
      continue;
    }
    if (cli_options[o].letter != 0) {
      print_zsh_option((cli_option)o, true);
    }
    print_zsh_option((cli_option)o, false);
  }
  if (cli_verbs[v].operand[0] != '\0') {
    bool several = strpbrk(cli_verbs[v].operand, ". ") != NULL; /* "RUN...", "PROBLEM EVIDENCE" */
    printf("        '%s", several ? "*" : "1");
    print_zsh_place(cli_verbs[v].operand);
    puts("' && return 0");
  } else {
    puts("        && return 0");
  }
  puts("      ;;");
}

static void print_zsh(void)
{
  puts("#compdef stepdose\n"
       "# zsh completion of stepdose, made from the tables of src/cli/cli.h\n"
       "\n"
       "_stepdose() {\n"
       "  local curcontext=$curcontext state line\n"
       "  local -A opt_args\n"
       "  _arguments -C '1:verb:->verb' '*::argument:->argument' && return 0\n"
       "  if [[ $state == verb ]]; then\n"
       "    local -a verbs=(");
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    printf("      '%s:", cli_verbs[v].word);
    print_zsh_text(cli_verbs[v].meaning);
    puts("'");
  }
  puts("    )\n"
       "    _describe verb verbs && return 0\n"
       "  fi\n"
       "  case $line[1] in");
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    print_zsh_verb((cli_verb)v);
  }
  puts("  esac\n"
       "  return 1\n"
       "}\n"
       "\n"
       "_stepdose \"$@\"");
}

int main(int argc, char **argv)
{
  if (argc == 2 && strcmp(argv[1], "bash") == 0) {
    print_bash();
  } else if (argc == 2 && strcmp(argv[1], "zsh") == 0) {
    print_zsh();
  } else {
    fputs("usage: generate_completion bash|zsh\n", stderr);
    return 1;
  }
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
