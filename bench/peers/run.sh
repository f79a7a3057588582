#!/usr/bin/env bash
# Workload W1 by our engine and by every other solver that is installed, interleaved in rounds, in
# one run: one patient, then a heterogeneous cohort. Prints two markdown tables on standard output
# and names what is missing.
#
# usage: bench/peers/run.sh [BUILD_DIRECTORY]      (default build/release, made if need be)
# ROUNDS=5 sets the number of rounds.
set -euo pipefail

readonly ROUNDS=${ROUNDS:-5}
readonly OUR_TOLERANCES=(1e-4 2e-5 1e-5 1e-6 1e-7 1e-8) # the last: for accurate peers
readonly COHORT_TOLERANCES=(1e-4 5e-5 2e-5 1e-5 1e-6 1e-7)
readonly COHORT_PEER_TOLERANCES=(1e-4 1e-5 1e-6 1e-7)
readonly TIGHT=1e-10 # at which peers show that the reference is right

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly BUILD=${1:-build/release}
readonly PEERS=$BUILD/bench/peers
missing=()
failed=()
runs=()        # names of the functions below that can run here
cohort_runs=() # the same on the cohort
cohort_ours() { "$BUILD/bench/bench_cohort" --csv "${COHORT_TOLERANCES[@]}"; }
cohort_cvode() { cvode --cohort "${@:-${COHORT_PEER_TOLERANCES[@]}}"; }
cohort_desolve() { desolve --cohort "${@:-${COHORT_PEER_TOLERANCES[@]}}"; }
bench_w1() { "$BUILD/bench/bench_w1" "${OUR_TOLERANCES[@]}"; }
cvode() { "$PEERS/peer_cvode" "$@"; }
gsl() { "$PEERS/peer_gsl" "$@"; }
desolve() { Rscript bench/peers/desolve.R "$PEERS/peer_module.so" "$PEERS/workload" "$@"; }
scipy() { "$PYTHON" bench/peers/scipy_lsoda.py "$PEERS/peer_module.so" "$PEERS/workload" "$@"; }

say() { printf 'peers: %s\n' "$*" >&2; }

leave_out() {
  say "left out: $*"
  missing+=("$*")
}

build() {
  say "building in $BUILD"
  {
    cmake -S . -B "$BUILD" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DSTEPDOSE_PEERS=ON &&
      cmake --build "$BUILD" --parallel "$(nproc)" --target bench_w1 bench_cohort peers
  } >&2
  mkdir -p "$PEERS/workload"
  "$PEERS/export_workload" "$PEERS/workload"
}

has_r_package() {
  command -v Rscript >/dev/null &&
    Rscript -e "quit(status = !requireNamespace('$1', quietly = TRUE))" >/dev/null 2>&1
}

# A Python that has SciPy: the system's, or the first on the path.
find_python() {
  local candidate
  for candidate in /usr/bin/python3 python3; do
    if "$candidate" -c 'import scipy.integrate' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
}

find_peers() {
  runs=(bench_w1 gsl)
  cohort_runs=(cohort_ours)
  if [[ -x $PEERS/peer_cvode ]]; then
    runs+=(cvode)
    cohort_runs+=(cohort_cvode)
  else
    leave_out "CVODE (package libsundials-dev)"
  fi
  if has_r_package deSolve; then
    runs+=(desolve)
    cohort_runs+=(cohort_desolve)
  else
    leave_out "deSolve (packages r-base-core, r-cran-desolve)"
  fi
  PYTHON=$(find_python)
  if [[ -n $PYTHON ]]; then
    runs+=(scipy)
  else
    leave_out "SciPy (package python3-scipy)"
  fi
  if has_r_package mrgsolve; then
    leave_out "mrgsolve: installed, but its peer is not written yet"
  else
    leave_out "mrgsolve (R package, not in Debian)"
  fi
}

describe_machine() {
  printf '%s, %s cores, load %s; %s; %s; %s rounds.\n\n' \
    "$(sed -n '/^model name/{s/.*: //p;q}' /proc/cpuinfo)" "$(nproc)" \
    "$(cut -d ' ' -f 1 /proc/loadavg)" "$(cc --version | head -n 1)" "$(date -I)" "$ROUNDS"
}

# The named functions in rounds, and the table of what they print.
measure() {
  local round name lines
  lines=$(mktemp)
  for ((round = 1; round <= ROUNDS; round++)); do
    say "round $round of $ROUNDS: $*"
    for name in "$@"; do
      "$name" >>"$lines" || failed+=("$name in round $round")
    done
  done
  awk -f bench/peers/table.awk "$lines"
  rm -f "$lines"
}

# Independent solvers at a tolerance where their answers and the reference must be the same.
check_reference() {
  local name
  printf 'Distance from the reference at tolerance %s: %s\n' "$TIGHT" "$1"
  printf '(the peak is read from outputs 0.001 days apart: '
  printf '2e-9 of it for W1, up to 4e-7 in the cohort):\n'
  for name in "${@:2}"; do
    "$name" "$TIGHT" | awk -F , '$1 != "solver" {
      printf "- %s: %s, %s, %s\n", $1, $4, $5, $6 }'
  done
}

# Those of the arguments that are independent of our solver and can be as tight.
tight_ones() {
  printf '%s\n' "$@" | grep -E 'cvode|desolve' || true
}

main() {
  local tight
  build
  find_peers
  describe_machine
  printf 'One patient:\n\n'
  measure "${runs[@]}"
  mapfile -t tight < <(tight_ones "${runs[@]}")
  check_reference "IL-6 peak, day 84, daily" "${tight[@]}"
  printf '\nHeterogeneous cohort:\n\n'
  measure "${cohort_runs[@]}"
  mapfile -t tight < <(tight_ones "${cohort_runs[@]}")
  check_reference "worst IL-6 peak, day-84 tumour, daily" "${tight[@]}"
  if [[ ${#missing[@]} -gt 0 ]]; then
    printf '\nNot measured:\n'
    printf -- '- %s\n' "${missing[@]}"
  fi
  if [[ ${#failed[@]} -gt 0 ]]; then
    printf '\nFAILED:\n'
    printf -- '- %s\n' "${failed[@]}"
    return 1
  fi
}

main
