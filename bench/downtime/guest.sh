# SPDX-License-Identifier: GPL-2.0-only
# In the guest: guest.sh MODULE.ko REPETITIONS ACTIVE COUNTS GROUPS
#
# Replaces the scheduler and restores it among COUNTS sleeping threads, with GROUPS cgroups that have a
# quota and no tasks (both lists with commas), with each way to check stacks
# in turn. A line "row" has the figures of the stop that succeeded; run.py knows the columns.
# shellcheck shell=dash

module=$1 repetitions=$2 active=$3 counts=$4 groups=$5
figures='gather_ns check_ns clear_ns redirect_ns rebuild_ns stop_ns standstill_ns prewalk_ns total_ns tasks tasks_active tasks_queued attempts retries'
folder=/sys/kernel/plugsched
parameters=/sys/module/plugsched/parameters

fail() { echo "WRONG $*"; exit 1; }

# WAY ORDER (0: to vmlinux's scheduler, 1: to the module's, 2: to the second module's): gives the order
# until it succeeds, because a busy scheduler refuses now and then
order() {
	echo "$1" >$parameters/check_way
	case $2 in 0) name=vmlinux ;; 1) name=scheduler ;; 2) name=second ;; esac
	for try in 1 2 3 4 5; do
		echo "$name" >$folder/scheduler && return 0
		echo "refused, time $try: $(cat $folder/error)"
	done 2>/dev/null
	fail "the order $2 was refused $try times"
}

# COUNT WAY ORDER
row() {
	line="row $made $1 $2 $3"
	for figure in $figures; do line="$line $(cat $folder/"$figure")"; done
	echo "$line $(cat $parameters/call_ns) $(tr , ' ' <$parameters/longest) $(tr , ' ' <$parameters/sum)"
}

measure() { # COUNT
	for way in 0 1 2; do
		for order in 0 1 2; do
			order "$way" "$order"
			row "$1" "$way" "$order"
		done
	done
}

among() { # COUNT
	/bin/sleepers "$1" "$active" >/tmp/said 2>&1 &
	while ! grep -q active /tmp/said; do
		kill -0 $! 2>/dev/null || fail "sleepers: $(cat /tmp/said)"
		sleep 0.1
	done
	cat /tmp/said
	repetition=0
	while [ $((repetition += 1)) -le "$repetitions" ]; do measure "$1"; done
	kill $!
	wait $!
	sleep 1 # until the last of them have ended
}

echo 32768 >/proc/sys/kernel/pid_max # the largest value that every kernel accepts
echo 32768 >/proc/sys/kernel/threads-max
renice -n -20 $$ >/dev/null
plugsched load "$module" || fail 'the module cannot be loaded'
insmod /second.ko || fail 'the second module cannot be inserted'
mount -t cgroup2 cgroup /sys/fs/cgroup
echo +cpu >/sys/fs/cgroup/cgroup.subtree_control
made=0
for wanted in $(echo "$groups" | tr , ' '); do
	while [ $made -lt "$wanted" ]; do
		made=$((made + 1))
		mkdir /sys/fs/cgroup/g$made || fail "cgroup $made"
		echo "50000 100000" >/sys/fs/cgroup/g$made/cpu.max || fail "the quota of cgroup $made"
	done
	for count in $(echo "$counts" | tr , ' '); do among "$count"; done
done
plugsched unload || fail 'the module cannot be unloaded'
echo complete
