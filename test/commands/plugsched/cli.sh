#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched with a false root directory: each refusal, what anchoring makes of a module, and how it
# treats the kernel's answers.
#
#   cli.sh TOOL
set -euo pipefail
tool=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
touch stdout stderr
export PLUGSCHED_ROOT=$work/root

fail() {
	echo "FAILED: $*" >&2
	sed 's/^/  stdout: /' stdout >&2
	sed 's/^/  stderr: /' stderr >&2
	exit 1
}
# run STATUS ARGUMENT...
run() {
	local wanted=$1 status=0
	shift
	"$tool" "$@" >stdout 2>stderr || status=$?
	[ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}
says() { grep -qF -- "$1" stderr || fail "\"$1\" is not said"; }
tells() { grep -qF -- "$1" stdout || fail "\"$1\" is not told"; }
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
# compile FILE OPTION...: another module, as the build leaves it
compile() {
	local file=$1
	shift
	gcc -g -c -O1 -fno-pie -mcmodel=kernel "$@" -o "$file" "$here/module.c"
}
# finished FILE OPTION...: the same with its digest
finished() { compile "$@" && "$here/digest.py" "$1"; }
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
"$here/prepare.sh"

# the stand-in for system calls: records the call, then does what `answer` says
cat >root/kernel <<'END'
#!/bin/bash
echo "$*" >>"$PLUGSCHED_ROOT/../calls"
case $1 in
finit_module) cp "$2" "$PLUGSCHED_ROOT/image" ;;
esac
[ ! -e "$PLUGSCHED_ROOT/../answer" ] || . "$PLUGSCHED_ROOT/../answer"
END
chmod +x root/kernel

# options
run 0 --help
run 0 --version
grep -qxE 'plugsched [0-9]+\.[0-9]+\.[0-9]+' stdout || fail 'odd version'
for name in load unload status check anchor build; do
	run 0 "$name" --help
	tells "plugsched $name"
	misused "$name" --no-such-option
	misused "$name" a b
done
for name in load check anchor build; do
	misused "$name"
	misused "$name" ''
done
misused
misused replace
misused --no-such-option
misused build -j0 .
misused build -jx .
misused unload --json
misused anchor good.ko
misused build --sign key .

# a module that fits
run 0 check good.ko
[ ! -s stderr ] || fail 'something on stderr'
tells 'good.ko fits the running kernel, replaces 2 functions'

# anchoring
cp plain.ko anchored.ko
run 0 anchor --vmlinux=vmlinux anchored.ko
[ "$(cat stdout)" = 'anchored.ko: 3 symbols anchored to exported, 1 absolute, 4 left to the kernel' ] || fail 'other counts'
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
symbol plugsched_0102030405060708090a0b0c0d0e0f1011121314 '0000000000000000 GLOBAL UND'
symbol absent '0000000000000000 WEAK UND'
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
tells '0 symbols anchored, 0 absolute, 4 left to the kernel'
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
refuses 'it is no file' root
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
with sys/kernel/plugsched/state 'enabled\n' 'already loaded'
with sys/kernel/plugsched/state 'disabled\n' 'plugsched unload'
echo changing >root/sys/kernel/plugsched/state
run 1 check good.ko
says 'being changed'
run 1 load --wait=0 good.ko
says "somebody's order to /sys/kernel/plugsched/enable is being carried out; try again"
run 1 load --wait=1 good.ko
says "plugsched: waiting: somebody's order to"
says 'is being carried out, for 1 s by now'
[ ! -e calls ] || fail 'the kernel was called'
rm root/sys/kernel/plugsched/state
with sys/kernel/plugsched/state 'odd\n' 'cannot be read'
rmdir root/sys/kernel/plugsched

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

# the kernel rejects the module: shows the new lines of its log
echo '6,1,1,-;scheduler: an old line' >root/dev/kmsg
cat >answer <<'END'
printf '4,2,9,-;scheduler: Unknown symbol x (err -2)\n SUBSYSTEM=plugsched\n6,3,9,-;eth0: link up\n' >>"$PLUGSCHED_ROOT/dev/kmsg"
exit 8
END
run 1 load good.ko
says 'the kernel did not take the module: Exec format error'
says '  scheduler: Unknown symbol x (err -2)'
[ "$(wc -l <stderr)" = 2 ] || fail 'other lines of the log'
grep -q '^finit_module ' calls || fail 'the kernel was not called'
cmp -s root/image good.ko || fail 'the kernel got another file'
gzip -kc good.ko >packed.ko
run 1 load packed.ko
grep -q '^init_module ' calls || fail 'the kernel got a compressed file'
cmp -s root/image good.ko || fail 'the kernel got another image'
# a module built for tests says so
finished tests.ko -DTESTS
run 0 check tests.ko
tells 'replaces 2 functions; it is built for tests'
run 1 load tests.ko
says 'plugsched: tests.ko is built for tests, which can make its steps fail'

# another module came first: it is still there, it is gone again, or there is one each time we look
cat >answer <<'END'
mkdir "$PLUGSCHED_ROOT/sys/kernel/plugsched"
echo enabled >"$PLUGSCHED_ROOT/sys/kernel/plugsched/state"
exit 17
END
run 1 load good.ko
says 'already loaded: the scheduler is replaced'
rm -r root/sys/kernel/plugsched
echo 'exit 16' >answer
rm calls
run 1 load good.ko
says 'the kernel did not take the module: Device or resource busy'
[ "$(grep -c '^finit_module ' calls)" -gt 1 ] || fail 'not tried again'

# the kernel accepts the module. module STATE: makes init_module's answer show a module in that
# state, and delete_module's remove it
module() {
	cat >answer <<'END'
folder=$PLUGSCHED_ROOT/sys/kernel/plugsched
if [ "$1" = delete_module ]; then
	[ "$2" = scheduler ] || exit 2
	[ ! -e "$folder/busy" ] || { rm "$folder/busy"; exit 11; }
	rm -rf "$folder"
	exit 0
fi
mkdir "$folder"
cd "$folder"
END
	cat >>answer <<END
echo $1 >state
END
	cat >>answer <<'END'
echo 0102030405060708090a0b0c0d0e0f1011121314 >build_id
echo 0.1.0 >version
: >enable >error >in_the_way
echo 2345678 >total_ns
echo 987654 >standstill_ns
echo 654321 >stop_ns
echo 2 >attempts
echo 77 >tasks
echo 12 >tasks_active
echo 1 >retries
END
}
module enabled
rm calls
run 0 load good.ko
[ "$(cat stdout)" = 'loaded in 2.3 ms: the machine stood still for 988 us in 2 attempts, 12 tasks looked at meanwhile, 77 walked before, 1 retries' ] ||
	fail 'other figures'
[ ! -s stderr ] || fail 'something on stderr'
[ "$(cat root/sys/kernel/plugsched/enable)" = 1 ] || fail 'not enabled'
run 1 load good.ko
says 'already loaded'
[ "$(wc -l <calls)" = 1 ] || fail 'other calls'

run 0 status
tells 'the scheduler is replaced'
tells 'version: 0.1.0'
tells '2345.7 us'
run 0 status --json
[ "$(jq -c '[.state, .version, .build_id, .total_ns, .tasks_active, .error]' stdout)" = \
	'["enabled","0.1.0","0102030405060708090a0b0c0d0e0f1011121314",2345678,12,null]' ] || fail 'odd JSON'

: >root/sys/kernel/plugsched/fault
run 0 status
tells 'built for tests'
run 0 status --json
[ "$(jq .tests stdout)" = true ] || fail 'odd JSON'
rm root/sys/kernel/plugsched/fault

# the module stays if the scheduler cannot be switched back
ln -sf /dev/full root/sys/kernel/plugsched/enable
run 1 unload
says "the module's goes on: No space left on device"
echo 'a task sleeps in a function of the module' >root/sys/kernel/plugsched/error
echo 'kworker:12 in schedule+0x10' >root/sys/kernel/plugsched/in_the_way
run 1 unload
says "the module's goes on: a task sleeps in a function of the module; in the way: kworker:12 in schedule+0x10"
[ "$(wc -l <calls)" = 1 ] || fail 'removed though it is enabled'
run 0 status
tells 'in_the_way: kworker:12'

# and is removed otherwise, at the second attempt
rm root/sys/kernel/plugsched/enable
: >root/sys/kernel/plugsched/enable
: >root/sys/kernel/plugsched/busy
run 0 unload
tells 'unloaded in 2.3 ms: the machine stood still for 988 us in 2 attempts'
[ "$(grep -c '^delete_module scheduler$' calls)" = 2 ] || fail 'not tried twice'
run 1 unload
says 'no replaced scheduler is loaded'
run 0 status
tells 'no replaced scheduler is loaded'
run 0 status --json
[ "$(cat stdout)" = '{"state":"none"}' ] || fail 'odd JSON'

# enabling fails: the module is removed again
module disabled
sed -i 's|^: >enable.*|ln -s /dev/full enable; echo "CPU 3 did not stop" >error; : >in_the_way|' answer
run 1 load good.ko
says 'the scheduler was not replaced: CPU 3 did not stop'
[ ! -e root/sys/kernel/plugsched ] || fail 'the module stayed'

# somebody else is first with the order: the module stays, as it is that one's
echo 'echo changing >state' >>answer
run 1 load good.ko
says 'already loaded, and the scheduler is being changed just now'
[ -e root/sys/kernel/plugsched ] || fail "somebody else's module was removed"
rm -r root/sys/kernel/plugsched
sed -i '$d' answer

# the same if the user interrupts; here the write waits for the reader of a pipe
sed -i 's|^ln -s /dev/full enable.*|mkfifo enable; : >error >in_the_way|' answer
# PROCESS
is_waiting() { [ -p root/sys/kernel/plugsched/enable ] && ! pgrep -P "$1" >/dev/null && grep -q ') S ' "/proc/$1/stat"; }
interrupted() { # SIGNAL STATUS: ends a load that waits like this with the signal
	"$tool" load good.ko >stdout 2>stderr &
	local loader=$! status=0
	until is_waiting $loader; do
		kill -0 $loader || fail 'the load did not wait'
		sleep 0.02
	done
	kill -s "$1" $loader
	wait $loader || status=$?
	[ "$status" = "$2" ] || fail "exit status $status instead of $2"
}
for name in INT TERM; do
	interrupted "$name" 1
	says 'the scheduler was not replaced: interrupted'
	[ ! -e root/sys/kernel/plugsched ] || fail 'the module stayed'
done

# a loader that was killed leaves a disabled module
interrupted KILL 137
run 1 load good.ko
says 'a disabled scheduler module is there'
says 'plugsched unload'
run 0 status
tells 'disabled'
run 0 unload
tells 'unloaded'
[ ! -e root/sys/kernel/plugsched ] || fail 'the module stayed'

# a module that the kernel refuses to remove
module disabled
run 0 load --verbose good.ko
says 'fits the running kernel'
says 'total_ns'
echo 'exit 16' >answer
run 1 unload
says 'the kernel did not remove it: Device or resource busy'
echo changing >root/sys/kernel/plugsched/state
run 1 unload --wait=0
says 'is being carried out; try again'
echo odd >root/sys/kernel/plugsched/state
run 1 unload
run 1 status
says 'cannot be read'

# an answer that cannot be written is no success
rm -r root/sys/kernel/plugsched
"$tool" status >/dev/full 2>stderr && fail 'lost output is not noticed'
says 'cannot be written'
echo 'plugsched/cli: all as it should be' >&2
