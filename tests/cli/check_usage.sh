#!/usr/bin/env bash
# A command line that cannot be understood ends with 1, says what is wrong and suggests; help
# teaches.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

refused() { # TEXT ARGUMENTS...: exit 1, TEXT on stderr, nothing on stdout
  local wanted=$1
  shift
  expect_exit 1 "stepdose $*" "$program" "$@"
  expect_text err.txt "$wanted" "stepdose $*"
  [[ ! -s out.txt ]] || complain "stepdose $*: wrote to stdout"
}

refused "No verb was given"
refused "did you mean 'propose'?" propse x.json
refused "did you mean 'check'?" chekc x.json
refused "there is no verb 'zzzzzzzz'" zzzzzzzz
refused "did you mean '--threads'?" propose x.json --thread=2
refused "there is no option '-x'" propose x.json -x
refused "propose needs PROBLEM" propose
refused "propose needs PROBLEM" propose ""
refused "propose does not take 'b.json'" propose a.json b.json
refused "selftest does not take" selftest extra
refused "verify does not take --set" verify runs/a --set /a=1
refused "check does not take --output" check a.json -o runs/a
refused "--output needs DIR" propose a.json -o
refused "--output is given twice" propose a.json -o a -o b
refused "name a directory" propose a.json --output=
refused "--threads got '0'" propose a.json --threads 0
refused "--threads got '-1'" propose a.json --threads -1
refused "--threads got '2.5'" propose a.json --threads=2.5
refused "--threads got '99999999999999999999'" propose a.json --threads 99999999999999999999
refused "--seed got 'abc'" propose a.json --seed abc
refused "--seed got '9007199254740993'" propose a.json --seed 9007199254740993
refused "one of bar, json, none" propose a.json --progress=loud
refused "--set got 'horizon_days=3'" propose a.json --set horizon_days=3
refused "--set got '/horizon_days'" propose a.json --set /horizon_days
refused "it takes no value" propose a.json --quiet=yes
refused "there is no verb '-'" -
refused "$(printf 'there is no verb')" "$(head -c 5000 /dev/zero | tr '\0' x)"

verbs=$("$program" --help | sed -n '/^Verbs/,/^$/p' | sed -nE 's/^  ([a-z]+) .*/\1/p')
[[ $(wc -w <<<"$verbs") -ge 14 ]] || complain "--help lists the verbs $verbs"
for verb in $verbs; do
  expect_exit 0 "$verb --help" "$program" "$verb" --help
  expect_text out.txt "usage: stepdose $verb" "$verb --help"
  expect_text out.txt "Example" "$verb --help"
  [[ ! -s err.txt ]] || complain "$verb --help writes to stderr"
  grep -q ' $' out.txt && complain "$verb --help has a line that ends in a blank"
  [[ $(awk '{ if (length > m) m = length } END { print m }' out.txt) -le 100 ]] ||
    complain "$verb --help is wider than 100 columns"
done
expect_exit 0 "--help" "$program" --help
expect_text out.txt "Exit codes" "--help"
[[ $(awk '{ if (length > m) m = length } END { print m }' out.txt) -le 100 ]] ||
  complain "--help is wider than 100 columns"
expect_exit 0 "--version" "$program" --version
grep -qE '^stepdose [0-9]+\.[0-9]+\.[0-9]+$' out.txt || complain "--version: $(cat out.txt)"
finish
