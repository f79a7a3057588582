/* Numbers to text and back, in the C locale, bit for bit. */
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/c_locale.h"

/* Between 1e-4 and 1e7 a person reads digits more easily than an exponent. */
enum { PLAIN_EXPONENT_MIN = -4, PLAIN_EXPONENT_MAX = 6, DIGITS_MAX = 17 };

uint64_t number_bits(double value)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static void print_digits(double value, int digits, char text[NUMBER_TEXT_SIZE])
{
  c_locale_format(text, NUMBER_TEXT_SIZE, "%.*g", digits, value);
}

static bool print_not_finite(double value, char text[NUMBER_TEXT_SIZE])
{
  if (isfinite(value)) {
    return false;
  }
  memcpy(text, "NA", sizeof "NA");
  return true;
}

void number_format(double value, char text[NUMBER_TEXT_SIZE])
{
  if (print_not_finite(value, text)) {
    return;
  }
  for (int digits = 15; digits <= DIGITS_MAX; digits++) {
    print_digits(value, digits, text);
    if (number_bits(c_locale_read(text, NULL)) == number_bits(value)) {
      return;
    }
  }
}

void number_format_full(double value, char text[NUMBER_TEXT_SIZE])
{
  if (!print_not_finite(value, text)) {
    print_digits(value, DIGITS_MAX, text);
  }
}

/* Decimal exponent of the value once it is rounded to `digits`: 9.99 to two digits is 1e1. */
static int rounded_exponent(double value, int digits)
{
  char text[NUMBER_TEXT_SIZE];
  c_locale_format(text, sizeof text, "%.*e", digits - 1, value);
  const char *exponent = strchr(text, 'e');
  return exponent != NULL ? (int)strtol(exponent + 1, NULL, 10) : 0;
}

static void drop_trailing_zeros(char *text)
{
  if (strchr(text, '.') == NULL) {
    return;
  }
  size_t length = strlen(text);
  while (text[length - 1] == '0') {
    length--;
  }
  if (text[length - 1] == '.') {
    length--;
  }
  text[length] = '\0';
}

void number_format_rounded(double value, int digits, char text[NUMBER_TEXT_SIZE])
{
  if (print_not_finite(value, text)) {
    return;
  }
  if (fpclassify(value) == FP_ZERO) {
    memcpy(text, "0", sizeof "0");
    return;
  }
  digits = digits < 1 ? 1 : digits > DIGITS_MAX ? DIGITS_MAX : digits;
  int exponent = rounded_exponent(value, digits);
  if (exponent < PLAIN_EXPONENT_MIN || exponent > PLAIN_EXPONENT_MAX) {
    print_digits(value, digits, text);
    return;
  }
  int decimals = digits - 1 - exponent;
  c_locale_format(text, NUMBER_TEXT_SIZE, "%.*f", decimals > 0 ? decimals : 0, value);
  drop_trailing_zeros(text);
}

bool number_parse(const char *text, double *value)
{
  /* strtod alone would also read blanks, hexadecimal, "inf" and "nan" */
  if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0') {
    return false;
  }
  char *end = NULL;
  double number = c_locale_read(text, &end);
  if (end == text || *end != '\0' || !isfinite(number)) {
    return false;
  }
  *value = number;
  return true;
}

bool number_same(double a, double b)
{
  double scale = fmax(fmax(fabs(a), fabs(b)), 1e-300);
  return fabs(a - b) <= 1e-9 * scale;
}
