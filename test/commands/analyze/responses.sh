#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Commands as builds leave them: words in response files, a ; that stands at the source, more
# commands behind the compiler's.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
analyze 0 --kernel tree -o plain.json
cmdfile=tree/kernel/sched/.core.o.cmd
cp "$cmdfile" core.cmd

# command TEXT...: what stands in the .cmd file of core.c; the report must stay the same
command_is() {
	printf 'savedcmd_kernel/sched/core.o := %s\n' "$1" >"$cmdfile"
	analyze 0 --kernel tree -o report.json
	same plain.json report.json
}
line=$(sed -n '1s/^savedcmd_[^ ]* := //p' core.cmd)

for end in ';' '; ./tools/objtool/objtool kernel/sched/core.o' ' ; true' '&& true' '|tee log' ';true;' ' 2>&1' \
	' -DX="a;b"' " -DX='a&b'" ' -DX=a\;b'; do
	command_is "$line$end"
done

# the words behind the compiler are in a file
words=${line#gcc }
printf '%s\n' "${words% *}" >tree/core.rsp
command_is 'gcc @core.rsp kernel/sched/core.c'
command_is "gcc @$work/tree/core.rsp kernel/sched/core.c ; true"
printf '%s\n' "$words" >tree/core.rsp
command_is 'gcc @core.rsp'
# it names a second one
printf '@core.rsp\n' >tree/first.rsp
command_is 'gcc @first.rsp'
# quotes, backslashes and lines
printf '%s\n' "$words" | sed 's/ -D__KERNEL__ /\n\t"-D__KERN"EL\\__\n /' >tree/core.rsp
grep -q KERN\"EL tree/core.rsp || fail 'the case is gone'
command_is 'gcc @core.rsp'

# lists of objects that modules are linked from may be missing
printf 'savedcmd_lib/many.o := ld -r -o lib/many.o @lib/many.mod\n' >tree/lib/.many.o.cmd
analyze 0 --kernel tree -o report.json
same plain.json report.json

# a file that is gone is named
printf 'savedcmd_kernel/sched/core.o := gcc @gone.rsp -c -o kernel/sched/core.o kernel/sched/core.c\n' >"$cmdfile"
refuses --kernel tree
says "$work/tree/kernel/sched/.core.o.cmd:1:" '@gone.rsp' 'No such file'
printf '@loop.rsp\n' >tree/loop.rsp
printf 'savedcmd_kernel/sched/core.o := gcc @loop.rsp -c -o kernel/sched/core.o kernel/sched/core.c\n' >"$cmdfile"
refuses --kernel tree
says '@loop.rsp' 'names itself'
printf 'savedcmd_kernel/sched/core.o := gcc @/dev/zero -c -o kernel/sched/core.o kernel/sched/core.c\n' >"$cmdfile"
refuses --kernel tree
says '@/dev/zero' 'not a regular file'
cp core.cmd "$cmdfile"

# in compile_commands.json
printf '%s\n' "$words" >tree/core.rsp
while read -r object; do
	sed -n '1s/^savedcmd_[^ ]* := //p' "tree/$(dirname "$object")/.$(basename "$object").cmd" |
		jq -R --arg directory "$work/tree" --arg file "${object%.o}.c" \
			'{command: ., directory: $directory, file: $file}'
done < <(cd tree && find . -name '*.o' ! -name entry.o | sed 's,^\./,,' | sort) | jq -s . >all.json
jq 'map(if .file == "kernel/sched/core.c" then del(.command) | .arguments = ["gcc", "@core.rsp"] else . end)' \
	all.json >tree/compile_commands.json
analyze 0 --kernel tree -o report.json
same plain.json report.json
rm tree/core.rsp
refuses --kernel tree
says "$work/tree/compile_commands.json" 'entry ' '@core.rsp' 'No such file'
