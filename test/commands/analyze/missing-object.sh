#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A missing object is named, and what its unit's source uses still counts.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
rm tree/kernel/fork.o
analyze 1 --kernel tree -o report.json
says 'The report is incomplete' 'kernel/fork.o'
ask report.json '[.problems[] | [.code, .file]] == [["object-missing", "kernel/fork.o"]]'
ask report.json '.functions[] | select(.name == "sched_fork") | .class == "interface" and .reason == "called-from-outside"'
ask report.json '[.edges[] | select(.file == "kernel/fork.c" and .to == "kernel/sched/core.c:sched_fork")] | length > 0'

# an object without its code has lost relocations too: which ones is unknown
for object in kernel/sched/wait.o kernel/fork.o; do
	copy_kernel emptied
	objcopy --only-keep-debug "$kernel/$object" "emptied/$object"
	analyze 1 --kernel emptied -o report.json
	ask report.json ".complete == false and ([.problems[] | \"\(.code) \(.file)\"] == [\"object-missing $object\"])"
	rm -rf emptied
done
