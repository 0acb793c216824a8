#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched-extract on good and bad input: what it refuses, and that it never leaves partial files
# nor loses an edit.
#
#   cli.sh ANALYZER EXTRACTOR KERNEL
set -euo pipefail
analyzer=$(realpath "$1") tool=$(realpath "$2") kernel=$(realpath "$3")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
mounted=
finish() {
	[ -z "$mounted" ] || umount "$mounted"
	chmod -R u+rwX "$work"
	rm -rf "$work"
}
trap finish EXIT
cd "$work"

fail() {
	echo "FAILED: $*" >&2
	sed 's/^/  stderr: /' stderr >&2
	exit 1
}
# run STATUS COMMAND...
run() {
	local wanted=$1 status=0
	shift
	"$@" >stdout 2>stderr || status=$?
	[ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}
says() { grep -qF -- "$1" stderr || fail "\"$1\" is not said"; }
# nothing_beside DIRECTORY: no temporary folder of an extraction is left
nothing_beside() {
	local left
	left=$(find "$1" -maxdepth 1 -name '.*.??????*' ! -name .git)
	[ -z "$left" ] || fail "left behind: $left"
}
extract() { run "$1" "$tool" -q -k "$kernel" --boundary boundary.json "${@:2}"; }
# refuses TEXT OPTION...: exit status 2, one message that contains the text, nothing written
refuses() {
	local text=$1
	shift
	extract 2 -o new/scheduler "$@"
	[ "$(wc -l <stderr)" = 1 ] || fail "not one line of message"
	says 'plugsched-extract: '
	says "$text"
	[ -z "$(ls -A new)" ] || fail "left in new: $(ls -A new)"
}
mkdir new
"$analyzer" -q --no-cache -k "$kernel" -c "$here/boundary.yaml" -o boundary.json

# options
run 0 "$tool" --help
run 0 "$tool" --version
run 2 "$tool"
says '--kernel DIR is needed'
run 2 "$tool" -k "$kernel" extra
run 2 "$tool" --no-such-option

# equal bytes each time, with one thread and with two; a dry run writes nothing
extract 0 -o one -j 1
extract 0 -o two -j 2
diff -r --exclude=.git one two >&2 || fail 'two extractions differ'
# the report is copied, and git tracks it
cmp boundary.json one/boundary.json || fail 'the report in the folder is another one'
[ -z "$(git -C one status --porcelain)" ] || fail 'git does not keep all that was written'
[ "$(git -C one ls-files boundary.json)" = boundary.json ] || fail 'git does not keep the report'
run 0 "$tool" -q -n -k "$kernel" --boundary boundary.json -o dry
cmp stdout one/EXTRACTED.md || fail 'a dry run prints another record'
[ ! -e dry ] || fail 'a dry run writes'

# input from another kernel, or no input
refuses 'boundary.json' --boundary missing/boundary.json
jq '.kernel.build_id |= (explode | reverse | implode)' boundary.json >other.json
refuses 'is of another kernel' --boundary other.json
head -c 2000 boundary.json >cut.json
refuses 'cut.json' --boundary cut.json
jq '.problems = [{code: "unit-not-parsed", file: "x.c", message: "m"}] | .complete = false' boundary.json >incomplete.json
refuses 'incomplete' --boundary incomplete.json
cp -a "$kernel" changed
echo CONFIG_MORE=y >>changed/.config
run 2 "$tool" -q -k changed --boundary boundary.json -o new/scheduler
says 'changed since'
grep -v -e CONFIG_SMP -e CONFIG_SYSFS "$kernel/.config" >changed/.config
"$analyzer" -q --no-cache -k changed -c "$here/boundary.yaml" -o without.json
run 2 "$tool" -q -k changed --boundary without.json -o new/scheduler
says '.config: a scheduler can be replaced only in a kernel that has CONFIG_SMP (the scheduler is handed over a CPU at a time), CONFIG_SYSFS ('
cp "$kernel/.config" changed/.config
sed -i '1i /* a line more */' changed/kernel/sched/twins.c
run 2 "$tool" -q -k changed --boundary boundary.json -o new/scheduler
says 'the source was changed since'
cp "$kernel/kernel/sched/twins.c" changed/kernel/sched/twins.c
# "make vmlinux" leaves no Module.symvers; "make" in a module's folder leaves one
# without vmlinux's symbols
rm changed/Module.symvers
run 2 "$tool" -q -k changed --boundary boundary.json -o new/scheduler
says "$work/changed/Module.symvers: is missing"
says 'build the whole kernel, modules included'
printf '0x00000000\tother\tlib/other\tEXPORT_SYMBOL\t\n' >changed/Module.symvers
run 2 "$tool" -q -n -k changed --boundary boundary.json -o new/scheduler
says "$work/changed/Module.symvers: lists nothing of vmlinux"
rm changed/Module.symvers && mkdir changed/Module.symvers
run 2 "$tool" -q -k changed --boundary boundary.json -o new/scheduler
says "$work/changed/Module.symvers: cannot be read"
rmdir changed/Module.symvers
# the build tree counts, not the source tree
cp -r "$kernel" source && find source \( -name '*.o' -o -name '.*.cmd' -o -name '*.s' \) -delete
rm -f source/{vmlinux,.config,Module.symvers} && rm -rf source/include/config
(
	# shellcheck source=test/commands/extract/units.sh
	. "$here/units.sh"
	"$here/../fixtures/build.sh" source elsewhere
)
"$analyzer" -q --no-cache -k source -b elsewhere -c "$here/boundary.yaml" -o elsewhere.json
cp "$kernel/Module.symvers" source
run 2 "$tool" -q -k source -b elsewhere --boundary elsewhere.json -o new/scheduler
says "$work/elsewhere/Module.symvers: is missing"
mv source/Module.symvers elsewhere
run 0 "$tool" -q -k source -b elsewhere --boundary elsewhere.json -o beside
cp "$kernel/Module.symvers" changed
# debug information alone has the build-id, but not the code
objcopy --only-keep-debug "$kernel/vmlinux" changed/vmlinux
run 2 "$tool" -q -n -k changed --boundary boundary.json -o new/scheduler
says 'changed/vmlinux: the section .text has a size but no bytes'
rm changed/vmlinux
run 2 "$tool" -q -k changed --boundary boundary.json -o new/scheduler
says 'vmlinux'
run 2 "$tool" -q -k nowhere --boundary boundary.json -o new/scheduler
[ -z "$(ls -A new)" ] || fail "left in new: $(ls -A new)"

sed 's/^function:/sidecar: [kernel\/outside.c]\nfunction:/' "$here/boundary.yaml" >sidecar.yaml
"$analyzer" -q --no-cache -k "$kernel" -c sidecar.yaml -o sidecar.json
refuses 'several folders' --boundary sidecar.json

# as the published tool's boundary.yaml has it: the wrappers of system calls that wait stay, the others
# come; a sidecar is named by a function in it
{
	printf '%s\n' 'interface_prefix: [__ia32_sys_, __x64_sys_]' 'sidecar: !!pairs' '    - fn_interface: kernel/sched/functions.c'
	cat "$here/boundary.yaml"
} >published.yaml
"$analyzer" -q --no-cache -k "$kernel" -c published.yaml -o published.json
[ "$(jq -c '[.functions[] | select(.name == "__x64_sys_nap" or .name == "__x64_sys_nice")] | sort_by(.name) | map(.reason)' published.json)" = \
	'["waits","forced-interface"]' ] || fail 'a prefix moves a system call that waits'
run 0 "$tool" -q -n -k "$kernel" --boundary published.json -o new/scheduler

# places that it must not or cannot write to
mkdir foreign && touch foreign/file
extract 2 -o foreign
says 'not empty, and not what an earlier extraction left'
[ "$(ls -A foreign)" = file ] || fail 'a foreign folder was changed'
extract 2 -o foreign/file
nothing_beside foreign
mkdir empty
extract 0 -o empty
[ -e empty/EXTRACTED.md ] || fail 'an empty folder was not taken'
extract 2 -o nowhere/scheduler
mkdir closed && chmod 555 closed
if [ "$(id -u)" = 0 ]; then
	cp "$tool" closed-tool && chmod 755 "$work" closed-tool
	run 2 setpriv --reuid=65534 --regid=65534 --clear-groups ./closed-tool -q -k "$kernel" --boundary boundary.json -o closed/scheduler
else
	extract 2 -o closed/scheduler
fi
[ -z "$(ls -A closed)" ] || fail 'a closed folder was written to'
mkdir small
if mount -t tmpfs -o size=64k tmpfs small 2>/dev/null; then
	mounted=$work/small
	extract 2 -o small/scheduler
	says 'No space left on device'
	[ -z "$(ls -A small)" ] || fail "left on a full disk: $(ls -A small)"
fi

# without git; interrupted
mkdir bin
run 2 env PATH="$work/bin" "$tool" -q -k "$kernel" --boundary boundary.json -o new/scheduler
says 'git'
[ -z "$(ls -A new)" ] || fail "left without git: $(ls -A new)"
for delay in 0.05 0.1 0.2 0.3; do
	timeout --foreground -s INT "$delay" "$tool" -q -k "$kernel" --boundary boundary.json -o new/scheduler >stdout 2>stderr || :
	nothing_beside new
	[ ! -e new/scheduler ] || [ -e new/scheduler/.git/refs/heads/extracted ] || fail 'half an extraction is in place'
	rm -rf new/scheduler
done

# again: up to date; the user's own git settings do no harm
printf '[commit]\n\tgpgsign = true\n[core]\n\tautocrlf = true\n\thooksPath = /bin\n' >gitconfig
run 0 env GIT_CONFIG_GLOBAL="$work/gitconfig" "$tool" -k "$kernel" --boundary boundary.json -o one
says 'is up to date'

# an edit is never lost
git() { command git -c user.name=test -c user.email=test@localhost "$@"; }
echo '/* mine */' >>one/twins.c
extract 2 -o one
says 'uncommitted changes'
extract 2 -o one --merge
says 'commit them'
grep -q mine one/twins.c || fail 'an edit was lost'
git -C one commit -qam 'Mine'
extract 2 -o one
says 'commits of yours'
grep -v option_static "$here/boundary.yaml" >more.yaml
printf '  external: [option_static]\n' >>more.yaml
"$analyzer" -q --no-cache -k "$kernel" -c more.yaml -o boundary.json
extract 0 -o one --merge
grep -q mine one/twins.c || fail 'the merge lost an edit'
grep -q 'option_static(int x); /\* stays' one/options.c || fail 'the merge did not take the new extraction'
extract 0 -o two
cmp boundary.json two/boundary.json || fail 'the folder that was brought up to date has the old report'
git -C two show --stat | grep -q 'boundary.json *| Bin' || fail 'git shows the report as lines'
grep -q 'option_static(int x); /\* stays' two/options.c || fail 'the folder was not brought up to date'

# a conflict is left to be resolved, and can be reverted
"$analyzer" -q --no-cache -k "$kernel" -c "$here/boundary.yaml" -o boundary.json
sed -i 's|option_static(int x); /\* stays.*|option_static(int x); /* mine */|' two/options.c
git -C two commit -qam 'Mine too'
extract 1 -o two --merge
says 'options.c'
git -C two merge --abort
grep -q 'option_static(int x); /\* mine' two/options.c || fail 'a conflict lost an edit'
echo 'extract/cli: all as it should be' >&2
