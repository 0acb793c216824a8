# SPDX-License-Identifier: GPL-2.0-only
# In the guest, on a kernel that may lack what the other scripts need: the module loads, work
# continues in it, and it unloads.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

for number in 1 2 3; do
	hackbench -g 2 -l 100 >/dev/null &
	work=$!
	holds "load $number" plugsched load /stripped.ko
	same 'state' enabled "$(value state)"
	holds 'work that was there goes on' wait $work
	holds 'new work is done' sh -c 'hackbench -g 1 -l 50 >/dev/null'
	holds 'realtime work, too' sh -c '/bin/chrt -f 1 hackbench -g 1 -l 5 >/dev/null'
	hackbench -g 2 -l 100 >/dev/null &
	work=$!
	holds "unload $number" plugsched unload
	holds 'work that was there goes on' wait $work
	holds 'nothing is left' none_is_loaded
done
finish
