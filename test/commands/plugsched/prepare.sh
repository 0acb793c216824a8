#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Makes, in the current folder, the files for the tests of the command: good.ko, which fits the
# false kernel below root/, second.ko, which is the same under another name, their core plugsched.ko,
# and that kernel's vmlinux. The false kernel has the core, but no scheduler's module. kernel.sh acts
# for it.
set -euo pipefail
here=$(realpath "$(dirname "$0")")

# FILE OPTION...
compile() { gcc -g -c -O1 -fno-pie -mcmodel=kernel -o "$@" "$here/module.c"; }
compile plain.ko
cp plain.ko good.ko
compile second.ko '-DNAME="second"'
compile plugsched.ko -DCORE
"$here/digest.py" good.ko second.ko plugsched.ko

# symbols NAME=PLACE...: options for objcopy
symbols() { printf -- '--add-symbol %s,global\n' "$@"; }
functions=(--add-symbol 'taken.part.0=.text:0x0900,function,local' --add-symbol 'variable=.text:0x0908,object,local')
# kernel FILE BUILD-ID SYMBOL...: a vmlinux that has no more than symbols
kernel() {
	local file=$1 id=$2
	shift 2
	gcc -c -x assembler -o empty.o /dev/null
	printf 'SECTIONS { .note.gnu.build-id : { *(.note.gnu.build-id) } .text 0xffffffff81000000 : { BYTE(0) . = . + 0x1000; } }\n' >kernel.ld
	ld -static -T kernel.ld "--build-id=$id" -o "$file" empty.o
	# shellcheck disable=SC2046 # an option and its value
	objcopy $(symbols "$@") "${functions[@]}" "$file"
}
twins=(twin=.text:0x0300 twin=.text:0x0100 doubled=.text:0x0780 doubled=.text:0x0700)
all=(_text=.text:0x0000 _end=.text:0x1000 per_cpu_thing=0x21440 plain_function=.text:0x0200 "${twins[@]}"
	odd.part.0=.text:0x0400 several=.text:0x0500 exported=.text:0x0700 __ksymtab_exported=.text:0x0800
	__ksymtab_several=.text:0x0810)
kernel vmlinux 0x0102030405060708090a0b0c0d0e0f1011121314 "${all[@]}"
kernel three 0x0102030405060708090a0b0c0d0e0f1011121314 "${all[@]}" twin=.text:0x0100
kernel other 0x9902030405060708090a0b0c0d0e0f1011121314 "${all[@]}"
kernel unnamed none "${all[@]}"

mkdir -p "root/sys/kernel/livepatch/other/vmlinux/elsewhere,1" root/sys/kernel/{debug/kprobes,security} root/sys/module/module/parameters \
	root/proc/{sys/kernel,self} root/dev
# the notes of a kernel: first another note, whose name and contents are not of whole words
{
	printf '\x06\0\0\0\x01\0\0\0\x01\1\0\0Linux\0\0\0\0\0\0\0'
	printf '\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0'
	printf '\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14'
} >root/sys/kernel/notes
printf 'Name:\tplugsched\nCapInh:\t0000000000000000\nCapEff:\t000001ffffffffff\n' >root/proc/self/status
echo 0 >root/proc/sys/kernel/modules_disabled
echo N >root/sys/module/module/parameters/sig_enforce
echo '[none] integrity confidentiality' >root/sys/kernel/security/lockdown
printf 'ext4 1 0 - Live 0x0\nscheduler_other 1 0 - Live 0x0\n' >root/proc/modules
printf 'ffffffff81088da0  k  resched_curr+0x0    [FTRACE]\nffffffff81088db0  k  elsewhere+0x5    [OPTIMIZED]\n' \
	>root/sys/kernel/debug/kprobes/list
: >root/dev/kmsg
cp "$here/kernel.sh" root/kernel
PLUGSCHED_ROOT=$PWD/root root/kernel finit_module plugsched.ko
rm -f calls root/image
