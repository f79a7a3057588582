#!/usr/bin/env bash
# Output that does not arrive is an error: closed pipe, full disk, directory that cannot be written.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

"$program" check "$problem" >/dev/full 2>err.txt
[[ $? -eq 5 ]] || complain "check with a full stdout does not end with 5"
expect_text err.txt "standard output could not be written" "full stdout"
"$program" --help >/dev/full 2>err.txt
[[ $? -eq 5 ]] || complain "--help with a full stdout does not end with 5"

# a reader that has gone before anything is written
(
  sleep 0.3
  "$program" check "$problem" 2>err.txt
  echo $? >code.txt
) | true
[[ $(cat code.txt) -eq 5 ]] || complain "a closed pipe gives exit code $(cat code.txt), expected 5"

expect_exit 5 "directory that cannot be made" "$program" propose "$problem" -o /proc/stepdose/run
expect_exit 5 "a file in the place of the directory" "$program" simulate "$problem" -o "$problem"
mkdir runs && printf 'mine' >runs/regimen.csv
expect_exit 5 "a directory with somebody's files" "$program" simulate "$problem" -o runs
[[ $(cat runs/regimen.csv) == mine ]] || complain "somebody's file was replaced"

if [[ $EUID -ne 0 ]]; then
  mkdir locked && chmod 555 locked
  expect_exit 5 "read-only directory" "$program" simulate "$problem" -o locked
  printf 'skipped: a full disk (needs root for a small tmpfs)\n'
elif mkdir disk && mount -t tmpfs -o size=64k tmpfs disk 2>/dev/null; then
  expect_exit 5 "simulate on a full disk" "$program" simulate "$problem" -o disk/run
  [[ ! -e disk/run/result.json ]] || complain "a result.json was left on the full disk"
  rm -rf disk/run
  expect_exit 5 "propose on a full disk" "$program" propose "$problem" "${small[@]}" -o disk/run
  [[ ! -e disk/run/result.json ]] || complain "a result.json was left on the full disk"
  umount disk
  mkdir sealed && mount -t tmpfs -o ro tmpfs sealed &&
    expect_exit 5 "read-only file system" "$program" simulate "$problem" -o sealed/run
  umount sealed
else
  printf 'skipped: full disk and read-only file system (no permission to mount)\n'
fi

expect_exit 0 "NDJSON" "$program" propose "$problem" "${small[@]}" -o runs/json --progress=json
[[ -s err.txt ]] || complain "--progress=json is silent"
if command -v python3 >/dev/null; then
  python3 -c 'import json,sys
for line in open("err.txt"):
    assert {"stage", "done", "total", "best_goal", "seconds"} <= json.loads(line).keys()' ||
    complain "--progress=json does not write one JSON object a line"
else
  printf 'skipped: parsing of NDJSON (no python3)\n'
fi
finish
