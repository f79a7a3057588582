/* Head and foot of pages: see page_shell.h. */
#include "report/page_shell.h"

#include "report/html.h"
#include "report/page.h"

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

void page_shell_open(const char *title, text *out)
{
  text_append(out, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" "
                   "xml:lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'; img-src data:\"/>\n"
                   "<link rel=\"icon\" href=\"data:,\"/>\n<title>");
  html_text(out, title);
  text_append(out, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n%s", page_style_words,
              page_style_charts, definitions);
  text_append(out, "<header>\n<h1>");
  html_text(out, title);
  text_append(out, "</h1>\n<p class=\"notice\">%s</p>\n", notice);
}

static void write_navigation(const page_section *section, int n, text *out)
{
  text_append(out, "<nav aria-label=\"Parts of this page\"><ul>\n");
  for (int i = 0; i < n; i++) {
    if (section[i].content.length > 0) {
      text_append(out, "<li><a href=\"#part-%d\">%s</a></li>\n", i, section[i].heading);
    }
  }
  text_append(out, "</ul></nav>\n");
}

static void write_section(int i, const page_section *section, text *out)
{
  if (section->content.length == 0) {
    return;
  }
  text_append(out, "<section id=\"part-%d\" aria-labelledby=\"heading-%d\">\n", i, i);
  text_append(out, "<h2 id=\"heading-%d\">%s</h2>\n", i, section->heading);
  text_append(out, section->figures ? "<div class=\"figures\">\n" : "<div>\n");
  text_append_bytes(out, section->content.bytes, section->content.length);
  text_append(out, "</div>\n</section>\n");
}

void page_shell_sections(page_section *section, int n, text *out)
{
  write_navigation(section, n, out);
  text_append(out, "</header>\n<main>\n");
  for (int i = 0; i < n; i++) {
    write_section(i, &section[i], out);
    out->failed = out->failed || section[i].content.failed;
    text_free(&section[i].content);
  }
  text_append(out, "</main>\n");
}

void page_shell_close(const char *version, text *out)
{
  text_append(out, "<footer><p>%s Made by stepdose ", notice);
  html_text(out, version);
  text_append(out, ".</p></footer>\n</body>\n</html>\n");
}
