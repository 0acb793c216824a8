#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched with a false root directory: each refusal before anything is done, and what anchoring
# makes of a module. changes.sh has the rest.
#
#   cli.sh TOOL
set -euo pipefail
# shellcheck source=test/commands/plugsched/common.sh
. "$(dirname "$0")/common.sh"
# refuses TEXT [FILE]: status 1 and one line that contains the text; load prints the same and does
# not call the kernel
refuses() {
	local action wait=
	for action in check load; do
		[ "$action" = check ] || wait=--wait=0
		run 1 "$action" ${wait:+"$wait"} "${2-good.ko}"
		[ "$(wc -l <stderr)" = 1 ] || fail 'not one line of message'
		[ ! -s stdout ] || fail 'something on stdout'
		says 'plugsched: '
		says "$1"
	done
	[ ! -e calls ] || fail "the kernel was called: $(cat calls)"
}
# with FILE CONTENTS TEXT: refuses while that file of the false root has these
# contents ("-": does not exist)
with() {
	local file=root/$1
	[ ! -e "$file" ] || mv "$file" kept
	if [ "$2" != - ]; then
		mkdir -p "$(dirname "$file")"
		printf '%b' "$2" >"$file"
	fi
	refuses "$3"
	rm -f "$file"
	[ ! -e kept ] || mv kept "$file"
}
# unanchored TEXT FILE [VMLINUX]: anchor refuses the file with one line, and leaves it as it is
unanchored() {
	cp "$2" before.ko
	run 1 anchor --vmlinux="${3-vmlinux}" "$2"
	[ "$(wc -l <stderr)" = 1 ] || fail 'not one line of message'
	says "$1"
	cmp -s before.ko "$2" || fail "$2 was changed"
}
misused() {
	run 2 "$@"
	[ "$(wc -l <stderr)" = 1 ] || fail 'not one line of message'
	says 'plugsched: '
	says '--help'
}

# options
run 0 --help
run 0 --version
grep -qxE 'plugsched [0-9]+\.[0-9]+\.[0-9]+' stdout || fail 'odd version'
for name in load unload list history status check anchor build; do
	run 0 "$name" --help
	tells "plugsched $name"
	misused "$name" --no-such-option
	misused "$name" a b
done
for name in load check anchor build; do
	misused "$name"
	misused "$name" ''
done
misused unload ''
for name in list history status; do misused "$name" a; done
misused
misused replace
misused --no-such-option
misused build -j0 .
misused build -jx .
misused unload --json
misused anchor good.ko
misused build --sign key .
misused check --via-vmlinux good.ko
for name in '' a-b a/b ../a plugsched vmlinux obj ccflags "$(printf 'n%.0s' {1..56})"; do
	misused build --name="$name" .
	says '--name takes letters, digits and underscores'
done
misused load --name=other good.ko

# a module that fits
run 0 check good.ko
[ ! -s stderr ] || fail 'something on stderr'
tells 'good.ko fits the running kernel, replaces 2 functions'

# anchoring
cp plain.ko anchored.ko
run 0 anchor --vmlinux=vmlinux anchored.ko
[ "$(cat stdout)" = 'anchored.ko: 3 symbols anchored to exported, 1 absolute, 4 left to the kernel, 1 functions renamed' ] || fail 'other counts'
[ ! -s stderr ] || fail 'something on stderr'
# symbol NAME WANTED: compares "VALUE BIND INDEX"
symbol() {
	local is
	is=$(readelf -sW anchored.ko | awk -v name="$1" '$8 == name { print $2, $5, $7 }')
	[ "$is" = "$2" ] || fail "$1 is $is instead of $2"
}
symbol exported '0000000000000000 GLOBAL UND'
symbol plain_function 'ffffffff81000200 GLOBAL ABS'
symbol __vmlinux_twin__pos_2 'ffffffff81000300 GLOBAL ABS'
symbol __vmlinux_odd 'ffffffff81000400 GLOBAL ABS'
symbol per_cpu_thing '0000000000021440 GLOBAL ABS'
symbol several '0000000000000000 GLOBAL UND'
symbol plugsched_1_0102030405060708090a0b0c0d0e0f1011121314 '0000000000000000 GLOBAL UND'
symbol absent '0000000000000000 WEAK UND'
# functions of which vmlinux has one, or a clone, do not have its name any more
for name in taken.plugsched variable entry; do
	readelf -sW anchored.ko | awk -v name="$name" '$8 == name && $4 == "FUNC" { found = 1 } END { exit !found }' || fail "no function $name"
done
readelf -sW anchored.ko | grep -q ' taken$' && fail 'a name of vmlinux is there twice'
# the distances from exported, at ...700: 4 bytes less for a call, which counts from its end
readelf -rW anchored.ko | grep -oE '(R_X86_64_(PLT32|64)|R_X86_64_PC32) .*exported .*' | awk '{ print $1, $3, $4, $5 }' | sort -u >relocations
for wanted in 'R_X86_64_PLT32 exported - 4' 'R_X86_64_PLT32 exported - 504' 'R_X86_64_PLT32 exported - 404' \
	'R_X86_64_PLT32 exported - 304' 'R_X86_64_64 exported - 500' 'R_X86_64_64 exported + 0'; do
	grep -qxF "$wanted" relocations || { cat relocations >&2; fail "no relocation $wanted"; }
done
readelf -rW anchored.ko | grep -v '\.rela\.debug' | sed '/^Relocation section .\.rela\.debug/,/^$/d' | grep -qE ' (plain_function|__vmlinux_)' &&
	fail 'a relocation names what is not exported'
# again: nothing changes, whatever it was copied to
cp anchored.ko twice.ko
run 0 anchor --vmlinux=vmlinux twice.ko
cmp anchored.ko twice.ko || fail 'anchored twice is not anchored once'
tells '0 symbols anchored, 0 absolute, 4 left to the kernel, 0 functions renamed'
run 0 check anchored.ko
# a stripped module gets a new digest
strip --strip-debug twice.ko
refuses 'twice.ko: stripped since it was built, so nothing shows that it is whole; plugsched anchor renews its digest' twice.ko
run 0 anchor --vmlinux=vmlinux twice.ko
run 0 check twice.ko
# what cannot be anchored stays as it was
echo text >text.ko
unanchored 'text.ko: not an ELF file' text.ko
unanchored 'nowhere: No such file' plain.ko nowhere
unanchored 'text.ko: not an ELF file of a 64-bit kernel' plain.ko text.ko
unanchored 'it has no symbols of a kernel' plain.ko plain.ko
unanchored 'it has no build-id' plain.ko unnamed
unanchored 'its build-id is 9902030405060708090a0b0c0d0e0f1011121314, but plain.ko was made for the kernel with build-id 0102030405060708090a0b0c0d0e0f1011121314' plain.ko other
compile local.ko '-DMORE=({ extern int only_in_a_module(void); only_in_a_module(); })'
unanchored 'vmlinux lacks symbols that it needs: only_in_a_module;' local.ko
compile other-core.ko '-DMORE=({ extern int plugsched_0102(void); plugsched_0102(); })'
unanchored 'vmlinux lacks symbols that it needs: plugsched_0102;' other-core.ko
compile doubled.ko '-DMORE=({ extern int doubled(void); doubled(); })'
unanchored 'doubled (2 of them)' doubled.ko
more=0
for i in $(seq 12); do more+="+({ extern int lacking_$i(void); lacking_$i(); })"; done
compile more.ko "-DMORE=$more"
unanchored 'and 2 more' more.ko
compile position.ko '-DMORE=({ extern int third(void); third(); })' '-DTABLE="third\\ttwin\\t3\\n"'
unanchored 'twin (number 3 of 2)' position.ko
# two symbols of one name at one address count as two, because positions are counted like this
run 0 anchor --vmlinux=three position.ko
compile unique.ko '-DMORE=({ extern int third(void); third(); })' '-DTABLE="third\\ttwin\\t0\\n"'
unanchored 'twin (2 of them)' unique.ko
compile table.ko '-DTABLE="third\\ttwin\\n"'
unanchored 'a line of the section .comment.plugsched' table.ko
compile foreign.ko -DFOREIGN
unanchored 'not a module of plugsched' foreign.ko
gzip -kc plain.ko >plain.ko.gz
unanchored 'compressed; anchor the module first' plain.ko.gz

# files that are not modules, or incomplete modules
refuses 'cannot read the module' missing.ko
refuses 'it is no file' ./root
echo text >text.ko
refuses 'not an ELF file' text.ko
: >empty.ko
refuses 'not an ELF file' empty.ko
head -c 40 good.ko >short.ko
refuses 'ends within the ELF header' short.ko
head -c -200 good.ko >cut.ko
refuses 'truncated' cut.ko
gcc -m32 -c -x c /dev/null -o narrow.ko
refuses 'not a relocatable ELF file for x86-64' narrow.ko
refuses 'not a relocatable ELF file for x86-64' "$(command -v gcc)"
objcopy --strip-all plain.ko stripped.ko
"$here/digest.py" stripped.ko
refuses 'stripped: it has no symbol table' stripped.ko
strip --strip-all -o stripped.ko good.ko
refuses 'stripped.ko: stripped: it has no symbol table' stripped.ko
# as distributions install modules: compressed
for pack in gzip xz zstd; do
	command -v "$pack" >/dev/null || continue
	"$pack" -q -c good.ko >packed.ko
	run 0 check packed.ko
	head -c 200 packed.ko >half.ko
	# the program says something of its own, too
	run 1 check half.ko
	says "half.ko: compressed, and $pack -dc cannot uncompress it"
done
# signed: the signature is the kernel's business, and so is the digest then
sign() { # FILE DATA LENGTH: appends what sign-file does: data, its length, and a line
	{ cat "$1"; printf '%b' "$2"; printf '\0\0\2\0\0\0\0\0%b' "$3"; echo '~Module signature appended~'; } >signed.ko
}
sign good.ko data '\0\0\0\4'
run 0 check signed.ko
tells 'signed.ko fits the running kernel, is signed, replaces 2 functions'
strip --strip-debug -o stripped.ko good.ko
sign stripped.ko data '\0\0\0\4'
run 0 check signed.ko
sign plain.ko data '\0\0\0\4'
refuses 'signed.ko: not anchored to its kernel' signed.ko
sign good.ko data '\1\0\0\4'
refuses 'signed.ko: damaged: its signature is longer than the file' signed.ko
echo '~Module signature appended~' >signed.ko
refuses 'signed.ko: damaged: it ends within its signature' signed.ko
sign good.ko data '\0\0\0\4'
cp signed.ko again.ko
run 0 anchor --vmlinux=vmlinux again.ko
says 'plugsched: again.ko: the signature was taken off'
run 0 check again.ko
# patch FILE OFFSET BYTES: good.ko with other bytes at that offset, and a digest that fits
patch() {
	cp plain.ko "$1"
	printf '%b' "$3" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none
	"$here/digest.py" "$1"
}
headers=$(readelf -hW plain.ko | awk '/Start of section headers/ { print $5 }')
# header SECTION FIELD: the offset of a field in a section's header
header() {
	local index
	index=$(readelf -SW plain.ko | sed -n "s/^ *\[ *\([0-9]*\)\] $1 .*/\1/p")
	echo $((headers + 64 * index + $2))
}
patch offset.ko "$(header .text 24)" '\xff\xff\xff\xff\xff\xff\xff\x7f'
refuses 'a section lies outside of the file' offset.ko
patch name.ko "$(header .text 0)" '\xff\xff\xff\x7f'
refuses "a section's name lies outside" name.ko
patch entry.ko "$(header .symtab 56)" '\x17'
refuses 'the symbol table has no whole entries' entry.ko
patch link.ko "$(header .symtab 40)" '\xff'
refuses 'no names' link.ko
patch info.ko "$(header .rela.text 44)" '\xff'
refuses 'a table of relocations' info.ko
place=$(readelf -SW plain.ko | sed -n 's/.* \.rela\.text *RELA *[0-9a-f]* \([0-9a-f]*\) .*/0x\1/p')
patch place.ko "$place" '\xff\xff\xff\x7f'
refuses 'a relocation lies outside of its section' place.ko
patch number.ko "$((place + 12))" '\xff\xff\xff\x7f'
refuses "a relocation's symbol is not there" number.ko
place=$(readelf -SW plain.ko | sed -n 's/.* \.symtab *SYMTAB *[0-9a-f]* \([0-9a-f]*\) .*/0x\1/p')
patch string.ko "$((place + 24))" '\xff\xff\xff\x7f'
refuses "a symbol's name lies outside" string.ko
patch place.ko "$((place + 24 + 6))" '\x77\x77'
refuses "a symbol's section is not there" place.ko
patch count.ko 60 '\xff\x7f'
refuses 'the section headers lie outside' count.ko
patch zero.ko 60 '\0\0'
refuses 'does not describe the section headers' zero.ko

# the digest, and what it covers
refuses 'not anchored to its kernel, so its build was not finished' plain.ko
for place in 9 60; do # in a section, and at the end
	cp good.ko changed.ko
	printf X | dd of=changed.ko bs=1 seek=$(($(readelf -SW plain.ko | sed -n 's/.* \.modinfo *PROGBITS *[0-9a-f]* \([0-9a-f]*\) .*/0x\1/p') + place)) \
		conv=notrunc status=none
	refuses 'the digest does not fit' changed.ko
done
cp good.ko longer.ko
echo more >>longer.ko
refuses 'the digest does not fit' longer.ko
finished foreign.ko -DFOREIGN
refuses 'not a module of plugsched' foreign.ko

# the name in the kernel
finished nameless.ko -DNAMELESS
refuses 'not a module of plugsched: it lacks' nameless.ko
for name in odd-name ../up 'of a file' '' vmlinux; do
	finished odd.ko "-DNAME=\"$name\""
	refuses "odd.ko: its name in the kernel is no name for a scheduler: $name; build it under another one (make NAME=...)" odd.ko
done
refuses 'plugsched.ko: the core, plugsched; name the scheduler that is beside it' plugsched.ko

# the core, which lies beside the module unless the kernel has it
cp root/proc/modules with-core
sed -i /^plugsched/d root/proc/modules
run 0 check good.ko
tells 'good.ko fits the running kernel, replaces 2 functions, brings the core'
mkdir apart
cp good.ko apart/
refuses 'apart/plugsched.ko is missing: make builds it together' apart/good.ko
finished apart/plugsched.ko -DCORE -DOTHER
refuses 'apart/plugsched.ko: for the kernel with build-id 9902' apart/good.ko
cp plugsched.ko apart/plugsched-0102030405060708090a0b0c0d0e0f1011121314.ko
run 0 check apart/good.ko
printf X | dd of=apart/plugsched-0102030405060708090a0b0c0d0e0f1011121314.ko bs=1 seek=70 conv=notrunc status=none
refuses 'the digest does not fit' apart/good.ko
cp with-core root/proc/modules

# a kernel that the module does not fit, or that does not permit it; each message appears only if
# the ones before it do not apply
mv root/sys/kernel/notes notes
head -c 40 notes >root/sys/kernel/notes
refuses 'no build-id'
sed 's/\x01\x02\x03/\x01\x02\x04/' notes >root/sys/kernel/notes
refuses "the running one's is 0102040405060708090a0b0c0d0e0f1011121314"
mv notes root/sys/kernel/notes
with proc/self/status 'Name:\tx\nCapEff:\t000001fffffeffff\n' 'CAP_SYS_MODULE is missing'
with proc/self/status - 'CAP_SYS_MODULE is missing'
with proc/sys/kernel/modules_disabled '1\n' 'kernel.modules_disabled'
with sys/module/module/parameters/sig_enforce 'Y\n' 'signed modules only, and this one is not signed; sign it with plugsched build --sign'
with sys/kernel/security/lockdown 'none [integrity] confidentiality\n' 'locked down'
with sys/kernel/security/lockdown 'none integrity [confidentiality]\n' 'locked down'
echo Y >root/sys/module/module/parameters/sig_enforce
sign good.ko data '\0\0\0\4'
run 0 check signed.ko
echo N >root/sys/module/module/parameters/sig_enforce
with proc/modules 'scheduler 1 0 - Live 0x0\n' 'another module called scheduler'
with proc/modules 'scheduler 1 0 - Loading 0x0\n' 'a module called scheduler is being loaded'
with proc/modules 'scheduler 1 0 other,more, Unloading 0x0\n' 'a module called scheduler is being removed'
with proc/modules 'plugsched 1 1 second, Live 0x0\nsecond 1 0 - Loading 0x0\n' 'a module called second is being loaded'
with proc/modules 'plugsched 1 1 second, Live 0x0\nsecond 1 0 - Unloading 0x0\n' 'a module called second is being removed'
with proc/modules 'plugsched 1 0 [permanent], Unloading 0x0\n' 'a module called plugsched is being removed'
with sys/kernel/plugsched/state 'odd\n' 'cannot be read'
with sys/kernel/plugsched/state - 'cannot be read'
echo changing >root/sys/kernel/plugsched/state
run 1 check good.ko
says 'being changed'
run 1 load --wait=0 good.ko
says "somebody's order to /sys/kernel/plugsched/scheduler is being carried out; try again"
run 1 load --wait=1 good.ko
says "plugsched: waiting: somebody's order to"
says 'is being carried out, for 1 s by now'
[ ! -e calls ] || fail 'the kernel was called'
echo none >root/sys/kernel/plugsched/state

# a scheduler's module of that name
mkdir root/sys/kernel/plugsched/schedulers/scheduler
with sys/kernel/plugsched/state 'disabled\n' 'already loaded: a disabled scheduler module is there, called scheduler, of insmod'
says 'plugsched unload removes it'
echo scheduler >root/sys/kernel/plugsched/scheduler
with sys/kernel/plugsched/state 'enabled\n' "already loaded: scheduler's scheduler is at work; build this one under another name (make NAME=...) or use --via-vmlinux"
# another one is not in the way
mv root/sys/kernel/plugsched/schedulers/scheduler root/sys/kernel/plugsched/schedulers/second
echo second >root/sys/kernel/plugsched/scheduler
run 0 check good.ko
rmdir root/sys/kernel/plugsched/schedulers/second
echo vmlinux >root/sys/kernel/plugsched/scheduler

# names of schedulers, for load and unload
unnamed() { # TEXT ARGUMENT...: refused, without a call
	local text=$1
	shift
	run 1 "$@"
	[ "$(wc -l <stderr)" = 1 ] || fail 'not one line of message'
	says "plugsched: $text"
	[ ! -e calls ] || fail "the kernel was called: $(cat calls)"
}
unnamed 'no scheduler called second is in the kernel: plugsched list has those that are; a file is named with its folder, as ./second' load second
unnamed 'no scheduler called .. is in the kernel' load ..
mv vmlinux aside # or it would be the file
unnamed "vmlinux's scheduler is the kernel's own: plugsched unload puts it back" load vmlinux
mv aside vmlinux
unnamed "vmlinux's scheduler is the kernel's own, so it stays" unload vmlinux
unnamed 'the core stays; rmmod plugsched removes it' unload plugsched
unnamed 'another module called ext4 is loaded, not one of plugsched; remove it with rmmod' unload ext4
for name in second .. .; do
	unnamed "no scheduler called $name is loaded; plugsched list has those that are" unload "$name"
done
unnamed 'no scheduler called scheduler is loaded' unload good.ko
unnamed 'cannot read the module' unload ../schedulers
# whatever is a file is no name
for name in ./nowhere nowhere.ko nowhere.ko.xz; do unnamed 'cannot read the module' load "$name"; done
echo text >file
unnamed 'file: not an ELF file' load file
mkdir folder
unnamed 'no scheduler called folder is in the kernel' load folder

# others that patch the kernel
mkdir 'root/sys/kernel/livepatch/other/vmlinux/schedule,1'
refuses 'the live patch other'
finished nofunctions.ko -DNO_FUNCTIONS
run 0 check nofunctions.ko
rmdir 'root/sys/kernel/livepatch/other/vmlinux/schedule,1'
mkdir 'root/sys/kernel/livepatch/other/vmlinux/resched_alias,1'
refuses 'the live patch other'
rmdir 'root/sys/kernel/livepatch/other/vmlinux/resched_alias,1'
with sys/kernel/debug/kprobes/list 'ffffffff81088da0  k  resched_curr+0x5    [OPTIMIZED]\n' 'a kprobe at resched_curr+0x5'
with sys/kernel/debug/kprobes/list 'ffffffff81088da0  r  resched_curr+0x0    \n' 'a kprobe at resched_curr+0x0'
with sys/kernel/debug/kprobes/list 'ffffffff81088da0  k  resched_curr+0xd    [DISABLED]\n' 'a kprobe at resched_curr+0xd'
# the same function by another name
with sys/kernel/debug/kprobes/list 'ffffffff81088da0  k  resched_alias+0x5    [OPTIMIZED]\n' 'a kprobe at resched_alias+0x5'
printf 'ffffffff81088da0  k  resched_curr+0xe    [OPTIMIZED]\nffffffff81088d94  k  resched_curr+0x4    [FTRACE]\n' \
	>root/sys/kernel/debug/kprobes/list
run 0 check good.ko

# an answer that cannot be written is no success
rm -r root/sys/kernel/plugsched
"$tool" status >/dev/full 2>stderr && fail 'lost output is not noticed'
says 'cannot be written'
echo 'plugsched/cli: all as it should be' >&2
