# SPDX-License-Identifier: GPL-2.0-only
# In the guest: changes every file that an administrator can set, and checks that each keeps its
# value across orders in both directions, also across cancelled attempts; and again for values
# written while the module is active. Sourced by basic.sh. A file that cannot be changed is named,
# and must be one of those known for it.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
[ -n "$COMPLAINT" ] || . /lib.sh # unless the sourcing script has sourced it

debug=/sys/kernel/debug/sched
# only read: written by the kernel, or writing has no use; energy is only for CPUs of several kinds
READ_ONLY='debug flags groups_flags level name cpu.stat cpu.stat.local sched_energy_aware'
# changed by the kernel itself, or not a setting
MOVING='max_newidle_lb_cost cpu.pressure'

is_one_of() { case " $2 " in *" $1 "*) true ;; *) false ;; esac; } # NAME LIST

# All files, one per line. Files from which others are computed come first; of files that exclude
# each other, each group has one.
files() {
	echo $debug/tunable_scaling
	for file in /proc/sys/kernel/sched_* /proc/sys/kernel/numa_balancing* $(find $debug -type f | sort) \
		/sys/fs/cgroup/limited/cpu.* /sys/fs/cgroup/nice/cpu.weight.nice /sys/fs/cgroup/idle/cpu.idle; do
		case $file in */tunable_scaling | */verbose | */limited/cpu.weight.nice | */limited/cpu.idle) continue ;; esac
		# these CPUs have no fair server: lib.sh
		case $file in "$SERVERS"/cpu[23]/*) continue ;; esac
		if [ -f "$file" ] && ! is_one_of "${file##*/}" "$MOVING"; then echo "$file"; fi
	done
}

# Toggles every feature, except those that make the kernel itself complain.
flip_features() {
	tr ' ' '\n' <$debug/features | grep -v -e WARN -e '^$' >/tmp/features
	while read -r feature; do
		case $feature in
		NO_*) echo "${feature#NO_}" >$debug/features ;;
		*) echo "NO_$feature" >$debug/features ;;
		esac
	done </tmp/features
	! tr ' ' '\n' <$debug/features | grep -qxF -f /tmp/features
}

# FILE: changes it; true if it then has another value
change() {
	file=$1
	# not with read, which reads single characters: a sysctl gives no second one
	old=$(cat "$file")
	case ${file##*/} in
	features) flip_features && return 0 || return 1 ;;
	preempt) set -- none voluntary full ;;
	cpu.max) set -- '31000 91000' '32000 92000' ;;
	cpu.uclamp.min) set -- 11.50 12.50 ;;
	cpu.uclamp.max) set -- 88.50 77.50 ;;
	*) case $old in '' | *[!0-9-]*) return 1 ;; *) set -- $((old + 1)) $((old - 1)) ;; esac ;;
	esac
	for wanted; do
		case $file in
		"$SERVERS"/cpu*) cpu=${file#"$SERVERS"/cpu} && while_serving "${cpu%/*}" sh -c "echo '$wanted' 2>/dev/null >'$file'" ;;
		*) echo "$wanted" 2>/dev/null >"$file" ;;
		esac
		[ "$(cat "$file")" = "$old" ] || return 0
	done
	return 1
}

# Changes all files; tries those that fail once more, because some limit each other.
change_all() { # WHEN
	files >/tmp/files
	: >/tmp/failed
	while read -r file; do change "$file" || echo "$file" >>/tmp/failed; done </tmp/files
	changed=$(($(wc -l </tmp/files) - $(wc -l </tmp/failed)))
	while read -r file; do
		if is_one_of "${file##*/}" "$READ_ONLY"; then
			echo "$file" >>/tmp/read-only
		elif change "$file"; then
			changed=$((changed + 1))
		else
			wrong "$1: $file cannot be changed: $(head -n 1 "$file")"
		fi
	done </tmp/failed
	holds "$1: $changed files are changed" [ $changed -gt 50 ]
}

# The current values of all files, and the scheduling class of the tasks.
told() {
	files | while read -r file; do is_one_of "${file##*/}" "$READ_ONLY" || echo "$file"; done | xargs grep -H ''
	for task in $tasks; do
		grep -HE '^(policy|prio|uclamp)' "/proc/$task/sched"
		grep -H Cpus_allowed: "/proc/$task/status"
		grep -H '' "/proc/$task/autogroup"
	done
}

# WHEN: everything is as it was recorded
unchanged() {
	told >/tmp/told
	if cmp -s /tmp/noted /tmp/told; then ok "$1: $(wc -l </tmp/told) values are as they were set"; else
		diff /tmp/noted /tmp/told | sed -n 's/^[-+][^-+]/WRONG &/p'
		wrong "$1: what was set is not kept"
	fi
}

# Some files depend on the number of CPUs and are set again when a CPU goes online or offline, with
# either scheduler: records their values.
reset_by_hotplug() {
	for file in "$debug"/*_ns; do change "$file"; done
	grep '' $debug/*_ns >/tmp/set
	for online in 0 1; do echo $online >/sys/devices/system/cpu/cpu3/online; done
	grep '' $debug/*_ns | grep -vxF -f /tmp/set
}

[ -e /sys/fs/cgroup/cgroup.procs ] || mount -t cgroup2 cgroup /sys/fs/cgroup
echo +cpu >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/limited /sys/fs/cgroup/nice /sys/fs/cgroup/idle
echo Y >$debug/verbose # later kernels show domains only with this
nice -n 7 sh -c 'while :; do :; done' &
tasks=$!
chrt -b 0 taskset 5 sleep 100000 &
tasks="$tasks $!"
chrt -r 7 sleep 100000 &
tasks="$tasks $!"

reset_by_hotplug >/tmp/reset
change_all 'before'
echo "not to be set: $(sed 's,.*/,,' /tmp/read-only | sort -u | tr '\n' ' ')"
told >/tmp/noted
holds 'load' plugsched load /scheduler.ko
unchanged 'loaded'
echo vmlinux >/sys/kernel/plugsched/scheduler
unchanged 'disabled by hand'
[ ! -e /sys/kernel/plugsched/fault ] || echo unknown >/sys/kernel/plugsched/fault
echo scheduler >/sys/kernel/plugsched/scheduler
[ ! -e /sys/kernel/plugsched/fault ] || holds "attempts called off: $(value retries)" [ "$(value retries)" -ge 1 ]
unchanged 'enabled at another attempt'

reset_by_hotplug >/tmp/told
holds 'a CPU that comes and goes sets what it sets without the module' cmp /tmp/reset /tmp/told
change_all 'meanwhile'
told >/tmp/noted
echo N >$debug/verbose
[ ! -e /sys/kernel/plugsched/fault ] || echo unknown >/sys/kernel/plugsched/fault
holds 'unload' plugsched unload
same 'verbose' N "$(cat $debug/verbose)"
echo Y >$debug/verbose
unchanged 'unloaded'
preempted=$(preemption)
# shellcheck disable=SC2086
kill -9 $tasks
