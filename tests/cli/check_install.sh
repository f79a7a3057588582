#!/usr/bin/env bash
# What is installed works from any prefix, by pkg-config and by find_package, and shows no other
# names than those of its header.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"
build=$(dirname "$program")
consumer=$source_dir/tests/cli/consumer
version=$("$program" --version)

instrumented='^STEPDOSE_(SANITIZE:STRING=.+|COVERAGE:BOOL=ON|FUZZ:BOOL=ON)$'
if grep -qE "$instrumented" "$build/CMakeCache.txt"; then
  printf 'skipped: other programs cannot link an instrumented library\n'
  exit 77
fi

# --- installed, then moved --------------------------------------------------------------------

expect_exit 0 "install" cmake --install "$build" --prefix "$scratch/first"
mv first prefix
prefix=$scratch/prefix
problem=$prefix/share/stepdose/problems/mosunetuzumab-dlbcl.json
pc=$(dirname "$(find "$prefix" -name stepdose.pc)")
library=$(find "$prefix" -name libstepdose.so)
for file in share/man/man1/stepdose.1 share/bash-completion/completions/stepdose \
  share/zsh/site-functions/_stepdose share/stepdose/schema/problem.schema.json \
  share/stepdose/schema/result.schema.json share/stepdose/examples/read_patients.R \
  share/stepdose/examples/read_run.py share/stepdose/examples/read_run.R include/stepdose.h; do
  [[ -s $prefix/$file ]] || complain "$file is not installed"
done
[[ ! -e $prefix/share/stepdose/problems/invalid ]] || complain "problems/invalid is installed"
grep -rlF "$scratch/first" prefix >named.txt && complain "the prefix stands in $(cat named.txt)"
grep -rlIF "$source_dir" prefix >named.txt && complain "the source stands in $(cat named.txt)"

expect_exit 0 "the installed program" "$prefix/bin/stepdose" check "$problem"
if man --version 2>/dev/null | grep -q '^man '; then # and not a script in its place
  expect_exit 0 "man stepdose" env MANPATH="$prefix/share/man" man stepdose
  expect_text out.txt "proposes step-up dosing" "man stepdose"
else
  printf 'skipped: man stepdose (no man)\n'
fi
DESTDIR=$scratch/stage cmake --install "$build" --prefix /usr >/dev/null
[[ -x $scratch/stage/usr/bin/stepdose ]] || complain "DESTDIR is not heeded"

# --- names ------------------------------------------------------------------------------------

nm -D --defined-only "$library" | awk '{ print $3 }' | sort >exported.txt
grep -oE 'stepdose_[a-z_]+\(' "$prefix/include/stepdose.h" | tr -d '(' | sort -u >declared.txt
diff exported.txt declared.txt >strange.txt ||
  complain "shown by the library (<) and declared (>): $(head -5 strange.txt)"
[[ $(wc -l <exported.txt) -ge 15 ]] || complain "the library shows $(wc -l <exported.txt) names"
objdump -p "$library" | grep -q "SONAME .*libstepdose.so.[0-9]" ||
  complain "no version in the SONAME"

# --- programs of others -----------------------------------------------------------------------

# works NAME PROGRAM: simulates a problem that was installed
works() {
  local name=$1
  shift
  expect_exit 0 "$name" "$@" "$problem" "$scratch/run-$name"
  expect_text out.txt "${version#stepdose } simulated" "$name"
  [[ -s $scratch/run-$name/trajectories.csv ]] || complain "$name: no trajectories.csv"
}

export PKG_CONFIG_PATH=$pc
[[ "stepdose $(pkg-config --modversion stepdose)" == "$version" ]] ||
  complain "stepdose.pc has version $(pkg-config --modversion stepdose)"
[[ $(realpath "$(pkg-config --variable=problemsdir stepdose)") == "$(dirname "$problem")" ]] ||
  complain "problemsdir is $(pkg-config --variable=problemsdir stepdose)"
read -ra flags < <(pkg-config --cflags --libs stepdose)
expect_exit 0 "cc" "${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Werror \
  "$consumer/simulate.c" -o by-pkg-config "${flags[@]}"
works pkg-config env LD_BIND_NOW=1 LD_LIBRARY_PATH="$(dirname "$library")" ./by-pkg-config

expect_exit 0 "cmake" cmake -S "$consumer" -B consumer -DCMAKE_PREFIX_PATH="$prefix"
expect_exit 0 "cmake --build" cmake --build consumer
works find_package consumer/simulate

if command -v c++ >/dev/null; then
  expect_exit 0 "C++" c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ \
    "$prefix/include/stepdose.h"
else
  printf 'skipped: the header in C++ (no compiler)\n'
fi
finish
