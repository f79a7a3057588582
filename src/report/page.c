/* Puts the page of a run together: see page.h. */
#include "report/page.h"

#include "report/figure.h"
#include "report/page_shell.h"

#include <stdio.h>
#include <string.h>

const char *page_title(const page_run *run)
{
  const char *title = run->problem->title;
  return title[0] != 0 ? title : page_string(page_member(run->result, "problem"), "name");
}

typedef void page_part(const page_run *run, text *out);

/* Parts of the page in order: figures stand in a grid. */
static const struct {
  const char *heading;
  page_part *write;
  bool figures;
} parts[] = {
    {"Question and answer", page_question, false},
    {"Limits", page_limits, false},
    {"Warnings", page_warnings, false},
    {"Changes side by side", page_whatif, false},
#define X(function, heading) {heading, function, true},
    PAGE_FIGURES(X)
#undef X
        {"Robustness card", page_robustness, false},
    {"Assumptions and sources", page_assumptions, false},
    {"How it was made", page_provenance, false},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static void write_status(const page_run *run, text *out)
{
  const bool good = page_number(run->result, "exit_code") <= 0;
  text_append(out, "<p class=\"status%s\"><strong>%s ", good ? "" : " not",
              good ? "\xe2\x9c\x93" : "\xe2\x9a\xa0");
  html_text(out, page_string(run->result, "status"));
  text_append(out, "</strong>: ");
  html_text(out, page_string(run->result, "status_meaning"));
  text_append(out, ".</p>\n");
}

static void write_page(const page_run *run, text *out)
{
  page_section section[PARTS];
  for (int i = 0; i < PARTS; i++) {
    section[i] = (page_section){parts[i].heading, parts[i].figures, {0}};
    parts[i].write(run, &section[i].content);
  }
  page_shell_open(page_title(run), out);
  write_status(run, out);
  page_shell_sections(section, PARTS, out);
  page_shell_close(page_string(page_member(run->result, "versions"), "stepdose"), out);
}

bool page_write(const char *directory, stepdose_error *error)
{
  text out = {0};
  page_run *run = page_run_read(directory, error);
  if (run == NULL) {
    return false;
  }
  write_page(run, &out);
  page_run_free(run);
  bool done = run_directory_write_text(directory, RUN_FILE_REPORT, &out, error);
  text_free(&out);
  return done;
}
