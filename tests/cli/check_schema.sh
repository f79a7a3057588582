#!/usr/bin/env bash
# The installed JSON Schemas say the same as the program, by a validator that was not made for it.
# shellcheck source=tests/cli/helpers.sh
source "$(dirname "$(realpath "$0")")/helpers.sh" "$@"

for python in python3 /usr/bin/python3; do
  if "$python" -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
    "$python" "$source_dir/tests/cli/validate_schema.py" "$program" "$source_dir" \
      "$(dirname "$program")/share/stepdose/schema" "$scratch" || failed=1
    finish
    exit
  fi
done
printf 'skipped: no python3 with jsonschema (Debian: python3-jsonschema)\n'
exit 77
