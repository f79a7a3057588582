/* The grammar of JSON, read byte by byte. cJSON accepts byte order marks, leading zeros, control
 * characters, invalid UTF-8 and more; whatever passes here is strict, so that cJSON only has to
 * build the tree. */
#include "problem/json_scan.h"

#include <stdio.h>
#include <string.h>

#include "base/allocate.h"

typedef struct frame {    /* one open object or array */
  size_t key, key_length; /* bytes of the current key between its quotes */
  long index;             /* of the current element; -1 in an object */
} frame;

typedef struct scan {
  const char *text;
  size_t at, end;
  int depth;
  frame frames[JSON_DEPTH_MAX];
  json_mark *marks;
  size_t n_marks, capacity;
  stepdose_error *error;
} scan;

static bool scan_value(scan *s, size_t key);

static void scan_pointer(const scan *s, char *pointer, size_t size)
{
  size_t used = 0;
  pointer[0] = '\0';
  for (int i = 0; i < s->depth; i++) {
    const frame *f = &s->frames[i];
    char digits[24];
    if (f->index >= 0) {
      int length = snprintf(digits, sizeof digits, "%ld", f->index);
      used = json_pointer_append(pointer, size, used, digits, (size_t)length);
    } else if (f->key_length > 0) {
      used = json_pointer_append(pointer, size, used, s->text + f->key, f->key_length);
    }
  }
}

static bool scan_fail(const scan *s, stepdose_code code, const char *remedy, const char *message)
{
  char pointer[sizeof s->error->pointer];
  int line;
  int column;
  error_set(s->error, code, remedy, "%s", message);
  json_line_column(s->text, s->at, &line, &column);
  scan_pointer(s, pointer, sizeof pointer);
  error_place(s->error, NULL, line, column, pointer);
  return false;
}

static bool scan_unexpected(const scan *s, const char *wanted)
{
  char message[64];
  unsigned char c = s->at < s->end ? (unsigned char)s->text[s->at] : 0;
  if (s->at >= s->end) {
    snprintf(message, sizeof message, "the text ends too early");
  } else if (c > ' ' && c < 0x7F) {
    snprintf(message, sizeof message, "unexpected character '%c'", c);
  } else {
    snprintf(message, sizeof message, "unexpected byte 0x%02X", c);
  }
  return scan_fail(s, STEPDOSE_JSON_SYNTAX, wanted, message);
}

static int scan_peek(const scan *s) { return s->at < s->end ? (unsigned char)s->text[s->at] : -1; }

static bool scan_skip(scan *s, char c)
{
  if (scan_peek(s) != c) {
    return false;
  }
  s->at++;
  return true;
}

static void scan_space(scan *s)
{
  while (s->at < s->end && strchr(" \t\n\r", s->text[s->at]) != NULL && s->text[s->at] != '\0') {
    s->at++;
  }
}

static bool scan_mark(scan *s, size_t key)
{
  if (s->n_marks == JSON_VALUES_MAX) {
    return scan_fail(s, STEPDOSE_JSON_TOO_LARGE, "at most 1000000 values are allowed",
                     "the text holds too many values");
  }
  if (s->n_marks == s->capacity) {
    size_t capacity = s->capacity == 0 ? 256 : 2 * s->capacity;
    json_mark *marks = reallocate(s->marks, capacity * sizeof *marks);
    if (marks == NULL) {
      return error_no_memory(s->error, "reading JSON");
    }
    s->marks = marks;
    s->capacity = capacity;
  }
  s->marks[s->n_marks++] = (json_mark){.value = (uint32_t)s->at, .key = (uint32_t)key};
  return true;
}

static int hex_value(int c)
{
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX at s->at, or -1. */
static long scan_hex4(scan *s)
{
  long value = 0;
  for (int i = 0; i < 4; i++) {
    int digit = hex_value(scan_peek(s));
    if (digit < 0) {
      return -1;
    }
    value = 16 * value + digit;
    s->at++;
  }
  return value;
}

static bool scan_unicode_escape(scan *s)
{
  size_t start = s->at - 2;
  long unit = scan_hex4(s);
  bool good = unit > 0;
  if (unit >= 0xDC00 && unit <= 0xDFFF) {
    good = false;
  } else if (unit >= 0xD800 && unit <= 0xDBFF) {
    good = scan_skip(s, '\\') && scan_skip(s, 'u');
    long low = good ? scan_hex4(s) : -1;
    good = low >= 0xDC00 && low <= 0xDFFF;
  }
  if (!good) {
    s->at = start;
    return scan_fail(s, STEPDOSE_JSON_SYNTAX,
                     "four hexadecimal digits are allowed, surrogates in pairs, never \\u0000",
                     "a \\u escape does not stand for a character");
  }
  return true;
}

static bool scan_escape(scan *s)
{
  int c = scan_peek(s);
  if (c == 'u') {
    s->at++;
    return scan_unicode_escape(s);
  }
  if (c <= 0 || strchr("\"\\/bfnrt", c) == NULL) {
    return scan_unexpected(s, "after a backslash one of \" \\ / b f n r t u is allowed");
  }
  s->at++;
  return true;
}

/* Length of the UTF-8 character at p (at most `left` bytes), 0 if it is not valid (RFC 3629). */
static size_t utf8_length(const unsigned char *p, size_t left)
{
  size_t length = p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
  if (length == 0 || length > left) {
    return 0;
  }
  for (size_t i = 1; i < length; i++) {
    if ((p[i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
  bool surrogate = p[0] == 0xED && p[1] >= 0xA0;
  bool beyond = p[0] == 0xF4 && p[1] >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

bool json_is_utf8(const char *string)
{
  size_t left = strlen(string);
  while (left > 0) {
    bool ascii = (unsigned char)*string < 0x80;
    size_t length = ascii ? 1 : utf8_length((const unsigned char *)string, left);
    if (length == 0) {
      return false;
    }
    string += length;
    left -= length;
  }
  return true;
}

static bool scan_character(scan *s)
{
  int c = scan_peek(s);
  if (c == '\\') {
    s->at++;
    return scan_escape(s);
  }
  if (c < 0x20) {
    return scan_unexpected(
        s, "close the text with a quote; control characters are written as escapes");
  }
  size_t length =
      c < 0x80 ? 1 : utf8_length((const unsigned char *)s->text + s->at, s->end - s->at);
  if (length == 0) {
    return scan_fail(s, STEPDOSE_JSON_SYNTAX, "save the file as UTF-8",
                     "the text is not valid UTF-8");
  }
  s->at += length;
  return true;
}

static bool scan_string(scan *s)
{
  s->at++;
  while (scan_peek(s) != '"') {
    if (!scan_character(s)) {
      return false;
    }
  }
  s->at++;
  return true;
}

static bool scan_digits(scan *s)
{
  size_t start = s->at;
  while (scan_peek(s) >= '0' && scan_peek(s) <= '9') {
    s->at++;
  }
  return s->at > start || scan_unexpected(s, "a digit is needed here");
}

static bool scan_number(scan *s)
{
  size_t start = s->at;
  scan_skip(s, '-');
  if (scan_skip(s, '0')) {
    if (scan_peek(s) >= '0' && scan_peek(s) <= '9') {
      return scan_fail(s, STEPDOSE_JSON_SYNTAX, "remove the zero", "a number has a leading zero");
    }
  } else if (!scan_digits(s)) {
    return false;
  }
  if (scan_skip(s, '.') && !scan_digits(s)) {
    return false;
  }
  if (scan_skip(s, 'e') || scan_skip(s, 'E')) {
    if (!scan_skip(s, '-')) {
      scan_skip(s, '+');
    }
    if (!scan_digits(s)) {
      return false;
    }
  }
  if (s->at - start > JSON_NUMBER_LENGTH_MAX) {
    s->at = start;
    return scan_fail(s, STEPDOSE_JSON_TOO_LARGE, "write it with at most 60 characters",
                     "a number is written with too many characters");
  }
  return true;
}

static bool scan_literal(scan *s)
{
  static const char *const words[] = {"true", "false", "null"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    size_t length = strlen(words[i]);
    if (s->end - s->at >= length && memcmp(s->text + s->at, words[i], length) == 0) {
      s->at += length;
      return true;
    }
  }
  return scan_unexpected(s, "a value is needed here: object, array, text in double quotes, number, "
                            "true, false or null");
}

static bool scan_member(scan *s, frame *f)
{
  scan_space(s);
  size_t key = s->at;
  if (scan_peek(s) != '"') {
    return scan_unexpected(s, "a key in double quotes is needed here");
  }
  if (!scan_string(s)) {
    return false;
  }
  f->key = key + 1;
  f->key_length = s->at - key - 2;
  scan_space(s);
  if (!scan_skip(s, ':')) {
    return scan_unexpected(s, "a colon is needed after a key");
  }
  scan_space(s);
  return scan_value(s, key);
}

static bool scan_element(scan *s, frame *f)
{
  f->index++;
  scan_space(s);
  return scan_value(s, s->at);
}

/* The members of an object or the elements of an array, after its opening bracket. */
static bool scan_members(scan *s, frame *f, bool object)
{
  char close = object ? '}' : ']';
  scan_space(s);
  if (scan_skip(s, close)) {
    return true;
  }
  for (;;) {
    if (!(object ? scan_member(s, f) : scan_element(s, f))) {
      return false;
    }
    scan_space(s);
    if (scan_skip(s, close)) {
      return true;
    }
    if (!scan_skip(s, ',')) {
      return scan_unexpected(s, object ? "a comma or } is needed here"
                                       : "a comma or ] is needed here");
    }
  }
}

static bool scan_container(scan *s, bool object)
{
  if (s->depth == JSON_DEPTH_MAX) {
    return scan_fail(s, STEPDOSE_JSON_TOO_LARGE, "at most 32 levels are allowed",
                     "objects and arrays are nested too deeply");
  }
  frame *f = &s->frames[s->depth++];
  *f = (frame){.index = -1};
  s->at++;
  if (!scan_members(s, f, object)) {
    return false;
  }
  s->depth--;
  return true;
}

static bool scan_value(scan *s, size_t key)
{
  int c = scan_peek(s);
  if (!scan_mark(s, key)) {
    return false;
  }
  if (c == '{' || c == '[') {
    return scan_container(s, c == '{');
  }
  if (c == '"') {
    return scan_string(s);
  }
  if (c == '-' || (c >= '0' && c <= '9')) {
    return scan_number(s);
  }
  return scan_literal(s);
}

static bool scan_document(scan *s)
{
  if (s->end - s->at >= 3 && memcmp(s->text + s->at, "\xEF\xBB\xBF", 3) == 0) {
    return scan_fail(s, STEPDOSE_JSON_SYNTAX, "save the file as UTF-8 without byte order mark",
                     "the text begins with a byte order mark");
  }
  scan_space(s);
  if (!scan_value(s, s->at)) {
    return false;
  }
  scan_space(s);
  return s->at == s->end || scan_unexpected(s, "nothing may follow the value");
}

bool json_scan(const char *text, size_t start, size_t length, json_mark **marks, size_t *n_marks,
               stepdose_error *error)
{
  scan s = {.text = text, .at = start, .end = length, .error = error};
  if (length > JSON_BYTES_MAX) {
    return error_set(error, STEPDOSE_JSON_TOO_LARGE, "at most 16 MiB are allowed",
                     "the text is %zu bytes long", length);
  }
  if (!scan_document(&s)) {
    release(s.marks);
    return false;
  }
  *marks = s.marks;
  *n_marks = s.n_marks;
  return true;
}
