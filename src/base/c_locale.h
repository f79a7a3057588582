/* Printing and reading of numbers as in the C locale, whatever locale the calling program has set.
 * The only file of the library that touches locales; per thread, never process-wide. */
#ifndef BASE_C_LOCALE_H
#define BASE_C_LOCALE_H

#include <stdarg.h>
#include <stddef.h>

int c_locale_print(char *text, size_t size, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));
int c_locale_format(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
double c_locale_read(const char *text, char **end);
const char *c_locale_errno_text(int errno_value); /* English, thread-safe, valid until next call */

#endif
