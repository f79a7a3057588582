#!/usr/bin/env bash
# report.html of real runs of every verb, and a comparison of some of them: well-formed for a parser
# that is not ours, complete, silent in a browser.
# STEPDOSE_SCREENSHOTS=DIR keeps a picture of every figure in light, dark and 390 px wide;
# STEPDOSE_AXE=axe.min.js also runs the accessibility rules of axe-core.
here=$(dirname "$(realpath "$0")")
axe=${STEPDOSE_AXE:+$(realpath "$STEPDOSE_AXE")}
pictures=${STEPDOSE_SCREENSHOTS:+$(realpath "$STEPDOSE_SCREENSHOTS")}
# shellcheck source=tests/cli/helpers.sh
source "$here/../cli/helpers.sh" "$@"

readonly PROBLEMS=$source_dir/problems
readonly CHECK=$here/page_check.py

# --- runs of every kind that has a page -------------------------------------------------------

hostile='</title><script>alert("x")</script>&'"'"'<!--%s'
in_patients='/population={"file":"populations/dlbcl-virtual.json","patients":32,"seed":1}'
solid=("$PROBLEMS/synapse-cea-solid.json" --set /search/starts=1 --set /horizon_days=42)
synapse=("$PROBLEMS/synapse-mosunetuzumab-dlbcl-population.json" --set /population/patients=32)
population=("$PROBLEMS/mosunetuzumab-dlbcl-population.json" --set /population/patients=32
  --set /verification/patients=128 --set /search/evaluations_max=40 --set /search/starts=1)

# make_run NAME VERB PROBLEM ...: a run directory of that name, whatever its status
make_run() {
  local name=$1
  shift
  "$program" "$@" -q -o "$name" >out.txt 2>err.txt || [[ -s $name/report.html ]] ||
    complain "$name: no page: $(head -c 300 err.txt)"
}

make_run lymphoma propose "$problem" "${small[@]}"
make_run hostile propose "$problem" "${small[@]}" --set "/title=$hostile"
make_run solid propose "${solid[@]}" --set /search/evaluations_max=100
make_run map map "${solid[@]}" --set /search/evaluations_max=40 --set /search/map_points=3
make_run front pareto "${solid[@]}" --set '/pareto={"evaluations_max":100}'
make_run simulated simulate "$problem"
make_run patients simulate "$problem" --set "$in_patients"
make_run short simulate "$problem" --set /horizon_days=42
make_run local sensitivity "$problem" --set '/sensitivity={"method":"local"}'
make_run morris sensitivity "$problem" --set \
  '/sensitivity={"samples":8,"outputs":["goal","il6_peak.1"]}'
make_run sobol sensitivity "$problem" --set \
  '/sensitivity={"method":"sobol","samples":16,"by_group":true,"outputs":["il6_peak.1"]}' \
  --set /sensitivity/second_order=true
make_run proposal propose "${population[@]}"
make_run strata strata "${population[@]}"
make_run crs simulate "${synapse[@]}"
make_run restart restart "${synapse[@]}" --set /population/patients=8 --set \
  '/restart={"gap_days_max":28,"gap_days_step":14,"doses_max":2}'
cat >changes.json <<'END'
{"format": "stepdose-changes-1", "shadow_percent": 2, "changes": [
  {"name": "dose 2 missed", "missed_dose": 2},
  {"name": "20 % too much", "dose_error_percent": 20},
  {"name": "tighter", "set": ["/limits/0/max_pg_mL=900"], "optimize": true}]}
END
make_run whatif whatif "$problem" changes.json --base lymphoma "${small[@]}"
make_run card whatif "$problem" --base lymphoma
"$program" validate "$PROBLEMS/evidence/synapse.json" --patients 4 -q -o evidence >out.txt 2>err.txt
readonly RUNS=(lymphoma hostile solid map front simulated patients short local morris sobol proposal
  strata crs restart whatif card)

# --- pages made again, and several runs side by side ------------------------------------------

cp lymphoma/report.html before.html
expect_exit 0 "pages of several runs" "$program" report lymphoma hostile/result.json -o both.html
expect_text out.txt "lymphoma/report.html" "pages of several runs"
expect_text out.txt "hostile/report.html" "pages of several runs"
expect_text out.txt "both.html" "pages of several runs"
cmp -s before.html lymphoma/report.html || complain "made again, the page has other bytes"
expect_exit 0 "patients compared" "$program" report proposal patients strata crs
expect_exit 0 "the same place" mv comparison.html patients.html
expect_exit 0 "all compared" "$program" report lymphoma simulated short whatif solid patients
expect_text comparison.html "another horizon: 42 days, not 84" "all compared"
expect_text comparison.html "3 of the runs cannot be compared" "all compared"
cp comparison.html before.html
mkdir deep
expect_exit 0 "from elsewhere" "$program" report lymphoma simulated -o deep/er/comparison.html
expect_text deep/er/comparison.html 'href="../../lymphoma/report.html"' "from elsewhere"
expect_exit 0 "all again" "$program" report lymphoma simulated short whatif solid patients
cmp -s before.html comparison.html || complain "compared again, the page has other bytes"

expect_exit 1 "the same run twice" "$program" report lymphoma ./lymphoma/
expect_text err.txt "the same run as lymphoma" "the same run twice"
expect_exit 1 "one run and -o" "$program" report lymphoma -o one.html
expect_exit 5 "a run that is not there" "$program" report lymphoma nowhere
expect_exit 5 "not a comparison" "$program" report lymphoma simulated -o lymphoma/result.json
expect_text err.txt "is not replaced" "not a comparison"
"$program" verify lymphoma >/dev/null || complain "a run was harmed"
mkdir killed && cp lymphoma/problem.json killed
expect_exit 5 "a run without a result" "$program" report lymphoma killed
expect_text err.txt "this run is not finished" "a run without a result"

cp -r lymphoma broken
rm broken/trajectories.csv
expect_exit 5 "a missing file" "$program" report broken
expect_text err.txt "trajectories.csv" "a missing file"
cp lymphoma/summary.txt broken/trajectories.csv
expect_exit 2 "a changed file" "$program" report broken
expect_exit 5 "no run at all" "$program" report nowhere
expect_exit 1 "no operand" "$program" report

# --- what the pages hold ----------------------------------------------------------------------

pages=(both.html patients.html comparison.html evidence/validation.html)
for run in "${RUNS[@]}"; do
  pages+=("$run/report.html")
done

# figures RUN NAME...: that page has these figures
figures() {
  python3 "$CHECK" figures "$1" "${@:2}" || complain "figures of $1"
}

if command -v python3 >/dev/null; then
  for page in "${pages[@]}"; do
    python3 "$CHECK" page "$page" || complain "the page $page"
  done
  figures lymphoma/report.html regimen peak-il6 peak-cd8 margins course-drug course-il6 \
    course-activated course-tumour course-blood goals shares robustness search
  figures solid/report.html regimen peak-drive margins course-drive course-activated \
    course-health search
  figures patients/report.html risk-1 risk-2 peak-il6 course-il6 waterfall
  figures proposal/report.html allowed peak-il6 course-drug course-il6 course-activated \
    course-tumour waterfall goals shares search
  figures crs/report.html allowed crs onset peak-drive waterfall
  figures map/report.html map
  figures local/report.html sensitivity-1 sensitivity-2
  figures morris/report.html sensitivity-1 sensitivity-2 margins course-il6
  figures sobol/report.html sensitivity-1
  expect_text sobol/report.html "interactions of pairs" "pairs of inputs"
  figures front/report.html front-of-1 front-trace
  figures strata/report.html strata strata-regimens
  figures restart/report.html restart-risk restart-drug restart-curve-1
  figures whatif/report.html changes-1 changes-2 ranges prices
  figures card/report.html robustness
  figures comparison.html regimens plane-1 plane-2
  figures patients.html regimens plane-1
  figures evidence/validation.html validation-1 validation-1-values
else
  echo "[SKIP] python3 is not installed: the pages were not parsed"
fi

# --- in a browser -----------------------------------------------------------------------------

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)

# browse DARK(0: dark, 1: light) WIDTH HEIGHT PICTURE PAGE: what the console says goes to
# console.txt
browse() {
  timeout 100 "$browser" --headless=new --no-sandbox --disable-gpu --hide-scrollbars \
    --user-data-dir="$scratch/profile" --enable-logging=stderr --v=0 \
    --blink-settings=preferredColorScheme="$1" --window-size="$2,$3" --screenshot="$4" \
    "file://$5" 2>browser.txt >/dev/null
  grep 'CONSOLE' browser.txt >console.txt
  [[ -s $4 ]]
}

picture_figures() {
  local page=$1 name to of
  of=$(tr '/' '-' <<<"${page%.html}")
  mkdir -p "$pictures"
  python3 "$CHECK" split "$page" "$scratch/split" || complain "splitting $page"
  for name in "$scratch"/split/*.html; do
    to=$pictures/${of%-report}-$(basename "$name" .html)
    browse 1 640 560 "$to-light.png" "$name" || complain "no picture of $name"
    browse 0 640 560 "$to-dark.png" "$name" || complain "no dark picture of $name"
    browse 1 390 560 "$to-phone.png" "$name" || complain "no narrow picture of $name"
  done
  rm -rf "$scratch/split"
}

if [[ -z $browser ]]; then
  echo "[SKIP] chromium is not installed: the pages were not opened in a browser"
else
  # the check itself must be able to fail: a page in a frame that does complain
  echo '<script>console.error("heard")</script>' >complaint.html
  python3 "$CHECK" frame control.html complaint.html
  browse 1 400 300 control.png "$scratch/control.html" || complain "the browser makes no picture"
  grep -q heard console.txt || complain "errors of the browser's console are not heard"
  python3 "$CHECK" frame all.html "${pages[@]}"
  for view in "1 1200" "0 1200" "1 390"; do
    # shellcheck disable=SC2086
    browse $view $((100 * ${#pages[@]})) page.png "$scratch/all.html" ||
      complain "$view: no picture"
    [[ ! -s console.txt ]] || complain "$view: $(head -c 300 console.txt)"
  done
  for page in "${pages[@]}"; do
    [[ -z $pictures ]] || picture_figures "$page"
  done
fi

# axe_of PAGE...: what axe found on all of them goes to axe.txt
axe_of() {
  rm -f axe-*.html
  python3 "$CHECK" axe "$axe" . "$@"
  timeout 200 "$browser" --headless=new --no-sandbox --disable-gpu --window-size=390,900 \
    --allow-file-access-from-files --user-data-dir="$scratch/profile" \
    --virtual-time-budget=600000 --dump-dom "file://$scratch/axe-0.html" >axe.txt 2>/dev/null
}

if [[ -n $browser && -n $axe ]]; then
  # it too must be able to fail: grey on white, in the second of two pages
  sed 's/--ink:#1b1f24/--ink:#dddddd/' simulated/report.html >pale.html
  axe_of simulated/report.html pale.html
  grep -q 'pale.html: .*color-contrast' axe.txt || complain "axe does not see pale letters"
  axe_of "${pages[@]}"
  grep -q 'all pages seen' axe.txt || complain "axe did not come through all pages"
  [[ $(grep -c ': 0 violations' axe.txt) -eq ${#pages[@]} ]] ||
    complain "axe: $(grep -v ': 0 violations' axe.txt | grep violations)"
else
  echo "[SKIP] STEPDOSE_AXE does not name an axe.min.js, or there is no browser"
fi

finish
