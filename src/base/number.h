/* Numbers to text and back, independent of locale. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_TEXT_SIZE = 32 };

/* Shortest of %.15g, %.16g, %.17g that reads back bit-identical. Non-finite: "NA". */
void number_format(double value, char text[NUMBER_TEXT_SIZE]);

/* %.17g with full digits, for files that programs read. Non-finite: "NA". */
void number_format_full(double value, char text[NUMBER_TEXT_SIZE]);

/* `digits` significant digits without exponent where a person would not want one: 0.05, 11.4,
 * 1028, 1.6e+11. */
void number_format_rounded(double value, int digits, char text[NUMBER_TEXT_SIZE]);

/* Reads a whole text as one finite number; false if anything is left over, empty, or not finite. */
bool number_parse(const char *text, double *value);

uint64_t number_bits(double value);

/* Equal up to rounding of decimal input: |a - b| <= 1e-9 * max(|a|, |b|, 1e-300). */
bool number_same(double a, double b);

#endif
