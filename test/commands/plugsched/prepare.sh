#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Makes, in the current folder, the files for the tests of the command: good.ko, which fits the
# false kernel below root/.
set -euo pipefail
here=$(realpath "$(dirname "$0")")

gcc -g -c -O1 -fno-pie -mcmodel=kernel -o plain.ko "$here/module.c"
cp plain.ko good.ko
"$here/seal.sh" good.ko

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
printf 'ext4 1 0 - Live 0x0000000000000000\nscheduler_other 1 0 - Live 0x0000000000000000\n' >root/proc/modules
printf 'ffffffff81088da0  k  resched_curr+0x0    [FTRACE]\nffffffff81088db0  k  elsewhere+0x5    [OPTIMIZED]\n' \
	>root/sys/kernel/debug/kprobes/list
cat >root/proc/kallsyms <<'END'
0000000000000000 A fixed_percpu_data
0000000000021440 A per_cpu_thing
ffffffff81000300 t twin
ffffffff81000100 t twin
ffffffff81000200 T plain_function
ffffffff81000200 T plain_function
ffffffff81000400 t odd.part.0
ffffffff81000500 t several
ffffffff81000600 t several
ffffffffc0000000 t plain_function	[ext4]
ffffffffc0000100 t only_in_a_module	[ext4]
END
: >root/dev/kmsg
