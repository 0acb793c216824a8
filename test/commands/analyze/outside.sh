#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A unit whose object or source is outside both trees, by a name that begins with a slash.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
analyze 0 --kernel tree -o plain.json

mapfile -t objects < <(cd tree && find . -name '*.o' ! -name entry.o | sed 's,^\./,,' | sort)

# database OBJECT FILE: lists the units as gen_compile_commands.py does; lib/far.c was compiled from
# FILE to OBJECT
database() {
	local object
	for object in "${objects[@]}"; do
		sed -n '1s/^savedcmd_[^ ]* := //p' "tree/$(dirname "$object")/.$(basename "$object").cmd" |
			sed "s,-o lib/far.o lib/far.c,-o $1 $2," |
			jq -R --arg directory "$work/tree" --arg file "$work/tree/${object%.o}.c" \
				'{command: ., directory: $directory, file: $file}'
	done | jq -s --arg file "$2" 'map(if .file | endswith("/lib/far.c") then .file = $file else . end)' \
		>tree/compile_commands.json
}

mkdir elsewhere
mv tree/lib/far.o elsewhere
database "$work/elsewhere/far.o" lib/far.c
analyze 0 --kernel tree -o report.json
same plain.json report.json

# an object of the scheduler's own
mv elsewhere/far.o tree/lib
mv tree/kernel/sched/wait.o elsewhere
database lib/far.o lib/far.c
sed -i "s,-o kernel/sched/wait.o,-o $work/elsewhere/wait.o," tree/compile_commands.json
analyze 0 --kernel tree -o report.json
same plain.json report.json
mv elsewhere/wait.o tree/kernel/sched

# one that is missing is named by its own name
database "$work/nowhere/far.o" lib/far.c
analyze 1 --kernel tree -o report.json
ask report.json ".problems[] | select(.code == \"object-missing\") | .file == \"$work/nowhere/far.o\""
says "$work/nowhere/far.o"
says_not "$work/tree/$work/nowhere"

# the source too
mv tree/lib/far.c elsewhere
(cd tree && gcc -nostdinc -Iinclude -D__KERNEL__ -O2 -g -w -c -o lib/far.o "$work/elsewhere/far.c")
database lib/far.o "$work/elsewhere/far.c"
(cd tree && ld -static --no-warn-rwx-segments -no-pie --build-id=sha1 -T vmlinux.lds -o vmlinux \
	"${objects[@]}" arch/x86/entry/entry.o)
analyze 0 --kernel tree -o report.json
