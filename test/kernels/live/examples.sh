# SPDX-License-Identifier: GPL-2.0-only
# In the guest: what the READMEs of the examples say.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

features=/sys/kernel/debug/sched/features
counted() { sed -n '1s/^wakeups counted: //p' /sys/kernel/debug/sched/debug; }

echo NO_START_DEBIT >$features
cp $features /tmp/before
holds 'load wakeup-count' plugsched load /wakeup-count.ko
holds 'the new feature is off' grep -q ' NO_WAKEUP_COUNT' $features
hackbench -g 1 -l 20 >/dev/null
same 'wakeups counted while it is off' 0 "$(counted)"
echo WAKEUP_COUNT >$features
echo NO_LAST_BUDDY >$features
hackbench -g 1 -l 20 >/dev/null
holds "wakeups counted: $(counted)" [ "$(counted)" -gt 100 ]
holds 'a feature switched before is as it was' grep -q NO_START_DEBIT $features
echo NO_WAKEUP_COUNT >$features
hackbench -g 1 -l 5 >/dev/null
counted=$(counted)
hackbench -g 1 -l 5 >/dev/null
same 'wakeups counted after it is off' "$counted" "$(counted)"
holds 'unload' plugsched unload
same 'features' "$(sed 's/ LAST_BUDDY/ NO_LAST_BUDDY/' /tmp/before)" "$(cat $features)"
same 'the counter is gone' '' "$(counted)"

before=$(sh /switches.sh)
holds 'load batch-slices' plugsched load /batch-slices.ko
loaded=$(sh /switches.sh)
holds 'unload' plugsched unload
after=$(sh /switches.sh)
holds "involuntary switches a second of batch work: $before, with the module $loaded" [ $((loaded * 2)) -lt "$before" ]
holds "and after it: $after" [ $((loaded * 2)) -lt "$after" ]
finish
