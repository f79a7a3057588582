#!/usr/bin/env bash
# Sensitivity by the program: methods, files, threads, seeds, refusals, Ctrl-C.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

patients='/population={"file":"populations/dlbcl-virtual.json","patients":32,"seed":1}'
inputs='"inputs":[{"of":"Kptumor"},{"of":"kIL6prod"},{"of":"dose_1"}]'
of_patients='"inputs":[{"of":"clearance"},{"of":"blood_b"},{"of":"dose_1"}]'

# every method, every file
expect_exit 0 "without a section" "$program" sensitivity "$problem" --set /horizon_days=28 \
  -o runs/usual
expect_text out.txt "morris: 64 of 64 samples" "without a section"
expect_text out.txt "of group molecule" "without a section"
expect_exit 0 "local" "$program" sensitivity "$problem" -o runs/local \
  --set "/sensitivity={\"method\":\"local\",$inputs}"
expect_text out.txt "derivatives in the reference patient" "local"
expect_exit 0 "sobol" "$program" sensitivity "$problem" -o runs/sobol \
  --set "/sensitivity={\"method\":\"sobol\",\"samples\":16,\"second_order\":true,$inputs}"
expect_text out.txt "first order indices sum to" "sobol"
grep -q ',second,Kptumor,kIL6prod,16,' runs/sobol/sensitivity.csv || complain "sobol: no pairs"
for run in usual local sobol; do
  for file in problem.json regimen.csv sensitivity.csv trajectories.csv endpoints.csv summary.txt \
    result.json report.html; do
    [[ -s runs/$run/$file ]] || complain "$run: no $file"
  done
  expect_exit 0 "verify of $run" "$program" verify "runs/$run"
  [[ $(awk '{ if (length > m) m = length } END { print m }' runs/$run/summary.txt) -le 100 ]] ||
    complain "$run: the summary is wider than 100 columns"
  [[ $(awk -F, 'NR == 1 { n = NF } NF != n' runs/$run/sensitivity.csv | wc -l) -eq 0 ]] ||
    complain "$run: rows of sensitivity.csv differ in length"
done
expect_exit 0 "finished run" "$program" sensitivity "$problem" -o runs/local \
  --set "/sensitivity={\"method\":\"local\",$inputs}"
expect_text out.txt "had been finished before" "finished run"
expect_exit 5 "another study in its place" "$program" sensitivity "$problem" -o runs/local

# virtual patients: the same bits for any number of threads, others for another seed
for threads in 1 2 4; do
  expect_exit 0 "$threads threads" "$program" sensitivity "$problem" --set "$patients" \
    --set "/sensitivity={\"samples\":4,$of_patients}" --threads $threads -o runs/t$threads
done
for file in sensitivity.csv patients.csv summary.txt; do
  cmp -s runs/t1/$file runs/t2/$file || complain "$file differs with 2 threads"
  cmp -s runs/t1/$file runs/t4/$file || complain "$file differs with 4 threads"
done
grep -q '^patients.limit_2,' runs/t1/sensitivity.csv || complain "no limits in patients"
expect_exit 0 "verify of patients" "$program" verify runs/t2
expect_exit 0 "another seed" "$program" sensitivity "$problem" --set "$patients" \
  --set "/sensitivity={\"samples\":4,$of_patients}" --seed 2 -o runs/seed
cmp -s runs/t1/sensitivity.csv runs/seed/sensitivity.csv && complain "another seed: the same bits"
expect_exit 0 "groups" "$program" sensitivity "$problem" -o runs/groups \
  --set "/sensitivity={\"samples\":4,\"by_group\":true,$inputs}"
expect_text runs/groups/sensitivity.csv ",mu_star,regimen," "groups"

# what is refused leaves nothing behind
expect_exit 2 "an unknown output" "$program" sensitivity "$problem" -o runs/refused \
  --set '/sensitivity={"outputs":["il6"]}'
expect_text err.txt "/sensitivity/outputs/0" "an unknown output"
expect_exit 2 "a dose that is not given" "$program" sensitivity "$problem" -o runs/refused \
  --set '/sensitivity={"inputs":[{"of":"dose_20"}]}'
[[ ! -e runs/refused ]] || complain "what is refused leaves files"

# Ctrl-C: complete samples are analysed; the same command begins again
long="/sensitivity={\"samples\":65536,\"patients\":32,$of_patients}"
"$program" sensitivity "$problem" --set "$patients" --set "$long" -o runs/stopped --quiet \
  >out.txt 2>err.txt &
pid=$!
sleep 4
kill -INT $pid
wait $pid
code=$?
[[ $code -eq 4 ]] || complain "Ctrl-C ends with $code, expected 4: $(head -c 300 err.txt)"
expect_text out.txt "stopped on request" "Ctrl-C"
expect_text runs/stopped/result.json '"status": "interrupted"' "Ctrl-C"
[[ -s runs/stopped/sensitivity.csv ]] || complain "Ctrl-C left no sensitivity.csv"

if command -v python3 >/dev/null; then
  python3 - runs/sobol/sensitivity.csv <<'PYTHON' || complain "reading of sensitivity.csv"
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert {r["measure"] for r in rows} == {"first", "total", "second", "mean", "variance", "first_sum"}
total = [r for r in rows if r["measure"] == "total" and r["samples"] == "16"]
assert total and all(float(r["low"]) <= float(r["high"]) for r in total if r["low"] != "NA")
PYTHON
else
  printf 'skipped: reading of the table (no python3)\n'
fi
finish
