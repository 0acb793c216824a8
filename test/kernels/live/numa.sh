# SPDX-License-Identifier: GPL-2.0-only
# In a guest with two NUMA nodes: the CPUs of one node go offline and online while the module is
# active, so its code rebuilds the scheduling domains. The domains' names must not be in the module:
# the files are read again after the module and its memory are gone.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

names() { cat /sys/kernel/debug/sched/domains/cpu*/domain*/name | sort | uniq -c | tr -s ' \n' ' '; }
online() { # 0 or 1: for the second node's CPUs
	for cpu in /sys/devices/system/cpu/cpu[23]/online; do echo "$1" >"$cpu"; done
}

holds 'there are two nodes' [ -d /sys/devices/system/node/node1 ]
echo Y >/sys/kernel/debug/sched/verbose # later kernels show domains only with this
before=$(names)
holds "a domain of several nodes has a name: $before" grep -q NUMA /sys/kernel/debug/sched/domains/cpu0/domain*/name
holds 'load' plugsched load /stripped.ko
online 0
same 'half the CPUs are online' 0-1 "$(cat /sys/devices/system/cpu/online)"
online 1
same 'all CPUs are online' 0-3 "$(cat /sys/devices/system/cpu/online)"
same 'names while loaded' "$before" "$(names)"
holds 'unload' plugsched unload
same 'names afterwards' "$before" "$(names)"
finish
