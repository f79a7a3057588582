/* A growing string that remembers a failed allocation, and the word that was probably meant. */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/c_locale.h"
#include "base/number.h"

enum { CAPACITY_FIRST = 64, WORD_MAX = 64 };

/* Room for `more` bytes and the closing 0. */
static bool reserve(text *t, size_t more)
{
  if (t->failed || more > SIZE_MAX / 4 - t->length) {
    t->failed = true;
    return false;
  }
  size_t needed = t->length + more + 1;
  if (needed <= t->capacity) {
    return true;
  }
  size_t capacity = t->capacity > 0 ? t->capacity : CAPACITY_FIRST;
  while (capacity < needed) {
    capacity *= 2;
  }
  char *bytes = reallocate(t->bytes, capacity);
  if (bytes == NULL) {
    t->failed = true;
    return false;
  }
  t->bytes = bytes;
  t->capacity = capacity;
  return true;
}

void text_append_bytes(text *t, const char *bytes, size_t length)
{
  if (!reserve(t, length)) {
    return;
  }
  if (length > 0) {
    memcpy(t->bytes + t->length, bytes, length);
  }
  t->length += length;
  t->bytes[t->length] = '\0';
}

void text_append(text *t, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  int length = c_locale_print(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) {
    t->failed = true;
    return;
  }
  if (!reserve(t, (size_t)length)) {
    return;
  }
  va_start(arguments, format);
  c_locale_print(t->bytes + t->length, (size_t)length + 1, format, arguments);
  va_end(arguments);
  t->length += (size_t)length;
}

void text_append_number(text *t, double value)
{
  char number[NUMBER_TEXT_SIZE];
  number_format(value, number);
  text_append_bytes(t, number, strlen(number));
}

void text_append_repeat(text *t, char c, int count)
{
  for (int i = 0; i < count; i++) {
    text_append_bytes(t, &c, 1);
  }
}

/* Bytes that follow the first one of a UTF-8 character (RFC 3629); -1: it cannot be a first one. */
static int utf8_continuations(unsigned char first)
{
  if (first < 0x80) {
    return 0;
  }
  if (first >= 0xc2 && first <= 0xdf) {
    return 1;
  }
  if (first >= 0xe0 && first <= 0xef) {
    return 2;
  }
  return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
}

/* Over-long forms, surrogates and code points above U+10FFFF show in the second byte. */
static bool utf8_second_fits(unsigned char first, unsigned char second)
{
  switch (first) {
  case 0xe0:
    return second >= 0xa0;
  case 0xed:
    return second <= 0x9f;
  case 0xf0:
    return second >= 0x90;
  case 0xf4:
    return second <= 0x8f;
  default:
    return true;
  }
}

size_t text_utf8_length(const char *string)
{
  const unsigned char *byte = (const unsigned char *)string;
  int more = utf8_continuations(byte[0]);
  if (more < 0) {
    return 0;
  }
  for (int i = 1; i <= more; i++) {
    if ((byte[i] & 0xc0) != 0x80) {
      return 0;
    }
  }
  return more > 0 && !utf8_second_fits(byte[0], byte[1]) ? 0 : (size_t)more + 1;
}

/* The two-character escapes of RFC 8259; 0 where there is none. */
static char json_short_escape(char c)
{
  static const char plain[] = "\"\\\b\f\n\r\t";
  static const char escape[] = "\"\\bfnrt";
  const char *found = strchr(plain, c);
  return found != NULL ? escape[found - plain] : '\0';
}

static void append_json_character(text *t, const char *character, size_t length)
{
  char escape = json_short_escape(character[0]);
  if (escape != '\0') {
    text_append(t, "\\%c", escape);
  } else if ((unsigned char)character[0] < 0x20) {
    text_append(t, "\\u%04x", (unsigned)(unsigned char)character[0]);
  } else {
    text_append_bytes(t, character, length);
  }
}

void text_append_json_string(text *t, const char *string)
{
  /* U+FFFD stands in the place of a byte that is no UTF-8 */
  static const char replacement[] = "\xef\xbf\xbd";
  text_append_bytes(t, "\"", 1);
  while (*string != '\0') {
    size_t length = text_utf8_length(string);
    if (length > 0) {
      append_json_character(t, string, length);
      string += length;
    } else {
      text_append_bytes(t, replacement, sizeof replacement - 1);
      string++;
    }
  }
  text_append_bytes(t, "\"", 1);
}

char *text_take(text *t)
{
  text_append_bytes(t, "", 0);
  char *bytes = t->bytes;
  if (t->failed) {
    text_free(t);
    return NULL;
  }
  *t = (text){.bytes = NULL};
  return bytes;
}

void text_free(text *t)
{
  release(t->bytes);
  *t = (text){.bytes = NULL};
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static int smallest(int a, int b, int c)
{
  int least = a < b ? a : b;
  return least < c ? least : c;
}

/* Both words end, up to i and j, in the same two letters the other way round. */
static bool swapped(const char *a, size_t i, const char *b, size_t j)
{
  return i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
}

/* Levenshtein distance without regard to case, in which two neighbours in the wrong order count as
 * one edit (optimal string alignment); words of at most WORD_MAX characters. */
static int edit_distance(const char *a, size_t length_a, const char *b, size_t length_b)
{
  int rows[3][WORD_MAX + 1];
  for (size_t j = 0; j <= length_b; j++) {
    rows[0][j] = (int)j;
  }
  for (size_t i = 1; i <= length_a; i++) {
    const int *two_before = rows[(i + 1) % 3];
    const int *before = rows[(i - 1) % 3];
    int *row = rows[i % 3];
    row[0] = (int)i;
    for (size_t j = 1; j <= length_b; j++) {
      int replaced = before[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
      row[j] = smallest(replaced, before[j] + 1, row[j - 1] + 1);
      if (swapped(a, i, b, j)) {
        row[j] = smallest(row[j], two_before[j - 2] + 1, row[j]);
      }
    }
  }
  return rows[length_a % 3][length_b];
}

/* A left-out unit ("dose" for "dose_mg") is the commonest slip: it counts as one edit. */
static bool lacks_unit(const char *word, size_t length, const char *candidate)
{
  return length > 0 && strncmp(word, candidate, length) == 0 && candidate[length] == '_';
}

static int word_distance(const char *word, size_t length, const char *candidate)
{
  size_t candidate_length = strlen(candidate);
  if (candidate_length > WORD_MAX) {
    return WORD_MAX;
  }
  if (lacks_unit(word, length, candidate)) {
    return 1;
  }
  return edit_distance(word, length, candidate, candidate_length);
}

const char *text_nearest(const char *word, const char *const *words, size_t n)
{
  size_t length = strlen(word);
  if (length > WORD_MAX) {
    return NULL;
  }
  /* a third of the characters may be wrong, one in a short word */
  int least = length >= 6 ? (int)(length / 3) + 1 : 2;
  const char *nearest = NULL;
  for (size_t i = 0; i < n; i++) {
    int distance = word_distance(word, length, words[i]);
    if (distance < least) {
      least = distance;
      nearest = words[i];
    }
  }
  return nearest;
}
