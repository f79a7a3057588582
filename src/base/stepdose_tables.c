/* The lists of the public header as functions: names, meanings, exit codes, defaults, version. */
#include "stepdose.h"

/* The only place of the version: the build reads it from this line. */
static const char VERSION[] = "0.1.0";

typedef struct entry {
  const char *name;
  const char *meaning;
  int exit_code;
} entry;

static const entry errors[] = {
#define X(name, exit_code, meaning) {#name, meaning, exit_code},
    STEPDOSE_ERRORS(X)
#undef X
};

static const entry statuses[] = {
#define X(name, text, exit_code, meaning) {text, meaning, exit_code},
    STEPDOSE_STATUSES(X)
#undef X
};

/* What a caller gets who passes a number that is in neither list. */
static const entry unknown = {"UNKNOWN", "not a code of this version", 70};

static const entry *error_entry(stepdose_code code)
{
  return (unsigned)code < STEPDOSE_CODE_COUNT ? &errors[code] : &unknown;
}

static const entry *status_entry(stepdose_status status)
{
  return (unsigned)status < STEPDOSE_STATUS_COUNT ? &statuses[status] : &unknown;
}

const char *stepdose_version(void) { return VERSION; }

const char *stepdose_code_name(stepdose_code code) { return error_entry(code)->name; }

const char *stepdose_code_meaning(stepdose_code code) { return error_entry(code)->meaning; }

int stepdose_code_exit(stepdose_code code) { return error_entry(code)->exit_code; }

const char *stepdose_status_name(stepdose_status status) { return status_entry(status)->name; }

const char *stepdose_status_meaning(stepdose_status status)
{
  return status_entry(status)->meaning;
}

int stepdose_status_exit(stepdose_status status) { return status_entry(status)->exit_code; }

stepdose_settings stepdose_settings_default(void) { return (stepdose_settings){.threads = 0}; }
