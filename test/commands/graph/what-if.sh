#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what-if compared with a second analysis that has the same request in a configuration file.
# shellcheck source=test/commands/graph/common.sh
. "$(dirname "$0")/common.sh"

analyzer=$(dirname "$tool")/plugsched-analyze
kernel=$(dirname "$report")/../fixtures/kernel

# moved OPTION...: "id class" of everything that changes class, according to the question
moved() {
	answers what-if "$@" --json
	jq -r '.rows[] | select(.role == "moved" and (.node | contains(":struct ") or contains(":union ") | not)) |
		"\(.node) \(.values.after)"' stdout | sort
}

# changed REPORT: the same, found by comparing two reports
changed() {
	jq -rn --slurpfile old "$report" --slurpfile new "$1" '
		def classes: [(.functions + .variables + .members)[] | {key: .id, value: .class}] | from_entries;
		($old[0] | classes) as $o | ($new[0] | classes) as $n |
		$n | to_entries[] | select($o[.key] != .value) | "\(.key) \(.value)"' | sort
}

# agree KIND NAME...: the names as KIND in a configuration file and as options have the same effect
agree() {
	local kind=$1 name options=()
	shift
	for name; do
		options+=("--$kind" "$name")
	done
	(
		IFS=,
		echo "function: { $kind: [$*] }"
	) >config.yaml
	run 0 "$analyzer" --no-cache -q --kernel "$kernel" --config config.yaml -o other.json
	diff <(changed other.json) <(moved "${options[@]}") >&2 || fail "what-if and a new analysis differ: $*"
}
agree interface activate_task
agree external activate_task
agree external activate_task sched_exported finish_task_switch
agree interface do_idle wait_for_completion
agree external __schedule
agree interface sched_tiny
[ -n "$(moved --external activate_task)" ] || fail 'nothing moved at all'

# a request that cannot be fulfilled says so
answers what-if --interface sched_tiny
shows 'sched_tiny  external (too-short) -> external (too-short)' 'nothing'
