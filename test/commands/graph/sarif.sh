#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# diff --sarif: what breaks a scheduler that was written for the older kernel is an error.
validator=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../lint/sarif.py")
# shellcheck source=test/commands/graph/common.sh
. "$(dirname "$0")/common.sh"

for question in 'why do_idle' 'callers do_idle' info list; do
	# shellcheck disable=SC2086
	fails 2 "$report" $question --sarif
	says "${question%% *} takes no --sarif"
done
fails 2 "$report" diff "$report" --sarif --json
says 'exclude each other'

# results LEVEL RULE FILTER: changes the report with jq's FILTER; the difference must have a result
# of that level and rule
results() {
	jq -c "$3" "$report" >other.json
	run 1 "$tool" "$report" diff other.json --sarif
	cp stdout diff.sarif
	/usr/bin/python3 -B "$validator" diff.sarif >faults || fail "no SARIF: $(cat faults)"
	ask diff.sarif "[.runs[0].results[] | select(.level == \"$1\" and .ruleId == \"$2\")] | length > 0"
	[ "$(jq '.runs[0].results | length' diff.sarif)" = "$("$tool" "$report" diff other.json --json | jq '[.rows[] | select(.values.before or .values.after)] | length')" ] ||
		fail 'another number of changes than in JSON'
}
name_of() { jq -r "[.functions[] | select(.scheduler and .class == \"$1\") | .id][0]" "$report"; }
interface=$(name_of interface) internal=$(name_of internal)
results error interface-signature "(.functions[] | select(.id == \"$interface\") | .signature) = \"int (void)\""
results note interface-signature "(.functions[] | select(.id == \"$internal\") | .signature) = \"int (void)\""
results error external-layout '(.records[] | select(.name == "rq") | .size) = 4096'
results error external-layout '(.members[] | select(.name == "rq.clock") | .offset_bits) = 640'
results error class "(.functions[] | select(.id == \"$internal\")) |= (.class = \"external\" | .reason = \"waits\")"
results note entered '.functions += [.functions[] | select(.name == "sched_nobody") | .id = "kernel/sched/core.c:newcomer" | .name = "newcomer"]'
# shellcheck disable=SC2016
results warning left '"kernel/sched/core.c:sched_nobody" as $id | del(.functions[] | select(.id == $id)) |
	del((.edges[], .references[]) | select(.from == $id or .to == $id))'

# the place is that of the function
ask diff.sarif '.runs[0].results[0].locations[0].physicalLocation | .artifactLocation == {uri: "kernel/sched/core.c", uriBaseId: "SRCROOT"} and
	.region.startLine > 0'

# no difference: no results
run 0 "$tool" "$report" diff "$report" --sarif
ask stdout '.runs[0].results == []'
