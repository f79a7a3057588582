#!/usr/bin/env bash
# Virtual patients by the program: the shipped populations, the files, seeds, threads, Ctrl-C.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

patients() { # FILE N
  printf '/population={"file":"populations/%s.json","patients":%d,"seed":1}' "$1" "$2"
}
dlbcl=$(patients dlbcl-virtual 256)

expect_exit 0 "check of patients" "$program" check "$problem" --set "$dlbcl"
expect_text out.txt "34 coordinates, sobol" "check of patients"
expect_text out.txt "heavily B-depleted: 35" "check of patients: strata"
grep -qE 'plausible +256 \(100.0 %\)' out.txt || complain "check: how many are plausible"
grep -qE '`simulate` takes about [0-9]+ s' out.txt || complain "check does not tell the time"
grep -qE "propose +at most [0-9]+ regimens in" out.txt || complain "check does not tell what propose costs"
expect_exit 2 "a limit without risk" "$program" propose "$problem" --set "$dlbcl" -o runs/propose
expect_text err.txt "/limits/0" "a limit without risk"
expect_text err.txt "probability_max" "a limit without risk: remedy"
[[ ! -e runs/propose ]] || complain "a limit without risk left files"

# the patients of the verification are never those of the search
expect_exit 0 "--seed of the verification" "$program" check "$problem" --set "$dlbcl" --seed 2
grep -qE '^/population/seed +2 ' out.txt || complain "--seed 2: seed of the patients"
grep -qE '^/verification/seed +1 ' out.txt || complain "--seed 2: seed of the verification"
expect_exit 0 "another --seed" "$program" check "$problem" --set "$dlbcl" --seed 3
grep -qE '^/verification/seed +2 ' out.txt || complain "--seed 3: seed of the verification"

for threads in 1 2 4; do
  expect_exit 0 "$threads threads" "$program" simulate "$problem" --set "$dlbcl" \
    --threads $threads -o runs/t$threads
done
for file in trajectories.csv endpoints.csv patients.csv courses.csv summary.txt; do
  cmp -s runs/t1/$file runs/t2/$file || complain "$file differs with 2 threads"
  cmp -s runs/t1/$file runs/t4/$file || complain "$file differs with 4 threads"
done
expect_text out.txt "of 256" "summary of patients"
expect_text out.txt "95 % interval" "summary of patients"
[[ $(awk '{ if (length > m) m = length } END { print m }' out.txt) -le 100 ]] ||
  complain "the summary is wider than 100 columns"
expect_exit 0 "verify of patients" "$program" verify runs/t2
expect_text out.txt "patients beyond any limit: claimed" "verify of patients"
expect_exit 0 "finished run of patients" "$program" simulate "$problem" --set "$dlbcl" -o runs/t1
expect_text out.txt "had been finished before" "finished run of patients"
expect_exit 0 "the problem that was run" "$program" simulate runs/t1/problem.json -o runs/again
cmp -s runs/t1/patients.csv runs/again/patients.csv || complain "problem.json gives other patients"

expect_exit 0 "--seed" "$program" simulate "$problem" --set "$dlbcl" --seed 2 -o runs/seed
expect_text runs/seed/result.json '"population_seed": "2"' "--seed"
cmp -s runs/t1/patients.csv runs/seed/patients.csv && complain "another seed: the same patients"

expect_exit 0 "a regimen file" "$program" simulate "$problem" --set "$dlbcl" \
  --regimen runs/t1/regimen.csv -o runs/regimen
cmp -s runs/t1/endpoints.csv runs/regimen/endpoints.csv || complain "the same regimen differs"

# a stop leaves no files
"$program" simulate "$problem" --set "$(patients dlbcl-virtual 65536)" -o runs/stopped --quiet \
  >out.txt 2>err.txt &
pid=$!
sleep 1
kill -INT $pid
wait $pid
code=$?
[[ $code -eq 4 ]] || complain "Ctrl-C ends with $code, expected 4: $(head -c 300 err.txt)"
expect_text err.txt "virtual patients" "Ctrl-C"
[[ -z $(ls runs/stopped 2>/dev/null) ]] || complain "Ctrl-C left files: $(ls runs/stopped)"

# weighted patients: all of a seed, or resampled ones
weighted=$(patients dlbcl-virtual-weighted 4096)
resampled='/population={"file":"populations/dlbcl-virtual-weighted.json","patients":128,"seed":9,"resample":true}'
expect_exit 0 "check of weighted patients" "$program" check "$problem" --set "$weighted"
grep -qE 'weights +worth 9[0-9][0-9] patients of equal weight' out.txt ||
  complain "check: what weighted patients are worth"
expect_exit 2 "another seed of weighted patients" "$program" check "$problem" --set "$weighted" \
  --set /population/seed=6
expect_text err.txt "/population/seed" "another seed of weighted patients"
expect_text err.txt "4096 patients of seed 1" "another seed of weighted patients"
expect_exit 0 "resampled patients" "$program" simulate "$problem" --set "$resampled" -o runs/resampled
expect_text out.txt "different people among the 128" "resampled patients"
expect_exit 0 "resampled once more" "$program" simulate runs/resampled/problem.json -o runs/resampled2
cmp -s runs/resampled/patients.csv runs/resampled2/patients.csv ||
  complain "problem.json gives other resampled patients"

synapse=$source_dir/problems/synapse-mosunetuzumab-dlbcl.json
limits='/limits=[{"objective":"crs","grade_at_least":2,"window":"each_dose","probability_max":0.3}]'
expect_exit 0 "synapse" "$program" simulate "$synapse" --set "$(patients synapse-nhl 64)" \
  --set "$limits" --regimen runs/t1/regimen.csv -o runs/synapse
expect_text out.txt "grade 3 or higher" "synapse: CRS by grade"
expect_exit 2 "patients of another model" "$program" simulate "$synapse" --set "$dlbcl"

# --- proposals over patients: 16 in the search, 256 fresh ones; seed 9 is kinder than most -------

population=$source_dir/problems/mosunetuzumab-dlbcl-population.json
few=(--set /horizon_days=42 --set /population/patients=16 --set /population/seed=9
  --set '/regimen/steps=[{"day":0,"dose_mg":0.8},{"day":7,"dose_mg":{"min":0.4,"max":60}}]'
  --set '/regimen/maintenance={"first_day":21,"every_days":21,"doses":1,"dose_mg":60}'
  --set '/regimen/dose_grid_mg=[0.4,0.8,1.6,3,6,10,20,40,60]'
  --set /verification/patients=256 --set /search/evaluations_max=60 --set /search/starts=1)
later() { # MAX_PG_ML
  printf '/limits=[{"objective":"il6_peak","window":{"from_day":7,"to_day":21},'
  printf '"max_pg_mL":%s,"probability_max":0.1}]' "$1"
}

for threads in 1 2; do
  expect_exit 0 "proposal with $threads threads" "$program" propose "$population" "${few[@]}" \
    --set "$(later 100)" --threads $threads -o runs/proposal$threads
done
expect_text out.txt "verified: every limit holds" "proposal"
expect_text out.txt "with 256 fresh" "proposal"
expect_text out.txt "limit that failed" "proposal: rounds"
expect_text out.txt "patients.csv" "proposal: files"
for file in regimen.csv history.csv trajectories.csv endpoints.csv patients.csv courses.csv \
  summary.txt; do
  cmp -s runs/proposal1/$file runs/proposal2/$file || complain "$file of a proposal differs"
done
expect_exit 0 "verify of a proposal" "$program" verify runs/proposal2
expect_text out.txt "256 whom the search has not seen" "verify of a proposal"
expect_text out.txt "risks of the patients" "verify of a proposal"
expect_exit 3 "in sample only" "$program" propose "$population" "${few[@]}" --set "$(later 100)" \
  --set /verification/rounds=0 -o runs/sample
expect_text out.txt "feasible-in-sample-only" "in sample only"
expect_text out.txt "fresh patients lie above 100 pg/mL" "in sample only: who is responsible"
expect_exit 3 "infeasible patients" "$program" propose "$population" "${few[@]}" \
  --set "$(later 1)" -o runs/infeasible
expect_text out.txt "needed alone" "infeasible patients"
expect_exit 0 "verify of an infeasible one" "$program" verify runs/infeasible

if command -v python3 >/dev/null; then
  for run in t1 synapse resampled proposal1 infeasible; do
    python3 "$source_dir/tests/cli/read_cohort.py" "runs/$run" >out.txt 2>&1 ||
      complain "reading of runs/$run: $(tail -n 3 out.txt)"
  done
else
  printf 'skipped: reading of the tables (no python3)\n'
fi
finish
