#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Words, options and exit status.
# shellcheck source=test/commands/graph/common.sh
. "$(dirname "$0")/common.sh"

questions='why callers callees path uses what-if diff info list'

run 0 "$tool" --help
[ ! -s stderr ] || fail '--help writes to stderr'
shows 'Exit status: 0' '--json' '--dot' '--graphml' '--output' '--depth' '--interface' '--external' '--version'
for question in $questions; do
	grep -qE "^  $question\b" stdout || fail "--help does not name $question"
done
for question in $questions; do
	run 0 "$tool" "$question" --help
	shows "plugsched-graph REPORT $question"
	run 0 "$tool" --help "$question"
	shows "plugsched-graph REPORT $question"
done
run 0 "$tool" -h
run 0 "$tool" what-if --help
shows '--interface' '--external' '--json'
shows_not '--depth'
run 0 "$tool" --version
grep -qxE 'plugsched-graph [0-9]+\.[0-9]+\.[0-9]+' stdout || fail 'odd version'

# misused WORD...: exit status 2, and one line that refers to --help
misused() {
	fails 2 "$@"
	[ "$(wc -l <stderr)" = 1 ] || fail "not one line: $*"
	says '--help'
}
misused
misused "$report" nonsense
says 'nonsense'
misused "$report" why
misused "$report" path do_idle
misused "$report" path do_idle schedule schedule
misused "$report" info do_idle
misused "$report" list do_idle
misused "$report" what-if
says '--interface'
misused "$report" what-if do_idle --interface do_idle
misused "$report" what-if --interface do_idle --external do_idle
misused "$report" diff
misused "$report" why do_idle --nonsense
misused "$report" why do_idle --json --dot
misused "$report" why do_idle --depth 2
says 'why takes no --depth'
misused "$report" callers do_idle --depth 0
misused "$report" callers do_idle --depth x
misused "$report" callers do_idle --depth 1001
misused "$report" why do_idle --interface do_idle
misused "$report" info --class internal
misused "$report" list --class inner
misused "$report" list --kind struct
misused "$report" info --all

# options and words may be in any order
answers callers activate_task --depth 2
cp stdout wanted
answers --depth 2 callers activate_task
same stdout wanted
answers callers --depth=2 activate_task
same stdout wanted
answers -d 2 callers activate_task
same stdout wanted
answers callers -d2 activate_task
same stdout wanted
run 0 "$tool" --depth 2 "$report" callers activate_task
same stdout wanted
run 0 "$tool" callers "$report" activate_task --depth 2
same stdout wanted

# a report alone gives the figures
answers
cp stdout wanted
answers info
same stdout wanted

# a file with the name of a question
cp "$report" why
run 0 "$tool" ./why why do_idle
run 0 "$tool" why why do_idle
rm why

# where the answer is written
answers why do_idle
cp stdout wanted
answers why do_idle -o answer
[ ! -s stdout ] || fail 'something on stdout'
same answer wanted
[ -z "$(find . -name 'answer.*')" ] || fail 'left something behind'
answers why do_idle --output=/dev/null
fails 2 "$report" why do_idle -o nowhere/answer
says 'choose another place with -o'

# a full disk, a closed stdout, a reader that goes away
if [ -w /dev/full ]; then
	status=0
	"$tool" "$report" list >/dev/full 2>stderr || status=$?
	[ "$status" = 2 ] || fail "exit status $status when the disk is full"
	says 'plugsched-graph: '
fi
status=0
"$tool" "$report" list >&- 2>stderr || status=$?
[ "$status" = 2 ] || fail "exit status $status when stdout is closed"
for ((i = 0; i < 5; i++)); do
	# enough output to fill a pipe
	{ "$tool" "$report" list --json --file '*' 2>stderr || :; } | head -c 1 >/dev/null
	[ ! -s stderr ] || fail "a message when nobody reads: $(cat stderr)"
done
