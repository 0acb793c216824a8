#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every question in every format: formats.py compares the formats with each
# other and with the schema.
# shellcheck source=test/commands/graph/common.sh
. "$(dirname "$0")/common.sh"

# shellcheck disable=SC2154
check=$here/../graph/formats.py
schema=$here/../../../docs/answer.schema.json

# names that are special in one of the formats
jq -c '(.. | strings) |= gsub("activate_task"; "<&\"\\>\u0007 ]]>%s'"'"'")' "$report" >quoted.json
jq -c '.sites = [{from: "kernel/sched/core.c:activate_task", file: "kernel/sched/core.c", line: 90, signature: "void (void)",
	layer: "chain", through: ["kernel/sched/sched.h:sched_class.enqueue_task"],
	targets: ["kernel/sched/rt.c:enqueue_task_rt"]}]' "$report" >sites.json

# forms STATUS REPORT WORD...
forms() {
	local wanted=$1 file=$2 form
	shift 2
	for form in json dot graphml; do
		run "$wanted" "$tool" "$file" "$@" "--$form"
		cp stdout "answer.$form"
	done
	run "$wanted" "$tool" "$file" "$@"
	cp stdout answer.text
	/usr/bin/python3 -B "$check" "$schema" answer >&2 || fail "$*"
}
for file in "$report" quoted.json sites.json; do
	forms 0 "$file" info
	forms 0 "$file" list
	forms 0 "$file" why do_idle finish_task_switch rq.clock rq wait_for_completion sched_asm_entry
	forms 0 "$file" callers enqueue_task_rt sched_asm_entry --depth 3
	forms 0 "$file" callees wake_up_new_task --depth 3
	forms 0 "$file" path sched_fork ops_start
	forms 1 "$file" path sched_nobody do_idle
	forms 0 "$file" uses rq rq.clock sched_asm_var
	forms 0 "$file" what-if --external wake_up_new_task
done
forms 1 "$report" diff quoted.json
forms 0 "$report" diff "$report"
forms 0 quoted.json why $'<&"\\>\a ]]>%s\''
