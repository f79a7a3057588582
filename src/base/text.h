/* A growing string, and small helpers for words. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise; release with text_free. After a failed allocation `failed` is set, everything
 * appended later is dropped, and the caller checks once at the end. */
typedef struct text {
  char *bytes; /* ends in 0 once anything was appended */
  size_t length, capacity;
  bool failed;
} text;

void text_append(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_append_bytes(text *t, const char *bytes, size_t length);
void text_append_number(text *t,
                        double value); /* shortest decimal that reads back to the same bits */
void text_append_json_string(text *t, const char *string); /* quoted, escaped, valid UTF-8 */
void text_append_repeat(text *t, char c, int count);
/* Length of the valid UTF-8 character (RFC 3629) at `string`, or 0. */
size_t text_utf8_length(const char *string);
/* Hands the string over (release() it); NULL if anything failed; "", not NULL, if it is empty. */
char *text_take(text *t);
void text_free(text *t);

/* The entry of `words` (n) nearest to `word` by edit distance, or NULL if none is near enough to
 * suggest. A left-out unit ("dose" for "dose_mg") counts as one edit. */
const char *text_nearest(const char *word, const char *const *words, size_t n);

#endif
