#!/usr/bin/env bash
# calibrate: files, exit codes, refusals, going on, and a problem that uses what was fitted.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

problem=$source_dir/problems/synapse-mosunetuzumab-dlbcl.json
from=$source_dir/problems

# Two doses, two values to fit: an evaluation takes milliseconds.
write_evidence() {
  cat >"$1" <<END
{"format": "stepdose-evidence-1", "title": "two first doses",
 "common": {"model": "synapse", "horizon_days": 3,
            "molecule": "$from/molecules/synapse/mosunetuzumab.json",
            "indication": "$from/indications/synapse/dlbcl.json"},
 "cases": [
  {"name": "0.4 mg", "problem": {"regimen": {"route": "iv", "infusion_h": 4,
    "steps": [{"day": 0, "dose_mg": 0.4}]}}},
  {"name": "2.8 mg", "problem": {"regimen": {"route": "iv", "infusion_h": 4,
    "steps": [{"day": 0, "dose_mg": 2.8}]}}}],
 "rows": [
  {"name": "low", "case": "0.4 mg", "endpoint": "il6_peak", "statistic": "reference",
   "observed": 30, "unit": "pg/mL", "sd_log10": 0.1, "use": "fit", "source": "made up"},
  {"name": "high", "case": "2.8 mg", "endpoint": "il6_peak", "statistic": "reference",
   "observed": 80, "unit": "pg/mL", "sd_log10": 0.1, "use": "fit", "source": "made up"}],
 "parameters": [
  {"name": "il6_production_pg_per_cell_day", "low": 0.05, "high": 50, "scale": "log",
   "source": "test"},
  {"name": "cytokine_trimers", "low": 5, "high": 2000, "scale": "log", "source": "test"}]}
END
}
write_evidence evidence.json
one=(--set /search/starts=1)

expect_exit 1 "evidence is missing" "$program" calibrate "$problem"
expect_exit 5 "evidence cannot be read" "$program" calibrate "$problem" nowhere.json
sed 's/"use": "fit"/"use": "check"/' evidence.json >checks.json
expect_exit 2 "nothing to fit" "$program" calibrate "$problem" checks.json -o runs/none
expect_text err.txt "no row of the evidence may be fitted to" "nothing to fit"
sed 's/"low": 5/"low": 5000/' evidence.json >empty.json
expect_exit 2 "an empty range" "$program" calibrate "$problem" empty.json -o runs/none

expect_exit 0 "calibrate" "$program" calibrate "$problem" evidence.json "${one[@]}" -o runs/fit
for file in fit_rows.csv fit_values.csv parameters.json result.json summary.txt report.html; do
  [[ -s runs/fit/$file ]] || complain "$file was not written"
done
expect_text out.txt "calibrated" "summary"
expect_text out.txt "cytokine_trimers" "summary"
expect_text runs/fit/report.html "Evidence beside the fit" "page"
[[ $(wc -l <runs/fit/fit_rows.csv) -eq 3 ]] || complain "fit_rows.csv has not one line a row"
expect_exit 0 "report" "$program" report runs/fit

# the same command finds a finished run; other molecules, other run
expect_exit 0 "again" "$program" calibrate "$problem" evidence.json "${one[@]}" -o runs/fit
expect_exit 5 "another problem" "$program" calibrate "$problem" evidence.json --set /search/starts=2 \
  -o runs/fit

expect_exit 4 "too few evaluations" "$program" calibrate "$problem" evidence.json "${one[@]}" \
  --set /search/evaluations_max=5 -o runs/few
expect_text out.txt "raise /search/evaluations_max" "too few evaluations"

# fitted values in a problem
named=(--set "/calibration=$PWD/runs/fit/parameters.json")
expect_exit 0 "check with a calibration" "$program" check "$problem" "${named[@]}"
expect_text out.txt "/calibration/parameters/1/value" "check with a calibration"
expect_exit 0 "simulate with a calibration" "$program" simulate "$problem" "${named[@]}" -o runs/with
expect_exit 0 "simulate without" "$program" simulate "$problem" -o runs/without
cmp -s runs/with/trajectories.csv runs/without/trajectories.csv &&
  complain "the calibration changes nothing"
sed 's/"value": /"value": 1e9, "was": /' runs/fit/parameters.json >bad.json
expect_exit 2 "a calibration that was changed" "$program" check "$problem" \
  --set "/calibration=$PWD/bad.json"
finish
