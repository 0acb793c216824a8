#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A unit that does not parse is named; the others are analysed, and the report
# says that it is incomplete.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
echo 'int broken(' >>tree/kernel/peek.c
broken_line=$(wc -l <tree/kernel/peek.c)
analyze 1 --kernel tree -o report.json
says 'The report is incomplete' 'kernel/peek.c: not parsed' "kernel/peek.c:$broken_line:"
ask report.json '.complete == false'
ask report.json '.problems | length == 1'
ask report.json '.problems[0] | .code == "unit-not-parsed" and .file == "kernel/peek.c" and (.message | test("expected"))'
ask report.json '.functions[] | select(.name == "wake_up_new_task") | .class == "interface"'
# what the object shows is still known
ask report.json '.functions[] | select(.name == "sum_records") | .class == "interface"'

# the report must not contain the place of the tree
! grep -qF "$work" report.json || fail 'the report names an absolute path'

# a unit of the scheduler itself
echo '#error on purpose' >>tree/kernel/sched/swait.c
analyze 1 --kernel tree -o report.json
ask report.json '[.problems[].file] == ["kernel/peek.c", "kernel/sched/swait.c"]'
analyze 1 --kernel tree -q -o report.json
[ "$(wc -l <stderr)" = 1 ] || fail '-q says more than that the report is incomplete'

# a missing header
copy_kernel second
rm second/kernel/sched/features.h
analyze 1 --kernel second -o report.json
says 'kernel/sched/core.c: not parsed' 'features.h'

# a missing object
copy_kernel third
rm third/lib/alone.o
analyze 1 --kernel third -o report.json
says 'lib/alone.o'
ask report.json '.problems[0].code == "object-missing"'
