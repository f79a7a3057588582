#!/usr/bin/env bash
# Workload W1 by our engine and by every other solver that is installed, interleaved in rounds, in
# one run; prints one markdown table on standard output and names what is missing.
#
# usage: bench/peers/run.sh [BUILD_DIRECTORY]      (default build/release, made if need be)
# ROUNDS=5 sets the number of rounds.
set -euo pipefail

readonly ROUNDS=${ROUNDS:-5}
readonly OUR_TOLERANCES=(1e-4 2e-5 1e-5 1e-6 1e-7 1e-8) # the last: for accurate peers
readonly TIGHT=1e-10 # at which peers show that the reference is right

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly BUILD=${1:-build/release}
readonly PEERS=$BUILD/bench/peers
missing=()
failed=()
runs=() # names of the functions below that can run here
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
      cmake --build "$BUILD" --parallel "$(nproc)" --target bench_w1 --target peers
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
  if [[ -x $PEERS/peer_cvode ]]; then
    runs+=(cvode)
  else
    leave_out "CVODE (package libsundials-dev)"
  fi
  if has_r_package deSolve; then
    runs+=(desolve)
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

measure() {
  local round name
  for ((round = 1; round <= ROUNDS; round++)); do
    say "round $round of $ROUNDS"
    for name in "${runs[@]}"; do
      "$name" >>"$1" || failed+=("$name in round $round")
    done
  done
}

# Independent solvers at a tolerance where their answers and the reference must be the same.
check_reference() {
  local name
  printf 'Distance from the reference at tolerance %s: IL-6 peak, day 84, daily\n' "$TIGHT"
  printf '(the peak is read from outputs 0.001 days apart, which alone costs 2e-9):\n'
  for name in "${runs[@]}"; do
    case $name in
      cvode | desolve) "$name" "$TIGHT" | awk -F , 'NF == 6 && $1 != "solver" {
        printf "- %s: %s, %s, %s\n", $1, $4, $5, $6 }' ;;
    esac
  done
}

main() {
  local lines
  lines=$(mktemp)
  # shellcheck disable=SC2064 # the name is known now
  trap "rm -f '$lines'" EXIT
  build
  find_peers
  describe_machine
  measure "$lines"
  awk -f bench/peers/table.awk "$lines"
  check_reference
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
