# SPDX-License-Identifier: GPL-2.0-only
# In the guest: functions that can be replaced only because something was proven of them (a jump label
# lies under the jump, the code waits in a call that is a jump, a clone stands for the function) are
# entered in the module while everything that exercises a scheduler runs. /gained has their names,
# "often", or "rarely" if nothing in this guest makes the kernel call them, and offsets of which one is
# passed each time.
#
#   gained.sh CYCLES
#
# shellcheck shell=dash
cycles=$1
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh
# shellcheck source=test/kernels/live/everything.sh
. /everything.sh

places=$(while read -r name _ offsets; do for offset in $offsets; do echo "$name+$offset"; done; done </gained | tr '\n' , | sed 's/,$//')

# What of the kernel the storm does not use: pressure, and cgroups that come and go
use_more() {
	cat /proc/pressure/cpu /proc/pressure/memory >/dev/null
	mkdir more && echo "some 500000 2000000" >more/cpu.pressure && rmdir more
	echo 3 >/proc/sys/vm/drop_caches
}

# Loads, counts for a while, and unloads.
cycle() {
	order load /stripped.ko || return 1
	insmod /probe.ko of=scheduler: end=.plugsched places="$places" || { dmesg | tail -n 1 >/tmp/order; return 1; }
	use_more
	sleep 0.3
	cat /sys/module/probe/parameters/counts >>/tmp/counts
	rmmod probe && order unload
}

# A probe that is optimised is taken back later than it is removed. If a module with it is unloaded and
# comes back at the same place meanwhile, the kernel warns (reuse_unused_kprobe()).
echo 0 >/proc/sys/debug/kprobes-optimization
begin_everything
i=0
while [ $i -lt "$cycles" ]; do
	i=$((i + 1))
	cycle || { wrong "cycle $i: $(tail -n 1 /tmp/order)"; break; }
	kill -0 $storm || { wrong "cycle $i: the storm is over"; break; }
done
end_everything
same 'cycles done' "$cycles" $i
while read -r name how _; do
	count=$(sed -n "s/^$name+[0-9]* //p" /tmp/counts | awk '{ all += $1 } END { print all + 0 }')
	if [ "$how" = rarely ]; then
		ok "$name was entered $count times, and need not be"
	else
		holds "$name was entered $count times in the module" [ "$count" -gt 0 ]
	fi
done </gained
balance_books
finish
