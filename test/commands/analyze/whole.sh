#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --whole also reports the relations within other code, and does not change the boundary.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

analyze 0 --kernel "$kernel" -o boundary.json
analyze 0 --kernel "$kernel" --whole -o whole.json
ask whole.json '.complete and .problems == []'
ask boundary.json '[.edges[] | select((.from // "") | startswith("kernel/sched/") | not)
	| select(.to | startswith("kernel/sched/") | not)] | length < 3'
ask whole.json '[.edges[] | select(.from == "kernel/fork.c:copy_process")] | length > 0'
# who uses another name of a function is known by its object alone, unless all is parsed
classes='[.functions[], .variables[], .members[] | select(.scheduler) |
	[.id, .class, (.reason | if . == "called-from-outside" then "named-by-object" else . end)]] | sort'
jq "$classes" "$work/boundary.json" >"$work/few"
jq "$classes" "$work/whole.json" >"$work/all"
diff "$work/few" "$work/all" >&2 || fail '--whole draws another boundary'
names='[.functions[], .variables[] | .name] | unique | .[]'
jq -r "$names" "$work/boundary.json" | sort >"$work/few"
jq -r "$names" "$work/whole.json" | sort >"$work/all"
comm -23 "$work/few" "$work/all" >"$work/missing"
[ ! -s "$work/missing" ] || fail "not in the whole graph: $(cat "$work/missing")"
analyze 0 --kernel "$kernel" --whole --exhaustive -o plainly.json
same whole.json plainly.json
