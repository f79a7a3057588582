/* Numbers in the C locale: a thread switches to it for the length of one call. */
#include "base/c_locale.h"

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void make_c_locale(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

/* Should the C locale ever be missing, the thread keeps its own: uselocale(0) only asks. */
static locale_t enter(void)
{
  pthread_once(&once, make_c_locale);
  return uselocale(c_locale);
}

int c_locale_print(char *text, size_t size, const char *format, va_list arguments)
{
  locale_t previous = enter();
  int length = vsnprintf(text, size, format, arguments);
  uselocale(previous);
  return length;
}

int c_locale_format(char *text, size_t size, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  int length = c_locale_print(text, size, format, arguments);
  va_end(arguments);
  return length;
}

double c_locale_read(const char *text, char **end)
{
  locale_t previous = enter();
  double value = strtod(text, end);
  uselocale(previous);
  return value;
}

const char *c_locale_errno_text(int errno_value)
{
  pthread_once(&once, make_c_locale);
  return strerror_l(errno_value, c_locale);
}
