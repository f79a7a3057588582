#!/usr/bin/env bash
# The verb whatif: its files, threads, verify, a run as base, the card, what it refuses.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

cat >changes.json <<'JSON'
{"format": "stepdose-changes-1", "changes": [
  {"name": "dose 2 missed", "missed_dose": 2},
  {"name": "dose 2 late", "delayed": {"dose": 2, "days": 3}},
  {"name": "too much", "dose_error_percent": 20},
  {"name": "tighter", "set": ["/limits/0/max_pg_mL=900"], "optimize": true}]}
JSON
few=(--quiet --set /search/evaluations_max=200 --set /search/starts=1
  --set '/population={"file":"populations/dlbcl-virtual.json","patients":8,"seed":3}'
  --set '/limits=[{"objective":"il6_peak","window":"first_dose","max_pg_mL":3000,"quantile":0.8}]'
  --set '/verification={"patients":16,"rounds":0}')

expect_exit 0 "whatif" "$program" whatif "$problem" changes.json "${few[@]}" -o runs/one --threads 1
expect_text out.txt "dose 2 missed" "summary"
expect_text out.txt "searched:" "summary: a searched change"
expect_text out.txt "How far each dose can go" "summary: ranges"
[[ $(awk '{ if (length > m) m = length } END { print m }' out.txt) -le 100 ]] ||
  complain "the summary is wider than 100 columns"
for file in whatif.csv regimen.csv trajectories.csv endpoints.csv patients.csv result.json \
  report.html; do
  [[ -s runs/one/$file ]] || complain "no $file"
done
grep -q '^"tighter",TRUE,goal,' runs/one/whatif.csv || complain "no searched goal in whatif.csv"
grep -q 'Changes side by side' runs/one/report.html || complain "no table in report.html"
expect_exit 0 "two threads" "$program" whatif "$problem" changes.json "${few[@]}" -o runs/two \
  --threads 2
cmp -s runs/one/whatif.csv runs/two/whatif.csv || complain "whatif.csv differs with 2 threads"
expect_exit 0 "verify" "$program" verify runs/one
expect_text out.txt "whatif.csv" "verify"
expect_exit 0 "again" "$program" whatif "$problem" changes.json "${few[@]}" -o runs/one
expect_text out.txt "had been finished before" "a finished run"

expect_exit 0 "a run as base" "$program" whatif "$problem" changes.json "${few[@]}" \
  --base runs/one -o runs/base
cmp -s runs/one/whatif.csv runs/base/whatif.csv || complain "the same regimen differs"
expect_exit 0 "the card" "$program" whatif "$problem" --quiet --set /population=reference \
  --base runs/one -o runs/card
expect_text out.txt "Robustness card" "the card"
expect_text out.txt "tumour burden x 3" "the card"
grep -q '"robustness"' runs/card/result.json || complain "no card in result.json"
grep -q 'If not all goes as planned' runs/card/report.html || complain "no card in report.html"

cp -r runs/one runs/changed
sed -i 's/,2,/,3,/' runs/changed/regimen.csv
cmp -s runs/one/regimen.csv runs/changed/regimen.csv && complain "nothing was changed in the test"
expect_exit 2 "a changed run" "$program" whatif "$problem" changes.json "${few[@]}" \
  --base runs/changed -o runs/none
expect_text err.txt "regimen.csv was changed after the run" "a changed run"
rm runs/changed/result.json
expect_exit 5 "a run without result" "$program" whatif "$problem" changes.json "${few[@]}" \
  --base runs/changed -o runs/none
expect_text err.txt "this run is not finished" "a run without result"
sed 's|"set": \[[^]]*\], "optimize": true|"set": ["/horizon_days=63"]|' changes.json >shorter.json
expect_exit 0 "another horizon" "$program" whatif "$problem" shorter.json "${few[@]}" -o runs/shorter
expect_text out.txt "another goal or horizon: not the same quantity" "another horizon"
grep -q '^"tighter",FALSE,goal,.*,NA,NA,NA,NA,NA,8,TRUE$' runs/shorter/whatif.csv ||
  complain "a difference of other quantities"

expect_exit 1 "two regimens" "$program" whatif "$problem" --base runs/one --regimen a.csv
expect_exit 5 "no such file" "$program" whatif "$problem" nowhere.json -o runs/none
echo '{"format": "stepdose-changes-1", "changes": [{"name": "a", "missed_dose": 60}]}' >many.json
expect_exit 2 "no such dose" "$program" whatif "$problem" many.json -o runs/none
expect_text err.txt "names dose 60" "no such dose"
echo '{"format": "stepdose-changes-1", "changes": [{"name": "a", "set": ["/x=1"]}]}' >unknown.json
expect_exit 2 "no such field" "$program" whatif "$problem" unknown.json -o runs/none
[[ -z $(ls runs/none 2>/dev/null) ]] || complain "a refused change left files"
finish
