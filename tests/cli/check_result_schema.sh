#!/usr/bin/env bash
# result.schema.json and what the verbs write say the same, member by member, in both directions.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

for python in python3 /usr/bin/python3; do
  if "$python" -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
    "$python" "$source_dir/tests/cli/validate_result.py" "$program" "$source_dir" \
      "$(dirname "$program")/share/stepdose/schema" || failed=1
    finish
    exit
  fi
done
printf 'skipped: no python3 with jsonschema (Debian: python3-jsonschema)\n'
exit 77
