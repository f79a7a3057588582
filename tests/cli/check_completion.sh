#!/usr/bin/env bash
# Completion offers what --help shows, in bash and zsh.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"
share=$(dirname "$program")/share

# offered WORDS...: what bash offers for the last of them, which is split as bash does
offered() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  COMPREPLY=()
  _stepdose
  printf '%s\n' "${COMPREPLY[@]}" | sort
}

# same NAME FOUND WANTED
same() {
  [[ $2 == "$3" ]] || complain "$1: offered $(tr '\n' ' ' <<<"$2"), wanted $(tr '\n' ' ' <<<"$3")"
}

options_of() { # [VERB]: as its help lists them
  "$program" "$@" --help | sed -n '/^Options/,/^$/p' |
    sed -nE 's/^ +(-.), (--[a-z]+).*/\1\n\2/p; s/^ +(--[a-z]+).*/\1/p' | sort
}

# shellcheck source=/dev/null
source "$share/bash-completion/completions/stepdose"
verbs=$("$program" --help | sed -n '/^Verbs/,/^$/p' | sed -nE 's/^  ([a-z]+) .*/\1/p' | sort)
[[ $(wc -w <<<"$verbs") -ge 5 ]] || complain "verbs of --help: $verbs"
same "verbs" "$(offered stepdose "")" "$verbs"
same "options" "$(offered stepdose -)" "$(options_of)"
same "ch" "$(offered stepdose ch)" check
for verb in $verbs; do
  same "$verb" "$(offered stepdose "$verb" -)" "$(options_of "$verb")"
done

mkdir runs problems
touch one.json problems/two.json
everything=$(printf '%s\n' *)
same "operand" "$(offered stepdose check "")" "$everything"
same "operand in a directory" "$(offered stepdose check problems/)" problems/two.json
same "directories" "$(offered stepdose propose one.json -o "")" "$(printf 'problems\nruns')"
same "directories" "$(offered stepdose propose --output = ru)" runs
same "words" "$(offered stepdose propose --progress = "")" "$(printf 'bar\njson\nnone')"
same "words" "$(offered stepdose propose --progress =)" "$(printf 'bar\njson\nnone')"
same "words" "$(offered stepdose propose --progress j)" json
same "numbers" "$(offered stepdose propose --seed "")" ""

if command -v zsh >/dev/null; then
  # shellcheck disable=SC2086
  zsh -f "$source_dir/tests/cli/complete.zsh" "$share/zsh/site-functions" $verbs >zsh.txt 2>&1 ||
    complain "zsh: $(head -5 zsh.txt)"
  for verb in $verbs; do
    grep -qx -- "verb $verb" zsh.txt || complain "zsh does not offer $verb"
    same "zsh $verb" "$(sed -n "s/^$verb //p" zsh.txt | sort -u)" "$(options_of "$verb")"
  done
  grep -qx -- "progress json" zsh.txt || complain "zsh does not offer --progress=json"
else
  printf 'skipped: completion in zsh (it is not installed)\n'
fi
finish
