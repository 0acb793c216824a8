#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A complete vmlinux beside a tree that knows only some of its units; a vmlinux without its code.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

# forget UNIT...: makes it look as if these units had not been built in the tree
forget() {
	local unit
	for unit; do
		rm "tree/$unit.o" "tree/$(dirname "$unit")/.$(basename "$unit").o.cmd"
	done
}

copy_kernel tree
forget kernel/fork
refuses --kernel tree
says "$work/tree/vmlinux: of the 38 units that it was made of, 1 were not built in $work/tree: kernel/fork.c; build the whole kernel"

# only the scheduler's folder was built; the other ways to find units must not get around that
forget kernel/peek kernel/kthread kernel/time/timer lib/x lib/alone lib/work lib/client lib/far arch/x86/kernel/tick
rm tree/arch/x86/entry/entry.o tree/arch/x86/entry/.entry.o.cmd
for option in --quiet --exhaustive --whole; do
	refuses --kernel tree "$option"
	says '10 were not built' 'arch/x86/kernel/tick.c, kernel/fork.c, kernel/kthread.c, ...; build the whole kernel'
done

# a database that lists only some of the units
copy_kernel listed
jq -n --arg dir "$work/listed" '[$ARGS.positional[] | {directory: $dir, file: ., output: (.[:-1] + "o"),
	arguments: ["gcc", "-Iinclude", "-D__KERNEL__", "-c", "-o", (.[:-1] + "o"), .]}]' \
	--args kernel/sched/{core,build_extra,wait,swait,shapes,calls}.c kernel/{fork,peek,kthread}.c >listed/compile_commands.json
refuses --kernel listed
says '29 were not built' 'arch/x86/kernel/tick.c, kernel/sched/conventions.c, kernel/sched/escapes.c, ...' 'compile_commands.json'

# built out of tree, in part
cp -r "$fixtures/kernel" source
"$fixtures/build.sh" source elsewhere
analyze 0 --kernel source --build elsewhere -o whole.json
rm elsewhere/lib/x.o elsewhere/lib/.x.o.cmd
refuses --kernel source --build elsewhere
says '1 were not built' "$work/elsewhere: lib/x.c;"

# without vmlinux the report itself says that it is incomplete
rm tree/vmlinux
analyze 1 --kernel tree -o report.json
says 'The report is incomplete'

# debug information alone: it has all symbols and units, but no code and no tables
copy_kernel bare
objcopy --only-keep-debug "$kernel/vmlinux" bare/vmlinux
refuses --kernel bare
says "$work/bare/vmlinux: the section .text has a size but no bytes" 'only-keep-debug' 'eu-unstrip'
