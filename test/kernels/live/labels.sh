# SPDX-License-Identifier: GPL-2.0-only
# In the guest: jump labels under the module's jumps. Their keys are set while the module is loaded
# and while it is not. When it has gone, each label is as its key says. Otherwise the kernel meets a
# BUG() when it changes the key the next time, which is done here, too.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

address_of() { sed -n "s/^\([0-9a-f]*\) . $1\$/0x\1/p" /proc/kallsyms | head -n 1; } # SYMBOL
LABELS=/sys/module/labels/parameters
held() { cat $LABELS/held; }
are_right() { same "$1: labels that are not as their key says" 0 "$(cat $LABELS/wrong)"; } # WHEN
set_key() { echo "$1" >$LABELS/set; } # 0 or 1

# Keys of which nothing depends on this machine: core scheduling without a cookie, no CPU is set
# apart, all CPUs are alike.
keys=
for name in __sched_core_enabled housekeeping_overridden sched_asym_cpucapacity; do
	[ -z "$(address_of $name)" ] || keys="$keys $name"
done
holds "some of the keys are there:$keys" [ -n "$keys" ]
insmod /labels.ko start="$(address_of __start___jump_table)" stop="$(address_of __stop___jump_table)" || wrong 'no module labels'
before=$(held)
are_right 'before'

for name in $keys; do
	address_of "$name" >$LABELS/key
	for at_load in 0 1; do
		for at_unload in 0 1; do
			case="$name is $at_load, then $at_unload"
			set_key $at_load
			plugsched load /stripped.ko >/dev/null || wrong "$case: load"
			holds "$case: the kernel leaves labels alone, $(held) and not $before" [ "$(held)" -gt "$before" ]
			set_key $at_unload
			are_right "$case, loaded"
			hackbench -g 1 -l 20 >/dev/null || wrong "$case: hackbench"
			plugsched unload >/dev/null || wrong "$case: unload"
			same "$case: labels that the kernel leaves alone" "$before" "$(held)"
			are_right "$case, unloaded"
			set_key $((1 - at_unload))
			hackbench -g 1 -l 20 >/dev/null || wrong "$case: hackbench at last"
			set_key 0
			are_right "$case, at last"
		done
	done
done
finish
