#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two runs of plugsched at once, with a false root directory: the second waits for the first and
# says so, or is told not to wait.
#
#   turns.sh TOOL
set -euo pipefail
tool=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'jobs -p | xargs -r kill 2>/dev/null || :; rm -rf "$work"' EXIT
cd "$work"
touch stdout stderr
export PLUGSCHED_ROOT=$work/root
core=$PLUGSCHED_ROOT/sys/kernel/plugsched

fail() {
	echo "FAILED: $*" >&2
	tail -n 20 stdout stderr first second 2>/dev/null >&2
	exit 1
}
# until_ COMMAND...: waits however long it takes; ctest ends the test if it never happens
until_() { until "$@" 2>/dev/null; do sleep 0.02; done; }
# run STATUS ARGUMENT...
run() {
	local wanted=$1 status=0
	shift
	"$tool" "$@" >stdout 2>stderr || status=$?
	[ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}
says() { grep -qF -- "$2" "$1" || fail "\"$2\" is not said in $1"; }
# ends STATUS PROCESS
ends() {
	local status=0
	wait "$2" || status=$?
	[ "$status" = "$1" ] || fail "exit status $status instead of $1"
}

"$here/prepare.sh"
mkdir root/run
# an order waits while `free` is missing, unless the one who gave it is gone
cat >answer <<'END'
if [ "$1" = order ]; then
	: >"$beside/held"
	until [ -e "$beside/free" ]; do
		kill -0 "$PPID" 2>/dev/null || exit 4
		sleep 0.02
	done
fi
END

# starts a load that stays in the middle of its order until `let_go`; later orders are carried out at
# once
begin_load() {
	rm -f calls held free
	"$tool" load good.ko >first 2>&1 &
	first=$!
	until_ [ -e held ]
	mkdir -p "root/proc/$first"
	echo plugsched >"root/proc/$first/comm"
}
let_go() {
	: >free
	ends 0 $first
	says first 'loaded in'
	[ "$(sed -n 2p calls)" = 'order scheduler' ] || fail 'another order'
}
none() { [ "$(cat "$core/state")" = none ] || fail 'the module stayed'; }

# told not to wait, or not to wait forever
begin_load
for action in 'load --wait=0 good.ko' 'unload --wait=0'; do
	# shellcheck disable=SC2086
	run 1 $action
	says stderr "plugsched: process $first (plugsched) is loading or unloading a scheduler; try again when that is done"
	[ "$(wc -l <stderr)" = 1 ] || fail 'more than one line'
done
run 1 unload --wait=1
says stderr "plugsched: waiting: process $first (plugsched) is loading or unloading a scheduler"
says stderr ', for 1 s by now; try again'
run 2 load --wait=-1 good.ko
# commands that change nothing do not wait
run 0 status
run 1 check good.ko

# a signal ends only the waiting
for name in INT TERM; do
	rm -f second
	"$tool" load good.ko 2>second &
	second=$!
	until_ grep -q 'waiting: process' second
	kill -$name $second
	ends 1 $second
	says second "interrupted: nothing was changed; process $first (plugsched) is"
done
[ "$(wc -l <calls)" = 2 ] || fail 'another call'

# load and load: the second comes too late, and says so
rm -f second
"$tool" load good.ko 2>second &
second=$!
until_ grep -q waiting second
let_go
ends 1 $second
says second "already loaded: scheduler's scheduler is at work"
[ "$(wc -l <calls)" = 2 ] || fail 'another call'
run 0 unload

# load and load of another: it takes over from the first
begin_load
rm -f second
"$tool" load second.ko >second 2>&1 &
second=$!
until_ grep -q waiting second
let_go
ends 0 $second
says second 'loaded in place of scheduler in'
[ "$(cat "$core/scheduler")" = second ] || fail 'another scheduler is at work'
run 0 unload

# unload and load: it removes what the load has installed
for name in '' scheduler; do
	begin_load
	rm -f second
	"$tool" unload $name >second 2>&1 &
	second=$!
	until_ grep -q waiting second
	let_go
	ends 0 $second
	says second 'unloaded in'
	none
done

# unload and unload, then a load: each waits for its turn, and one of them does it
begin_load
pids=
for i in 1 2 3; do
	"$tool" unload >"unload$i" 2>&1 &
	pids+=" $!"
	until_ grep -q waiting "unload$i"
done
let_go
good=0
for process in $pids; do
	if wait "$process"; then good=$((good + 1)); fi
done
[ $good = 1 ] || fail "$good unloads succeeded"
[ "$(cat unload? | grep -c 'no replaced scheduler is loaded')" = 2 ] || fail 'the others are not told'

# a killed process blocks nobody
begin_load
kill -9 $first
wait $first 2>/dev/null || :
run 0 unload
says stdout 'the module was disabled'

# others, who use insmod
begin_load
let_go
run 0 unload
sed -i 's/^plugsched .*/plugsched 1 1 second, Live 0x0\nsecond 1 0 - Loading 0x0/' root/proc/modules
rm -f second
"$tool" load good.ko >second 2>&1 &
second=$!
until_ grep -q 'waiting: a module called second is being loaded' second
sed '/^second/d' root/proc/modules >modules
mv modules root/proc/modules
ends 0 $second
run 0 unload

# three at once: one of them succeeds, with a lock and without one. Before Linux 6.5 the kernel takes
# one of them, since then it may tell each of them that it has taken it.
cat >once <<'END'
[ "$1" != order ] || [ "$(at_work)" = "$2" ] || { say "$core/state" changing; sleep 0.2; }
END
cat - once >each <<'END'
[ "$1" != finit_module ] || ! grep -q '^scheduler ' "$modules" || exit 0
END
three() {
	local i good=0 pids=
	for i in 1 2 3; do
		"$tool" load good.ko >"load$i" 2>&1 &
		pids+=" $!"
	done
	for i in $pids; do
		if wait "$i"; then good=$((good + 1)); fi
	done
	[ $good = 1 ] || fail "$good loads succeeded"
	[ "$(cat load? | grep -c 'already loaded')" = 2 ] || fail "the others are not told: $(cat load?)"
	[ "$(cat "$core/scheduler")" = scheduler ] || fail 'vmlinux is at work'
	run 0 unload
}
cp answer kept
for place in root/run root/elsewhere; do
	mv root/run "$place" 2>/dev/null || :
	for way in once each; do
		cp $way answer
		for _ in 1 2 3; do three; done
	done
done
mv root/elsewhere root/run
mv kept answer

# where a lock file is impossible, the core itself tells
for place in missing unusable; do
	rm -rf root/run
	[ $place = missing ] || { mkdir root/run && : >root/run/plugsched; }
	begin_load
	run 1 load good.ko
	says stderr 'already loaded: a disabled scheduler module is there'
	echo changing >"$core/state"
	run 1 load --wait=0 good.ko
	says stderr "somebody's order to /sys/kernel/plugsched/scheduler is being carried out"
	rm -f second
	"$tool" load good.ko 2>second &
	second=$!
	until_ grep -q waiting second
	let_go
	ends 1 $second
	says second "already loaded: scheduler's scheduler is at work"
	run 0 unload
done
echo 'plugsched/turns: all as it should be' >&2
