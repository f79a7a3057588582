/* What every page has around its parts: head, caution, navigation, foot.
 *
 *     page_shell_open(title, &out);          within <header>: more about the whole page may follow
 *     page_shell_sections(section, n, &out); takes what they hold
 *     page_shell_close(version, &out);
 */
#ifndef REPORT_PAGE_SHELL_H
#define REPORT_PAGE_SHELL_H

#include "base/text.h"

typedef struct page_section {
  const char *heading;
  bool figures; /* they stand in a grid */
  text content; /* without any the section leaves no heading */
} page_section;

void page_shell_open(const char *title, text *out);
void page_shell_sections(page_section *section, int n, text *out);
void page_shell_close(const char *version, text *out);

#endif
