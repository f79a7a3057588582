/* Puts the page together: see page.h. */
#include "report/page.h"

#include "report/figure.h"

#include <stdio.h>
#include <string.h>

static const char notice[] = "Research use only: not for dosing patients.";

/* Hatching of the charts, once a page; kept in the flow so that references to it resolve. */
static const char definitions[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"definitions\" aria-hidden=\"true\" "
    "focusable=\"false\"><defs>"
    "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><rect class=\"hatch-back\" width=\"6\" height=\"6\"/>"
    "<line class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern>"
    "<pattern id=\"stripes\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><rect class=\"stripe-back\" width=\"5\" height=\"5\"/>"
    "<line class=\"stripe-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\"/></pattern>"
    "</defs></svg>\n";

static const char *title_of(const page_run *run)
{
  const char *title = run->problem->title;
  return title[0] != 0 ? title : page_string(page_member(run->result, "problem"), "name");
}

static void write_head(const page_run *run, text *out)
{
  text_append(out, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" "
                   "xml:lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; img-src data:\"/>\n"
                   "<link rel=\"icon\" href=\"data:,\"/>\n<title>");
  html_text(out, title_of(run));
  text_append(out, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n%s", page_style_words,
              page_style_charts, definitions);
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
    {"Robustness card", page_robustness, false},
#define X(function, heading) {heading, function, true},
    PAGE_FIGURES(X)
#undef X
        {"Assumptions and sources", page_assumptions, false},
    {"How it was made", page_provenance, false},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

/* A part that is empty for this run leaves no heading. */
static void write_part(int i, const text *content, text *out)
{
  if (content->length == 0) {
    return;
  }
  text_append(out, "<section id=\"part-%d\" aria-labelledby=\"heading-%d\">\n", i, i);
  text_append(out, "<h2 id=\"heading-%d\">%s</h2>\n", i, parts[i].heading);
  text_append(out, parts[i].figures ? "<div class=\"figures\">\n" : "<div>\n");
  text_append_bytes(out, content->bytes, content->length);
  text_append(out, "</div>\n</section>\n");
}

static void write_navigation(const text content[PARTS], text *out)
{
  text_append(out, "<nav aria-label=\"Parts of this page\"><ul>\n");
  for (int i = 0; i < PARTS; i++) {
    if (content[i].length > 0) {
      text_append(out, "<li><a href=\"#part-%d\">%s</a></li>\n", i, parts[i].heading);
    }
  }
  text_append(out, "</ul></nav>\n");
}

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

static void write_body(const page_run *run, text *out)
{
  text content[PARTS] = {{0}};
  for (int i = 0; i < PARTS; i++) {
    parts[i].write(run, &content[i]);
    out->failed = out->failed || content[i].failed;
  }
  text_append(out, "<header>\n<h1>");
  html_text(out, title_of(run));
  text_append(out, "</h1>\n<p class=\"notice\">%s</p>\n", notice);
  write_status(run, out);
  write_navigation(content, out);
  text_append(out, "</header>\n<main>\n");
  for (int i = 0; i < PARTS; i++) {
    write_part(i, &content[i], out);
    text_free(&content[i]);
  }
  text_append(out, "</main>\n<footer><p>%s Made by stepdose ", notice);
  html_text(out, page_string(page_member(run->result, "versions"), "stepdose"));
  text_append(out, ".</p></footer>\n</body>\n</html>\n");
}

bool page_write(const char *directory, stepdose_error *error)
{
  text out = {0};
  page_run *run = page_run_read(directory, error);
  if (run == NULL) {
    return false;
  }
  write_head(run, &out);
  write_body(run, &out);
  page_run_free(run);
  bool done = run_directory_write_text(directory, RUN_FILE_REPORT, &out, error);
  text_free(&out);
  return done;
}
