"""Checks of report.html for check_report.sh, by parsers that are not ours. Standard library only;
html5lib is used too where it is installed."""

import os
import re
import sys
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


def check_references(root):
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    complain_unless(len(ids) == len(set(ids)), "an id stands twice")
    for element in root.iter():
        for name in (element.get("aria-labelledby") or "").split():
            complain_unless(name in ids, f"no element is called {name}")
        link = element.get("href") or ""
        complain_unless(link in ("", "data:,") or link[1:] in ids, f"a link leads to {link}")
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
    check_references(root)
    check_figures(root)
    check_tables(root)
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


def add_axe(path, axe, out):
    """The page with everything unfolded and axe-core inside: it then shows what axe found."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    with open(axe, encoding="utf-8") as file:
        library = file.read()
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*/>', "", page)
    page = page.replace("<details>", '<details open="open">')
    run = (
        'axe.run(document).then(r => { document.body.textContent = "axe: " + '
        'r.violations.length + " violations " + JSON.stringify(r.violations.map(v => '
        "[v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)])); });"
    )
    scripts = f"<script>{library}</script><script>{run}</script></body>"
    with open(out, "w", encoding="utf-8") as file:
        file.write(page.replace("</body>", scripts))


def main(arguments):
    task, path, *rest = arguments
    if task == "page":
        check_page(path)
    elif task == "figures":
        check_names(path, rest)
    elif task == "split":
        split(path, rest[0])
    elif task == "axe":
        add_axe(path, *rest)
    else:
        sys.exit(f"page_check: unknown task {task}")


main(sys.argv[1:])
