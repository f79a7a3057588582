#!/usr/bin/env bash
# docs/guide.md and README.md: their sessions run, in their order, and print what they quote. The
# README names every verb and every file of docs/.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"
readme=$source_dir/README.md

verbs=$("$program" --help | sed -n '/^Verbs/,/^$/p' | sed -nE 's/^  ([a-z]+) .*/\1/p')
[[ $(wc -w <<<"$verbs") -ge 14 ]] || complain "--help lists the verbs $verbs"
for verb in $verbs; do
  grep -qE "^\| \`${verb}[ \`]" "$readme" || complain "README.md: no row of the verb $verb"
done
for file in "$source_dir"/docs/*.md; do
  grep -qF "(docs/$(basename "$file"))" "$readme" ||
    complain "README.md: no link to docs/$(basename "$file")"
done
while read -r link; do
  [[ -e $source_dir/$link ]] || complain "README.md: $link is not there"
done < <(grep -ohE '\]\([a-z./-]+\.md[)#]' "$readme" | sed 's/^](//; s/[)#]$//')

if command -v python3 >/dev/null; then
  ln -s "$source_dir/problems" problems
  ln -s "$source_dir/examples" examples
  mkdir bin && ln -s "$program" bin/stepdose
  PATH=$PWD/bin:$PATH python3 "$source_dir/tests/cli/run_guide.py" "$source_dir/docs/guide.md" \
    "$readme" || failed=$((failed + 1))
else
  printf 'skipped: the commands of the guide (no python3)\n'
fi
finish
