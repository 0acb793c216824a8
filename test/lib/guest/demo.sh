# SPDX-License-Identifier: GPL-2.0-only
# The part of demo.sh that runs in the guest: installs another scheduler while hackbench runs, and
# restores the old one.
# shellcheck shell=dash
dmesg -n 1
shows() { echo; echo "guest# $*"; sh -c "$*" 2>&1; }

shows uname -r
hackbench -g 2 -l 100000 >/dev/null 2>&1 &
sleep 1
shows 'grep -o "BASE_SLICE.*" /sys/kernel/debug/sched/features'
shows plugsched check /scheduler.ko
shows plugsched load /scheduler.ko || exit 1
shows 'grep -o "BASE_SLICE.*" /sys/kernel/debug/sched/features'
shows 'echo WAKEUP_COUNT >/sys/kernel/debug/sched/features; sleep 1; head -n 1 /sys/kernel/debug/sched/debug'
shows plugsched status
shows rmmod scheduler
shows plugsched unload || exit 1
shows 'grep -o "BASE_SLICE.*" /sys/kernel/debug/sched/features'
shows plugsched status
shows 'pidof hackbench | wc -w'
shows '. /kernel.sh; kernel_is_silent && echo "the kernel has complained of nothing"'
killall hackbench 2>/dev/null
exit 0
