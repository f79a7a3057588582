/* argv -> arguments, by the tables of cli.h. */
#include "base/error.h"
#include "base/text.h"
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 1024, PATIENTS_MAX = 65536 };

/* What a JSON number holds exactly: the seed becomes a field of the problem. */
static const uint64_t seed_max = 9007199254740991;

static const char see_help[] = "see stepdose --help";

const cli_verb_row cli_verbs[CLI_VERB_COUNT] = {
#define X(id, word, operand, meaning, lesson, example) {word, operand, meaning, lesson, example},
    CLI_VERBS(X)
#undef X
};

const cli_option_row cli_options[CLI_OPTION_COUNT] = {
#define X(id, letter, word, argument, verbs, meaning) {letter, word, argument, verbs, meaning},
    CLI_OPTIONS(X)
#undef X
};

static bool unknown(const char *kind, const char *found, const char *nearest, const char *prefix,
                    stepdose_error *error)
{
  if (nearest == NULL) {
    return error_set(error, STEPDOSE_USAGE, see_help, "there is no %s '%s%s'", kind, prefix, found);
  }
  char remedy[128];
  snprintf(remedy, sizeof remedy, "did you mean '%s%s'?", prefix, nearest);
  return error_set(error, STEPDOSE_USAGE, remedy, "there is no %s '%s%s'", kind, prefix, found);
}

static bool find_verb(const char *word, cli_arguments *out, stepdose_error *error)
{
  const char *words[CLI_VERB_COUNT];
  for (int v = 0; v < CLI_VERB_COUNT; v++) {
    words[v] = cli_verbs[v].word;
    if (strcmp(word, words[v]) == 0) {
      out->has_verb = true;
      out->verb = (cli_verb)v;
      return true;
    }
  }
  return unknown("verb", word, text_nearest(word, words, CLI_VERB_COUNT), "", error);
}

/* Compares the word up to its '=', if there is one. */
static bool find_long(const char *word, cli_option *found, stepdose_error *error)
{
  char name[64];
  const char *words[CLI_OPTION_COUNT];
  size_t length = strcspn(word, "=");
  snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), word);
  for (int o = 0; o < CLI_OPTION_COUNT; o++) {
    words[o] = cli_options[o].word;
    if (strcmp(name, words[o]) == 0) {
      *found = (cli_option)o;
      return true;
    }
  }
  return unknown("option", name, text_nearest(name, words, CLI_OPTION_COUNT), "--", error);
}

static bool find_letter(const char *word, cli_option *found, stepdose_error *error)
{
  for (int o = 0; o < CLI_OPTION_COUNT; o++) {
    if (cli_options[o].letter != 0 && word[0] == cli_options[o].letter && word[1] == 0) {
      *found = (cli_option)o;
      return true;
    }
  }
  return unknown("option", word, NULL, "-", error);
}

/* A whole number in decimal digits, nothing else. */
static bool parse_whole(const char *digits, uint64_t largest, uint64_t *value)
{
  char *end = NULL;
  if (digits[0] == 0 || strspn(digits, "0123456789") != strlen(digits)) {
    return false;
  }
  errno = 0;
  unsigned long long parsed = strtoull(digits, &end, 10);
  *value = parsed;
  return errno == 0 && *end == 0 && parsed <= largest;
}

static bool bad_value(cli_option o, const char *value, const char *allowed, stepdose_error *error)
{
  return error_set(error, STEPDOSE_USAGE, allowed, "--%s got '%.100s'", cli_options[o].word, value);
}

static bool add_override(const char *value, cli_arguments *out, stepdose_error *error)
{
  if (strchr(value, '=') == NULL || value[0] != '/') {
    return bad_value(CLI_OPTION_SET, value,
                     "write a JSON Pointer, '=' and a value, as in --set /horizon_days=63", error);
  }
  if (out->n_overrides >= CLI_OVERRIDES_MAX) {
    return error_set(error, STEPDOSE_USAGE, "write the changes into a problem file",
                     "more than %d --set", CLI_OVERRIDES_MAX);
  }
  out->overrides[out->n_overrides++] = value;
  return true;
}

static bool set_progress(const char *value, cli_arguments *out, stepdose_error *error)
{
  static const char *const words[] = {"bar", "json", "none"};
  static const cli_progress modes[] = {CLI_PROGRESS_BAR, CLI_PROGRESS_JSON, CLI_PROGRESS_NONE};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (strcmp(value, words[i]) == 0) {
      out->progress = modes[i];
      return true;
    }
  }
  return bad_value(CLI_OPTION_PROGRESS, value, "one of bar, json, none", error);
}

static bool set_threads(const char *value, cli_arguments *out, stepdose_error *error)
{
  uint64_t n = 0;
  if (!parse_whole(value, THREADS_MAX, &n) || n == 0) {
    return bad_value(CLI_OPTION_THREADS, value, "a whole number from 1 to 1024", error);
  }
  out->threads = (int)n;
  return true;
}

static bool set_patients(const char *value, cli_arguments *out, stepdose_error *error)
{
  uint64_t n = 0;
  if (!parse_whole(value, PATIENTS_MAX, &n) || n < 2) {
    return bad_value(CLI_OPTION_PATIENTS, value, "a whole number from 2 to 65536", error);
  }
  out->patients = (int)n;
  return true;
}

static bool take_value(cli_option o, const char *value, cli_arguments *out, stepdose_error *error)
{
  switch (o) {
  case CLI_OPTION_SET:
    return add_override(value, out, error);
  case CLI_OPTION_OUTPUT:
    out->output = value;
    return value[0] != 0 || bad_value(o, value, "name a directory", error);
  case CLI_OPTION_REGIMEN:
  case CLI_OPTION_BASE:
    out->regimen = value;
    return value[0] != 0 || bad_value(o, value, "name a file", error);
  case CLI_OPTION_THREADS:
    return set_threads(value, out, error);
  case CLI_OPTION_PATIENTS:
    return set_patients(value, out, error);
  case CLI_OPTION_SEED:
    return parse_whole(value, seed_max, &out->seed) ||
           bad_value(o, value, "a whole number from 0 to 9007199254740991", error);
  case CLI_OPTION_PROGRESS:
    return set_progress(value, out, error);
  default:
    return true;
  }
}

/* *next: index of the argument after this one; moved on if the value stands there. */
static bool parse_option(int argc, char **argv, int *next, cli_arguments *out,
                         stepdose_error *error)
{
  const char *word = argv[*next - 1];
  bool is_long = word[1] == '-';
  cli_option o = CLI_OPTION_COUNT;
  if (is_long ? !find_long(word + 2, &o, error) : !find_letter(word + 1, &o, error)) {
    return false;
  }
  const cli_option_row *row = &cli_options[o];
  const char *attached = is_long ? strchr(word, '=') : NULL;
  if (row->argument[0] == 0) {
    out->given[o] = true;
    return attached == NULL || bad_value(o, attached + 1, "it takes no value", error);
  }
  if (out->given[o] && o != CLI_OPTION_SET) {
    return error_set(error, STEPDOSE_USAGE, "give it once", "--%s is given twice", row->word);
  }
  out->given[o] = true;
  if (attached != NULL) {
    return take_value(o, attached + 1, out, error);
  }
  if (*next >= argc) {
    return error_set(error, STEPDOSE_USAGE, see_help, "--%s needs %s", row->word, row->argument);
  }
  return take_value(o, argv[(*next)++], out, error);
}

static bool parse_word(const char *word, cli_arguments *out, stepdose_error *error)
{
  if (!out->has_verb) {
    return find_verb(word, out, error);
  }
  const cli_verb_row *verb = &cli_verbs[out->verb];
  if (out->operand != NULL && strstr(verb->operand, "...") != NULL &&
      out->n_further < CLI_FURTHER_MAX) {
    out->further[out->n_further++] = word;
    return true;
  }
  if (out->operand != NULL && strchr(verb->operand, ' ') != NULL && out->input_file == NULL) {
    out->input_file = word;
    return true;
  }
  if (verb->operand[0] == 0 || out->operand != NULL) {
    return error_set(error, STEPDOSE_USAGE, see_help, "%s does not take '%.100s'", verb->word,
                     word);
  }
  out->operand = word;
  return true;
}

static bool check_combination(const cli_arguments *a, stepdose_error *error)
{
  if (a->given[CLI_OPTION_HELP] || a->given[CLI_OPTION_VERSION]) {
    return true;
  }
  if (!a->has_verb) {
    return error_set(error, STEPDOSE_USAGE, see_help, "what is to be done? No verb was given");
  }
  const cli_verb_row *verb = &cli_verbs[a->verb];
  if (a->given[CLI_OPTION_BASE] && a->given[CLI_OPTION_REGIMEN]) {
    return error_set(error, STEPDOSE_USAGE, "give one of them",
                     "--base and --regimen both name a regimen");
  }
  if (a->verb == CLI_VERB_REPORT && a->output != NULL && a->n_further == 0) {
    return error_set(error, STEPDOSE_USAGE, verb->example,
                     "-o names the page that compares runs, and there is one run");
  }
  for (int o = 0; o < CLI_OPTION_COUNT; o++) {
    if (a->given[o] && (cli_options[o].verbs & (1U << a->verb)) == 0) {
      return error_set(error, STEPDOSE_USAGE, see_help, "%s does not take --%s", verb->word,
                       cli_options[o].word);
    }
  }
  const bool lacks_second =
      strchr(verb->operand, ' ') != NULL && strchr(verb->operand, '[') == NULL && !a->input_file;
  if (verb->operand[0] != 0 && (a->operand == NULL || a->operand[0] == 0 || lacks_second)) {
    return error_set(error, STEPDOSE_USAGE, verb->example, "%s needs %s", verb->word,
                     verb->operand);
  }
  return true;
}

bool cli_parse(int argc, char **argv, cli_arguments *out, stepdose_error *error)
{
  *out = (cli_arguments){0};
  bool words_only = false;
  for (int next = 1; next < argc;) {
    const char *word = argv[next++];
    if (!words_only && strcmp(word, "--") == 0) {
      words_only = true;
    } else if (!words_only && word[0] == '-' && word[1] != 0) {
      if (!parse_option(argc, argv, &next, out, error)) {
        return false;
      }
    } else if (!parse_word(word, out, error)) {
      return false;
    }
  }
  return check_combination(out, error);
}
