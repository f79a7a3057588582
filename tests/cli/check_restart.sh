#!/usr/bin/env bash
# The verb restart: its files, threads, verify, what it refuses, Ctrl-C.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

drug=$source_dir/problems/synapse-teclistamab-myeloma.json
few=(--set /population/patients=8 --quiet
  --set '/restart={"gap_days_max":21,"gap_days_step":7,"doses_max":2}')

expect_exit 0 "restart" "$program" restart "$drug" "${few[@]}" -o runs/one --threads 1
expect_text out.txt "continue to" "summary"
expect_text out.txt "by the drug left" "summary"
expect_text out.txt "hours from a dose to CRS" "summary: hospital stay"
[[ $(awk '{ if (length > m) m = length } END { print m }' out.txt) -le 100 ]] ||
  complain "the summary is wider than 100 columns"
for file in restart.csv regimen.csv trajectories.csv endpoints.csv patients.csv result.json \
  report.html; do
  [[ -s runs/one/$file ]] || complain "no $file"
done
for key in until_days_by_risk until_days_by_drug_left crs_onset_h; do
  grep -q "\"$key\"" runs/one/result.json || complain "no $key in result.json"
done
grep -q '^1,crs_onset_h,2,' runs/one/endpoints.csv || complain "no onset in endpoints.csv"
expect_exit 0 "two threads" "$program" restart "$drug" "${few[@]}" -o runs/two --threads 2
cmp -s runs/one/restart.csv runs/two/restart.csv || complain "restart.csv differs with 2 threads"
expect_exit 0 "verify" "$program" verify runs/one
expect_text out.txt "restart.csv" "verify"
expect_exit 0 "again" "$program" restart "$drug" "${few[@]}" -o runs/one
expect_text out.txt "had been finished before" "a finished run"

expect_exit 0 "a regimen file" "$program" restart "$drug" "${few[@]}" \
  --regimen runs/one/regimen.csv -o runs/regimen
cmp -s runs/one/restart.csv runs/regimen/restart.csv || complain "the same regimen differs"

expect_exit 0 "a model without a drive" "$program" restart "$problem" --quiet \
  --set /population=reference --set '/restart={"gap_days_max":42,"gap_days_step":21}' -o runs/il6
expect_text out.txt "IL-6 peak (pg/mL)" "a model without a drive"

expect_exit 2 "a continuous infusion" "$program" restart \
  "$source_dir/problems/blinatumomab-nhl.json" -o runs/civ
expect_text err.txt "continuous infusions" "a continuous infusion"
[[ -z $(ls runs/civ 2>/dev/null) ]] || complain "a refused schedule left files"
expect_exit 2 "no gap longer than planned" "$program" restart "$drug" "${few[@]}" \
  --set /restart/gap_days_max=6 -o runs/short
expect_text err.txt "/restart/gap_days_max" "no gap longer than planned"
[[ -z $(ls runs/short 2>/dev/null) ]] || complain "refused settings left files"
expect_exit 2 "a measure without drive" "$program" restart "$problem" \
  --set '/restart={"judged_by":"crs_drive_rise"}' -o runs/drive
expect_text err.txt "/restart/judged_by" "a measure without drive"

"$program" restart "$drug" --set /population/patients=4096 -o runs/stopped --quiet \
  >out.txt 2>err.txt &
pid=$!
sleep 1
kill -INT $pid
wait $pid
code=$?
[[ $code -eq 4 ]] || complain "Ctrl-C ends with $code, expected 4: $(head -c 300 err.txt)"
[[ -z $(ls runs/stopped 2>/dev/null) ]] || complain "Ctrl-C left files: $(ls runs/stopped)"
finish
