# SPDX-License-Identifier: GPL-2.0-only
# In the guest, on a kernel that takes signed modules only and is locked down: the signed scheduler
# and core come, work and go, by the command and by hand; the kernel refuses them unsigned or changed.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

holds 'the kernel takes signed modules only' grep -q Y /sys/module/module/parameters/sig_enforce
mount -t securityfs security /sys/kernel/security
holds 'the kernel is locked down' grep -q '\[integrity\]' /sys/kernel/security/lockdown
untouched() { holds "$1: nothing is loaded" none_is_loaded; }

# unsigned: the command says so, and the kernel has the last word
refused 'the kernel loads signed modules only, and this one is not signed' plugsched load /unsigned/scheduler.ko
insmod /unsigned/plugsched.ko 2>/tmp/said && wrong 'the kernel took an unsigned core'
holds "the kernel: $(cat /tmp/said)" grep -q 'Key was rejected' /tmp/said
untouched 'unsigned'

# a byte of the text is another one, and one of the signature
mkdir /tmp/text /tmp/signature
for name in plugsched scheduler; do
	{ head -c 4096 /$name.ko; printf X; tail -c +4098 /$name.ko; } >/tmp/text/$name.ko
	length=$(stat -c %s /$name.ko)
	{ head -c $((length - 100)) /$name.ko; printf X; tail -c 99 /$name.ko; } >/tmp/signature/$name.ko
done
for part in text signature; do
	refused 'the kernel did not take the module' plugsched load /tmp/$part/scheduler.ko
	untouched "a changed $part"
done

for number in 1 2; do
	hackbench -g 2 -l 100 >/dev/null &
	work=$!
	holds "load $number" plugsched load /scheduler.ko
	same 'state' enabled "$(value state)"
	holds 'work that was there goes on' wait $work
	holds 'new work is done' sh -c 'hackbench -g 1 -l 50 >/dev/null'
	holds "unload $number" plugsched unload
done

# by hand, and compressed
insmod /scheduler.ko || wrong 'insmod'
echo scheduler >/sys/kernel/plugsched/scheduler || wrong "enable: $(value error)"
holds 'work is done' sh -c 'hackbench -g 1 -l 50 >/dev/null'
echo vmlinux >/sys/kernel/plugsched/scheduler || wrong "disable: $(value error)"
rmmod scheduler || wrong 'rmmod'
gzip -c /scheduler.ko >/tmp/scheduler.ko.gz
holds 'load of a compressed module' plugsched load /tmp/scheduler.ko.gz
holds 'unload' plugsched unload

# removed by force while it is at work
holds 'load' plugsched load /scheduler.ko
hackbench -g 2 -l 100 >/dev/null &
work=$!
holds 'rmmod -f' rmmod -f scheduler
same "vmlinux's scheduler was put back first" vmlinux "$(value scheduler)"
holds 'the module is gone' none_is_loaded
holds 'work that was there goes on' wait $work
holds 'and load again' plugsched load /scheduler.ko
holds 'unload' plugsched unload
finish
