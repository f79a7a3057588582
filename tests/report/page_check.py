"""Checks of report.html for check_report.sh, by parsers that are not ours. Standard library only;
html5lib is used too where it is installed."""

import html
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 3_000_000


def complain_unless(holds, words):
    if not holds:
        sys.exit("page_check: " + words)


def figures_of(root):
    return {f.get("id", ""): f for f in root.iter(XHTML + "figure")}


def check_headings(root):
    level = 0
    for element in root.iter():
        found = re.fullmatch(re.escape(XHTML) + r"h([1-6])", str(element.tag))
        if found:
            here = int(found.group(1))
            complain_unless(here <= level + 1, f"a heading of level {here} after {level}")
            level = here
            complain_unless("".join(element.itertext()).strip(), "an empty heading")


def leads_somewhere(link, ids, directory):
    """Within the page, or to a file beside it."""
    if link in ("", "data:,"):
        return True
    if link.startswith("#"):
        return link[1:] in ids
    return os.path.isfile(os.path.join(directory, urllib.parse.unquote(link)))


def check_numbers(root):
    """No number that is none, in nothing that is drawn or pointed at."""
    for element in root.iter():
        if str(element.tag).startswith(SVG):
            words = re.split(r"[ ,()+:-]", (element.text or "").lower())
            complain_unless("nan" not in words, f"no number in: {element.text}")
            complain_unless("inf" not in words, f"no number in: {element.text}")


def check_references(root, directory):
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    complain_unless(len(ids) == len(set(ids)), "an id stands twice")
    for element in root.iter():
        for name in (element.get("aria-labelledby") or "").split():
            complain_unless(name in ids, f"no element is called {name}")
        link = element.get("href") or ""
        complain_unless(leads_somewhere(link, ids, directory), f"a link leads to {link}")
        for name, value in element.attrib.items():
            complain_unless(not name.startswith("on"), f"an attribute {name}")
            complain_unless("://" not in value, f"an address: {value}")
            complain_unless("nan" not in re.split(r"[ ,()]", value), f"no number in {name}")
            complain_unless("inf" not in re.split(r"[ ,()]", value), f"no number in {name}")


def check_figures(root):
    for name, figure in figures_of(root).items():
        charts = list(figure.iter(SVG + "svg"))
        complain_unless(len(charts) == 1, f"{name}: {len(charts)} charts")
        complain_unless(charts[0].find(SVG + "title") is not None, f"{name}: no title")
        complain_unless(charts[0].find(SVG + "desc") is not None, f"{name}: no description")
        complain_unless(charts[0].get("viewBox"), f"{name}: no view box")
        complain_unless(len(list(figure.iter(XHTML + "td"))) > 0, f"{name}: no table")


def check_tables(root):
    for table in root.iter(XHTML + "table"):
        rows = [len(list(row)) for row in table.iter(XHTML + "tr")]
        caption = "".join(table.find(XHTML + "caption").itertext())
        complain_unless(len(set(rows)) == 1, f"uneven rows in {caption}")


def check_page(path):
    with open(path, encoding="utf-8") as file:
        page = file.read()
    complain_unless(len(page) < LARGEST, f"{len(page)} bytes")
    complain_unless("<script" not in page.lower(), "a script")
    complain_unless("Research use only: not for dosing patients." in page, "no caution")
    root = ElementTree.fromstring(page)
    check_headings(root)
    check_references(root, os.path.dirname(os.path.abspath(path)))
    check_figures(root)
    check_tables(root)
    check_numbers(root)
    try:
        import html5lib
    except ImportError:
        return
    html5lib.HTMLParser(strict=True).parse(page)


def check_names(path, wanted):
    found = figures_of(ElementTree.parse(path).getroot())
    for name in wanted:
        complain_unless("figure-" + name in found, f"there is no figure {name}")


def split(path, directory):
    """Each figure on a page of its own."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    head = page[: page.index("<header>")]
    os.makedirs(directory, exist_ok=True)
    for figure in re.findall(r"<figure .*?</figure>", page, re.S):
        name = re.match(r'<figure id="figure-([^"]*)"', figure).group(1)
        with open(os.path.join(directory, name + ".html"), "w", encoding="utf-8") as file:
            file.write(f"{head}<main>{figure}</main></body></html>")


# In light, then with the rules of dark for all; also: does the page itself scroll sideways?
AXE_RUN = """
async function look() {
  const found = [];
  for (const dark of [false, true]) {
    for (const rule of document.styleSheets[0].cssRules) {
      if (dark && rule.media && rule.media.mediaText.includes("dark")) {
        rule.media.mediaText = "screen";
      }
    }
    const r = await axe.run(document, dark ? {runOnly: ["color-contrast"]} : {});
    found.push(...r.violations.map(v => [v.id, dark, v.nodes.length,
                                         v.nodes[0].html.slice(0, 200)]));
  }
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    found.push(["scrolls sideways", root.scrollWidth, root.clientWidth]);
  }
  const before = decodeURIComponent(location.hash.slice(1));
  const now = before + NAME + ": " + found.length + " violations " +
              (found.length > 0 ? JSON.stringify(found) : "") + "\\n";
  if (NEXT) {
    location.replace(NEXT + "#" + encodeURIComponent(now));
  } else {
    document.body.textContent = "axe\\n" + now + "all pages seen";
  }
}
look();
"""


def add_axe(axe, directory, pages):
    """Each page unfolded, with axe-core inside; one leads to the next, the last one tells what
    was found on all of them."""
    with open(axe, encoding="utf-8") as file:
        library = file.read()
    with open(os.path.join(directory, "axe.js"), "w", encoding="utf-8") as file:
        file.write(library)
    for i, path in enumerate(pages):
        with open(path, encoding="utf-8") as file:
            page = file.read()
        page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*/>', "", page)
        page = page.replace("<details>", '<details open="open">')
        follows = f"axe-{i + 1}.html" if i + 1 < len(pages) else ""
        run = f"const NAME = {json.dumps(path)}, NEXT = {json.dumps(follows)};{AXE_RUN}"
        scripts = f'<script src="axe.js"></script><script>{run}</script></body>'
        with open(os.path.join(directory, f"axe-{i}.html"), "w", encoding="utf-8") as file:
            file.write(page.replace("</body>", scripts))


def frame(out, pages):
    """All pages below each other, so that a browser need be started once."""
    frames = "".join(
        f'<iframe title="{html.escape(p)}" src="{html.escape(os.path.abspath(p))}"></iframe>'
        for p in pages
    )
    style = "body{margin:0}iframe{width:100%;height:100px;border:0;display:block}"
    with open(out, "w", encoding="utf-8") as file:
        file.write(f"<!DOCTYPE html><title>all</title><style>{style}</style>{frames}")


def main(arguments):
    task, path, *rest = arguments
    if task == "page":
        check_page(path)
    elif task == "figures":
        check_names(path, rest)
    elif task == "split":
        split(path, rest[0])
    elif task == "axe":
        add_axe(path, rest[0], rest[1:])
    elif task == "frame":
        frame(path, rest)
    else:
        sys.exit(f"page_check: unknown task {task}")


main(sys.argv[1:])
