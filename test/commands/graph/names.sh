#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a name means: ids, names of several entries, names of none.
# shellcheck source=test/commands/graph/common.sh
. "$(dirname "$0")/common.sh"

# an id names one entry, a name all entries that have it
answers why kernel/sched/rt.c:pick_next
shows 'kernel/sched/rt.c:5'
shows_not 'pick_next  internal (callers-inside)  kernel/sched/core.c'
answers why pick_next
shows 'kernel/sched/rt.c:5' 'pick_next  internal (callers-inside)  kernel/sched/core.c:79'
answers why rq.clock
answers why kernel/sched/sched.h:rq.clock
answers why rq
shows 'struct rq'
answers why 'struct rq'
answers why 'kernel/sched/sched.h:struct rq'
answers why kernel/sched/sched.h:rq
answers why nohz # a variable and its struct
[ "$(grep -cE '^(struct nohz|nohz) ' stdout)" = 2 ] || fail 'not both'

# every id in the report is accepted as a name, and so is every id in an answer
jq -r '(.functions + .variables + .members)[].id' "$report" | shuf -n 40 --random-source=<(yes) >ids
mapfile -t ids <ids
answers why "${ids[@]}" --json
ask stdout '[.rows[] | select(.role == "subject")] | length == 40'
answers uses "struct rq" --json
jq -r '.nodes[].id' stdout >ids
mapfile -t ids <ids
answers why "${ids[@]}"

# unknown TEXT WORD...: exit status 1, and TEXT is suggested
unknown() {
	local text=$1
	shift
	fails 1 "$report" "$@"
	says "$text"
}
unknown 'activate_task  (function, kernel/sched/core.c)' why activate_tsk
unknown 'activate_task  (function' why Activate_Task
unknown 'activate_task  (function' why kernel/sched/fair.c:activate_task
unknown 'wake_up_new_task  (function' why new_task
unknown 'rq.nr_running  (member' uses nr_running
unknown 'rq.nr_running  (member' uses rq.nr_runing
unknown 'task_struct  (struct' uses task_strukt
unknown 'activate_task  (function' path activate_task activate_tusk
unknown 'activate_task  (function' what-if --interface activate_tsk
unknown 'nothing called "no_such_thing_at_all_in_any_kernel"' why no_such_thing_at_all_in_any_kernel
says_not 'the nearest names'
unknown 'nothing called ""' why ''
unknown 'nothing called' why "$(printf 'x%.0s' {1..5000})"
unknown 'nothing called' why $'\xff\xfe\n"'
unknown 'nothing called' why do_idle no_such_name
[ ! -s stdout ] || fail 'half an answer'

# names of another kind than the question is about
unknown 'rq  (struct' callers rq
says '"why" and "uses" may do'
unknown 'runqueues  (variable' what-if --interface runqueues

# more entries than can be answered for at once
jq -c '.variables += [range(20) | {id: "many/\(.).c:twin", name: "twin", file: "many/\(.).c", line: 1, class: "external",
	reason: "outside", why: "external: x", scheduler: false, linkage: "static", type: "int", uses_inside: 0,
	uses_outside: 0}]' "$report" >many.json
fails 1 many.json why twin
says '20 entries are called "twin"; name one by its id:' '  many/19.c:twin'
run 0 "$tool" many.json why many/7.c:twin
