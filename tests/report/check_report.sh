#!/usr/bin/env bash
# report.html of real runs: well-formed for a parser that is not ours, complete, silent in a
# browser.
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
"$program" propose "$problem" "${small[@]}" -q -o lymphoma >out.txt 2>err.txt
"$program" propose "$problem" "${small[@]}" --set "/title=$hostile" -q -o hostile >out.txt 2>err.txt
"$program" propose "$PROBLEMS/synapse-cea-solid.json" --set /search/evaluations_max=150 \
  --set /search/starts=1 -q -o solid >out.txt 2>err.txt
"$program" map "$PROBLEMS/synapse-cea-solid.json" --set /search/evaluations_max=60 \
  --set /search/starts=1 --set /search/map_points=3 -q -o map >out.txt 2>err.txt
"$program" pareto "$PROBLEMS/synapse-cea-solid.json" --set '/pareto={"evaluations_max":150}' \
  --set /horizon_days=42 -q -o front >out.txt 2>err.txt
"$program" simulate "$problem" -q -o simulated >out.txt 2>err.txt
"$program" simulate "$problem" -q -o patients >out.txt 2>err.txt --set \
  '/population={"file":"populations/dlbcl-virtual.json","patients":64,"seed":1}'
"$program" sensitivity "$problem" -q -o moves >out.txt 2>err.txt --set \
  '/sensitivity={"samples":8,"outputs":["goal","il6_peak.1"]}'
"$program" propose "$PROBLEMS/mosunetuzumab-dlbcl-population.json" -q -o proposal \
  --set /population/patients=32 --set /verification/patients=256 \
  --set /search/evaluations_max=60 --set /search/starts=1 >out.txt 2>err.txt
"$program" simulate "$PROBLEMS/synapse-mosunetuzumab-dlbcl-population.json" -q -o crs \
  --set /population/patients=64 >out.txt 2>err.txt
readonly RUNS=(lymphoma hostile solid map simulated patients proposal crs front moves)

expect_exit 0 "pages of several runs" "$program" report lymphoma hostile/result.json
expect_text out.txt "lymphoma/report.html" "pages of several runs"
expect_text out.txt "hostile/report.html" "pages of several runs"
cp lymphoma/report.html before.html
expect_exit 0 "the page again" "$program" report lymphoma
cmp -s before.html lymphoma/report.html || complain "made again, the page has other bytes"

cp -r lymphoma broken
rm broken/trajectories.csv
expect_exit 5 "a missing file" "$program" report broken
expect_text err.txt "trajectories.csv" "a missing file"
cp lymphoma/summary.txt broken/trajectories.csv
expect_exit 2 "a changed file" "$program" report broken
expect_exit 5 "no run at all" "$program" report nowhere
expect_exit 1 "no operand" "$program" report

# --- what the pages hold ----------------------------------------------------------------------

if command -v python3 >/dev/null; then
  for run in "${RUNS[@]}"; do
    python3 "$CHECK" page "$run/report.html" || complain "the page of $run"
  done
  python3 "$CHECK" figures lymphoma/report.html regimen peak-il6 peak-cd8 margins course-drug \
    course-il6 course-activated course-tumour course-blood goals shares search ||
    complain "figures of lymphoma"
  python3 "$CHECK" figures solid/report.html regimen peak-drive margins course-drive \
    course-activated course-health search || complain "figures of solid"
  python3 "$CHECK" figures patients/report.html risk-1 risk-2 peak-il6 course-il6 waterfall ||
    complain "figures of patients"
  python3 "$CHECK" figures proposal/report.html allowed peak-il6 course-drug course-il6 \
    course-activated course-tumour waterfall goals shares search || complain "figures of proposal"
  python3 "$CHECK" figures crs/report.html allowed crs peak-drive waterfall ||
    complain "figures of crs"
  python3 "$CHECK" figures map/report.html map || complain "figures of map"
  python3 "$CHECK" figures moves/report.html sensitivity-1 sensitivity-2 margins course-il6 ||
    complain "figures of moves"
  python3 "$CHECK" figures front/report.html front-of-1 front-trace || complain "figures of front"
else
  echo "[SKIP] python3 is not installed: the pages were not parsed"
fi

# --- in a browser -----------------------------------------------------------------------------

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)

# browse DARK(0: dark, 1: light) WIDTH HEIGHT PICTURE PAGE: what the console says goes to
# console.txt
browse() {
  timeout 60 "$browser" --headless=new --no-sandbox --disable-gpu --hide-scrollbars \
    --user-data-dir="$scratch/profile" --enable-logging=stderr --v=0 \
    --blink-settings=preferredColorScheme="$1" --window-size="$2,$3" --screenshot="$4" \
    "file://$5" 2>browser.txt >/dev/null
  grep 'CONSOLE' browser.txt >console.txt
  [[ -s $4 ]]
}

picture_figures() {
  local run=$1 name to
  mkdir -p "$pictures"
  python3 "$CHECK" split "$run/report.html" "$scratch/split" || complain "splitting $run"
  for name in "$scratch"/split/*.html; do
    to=$pictures/$run-$(basename "$name" .html)
    browse 1 640 560 "$to-light.png" "$name" || complain "no picture of $name"
    browse 0 640 560 "$to-dark.png" "$name" || complain "no dark picture of $name"
    browse 1 390 560 "$to-phone.png" "$name" || complain "no narrow picture of $name"
  done
  rm -rf "$scratch/split"
}

if [[ -z $browser ]]; then
  echo "[SKIP] chromium is not installed: the pages were not opened in a browser"
else
  # the check itself must be able to fail: a page that does complain
  echo '<script>console.error("heard")</script>' >control.html
  browse 1 400 300 control.png "$scratch/control.html" || complain "the browser makes no picture"
  grep -q heard console.txt || complain "errors of the browser's console are not heard"
  for run in "${RUNS[@]}"; do
    views=("1 1200")
    [[ $run != solid && $run != lymphoma ]] || views+=("0 1200" "1 390")
    for view in "${views[@]}"; do
      # shellcheck disable=SC2086
      browse $view 3000 page.png "$scratch/$run/report.html" || complain "$run ($view): no picture"
      [[ ! -s console.txt ]] || complain "$run ($view): $(head -c 300 console.txt)"
    done
    [[ -z $pictures ]] || picture_figures "$run"
  done
fi

if [[ -n $browser && -n $axe ]]; then
  for run in "${RUNS[@]}"; do
    for dark in 0 1; do
      python3 "$CHECK" axe "$run/report.html" "$axe" axe.html
      timeout 60 "$browser" --headless=new --no-sandbox --disable-gpu \
        --user-data-dir="$scratch/profile" --virtual-time-budget=20000 \
        --blink-settings=preferredColorScheme=$dark --dump-dom "file://$scratch/axe.html" \
        >axe.txt 2>/dev/null
      grep -q 'axe: 0 violations' axe.txt || complain "$run: $(grep -o 'axe: .*' axe.txt)"
    done
  done
else
  echo "[SKIP] STEPDOSE_AXE does not name an axe.min.js, or there is no browser"
fi

finish
