#!/usr/bin/env bash
# validate: a table on stdout, a file where one is asked for, the same for any number of threads.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

evidence=$source_dir/problems/evidence/synapse.json
few=(--patients 8)

expect_exit 0 "one thread" "$program" validate "$evidence" "${few[@]}" --threads 1 -o one
expect_text out.txt "What is asked for" "the text"
expect_text out.txt "Rows that no fit has used" "the text"
cp out.txt first.txt
expect_exit 0 "two threads" "$program" validate "$evidence" "${few[@]}" --threads 2 -o two
cmp -s one/validation.csv two/validation.csv || complain "the table depends on the threads"
cmp -s out.txt first.txt || complain "the text depends on the threads"

expect_exit 0 "another seed" "$program" validate "$evidence" "${few[@]}" --seed 77 -o three
cmp -s one/validation.csv three/validation.csv && complain "a seed changes nothing"

expect_exit 5 "a table that is there" "$program" validate "$evidence" "${few[@]}" -o one
expect_text err.txt "overwrite" "a table that is there"
expect_exit 0 "its replacement" "$program" validate "$evidence" "${few[@]}" -o one --overwrite

expect_exit 5 "no such file" "$program" validate nowhere.json
printf '{"format": "stepdose-evidence-1", "cases": []}' >empty.json
expect_exit 2 "no rows" "$program" validate empty.json
expect_text err.txt "/rows" "no rows"
expect_exit 1 "one patient" "$program" validate "$evidence" --patients 1
expect_exit 1 "an option of others" "$program" validate "$evidence" --regimen my.csv
finish
