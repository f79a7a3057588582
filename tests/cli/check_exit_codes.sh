#!/usr/bin/env bash
# One exit code for each way to end.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

expect_exit 0 "selftest" "$program" selftest
expect_exit 0 "check" "$program" check "$problem"
expect_text out.txt "/horizon_days" "check shows the effective problem"
expect_exit 0 "check --set" "$program" check "$problem" --set /horizon_days=63
grep -E '^/horizon_days +63 ' out.txt | grep -q -- --set ||
  complain "--set is not shown as an origin"

expect_exit 5 "missing problem file" "$program" check nowhere.json
expect_text err.txt "nowhere.json" "missing problem file"
printf '{"format": "stepdose-problem-1", "titel": 1}' >broken.json
expect_exit 2 "unknown key" "$program" propose broken.json -o runs/broken
expect_text err.txt "/titel" "unknown key: pointer"
expect_text err.txt "broken.json:1:" "unknown key: line"
[[ ! -e runs ]] || complain "an invalid problem left files behind"
printf '{' >torn.json
expect_exit 2 "torn JSON" "$program" check torn.json
printf 'ID,TIME\n1,zero\n' >bad.csv
expect_exit 2 "malformed event table" "$program" simulate "$problem" --regimen bad.csv -o runs/bad
[[ ! -e runs/bad ]] || complain "a refused regimen left files behind"
printf 'day 0: 1 mg\n' >broken.txt
expect_exit 1 "regimen of unknown kind" "$program" simulate "$problem" --regimen broken.txt
expect_exit 5 "missing regimen file" "$program" simulate "$problem" --regimen nowhere.csv

expect_exit 0 "feasible" "$program" propose "$problem" "${small[@]}" -o runs/a --quiet
expect_text out.txt "Research use only: not for dosing patients." "summary"
expect_text out.txt "verified" "summary"
[[ ! -s err.txt ]] || complain "--quiet writes to stderr: $(cat err.txt)"
[[ $(awk '{ if (length > m) m = length } END { print m }' out.txt) -le 100 ]] ||
  complain "the summary is wider than 100 columns"
expect_exit 0 "verify" "$program" verify runs/a
expect_exit 0 "verify result.json" "$program" verify runs/a/result.json
expect_exit 0 "finished run is not repeated" "$program" propose "$problem" "${small[@]}" -o runs/a
expect_text out.txt "had been finished before" "finished run"
expect_exit 5 "directory of another run" "$program" propose "$problem" "${small[@]}" --seed 99 \
  -o runs/a
expect_text err.txt "--overwrite" "directory of another run"
expect_exit 0 "overwrite" "$program" propose "$problem" "${small[@]}" --seed 99 -o runs/a \
  --overwrite
grep -q '"seed": "99"' runs/a/result.json || complain "--seed does not stand in result.json"
expect_exit 0 "the seed is in problem.json" "$program" check runs/a/problem.json

expect_exit 3 "infeasible" "$program" propose \
  "$source_dir/problems/mosunetuzumab-dlbcl-tight.json" \
  "${small[@]}" -o runs/tight
expect_text out.txt "Blocked by  IL-6 peak, first dose" "infeasible: blocking limit"
grep -q '"blocking_limit": "/limits/0"' runs/tight/result.json ||
  complain "result.json does not name the blocking limit"
expect_exit 0 "an infeasible result is reproduced" "$program" verify runs/tight
affinity=(--set '/design={"KdrugactT":{"min":13,"max":1300},"KdrugB":{"min":0.13,"max":13}}'
  --set '/regimen/dose_grid_mg=[0.1,1,5,20,60]' --set /search/map_points=3)
expect_exit 0 "map" "$program" map "$problem" "${affinity[@]}" -o runs/map
expect_text out.txt "across: KdrugactT" "map: picture"
[[ $(wc -l <runs/map/design_map.csv) -eq 10 ]] || complain "design_map.csv has not nine molecules"
expect_exit 0 "a map is reproduced" "$program" verify runs/map
expect_exit 3 "map without a feasible regimen" "$program" map "$problem" "${affinity[@]}" \
  --set /limits/0/max_pg_mL=1 -o runs/nomap
expect_exit 2 "map without design" "$program" map "$problem" -o runs/none
[[ ! -e runs/none ]] || complain "a problem without design left files behind"

coarse=(--set '/regimen/dose_grid_mg=[0.1,1,5,20,60]')
expect_exit 0 "pareto" "$program" pareto "$problem" "${coarse[@]}" -o runs/front
expect_text out.txt "Points along the front" "pareto: table"
expect_text out.txt "What one percent less of (1) costs" "pareto: exchange"
[[ $(awk '{ if (length > m) m = length } END { print m }' out.txt) -le 100 ]] ||
  complain "the summary of a front is wider than 100 columns"
[[ $(wc -l <runs/front/pareto.csv) -ge 4 ]] || complain "pareto.csv has fewer than three regimens"
expect_exit 0 "a front is reproduced" "$program" verify runs/front
expect_exit 3 "pareto without a feasible regimen" "$program" pareto "$problem" "${coarse[@]}" \
  --set /limits/1/max_pg_mL=0.001 -o runs/nofront
expect_exit 4 "pareto: time limit" "$program" pareto "$problem" --set /search/minutes_max=0.001 \
  -o runs/shortfront
expect_exit 2 "strata of the reference patient" "$program" strata "$problem" -o runs/none
expect_text err.txt "/population" "strata of the reference patient"
[[ ! -e runs/none ]] || complain "strata of the reference patient left files behind"
patients="${problem%/*}/mosunetuzumab-dlbcl-population.json"
expect_exit 2 "strata with too few patients" "$program" strata "$patients" \
  --set /population/patients=8 -o runs/none
expect_text err.txt "in stratum \"" "strata with too few patients"
expect_text err.txt "/population/patients" "strata with too few patients"
[[ ! -e runs/none ]] || complain "strata with too few patients left files behind"
nobody=(--set '/population/file/strata=[{"name": "nobody", "of": "tumor_burden", "below": 1}]'
  --set /limits/0/stratum=nobody)
for verb in check simulate propose strata pareto sensitivity whatif; do
  output=(-o runs/none)
  [[ $verb != check ]] || output=()
  expect_exit 2 "$verb: a limit that counts nobody" "$program" "$verb" "$patients" "${nobody[@]}" \
    "${output[@]}"
  expect_text err.txt "stratum \"nobody\"" "$verb: a limit that counts nobody"
  [[ ! -e runs/none ]] || complain "$verb: a limit that counts nobody left files behind"
done
expect_exit 2 "pareto without anything to minimize" "$program" pareto "$problem" \
  --set '/limits=[]' -o runs/none
expect_text err.txt "/pareto" "pareto without anything to minimize"
[[ ! -e runs/none ]] || complain "a problem without goals left files behind"

expect_exit 4 "time limit" "$program" propose "$problem" --set /search/minutes_max=0.002 \
  -o runs/time
expect_text runs/time/result.json '"status": "interrupted"' "time limit"

expect_exit 4 "too few evaluations" "$program" propose "$problem" --set /search/evaluations_max=20 \
  -o runs/few
expect_text out.txt "evaluation budget used up" "too few evaluations"
expect_text out.txt "upper estimates" "too few evaluations"
grep -q '"end_meaning": "evaluation budget used up"' runs/few/result.json ||
  complain "result.json does not say that the budget was used up"

# a problem that cannot be simulated: the same answer from every verb, and a directory that stays
# free
growth='/parameters={"kBtumorprolif":{"value":24,"unit":"1/day","source":"test"}}'
expect_exit 2 "check: cannot be simulated" "$program" check "$problem" --set "$growth"
for verb in simulate propose; do
  expect_exit 2 "$verb: cannot be simulated" "$program" "$verb" "$problem" --set "$growth" \
    "${small[@]}" -o runs/failed
  expect_text err.txt "integration stopped at day 21" "$verb: cannot be simulated"
  [[ -z $(ls runs/failed 2>/dev/null) ]] || complain "$verb left files: $(ls runs/failed)"
done

expect_exit 0 "no limits" "$program" propose "$problem" "${small[@]}" --set '/limits=[]' \
  -o runs/free
expect_text out.txt "no limits were set" "no limits"
grep -qE 'every limit|[^a-z]inf[^a-z]' out.txt && complain "no limits: claims about limits"

healthy=(--set /indication=indications/healthy-human.json)
expect_exit 0 "simulate without a tumour" "$program" simulate "$problem" "${healthy[@]}" \
  -o runs/healthy
grep -qE '[Tt]umour (kill|change)' out.txt && complain "no tumour: its kill is shown"
expect_exit 2 "propose without a tumour" "$program" propose "$problem" "${healthy[@]}" -o runs/none
expect_text err.txt "/maximize" "propose without a tumour"
[[ ! -e runs/none ]] || complain "propose without a tumour left files"

expect_exit 0 "measure at a day" "$program" simulate "$problem" -o runs/day \
  --set '/maximize={"objective":"tumor_control","measure":"change_percent_at_day","day":42}'
expect_text out.txt "tumour shrinkage on day 42 (%)" "measure at a day"
grep -q '"day": 42' runs/day/result.json || complain "result.json does not say the day of the goal"
expect_text out.txt "iv over 4 h" "route"

# somebody's own files are never replaced
mkdir -p mine && cp "$source_dir"/problems/mosunetuzumab-dlbcl.json mine/problem.json
cp -r "$source_dir"/problems/{molecules,indications,populations} mine/
expect_exit 5 "--overwrite of the input" "$program" propose mine/problem.json -o mine --overwrite
expect_exit 5 "--overwrite of files that no run wrote" "$program" propose "$problem" -o mine \
  --overwrite
cmp -s mine/problem.json "$problem" || complain "--overwrite replaced somebody's problem.json"
expect_exit 5 "--overwrite of the regimen that is read" "$program" simulate "$problem" \
  --regimen runs/a/regimen.csv -o runs/a --overwrite
[[ -e runs/a/result.json ]] || complain "--overwrite removed the run that it was to read"

printf 'x' >>runs/a/regimen.csv
expect_exit 3 "changed regimen.csv" "$program" verify runs/a
printf 'x' >>runs/a/result.json
expect_exit 2 "changed result.json" "$program" verify runs/a
expect_exit 5 "no result there" "$program" verify nowhere
finish
