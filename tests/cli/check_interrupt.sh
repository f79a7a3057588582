#!/usr/bin/env bash
# An interrupted or killed run continues to the same result as one that was left alone.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

search=(--set /search/evaluations_max=900 --threads 2 --progress=none)

propose() { # DIR: result in that directory, exit code passed on
  (cd "$1" && exec "$program" propose "$problem" "${search[@]}" -o run >../out.txt 2>../err.txt)
}

# everything of result.json but the section of times and the hash over it
timeless() {
  sed -e '/^  "run": {/,/^  }/d' -e '/sha256_of_this_file/d' "$1"
}

same_result() { # DIR NAME
  local file
  for file in problem.json regimen.csv history.csv trajectories.csv endpoints.csv summary.txt; do
    cmp -s "$1/run/$file" "whole/run/$file" || complain "$2: $file differs"
  done
  [[ $(timeless "$1/run/result.json") == "$(timeless whole/run/result.json)" ]] ||
    complain "$2: result.json differs in more than times"
}

# starts a run and sends SIGNAL after SECONDS; leaves the exit code in $code
break_off() { # DIR SIGNAL SECONDS
  mkdir -p "$1"
  (cd "$1" && exec "$program" propose "$problem" "${search[@]}" -o run >../out.txt 2>../err.txt) &
  local pid=$!
  sleep "$3"
  kill -"$2" "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  code=$?
}

mkdir whole
propose whole || complain "the undisturbed run ended with $?: $(head -c 300 err.txt)"

caught=0
for seconds in 0.2 0.5 0.9; do
  break_off "int_$seconds" INT "$seconds"
  if [[ $code -eq 4 ]]; then
    caught=$((caught + 1))
    grep -q '"status": "interrupted"' "int_$seconds/run/result.json" ||
      complain "SIGINT after $seconds s: result.json does not say interrupted"
    expect_exit 0 "verify of an interrupted run" "$program" verify "int_$seconds/run"
  elif [[ $code -ne 0 ]]; then
    complain "SIGINT after $seconds s: exit code $code"
  fi
  propose "int_$seconds" || complain "continued after SIGINT: exit code $?"
  same_result "int_$seconds" "SIGINT after $seconds s"
done
[[ $caught -gt 0 ]] || complain "no run was caught by SIGINT while it was running"

for seconds in 0.15 0.4 0.8; do
  break_off "kill_$seconds" KILL "$seconds"
  propose "kill_$seconds" || complain "continued after kill -9: exit code $?"
  same_result "kill_$seconds" "kill -9 after $seconds s"
done

break_off hangup HUP 0.4
[[ $code -eq 0 || $code -eq 4 ]] || complain "SIGHUP: exit code $code"
propose hangup || complain "continued after SIGHUP: exit code $?"
same_result hangup "SIGHUP"

break_off twice TERM 0.4
break_off twice TERM 0.3
propose twice || complain "continued after two SIGTERM: exit code $?"
same_result twice "SIGTERM twice"
finish
