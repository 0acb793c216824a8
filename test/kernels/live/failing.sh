# SPDX-License-Identifier: GPL-2.0-only
# In the guest, on a kernel with fault injection: every allocation of a load, of switching to the
# module and of switching back fails once. Each time the active scheduler continues and nothing is
# left behind; once no allocation fails, the order succeeds.
# shellcheck shell=dash
#
#   failing.sh [STEP]     every STEPth allocation of init_module(), and every one of the orders
step=${1:-1}
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

[ -e /proc/self/fail-nth ] || { echo 'this kernel cannot let an allocation fail'; exit 77; }
for what in failslab fail_page_alloc; do
	echo N >/sys/kernel/debug/$what/ignore-gfp-wait
	echo 0 >/sys/kernel/debug/$what/verbose
done
echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
echo 0 >/sys/kernel/debug/fail_page_alloc/min-order

needs_core
storm 100000 600 >/tmp/storm 2>&1 &
storm=$!
renice -n -20 $$ >/dev/null
sleep 1

# loading: either the module is there completely and can be removed, or nothing is left
n=1 failed=0 survived=0
while :; do
	said=$(failing $n /stripped.ko)
	case $said in
	*' ok')
		holds "load, allocation $n failing: it is there" [ "$(value state)" = disabled ] >/tmp/last || cat /tmp/last
		rmmod scheduler || wrong "load, allocation $n failing: it does not go"
		;;
	*) if ! none_is_loaded || grep -q ^scheduler /proc/modules; then wrong "load, allocation $n failing: something is left"; fi ;;
	esac
	case $said in
	'reached ok') survived=$((survived + 1)) ;;
	reached*) failed=$((failed + 1)) ;;
	*) break ;;
	esac
	n=$((n + step))
done
same 'load, no allocation failing' 'beyond ok' "$said"
holds "of $((n - 1)) allocations, one in $step failing: $failed made it fail, $survived did not" [ $failed -gt 5 ]

holds 'the module loads' insmod /stripped.ko
orders() { # DIRECTION STATE-BEFORE
	n=1 failed=0 survived=0 unheard=0
	while :; do
		said=$(failing $n /sys/kernel/plugsched/scheduler "$(name_of "$1")")
		case $said in
		'beyond ok') break ;;
		beyond*) wrong "enable $1, none of $n allocations failing: $said, $(value error)"; break ;;
		'reached ok')
			survived=$((survived + 1))
			name_of $((1 - $1)) >/sys/kernel/plugsched/scheduler || wrong "back: $(value error)"
			;;
		*)
			failed=$((failed + 1))
			# the first allocation is the file's own: if it fails, the order does not arrive
			[ -n "$(value error)" ] || unheard=$((unheard + 1))
			[ "$(value state)" = "$2" ] || wrong "enable $1, allocation $n failing: $(value state)"
			;;
		esac
		n=$((n + 1))
	done
	holds "enable $1, $unheard failed without a reason, at most one may" [ $unheard -le 1 ]
	holds "enable $1, each of $((n - 1)) allocations failing: $failed made it fail, $survived did not" [ $failed -ge 5 ]
}
orders 1 disabled
same 'state' enabled "$(value state)"
orders 0 enabled
same 'state' disabled "$(value state)"
rmmod scheduler
holds 'load' plugsched load /stripped.ko
holds 'unload' plugsched unload
if kill $storm && wait $storm; then ok 'no worker is lost'; else wrong 'storm'; cat /tmp/storm; fi
finish
