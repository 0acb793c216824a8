# SPDX-License-Identifier: GPL-2.0-only
# In the guest: what the command refuses before anything is changed, and what the kernel's side
# refuses by itself.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

untouched() {
	holds "$1: nothing is loaded" none_is_loaded
	holds "$1: work goes on" sh -c 'hackbench -g 1 -l 5 >/dev/null'
}

refused 'build-id' plugsched load /foreign.ko
refused 'build-id' plugsched check /foreign.ko
head -c 100000 /scheduler.ko >/tmp/cut.ko
refused 'truncated' plugsched load /tmp/cut.ko
{ head -c 70000 /scheduler.ko; printf X; tail -c +70002 /scheduler.ko; } >/tmp/tampered.ko
cp /plugsched.ko /tmp/
refused 'the digest does not fit' plugsched load /tmp/tampered.ko
mkdir /tmp/alone
cp /stripped.ko /tmp/alone/
refused '/tmp/alone/plugsched.ko is missing' plugsched load /tmp/alone/stripped.ko
refused 'root' /bin/setpriv --reuid=1000 --clear-groups plugsched load /scheduler.ko
refused 'root' /bin/setpriv --reuid=1000 --clear-groups plugsched check /scheduler.ko
refused '' plugsched load /no/such/file.ko
refused '' plugsched unload
untouched 'bad modules'

# by ordinary commands: without the core of this kernel the kernel refuses the scheduler while it
# looks up symbols, and a core of another kernel refuses itself
insmod /scheduler.ko 2>/dev/null && wrong 'a scheduler came without the core'
holds "the kernel says: $(dmesg | tail -n 1)" sh -c 'dmesg | tail -n 1 | grep -q "scheduler: Unknown symbol plugsched_[0-9]*_[0-9a-f]* "'
insmod /foreign-core.ko 2>/dev/null && wrong "another kernel's core came"
holds "the core says: $(dmesg | tail -n 1)" sh -c 'dmesg | tail -n 1 | grep -q "made for the kernel with build-id .* not the running one"'
untouched 'insmod'

# nobody shows the command an address, and it needs none
echo 2 >/proc/sys/kernel/kptr_restrict
holds 'load with kptr_restrict=2' plugsched load /scheduler.ko
holds 'unload' plugsched unload
echo 0 >/proc/sys/kernel/kptr_restrict
holds 'the core stays' grep -q '^plugsched .* 0 ' /proc/modules
rmmod plugsched || wrong 'the core does not go'

# installed as other modules are, one of them compressed: modprobe brings the core, too
folder=/lib/modules/$(uname -r)
mkdir -p "$folder"
gzip -c /plugsched.ko >"$folder/plugsched.ko.gz"
cp /stripped.ko "$folder/scheduler.ko"
depmod || wrong 'depmod'
holds 'modprobe' modprobe scheduler
echo scheduler >/sys/kernel/plugsched/scheduler || wrong "enable: $(value error)"
same 'state' enabled "$(value state)"
echo vmlinux >/sys/kernel/plugsched/scheduler || wrong "disable: $(value error)"
holds 'modprobe takes them out again' modprobe -r scheduler
needs_core

# rivals, found by the command
patch() { # [PARAMETER]: a live patch, until it is in place
	insmod /patch.ko "$@" || wrong 'the live patch does not come'
	await 'the live patch is in place' grep -qx 0 /sys/kernel/livepatch/patch/transition
}
unpatch() { # [NAME]
	echo 0 >/sys/kernel/livepatch/"${1-patch}"/enabled
	await 'the live patch is out of place' is_gone /sys/kernel/livepatch/"${1-patch}"
	rmmod "${1-patch}" || wrong 'the live patch does not go'
}
patch
refused 'nr_iowait' plugsched check /scheduler.ko
refused 'nr_iowait' plugsched load /scheduler.ko
untouched 'a live patch'

# the same, found by the kernel's side
insmod /scheduler.ko || wrong 'the module is not taken'
echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'enabled over a live patch'
holds "refused: $(value error)" grep -q 'nr_iowait.*live patch' /sys/kernel/plugsched/error
same 'state' disabled "$(value state)"

# a root user who may not load modules may not activate the code of one
powerless() { /bin/setpriv --bounding-set=-sys_module "$@"; }
before=$(value error)
powerless sh -c 'echo scheduler >/sys/kernel/plugsched/scheduler' 2>/tmp/said && wrong 'enabled without CAP_SYS_MODULE'
holds "refused: $(cat /tmp/said)" grep -q 'not permitted' /tmp/said
same 'and the order is none' "$before" "$(value error)"
refused 'CAP_SYS_MODULE' powerless plugsched load /scheduler.ko
unpatch

# a live patch of a class's method, for which the module has no jump
patch name=get_rr_interval_fair
echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'enabled over a live patch of a method'
holds "refused: $(value error)" grep -q 'get_rr_interval_fair.*live patch' /sys/kernel/plugsched/error
unpatch

jump_of() { echo "$1+$(sed -n "s/^$1 //p" /jumps)"; }

# a stack of which the unwinder does not see the beginning: in the way if an address of the
# scheduler is further up, else not
begin=$(sed -n 's/ T ret_from_fork_asm$//p' /proc/kallsyms)
[ "$begin" ] || begin=$(sed -n 's/ T ret_from_fork$//p' /proc/kallsyms)
above=$(sed -n 's/ T resched_curr$//p' /proc/kallsyms)
insmod /deadend.ko place="0x$begin" above="0x$above" || wrong 'no dead end'
echo 2 >/sys/module/plugsched/parameters/retries
echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'enabled over half a stack'
holds "refused: $(value error)" grep -q 'deadend:.*cannot be walked reliably past deadend_wait.*, called by ret_from_fork.*, maybe in resched_curr' /sys/kernel/plugsched/error
same 'state' disabled "$(value state)"
rmmod deadend
insmod /deadend.ko place="0x$begin" || wrong 'no dead end'
echo 200 >/sys/module/plugsched/parameters/retries
echo scheduler >/sys/kernel/plugsched/scheduler || wrong "a dead end with nothing above it: $(value error)"
echo vmlinux >/sys/kernel/plugsched/scheduler || wrong "a dead end with nothing above it: $(value error)"
rmmod deadend

# kprobes: one at the place of a jump is in the way, one at a function's entry is not
insmod /probe.ko places="$(jump_of resched_curr)"
echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'enabled over a kprobe'
holds "refused: $(value error)" grep -q 'resched_curr.*kprobe' /sys/kernel/plugsched/error
rmmod probe
# an optimised kprobe, which is a jump
insmod /probe.ko places="$(jump_of nr_iowait)"
await 'the kprobe is optimised' grep -q 'nr_iowait.*OPTIMIZED' /sys/kernel/debug/kprobes/list
echo scheduler 2>/dev/null >/sys/kernel/plugsched/scheduler && wrong 'enabled over an optimised kprobe'
holds "refused: $(value error)" grep -q 'nr_iowait.*kprobe' /sys/kernel/plugsched/error
holds 'the module goes' rmmod scheduler
refused 'nr_iowait' plugsched check /scheduler.ko
refused 'nr_iowait' plugsched load /scheduler.ko
rmmod probe
untouched 'a kprobe'

# a return probe on a function that a switch of tasks leaves by a jump
insmod /scheduler.ko || wrong 'the module is not taken'
for name in __schedule.plugsched plugsched_switch_to; do
	for kind in p r; do
		echo "$kind:mine scheduler:$name" 2>/dev/null >/sys/kernel/tracing/kprobe_events && wrong "a probe on the module's $name"
	done
done
echo 'r:mine scheduler:try_to_wake_up.plugsched' >/sys/kernel/tracing/kprobe_events || wrong 'no return probe on another function'
echo >/sys/kernel/tracing/kprobe_events
rmmod scheduler || wrong 'the module does not go'

insmod /probe.ko places=resched_curr+0
holds 'a kprobe at an entry is not in the way' plugsched load /scheduler.ko
hackbench -g 1 -l 20 >/dev/null
holds 'and still counts' [ "$(sed -n 's/.* //p' /sys/module/probe/parameters/counts)" -gt 0 ]
holds 'unload' plugsched unload
rmmod probe

holds 'load' plugsched load /scheduler.ko
refused 'CAP_SYS_MODULE' powerless plugsched unload
same 'state' enabled "$(value state)"
holds 'unload' plugsched unload

# a live patch that comes while the module is active: refused if it is of what the module replaces
holds 'load' plugsched load /scheduler.ko
insmod /patch.ko 2>/dev/null && wrong 'a live patch came that calls within the module would miss'
holds "refused: $(dmesg | grep 'plugsched: the live patch' | tail -n 1)" sh -c 'dmesg | grep -q "live patch patch is refused: it has the name of nr_iowait"'
insmod /otherpatch.ko || wrong 'a live patch of something else is refused'
await 'it is in place' grep -qx 0 /sys/kernel/livepatch/otherpatch/transition
unpatch otherpatch
# one that makes the name up in its init gets through, and is reported
insmod /otherpatch.ko name=nr_iowait || wrong 'the live patch is refused'
holds "reported: $(dmesg | grep 'plugsched: the live patch' | tail -n 1)" sh -c 'dmesg | grep -q "live patch otherpatch has patched nr_iowait"'
unpatch otherpatch
holds 'unload' plugsched unload
patch
unpatch

# a kprobe that comes while the module is active: switching back is refused until it is gone
holds 'load' plugsched load /scheduler.ko
insmod /probe.ko places="$(jump_of resched_curr)"
refused 'resched_curr' plugsched unload
same 'state' enabled "$(value state)"
rmmod probe
holds 'unload' plugsched unload
finish
