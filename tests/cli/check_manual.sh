#!/usr/bin/env bash
# The manual page has every verb, option and exit code of --help, and no formatter objects to it.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"
page=$(dirname "$program")/share/man/man1/stepdose.1
formatters=0

# has_all TEXT FORMATTER: what --help names stands in the formatted page
has_all() {
  local word
  while read -r word; do
    grep -qE -- "(^|[^-A-Za-z])$word([^-A-Za-z]|$)" "$1" ||
      complain "$2: '$word' is not in the page"
  done < <(
    "$program" --help | sed -nE 's/^ +(-., )?(--[a-z]+).*/\2/p'
    "$program" --help | sed -n '/^Verbs/,/^$/p' | sed -nE 's/^  ([a-z]+) .*/stepdose \1/p'
    "$program" --help | sed -nE 's/^ +([0-9]+)  .*/\1/p'
  )
}

"$program" --help | grep -q '^ .*--set ' || complain "--help has another form than this test reads"
if command -v mandoc >/dev/null; then
  formatters=$((formatters + 1))
  mandoc -T lint "$page" >lint.txt 2>&1
  [[ ! -s lint.txt ]] || complain "mandoc: $(head -5 lint.txt)"
  mandoc -T ascii "$page" | sed $'s/.\b//g' >mandoc.txt
  has_all mandoc.txt mandoc
fi
if command -v groff >/dev/null; then
  formatters=$((formatters + 1))
  groff -man -ww -z "$page" >groff.txt 2>&1
  [[ ! -s groff.txt ]] || complain "groff: $(head -5 groff.txt)"
fi
# small images of some systems have a script in the place of man
if man --version 2>/dev/null | grep -q '^man '; then
  formatters=$((formatters + 1))
  MANWIDTH=100 man -l "$page" 2>man_errors.txt | sed $'s/.\b//g' >man.txt
  [[ ! -s man_errors.txt ]] || complain "man: $(head -5 man_errors.txt)"
  [[ $(wc -l <man.txt) -gt 50 ]] || complain "man shows $(wc -l <man.txt) lines"
fi
if [[ $formatters -eq 0 ]]; then
  printf 'skipped: no mandoc, groff or man\n'
  exit 77
fi
finish
