#!/usr/bin/env bash
# The examples in Python and R read a run as it is written, without options.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

expect_exit 0 "propose" "$program" propose "$problem" "${small[@]}" \
  --set /population=reference -o run
doses=$(($(wc -l <run/regimen.csv) - 1))
peak=$(awk -F, '$2 == "il6_peak" && $3 == "course" { printf "%.0f", $5 }' run/endpoints.csv)
[[ $doses -ge 4 && $peak -gt 0 ]] || complain "the run has $doses doses and an IL-6 peak of $peak"

# reads NAME COMMAND...: the table of the regimen, a course, the peak that the file has
reads() {
  local name=$1
  shift
  expect_exit 0 "$name" "$@"
  [[ ! -s err.txt ]] || complain "$name writes to stderr: $(head -c 300 err.txt)"
  [[ $(grep -cE '^ *[0-9]+ +[0-9.]+ +[0-9.e+]+ +([0-9.]+ +)?1$' out.txt) -eq $doses ]] ||
    complain "$name does not show $doses doses"
  expect_text out.txt "activated_cd8_fraction" "$name"
  grep -E 'il6_peak .*course' out.txt | grep -q "$peak" || complain "$name: no IL-6 peak of $peak"
}

# virtual patients: both examples count the same of them as result.json
expect_exit 0 "simulate patients" "$program" simulate \
  "$source_dir/problems/synapse-mosunetuzumab-dlbcl-population.json" -o patients --quiet \
  --set /population/patients=16 --set /horizon_days=28

# counts NAME COMMAND...: two columns of patients.csv, as the endpoints of result.json have them
counts() {
  local name=$1 column
  shift
  expect_exit 0 "$name, patients" "$@" patients
  [[ ! -s err.txt ]] || complain "$name, patients: writes to stderr: $(head -c 300 err.txt)"
  for column in il6_peak.1 crs_probability_grade2.course; do
    grep -E "^ *$column " out.txt | awk '{ printf "%s %.3g %.3g %.3g\n", $1, $3, $4, $5 }'
  done >"$name.txt"
  [[ $(wc -l <"$name.txt") -eq 2 ]] || complain "$name does not show the patients' endpoints"
  expect_exit 1 "$name without patients" "$@" run
}

# same_numbers FOUND WANTED: to the rounding of what was printed
same_numbers() {
  paste -d ' ' "$1" "$2" | awk '
    function far(a, b) { return (a - b) ^ 2 > (0.006 * (a + b)) ^ 2 }
    $1 != $5 || far($2, $6) || far($3, $7) || far($4, $8) { print; bad = 1 }
    END { exit bad || NR != 2 }' >differ.txt || complain "$1 is not $2: $(cat differ.txt)"
}

# what was simulated only has no regimen.csv in some versions of a run: the examples do without
rm -rf bare && cp -r run bare && rm bare/regimen.csv
ran=0
if command -v python3 >/dev/null; then
  ran=$((ran + 1))
  reads Python python3 -I "$source_dir/examples/read_run.py" run
  expect_exit 0 "Python without regimen.csv" python3 -I "$source_dir/examples/read_run.py" bare
  expect_exit 1 "Python without a run" python3 -I "$source_dir/examples/read_run.py"
  counts Python python3 -I "$source_dir/examples/read_patients.py"
  python3 - >wanted.txt <<'PYTHON'
import json
given = json.load(open("patients/result.json"))["cohort"]["regimens"][0]
for name, dose in (("il6_peak", 1), ("crs_probability_grade2", "course")):
    for e in given["endpoints"]:
        if e["endpoint"] == name and e.get("dose", e.get("window")) == dose:
            print(f"{name}.{dose} {e['median']:.3g} {e['p95']:.3g} {e['mean']:.3g}")
PYTHON
  same_numbers Python.txt wanted.txt
else
  printf 'skipped: the example in Python (no python3)\n'
fi
if command -v Rscript >/dev/null; then
  ran=$((ran + 1))
  reads R Rscript --vanilla "$source_dir/examples/read_run.R" run
  expect_exit 0 "R without regimen.csv" Rscript --vanilla "$source_dir/examples/read_run.R" bare
  expect_exit 1 "R without a run" Rscript --vanilla "$source_dir/examples/read_run.R"
  counts R Rscript --vanilla "$source_dir/examples/read_patients.R"
  [[ ! -s Python.txt ]] || same_numbers R.txt Python.txt
else
  printf 'skipped: the example in R (no Rscript)\n'
fi
[[ $ran -gt 0 ]] || exit 77
finish
