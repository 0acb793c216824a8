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
module=$PLUGSCHED_ROOT/sys/kernel/plugsched

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
# the module's stand-in: its `enable` takes no order until somebody reads it
cat >root/kernel <<'END'
#!/bin/bash
folder=$PLUGSCHED_ROOT/sys/kernel/plugsched
echo "$1" >>"$PLUGSCHED_ROOT/../calls"
if [ "$1" = delete_module ]; then
	rm -r "$folder"
	exit
fi
mkdir "$folder"
mkfifo "$folder/enable"
: >"$folder/error"
: >"$folder/in_the_way"
echo disabled >"$folder/state"
END
chmod +x root/kernel

# starts a load that stays in the middle of its order until `let_go STATE`; later
# orders are taken at once
begin_load() {
	rm -f calls
	"$tool" load good.ko >first 2>&1 &
	first=$!
	until_ [ -p "$module/enable" ]
	until_ [ -e "$module/state" ]
	mkdir -p "root/proc/$first"
	echo plugsched >"root/proc/$first/comm"
}
let_go() { # by renaming, because the kernel's files are never missing or empty for a moment
	ln "$module/enable" held
	: >taken
	mv taken "$module/enable"
	echo "$1" >state
	mv state "$module/state"
	[ "$(cat held)" = 1 ] || fail 'another order'
	ends 0 $first
	rm held
	says first 'loaded in'
}

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
[ "$(cat calls)" = finit_module ] || fail 'another call'

# load and load: the second comes too late, and says so
rm -f second
"$tool" load good.ko 2>second &
second=$!
until_ grep -q waiting second
let_go enabled
ends 1 $second
says second 'already loaded: the scheduler is replaced'
[ "$(cat calls)" = finit_module ] || fail 'another call'
run 0 unload

# unload and load: it removes what the load has installed
begin_load
rm -f second
"$tool" unload >second 2>&1 &
second=$!
until_ grep -q waiting second
let_go enabled
ends 0 $second
says second 'unloaded in'
[ ! -e "$module" ] || fail 'the module stayed'

# unload and unload, then a load: each waits for its turn, and one of them does it
begin_load
pids=
for i in 1 2 3; do
	"$tool" unload >"unload$i" 2>&1 &
	pids+=" $!"
	until_ grep -q waiting "unload$i"
done
let_go enabled
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

# where a lock file is impossible, the module itself tells
for place in missing unusable; do
	rm -rf root/run
	[ $place = missing ] || { mkdir root/run && : >root/run/plugsched; }
	begin_load
	run 1 load good.ko
	says stderr 'a disabled scheduler module is there'
	echo changing >"$module/state"
	run 1 load --wait=0 good.ko
	says stderr "somebody's order to /sys/kernel/plugsched/enable is being carried out"
	rm -f second
	"$tool" load good.ko 2>second &
	second=$!
	until_ grep -q waiting second
	let_go enabled
	ends 1 $second
	says second 'already loaded: the scheduler is replaced'
	run 0 unload
done
echo 'plugsched/turns: all as it should be' >&2
