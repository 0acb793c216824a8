#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compares the description of the report with the code: the reason codes of graph/reasons.def are
# those of the schema's list and those that docs/boundary.md explains; the schema accepts a sample
# report and rejects damaged ones (schema.py).
#
#   schema.sh [REPORT...]    further reports to check against the schema
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$here/../../..
schema=$top/docs/boundary.schema.json

codes_of_source() {
	sed -nE 's/^REASON\([A-Z_]+, "([^"]+)".*/\1/p' "$top/graph/reasons.def" | sort
}

codes_of_schema() {
	jq -r '."$defs".reason.enum[]' "$schema" | sort
}

# Rows of the tables in the section on reasons: the code between backticks in the first column.
codes_of_page() {
	sed -nE '/^## Reasons/,/^## Reading/s/^\| \x60([a-z-]+)\x60 \|.*/\1/p' "$top/docs/boundary.md" | sort
}

# compare NAME CODES: compares the codes of the source with others.
compare() {
	diff <(codes_of_source) - <<<"$2" && return
	echo "schema.sh: < only in graph/reasons.def, > only in $1" >&2
	status=1
}

status=0
[ -n "$(codes_of_source)" ] || { echo "schema.sh: no code found in graph/reasons.def" >&2; status=1; }
compare docs/boundary.schema.json "$(codes_of_schema)"
compare docs/boundary.md "$(codes_of_page)"
# Debian's own python3 has python3-jsonschema; another one in PATH may not have it.
/usr/bin/python3 -B "$here/schema.py" "$schema" "$here/report.json" "$@" || status=1
exit "$status"
