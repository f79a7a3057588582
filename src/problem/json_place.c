/* Places in a text: line and column, JSON Pointer (RFC 6901). */
#include "problem/json_place.h"

void json_line_column(const char *text, size_t offset, int *line, int *column)
{
  size_t line_start = 0;
  *line = 1;
  for (size_t i = 0; i < offset; i++) {
    if (text[i] == '\n') {
      *line += 1;
      line_start = i + 1;
    }
  }
  *column = (int)(offset - line_start) + 1;
}

size_t json_pointer_append(char *pointer, size_t size, size_t used, const char *token,
                           size_t length)
{
  size_t start = used;
  bool fits = used + 2 < size;
  if (fits) {
    pointer[used++] = '/';
  }
  for (size_t i = 0; fits && i < length; i++) {
    char c = token[i];
    bool escape = c == '~' || c == '/';
    fits = used + (escape ? 2 : 1) < size;
    if (fits && escape) {
      pointer[used++] = '~';
      c = c == '~' ? '0' : '1';
    }
    if (fits) {
      pointer[used++] = c;
    }
  }
  used = fits ? used : start;
  pointer[used] = '\0';
  return used;
}
