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

# what was simulated only has no regimen.csv in some versions of a run: the examples do without
rm -rf bare && cp -r run bare && rm bare/regimen.csv
ran=0
if command -v python3 >/dev/null; then
  ran=$((ran + 1))
  reads Python python3 -I "$source_dir/examples/read_run.py" run
  expect_exit 0 "Python without regimen.csv" python3 -I "$source_dir/examples/read_run.py" bare
  expect_exit 1 "Python without a run" python3 -I "$source_dir/examples/read_run.py"
else
  printf 'skipped: the example in Python (no python3)\n'
fi
if command -v Rscript >/dev/null; then
  ran=$((ran + 1))
  reads R Rscript --vanilla "$source_dir/examples/read_run.R" run
  expect_exit 0 "R without regimen.csv" Rscript --vanilla "$source_dir/examples/read_run.R" bare
  expect_exit 1 "R without a run" Rscript --vanilla "$source_dir/examples/read_run.R"
else
  printf 'skipped: the example in R (no Rscript)\n'
fi
[[ $ran -gt 0 ]] || exit 77
finish
