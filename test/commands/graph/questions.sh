#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each question about the fixture kernel, whose sources say what the answers are.
# shellcheck source=test/commands/graph/common.sh
. "$(dirname "$0")/common.sh"

# why: a chain down to a cause that needs no further cause
answers why do_idle
shows 'do_idle  external (thread)' 'cpu_startup_entry calls in an endless loop do_idle' \
	'cpu_startup_entry is external (noreturn: '
answers why wait_for_completion --json
ask stdout '[.rows[] | select(.role == "link") | .node | sub(".*:"; "")] == ["do_wait_for_common", "schedule_timeout"]'
shows 'schedule_timeout is of the schedule() family'
answers why copied
shows 'sched_copy calls copied' 'sched_copy is external (noinstr: '
answers why finish_task_switch
shows 'calls, after the switch of stacks, finish_task_switch'
answers why migration_thread
shows 'starts a thread in migration_thread'
answers why ops_start
shows 'takes the address of ops_start'
answers why sched_asm_entry
shows '.o names sched_asm_entry'
answers why rq.clock
shows 'layout of struct rq: external: '
answers why sched_nobody
shows_not 'forced by'

# why: an internal function has its users listed, all of them in the module
answers why activate_task --json
ask stdout '[.rows[] | select(.role == "user") | .node] | length > 0'
ask stdout '(.nodes[] | .class) != "external"'

# callers and callees compared: a function's callers have it among their callees
answers callers activate_task --json
jq -r '.rows[] | select(.role == "caller" and .node) | .node' stdout | sort -u >callers
[ -s callers ] || fail 'no callers'
while IFS= read -r caller; do
	answers callees "$caller" --json
	ask stdout '[.rows[] | select(.role == "callee") | .node] | index("kernel/sched/core.c:activate_task") != null'
done <callers

# a cycle ends, and what is shown elsewhere is not shown again
jq -c '.edges += [{from: "kernel/sched/core.c:activate_task", to: "kernel/sched/core.c:wake_up_new_task", kind: "call",
	file: "kernel/sched/core.c", line: 1}]' "$report" >cycle.json
run 0 "$tool" cycle.json callers activate_task --depth 1000
run 0 "$tool" cycle.json callees activate_task --depth 1000
shows 'activate_task  internal  called at' '...'

# sites: an indirect call leads to its targets
jq -c '.sites = [{from: "kernel/sched/core.c:activate_task", file: "kernel/sched/core.c", line: 90, signature: "void (void)",
	layer: "member", through: ["kernel/sched/sched.h:sched_class.enqueue_task"],
	targets: ["kernel/sched/rt.c:enqueue_task_rt"]},
	{from: "kernel/sched/core.c:activate_task", file: "kernel/sched/core.c", line: 91, signature: "int (int)",
	layer: "signature"}]' "$report" >sites.json
run 0 "$tool" sites.json callers enqueue_task_rt
shows 'activate_task  internal  may call it at kernel/sched/core.c:90  (member: sched_class.enqueue_task)'
run 0 "$tool" sites.json callees activate_task
shows 'enqueue_task_rt  interface  may be called at kernel/sched/core.c:90' \
	'(unknown)  may be called at kernel/sched/core.c:91  (signature: int (int))'
run 0 "$tool" sites.json path wake_up_new_task enqueue_task_rt
shows '2 steps' 'may-call at kernel/sched/core.c:90'
run 0 "$tool" sites.json info --json
ask stdout '[.rows[] | select(.role == "layer") | .values] ==
	[{layer: "signature", sites: 1, targets: 0}, {layer: "member", sites: 1, targets: 1}]'

# path
answers path wake_up_new_task activate_task --json
ask stdout '.rows[0].values.steps == 1 and .positive'
answers path wake_up_new_task wake_up_new_task
shows '0 steps'
answers path sched_fork ops_start
shows '2 steps, not by calls alone' 'scheduler_ops  external'
answers path wait_on_bit bits
answers path rq.nr_running wake_up_new_task
shows 'of rq.nr_running at'
answers path sched_class.enqueue_task enqueue_task_rt
shows '1 step'
run 1 "$tool" "$report" path sched_nobody do_idle
shows 'no path'
run 1 "$tool" "$report" path sched_nobody do_idle --json
ask stdout '.positive == false'

# uses
answers uses rq.nr_running --json
ask stdout '([.rows[] | select(.role == "group") | .values.count] | add) == ([.rows[] | select(.role == "use")] | length)'
ask stdout '.rows[0].values | .inside > 0 and .outside == 0'
answers uses rq
shows 'struct rq  external' 'nr_running' 'aligned to'
answers uses sched_asm_var
shows 'named by an object file: 1'

# list
answers list --class external --kind function --file 'kernel/sched/wait.c' --json
ask stdout '[.nodes[] | .class == "external" and .kind == "function" and .file == "kernel/sched/wait.c"] | all'
run 1 "$tool" "$report" list --file nowhere.c
[ ! -s stdout ] || fail 'nothing to list, but something on stdout'
