#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots a built kernel tree in QEMU with a file system made by root.sh. The
# console is on standard output.
#
#   boot.sh [-c CPUS] [-m MEGABYTES] [-a "kernel arguments"] [-t SECONDS] [-q "QEMU arguments"] \
#           TREE ROOT.cpio.gz
#
# The exit status is that of /run in the guest, or 1 if the kernel has complained; 124 if it took
# too long; 125 if /run did not finish or the kernel panicked. SECONDS only guard against hangs. The
# kernel's log has room for everything that a night of cycles prints. One thread runs all CPUs: with
# more, QEMU 7.2 can deliver a breakpoint of text_poke() after it was removed.
set -euo pipefail

cpus=4 memory=1024 arguments='' seconds=3000 extra=()
while getopts c:m:a:t:q: option; do
	case $option in
	c) cpus=$OPTARG ;;
	m) memory=$OPTARG ;;
	a) arguments=$OPTARG ;;
	t) seconds=$OPTARG ;;
	q) read -ra extra <<<"$OPTARG" ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# = 2 ] || { echo "usage: boot.sh [OPTION]... TREE ROOT.cpio.gz" >&2; exit 2; }

# The emulator runs all CPUs on one real CPU, so each is very slow: with function_graph on, the
# kernel's own load_module() occupies a CPU for more than the usual 22 s. Three times that is still
# short enough to notice hangs.
patience='watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=60'
# A busy host makes the kernel take its TSC for unstable. If a CPU comes online in that moment, it can
# wait for ever: check_tsc_sync_target() has begun, and check_tsc_sync_source() returns at once
# because the TSC is unstable. All emulated CPUs have one TSC, so neither check is needed.
clock=tsc=reliable

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
timeout --foreground -k 5 "$seconds" qemu-system-x86_64 -accel tcg,thread=single -cpu max,vendor=GenuineIntel -smp "$cpus" -m "$memory" \
	-display none -serial stdio -monitor none -no-reboot -nic none -kernel "$1/arch/x86/boot/bzImage" -initrd "$2" "${extra[@]}" \
	-append "console=ttyS0 quiet panic=-1 log_buf_len=4M no_timer_check $clock $patience $arguments" </dev/null 2>&1 | stdbuf -oL tr -d '\r' | tee "$log" || status=${PIPESTATUS[0]}
case $status in # 137: it was killed because it did not end
124 | 137) echo "boot.sh: the guest took more than $seconds s" >&2; exit 124 ;;
esac
! grep -aq 'Kernel panic' "$log" || { echo "boot.sh: the guest's kernel panicked" >&2; exit 125; }
ended=$(grep -ao 'guest-status [0-9]*' "$log" | tail -n 1)
[ -n "$ended" ] || { echo "boot.sh: the guest did not come to its end" >&2; exit 125; }
exit "${ended#* }"
