/* Errors as values: filling, placing and printing one. Nothing here allocates. */
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/c_locale.h"

/* What a person can do about the commonest failures of the operating system. */
static const struct {
  int errno_value;
  const char *remedy;
} system_remedies[] = {
    {ENOENT, "check the spelling of the path"},
    {ENOTDIR, "a part of the path is a file where a directory is needed"},
    {EACCES, "check the permissions of the file and of its directory"},
    {EPERM, "check the permissions of the file and of its directory"},
    {EROFS, "choose a directory that can be written to"},
    {ENOSPC, "free some space or choose another disk"},
    {EDQUOT, "free some space or choose another disk"},
    {EFBIG, "raise the limit on file size or choose another disk"},
    {EISDIR, "name a file, not a directory"},
    {EMFILE, "raise the limit on open files"},
    {ENAMETOOLONG, "use a shorter name"},
    {EIO, "check the disk: reading or writing it failed"},
};

static const char *system_remedy(int errno_value)
{
  for (size_t i = 0; i < sizeof system_remedies / sizeof *system_remedies; i++) {
    if (system_remedies[i].errno_value == errno_value) {
      return system_remedies[i].remedy;
    }
  }
  return "check the file and its directory";
}

static void copy(char *to, size_t size, const char *from)
{
  snprintf(to, size, "%s", from != NULL ? from : "");
}

void error_clear(stepdose_error *error)
{
  if (error != NULL) {
    *error = (stepdose_error){.code = STEPDOSE_OK};
  }
}

bool error_set(stepdose_error *error, stepdose_code code, const char *remedy, const char *format,
               ...)
{
  if (error == NULL) {
    return false;
  }
  /* built aside, because remedy and arguments may point into *error */
  stepdose_error fresh = {.code = code};
  copy(fresh.remedy, sizeof fresh.remedy, remedy);
  va_list arguments;
  va_start(arguments, format);
  c_locale_print(fresh.message, sizeof fresh.message, format, arguments);
  va_end(arguments);
  *error = fresh;
  return false;
}

bool error_set_errno(stepdose_error *error, stepdose_code code, const char *file, int errno_value,
                     const char *action)
{
  error_set(error, code, system_remedy(errno_value), "%s: %s", action,
            c_locale_errno_text(errno_value));
  error_place(error, file, 0, 0, NULL);
  return false;
}

bool error_no_memory(stepdose_error *error, const char *what)
{
  return error_set(error, STEPDOSE_NO_MEMORY, "close other programs or make the problem smaller",
                   "memory is exhausted while %s", what);
}

void error_place(stepdose_error *error, const char *file, int line, int column, const char *pointer)
{
  if (error == NULL) {
    return;
  }
  if (file != NULL && error->file[0] == '\0') {
    copy(error->file, sizeof error->file, file);
  }
  if (error->line == 0) {
    error->line = line;
  }
  if (error->column == 0) {
    error->column = column;
  }
  if (pointer != NULL && error->pointer[0] == '\0') {
    copy(error->pointer, sizeof error->pointer, pointer);
  }
}

/* Appends at *used, keeping *used <= size - 1. */
static void append(char *text, size_t size, size_t *used, const char *part, const char *separator)
{
  if (part[0] == '\0') {
    return;
  }
  int length = snprintf(text + *used, size - *used, "%s%s", part, separator);
  size_t wanted = *used + (size_t)(length > 0 ? length : 0);
  *used = wanted < size ? wanted : size - 1;
}

void error_format(const stepdose_error *error, char *text, size_t size)
{
  char line[16] = "";
  char column[16] = "";
  size_t used = 0;
  if (size == 0) {
    return;
  }
  text[0] = '\0';
  if (error->line > 0) {
    snprintf(line, sizeof line, "%d", error->line);
  }
  if (error->line > 0 && error->column > 0) {
    snprintf(column, sizeof column, "%d", error->column);
  }
  append(text, size, &used, error->file, error->line > 0 ? ":" : ": ");
  append(text, size, &used, line, error->column > 0 ? ":" : ": ");
  append(text, size, &used, column, ": ");
  append(text, size, &used, error->pointer, ": ");
  append(text, size, &used, error->message, error->remedy[0] != '\0' ? "; " : "");
  append(text, size, &used, error->remedy, "");
}
