#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# diff: one change at a time to the fixture kernel's report.
# shellcheck source=test/commands/graph/common.sh
. "$(dirname "$0")/common.sh"

answers diff "$report"
shows 'no difference'
answers diff "$report" --all
run 0 "$tool" diff "$report" "$report"

# differs FILTER TEXT...: changes the report with jq's FILTER; the difference must contain TEXT
differs() {
	local filter=$1
	shift
	jq -c "$filter" "$report" >other.json
	run 1 "$tool" diff "$report" other.json
	shows "$@"
	run 1 "$tool" "$report" diff other.json --json
	ask stdout '.positive == false and ([.rows[] | select(.role == "count")] | length > 0)'
}
f='.functions[] | select(.id == "kernel/sched/core.c:activate_task")'
differs "($f | .class) = \"external\" | ($f | .reason) = \"waits\"" 'changed class: 1 function' \
	'kernel/sched/core.c:activate_task  function  internal (callers-inside) -> external (waits)'
differs "($f | .signature) = \"int (void)\"" 'changed signature: 1 function' '-> int (void)'
differs '(.members[] | select(.name == "rq.clock") | .offset_bits) = 640' 'moved in its record: 1 member' '-> bit 640'
differs '(.members[] | select(.name == "rq.clock") | .type) = "char"' 'changed type: 1 member' '-> char'
differs '(.records[] | select(.name == "rq") | .size) = 4096' 'changed size: 1 record' '-> 4096'
differs '(.records[] | select(.name == "rq") | .align) = 4096' 'changed alignment: 1 record'
differs '(.. | strings) |= gsub("kernel/sched/swait[.]c:"; "kernel/sched/other.c:") |
	(.functions[] | select(.name == "sched_elsewhere") | .file) = "kernel/sched/other.c"' \
	'moved to another file: 1 function' 'kernel/sched/swait.c -> kernel/sched/other.c'
differs '.functions += [.functions[] | select(.name == "sched_nobody") | .id = "kernel/sched/core.c:newcomer" | .name = "newcomer"]' \
	'entered: 1 function' 'kernel/sched/core.c:newcomer  function  internal (unused)'
# shellcheck disable=SC2016
differs '"kernel/sched/core.c:sched_nobody" as $id | del(.functions[] | select(.id == $id)) |
	del((.edges[], .references[]) | select(.from == $id or .to == $id))' 'left: 1 function' 'kernel/sched/core.c:sched_nobody'

# line numbers do not count, nor does other code unless it is asked for
jq -c '(.functions[], .variables[], .members[], .edges[], .references[] | .line) += 7' "$report" >other.json
answers diff other.json
shows 'no difference'
jq -c '.functions += [.functions[] | select(.scheduler | not) | .id += "_new" | .name += "_new"]' "$report" >other.json
answers diff other.json
run 1 "$tool" "$report" diff other.json --all
shows 'entered'

fails 2 "$report" diff none.json
says 'none.json'
