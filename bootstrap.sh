#!/usr/bin/env bash
# The way in on a fresh Debian or Ubuntu machine: installs what is missing, builds, runs or tests.
set -euo pipefail

readonly PROBLEM=problems/mosunetuzumab-dlbcl.json
readonly RUN=runs/mosunetuzumab-dlbcl
readonly BUILD=build/release
readonly CMAKE_MINIMUM=3.25
readonly BUILD_PACKAGES=(gcc libc6-dev make cmake pkg-config
  libnlopt-dev libgsl-dev libcjson-dev libmd-dev libsleef-dev)
# manual and completion, schemas, C++ use of the header, runs read in Python and R
readonly TEST_PACKAGES=(libcriterion-dev man-db mandoc zsh python3 python3-jsonschema g++
  r-base-core)
readonly BROWSER_PACKAGES=(chromium) # opens report.html in a test, which is skipped without it
readonly AXE=axe-core@4.14.1         # rules of accessibility for that page; npm fetches them
# solvers to compare with
readonly PEER_PACKAGES=(libsundials-dev r-base-core r-cran-desolve python3-scipy)

usage() {
  cat <<TEXT
usage: ./bootstrap.sh run | test | bench [NAME...]

  run     install what is missing, build a release, propose a regimen for
          $PROBLEM and say where its files are
  test    install what is missing, build a release and sanitizer builds, run all tests
  bench   install what is missing, build and run bench programs (all, or the named ones);
          the name "peers" stands for bench/peers/run.sh, which compares with other solvers

Works from any directory on Debian or Ubuntu, as root or with sudo; without either
if every package is there already. Each command may be repeated: it does only what is missing.
TEXT
}

say() { printf 'bootstrap: %s\n' "$*" >&2; }

fail() {
  printf 'bootstrap: error: %s\n' "$*" >&2
  exit 1
}

is_installed() {
  [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

# Prints those of its arguments that are not installed; pkgconf may stand in for pkg-config.
missing_packages() {
  local package
  for package in "$@"; do
    if [[ $package == pkg-config ]] && command -v pkg-config >/dev/null; then
      continue
    fi
    is_installed "$package" || printf '%s\n' "$package"
  done
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo --non-interactive "$@"
  fi
}

install_missing() {
  command -v dpkg-query >/dev/null ||
    fail "this is not Debian or Ubuntu: install the counterparts of $* by other means, then:" \
      "cmake --workflow --preset release"
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if [[ ${#missing[@]} -eq 0 ]]; then
    return
  fi
  if [[ $EUID -ne 0 ]] && ! command -v sudo >/dev/null; then
    fail "these packages are missing: ${missing[*]}. Neither root nor sudo is at hand: ask an" \
      "administrator for: apt-get install ${missing[*]}"
  fi
  say "installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >&2 ||
    fail "apt-get update failed: is the network reachable?"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends \
    "${missing[@]}" >&2 || fail "apt-get could not install ${missing[*]}"
}

check_cmake() {
  local version
  version=$(cmake --version | sed -n '1s/[^0-9]*//p')
  [[ $(printf '%s\n' "$CMAKE_MINIMUM" "$version" | sort -V | head -n 1) == "$CMAKE_MINIMUM" ]] ||
    fail "cmake $version is too old, $CMAKE_MINIMUM is needed (Debian 12, Ubuntu 23.04 or newer)"
}

# build TESTING TARGET
build() {
  check_cmake
  say "building in $BUILD"
  cmake --preset release -DBUILD_TESTING="$1" >&2 ||
    fail "cmake could not configure the build (was the directory moved? then remove $BUILD)"
  cmake --build "$BUILD" --parallel "$(nproc)" --target "$2" >&2 || fail "the build failed"
}

run() {
  install_missing "${BUILD_PACKAGES[@]}"
  build OFF stepdose
  local code=0
  "$BUILD/stepdose" propose "$PROBLEM" -o "$RUN" || code=$?
  if [[ -d $RUN ]]; then
    printf '\nThe files are in %s:\n' "$PWD/$RUN"
    ls -1 "$RUN"
  fi
  return "$code"
}

# test_build PRESET [CTEST-OPTION...]: configures, builds and runs the tests of a preset.
test_build() {
  local preset=$1 code=0
  shift
  say "building and testing: $preset"
  # `run` configures the release without tests
  cmake --preset "$preset" -DBUILD_TESTING=ON >&2 ||
    fail "cmake could not configure the preset $preset"
  cmake --build "build/$preset" --parallel "$(nproc)" >&2 || fail "the build of $preset failed"
  ctest --test-dir "build/$preset" --parallel "$(nproc)" --output-on-failure \
    --no-tests=error "$@" || code=$?
  # a test that was skipped inside a test program does not show in the summary of ctest
  sed -n '/SKIP\]/s/^/skipped: /p' "build/$preset/Testing/Temporary/LastTest.log"
  return "$code"
}

# Rules that are given (STEPDOSE_AXE) or have been fetched are taken as they are.
fetch_axe() {
  local folder=$PWD/build/axe
  local rules=$folder/node_modules/axe-core/axe.min.js
  if [[ -z ${STEPDOSE_AXE:-} && ! -s $rules ]] && command -v npm >/dev/null; then
    npm install --silent --no-save --no-package-lock --prefix "$folder" "$AXE" >&2 || true
  fi
  if [[ -z ${STEPDOSE_AXE:-} && -s $rules ]]; then
    export STEPDOSE_AXE=$rules
  fi
  [[ -n ${STEPDOSE_AXE:-} ]] || say "no npm, or it found no $AXE: accessibility is not tested"
}

# The optimised program; everything again under address and undefined-behaviour sanitizers; what has
# threads and no test framework under the thread sanitizer.
run_tests() {
  install_missing "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
  (install_missing "${BROWSER_PACKAGES[@]}") || say "report.html will not be opened in a browser"
  fetch_axe
  check_cmake
  local failed=()
  test_build release || failed+=(release)
  # two long numerical comparisons would take minutes there and touch no memory that others do not
  test_build asan --exclude-regex "simulate.oracle|study.benchmark_l1" || failed+=(asan)
  test_build tsan --tests-regex plain_ || failed+=(tsan)
  if [[ ${#failed[@]} -eq 0 ]]; then
    echo "bootstrap: all tests passed (release, address and undefined, thread sanitizer)"
  else
    echo "bootstrap: TESTS FAILED: ${failed[*]}"
    return 1
  fi
}

# Solvers that cannot be installed are left out and named.
run_peers() {
  (install_missing "${PEER_PACKAGES[@]}") || say "some solvers to compare with are missing"
  bench/peers/run.sh "$BUILD"
}

bench() {
  install_missing "${BUILD_PACKAGES[@]}"
  build OFF bench
  local names=("$@") name
  if [[ $# -eq 0 ]]; then
    names=("$BUILD"/bench/bench_*)
    names=("${names[@]##*/}" peers)
  fi
  for name in "${names[@]}"; do
    [[ $name == peers || -x $BUILD/bench/$name ]] ||
      fail "there is no bench program $BUILD/bench/$name"
    printf '\n== %s\n' "$name"
    if [[ $name == peers ]]; then
      run_peers
    else
      "$BUILD/bench/$name"
    fi
  done
}

main() {
  cd "$(dirname "${BASH_SOURCE[0]}")"
  local command=${1:-}
  case $command in
    run | test | bench) ;;
    -h | --help | help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 1
      ;;
  esac
  shift
  if [[ $command != bench && $# -gt 0 ]]; then
    fail "$command takes no arguments (see --help)"
  fi
  case $command in
    run) run ;;
    test) run_tests ;;
    bench) bench "$@" ;;
  esac
}

main "$@"
