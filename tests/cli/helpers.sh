# Sourced by check_*.sh: $1 is the program, $2 the source directory. Counts what fails.
# shellcheck shell=bash disable=SC2034
set -u
program=$(realpath "$1")
source_dir=$(realpath "$2")
problem=$source_dir/problems/mosunetuzumab-dlbcl.json
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failed=0

complain() {
  printf 'FAILED: %s\n' "$*"
  failed=$((failed + 1))
}

# expect_exit CODE NAME COMMAND...: output is left in out.txt and err.txt
expect_exit() {
  local wanted=$1 name=$2 found
  shift 2
  "$@" >out.txt 2>err.txt </dev/null
  found=$?
  [[ $found -eq $wanted ]] ||
    complain "$name: exit code $found, expected $wanted; stderr: $(head -c 300 err.txt)"
}

# expect_text FILE TEXT NAME
expect_text() {
  grep -qF -- "$2" "$1" || complain "$3: '$2' is not in $1: $(head -c 300 "$1")"
}

# A small search for tests that need a whole run.
small=(--set /search/evaluations_max=400 --set /search/starts=2)

finish() {
  if [[ $failed -gt 0 ]]; then
    printf '%d checks failed\n' "$failed"
    exit 1
  fi
  printf 'all checks passed\n'
}
