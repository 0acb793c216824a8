#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched load, unload, list, history and status with a false root directory: what the kernel gets,
# how its answers are treated, and what is left in it.
#
#   changes.sh TOOL
# shellcheck disable=SC2016 # code for kernel.sh
set -euo pipefail
# shellcheck source=test/commands/plugsched/common.sh
. "$(dirname "$0")/common.sh"
export TZ=UTC
core=root/sys/kernel/plugsched
cost='2.3 ms: the machine stood still for 988 us in 2 attempts, 12 tasks looked at meanwhile, 77 walked before, 1 retries'

# answers: takes the kernel's answers from stdin (kernel.sh); with nothing there, it does as it is told
answers() { cat >answer; }
obeys() { rm -f answer; }
# called CALL...: these were the calls since the last time; a module's file does not matter
called() {
	local wanted
	wanted=$(printf '%s\n' "$@")
	[ "$(sed 's/\(init_module\).*/\1/' calls 2>/dev/null)" = "$wanted" ] || fail "the calls were: $(cat calls)"
	rm -f calls
}
# there NAME...: these modules are registered, and the first one is at work ("vmlinux": it is)
there() {
	local names
	names=$(printf '%s\n' "$@" | grep -vx vmlinux | sort | tr '\n' ' ' || :)
	run 0 list
	[ "$(awk '$2 == "yes" { print $1 }' stdout)" = "$1" ] || fail "not $1 is at work"
	[ "$(sed 1,2d stdout | awk '{ print $1 }' | tr '\n' ' ')" = "$names" ] || fail "not these are there: $names"
}
silent() { [ ! -s stderr ] || fail 'something on stderr'; }
one_line() { [ "$(wc -l <stderr)" = 1 ] || fail 'not one line of message'; }
printed() { [ "$(cat stdout)" = "$1" ] || fail "it does not print: $1"; }
json() { [ "$(jq -c "$1" stdout)" = "$2" ] || fail "$1 is $(jq -c "$1" stdout) instead of $2"; }
# unloads all, whatever was there
clear_all() {
	obeys
	"$tool" unload >/dev/null 2>&1 || :
	there vmlinux
	rm -f calls
}

# --- the kernel does not take the module: shows the new lines of its log
echo '6,1,1,-;scheduler: an old line' >root/dev/kmsg
answers <<'END'
printf '4,2,9,-;scheduler: Unknown symbol x (err -2)\n SUBSYSTEM=plugsched\n6,3,9,-;eth0: link up\n' >>"$PLUGSCHED_ROOT/dev/kmsg"
exit 8
END
run 1 load good.ko
says 'the kernel did not take the module: Exec format error; what it says of that stands above, or in dmesg'
says '  scheduler: Unknown symbol x (err -2)'
[ "$(wc -l <stderr)" = 2 ] || fail 'other lines of the log'
called finit_module
cmp -s root/image good.ko || fail 'the kernel got another file'
sed -i 's/scheduler:/second:/' answer
run 1 load second.ko
says '  second: Unknown symbol x (err -2)'
gzip -kc good.ko >packed.ko
rm calls
run 1 load packed.ko
called init_module
cmp -s root/image good.ko || fail 'the kernel got another image'

# the core refuses it: its reason follows, but not one of another time
answers <<'END'
printf '3,2,9,-;plugsched: scheduler is of another version\n' >>"$PLUGSCHED_ROOT/dev/kmsg"
echo 'scheduler is of another version' >"$core/error"
exit 22
END
run 1 load good.ko
says 'plugsched: good.ko: the kernel did not take the module: scheduler is of another version'
says '  plugsched: scheduler is of another version'
answers <<<'exit 12'
run 1 load good.ko
says 'the kernel did not take the module: Cannot allocate memory; what it says of that stands above, or in dmesg'
one_line
mv root/dev/kmsg kmsg # then it cannot be told
run 1 load good.ko
says 'the kernel did not take the module: scheduler is of another version'
answers <<<'exit 8'
run 1 load good.ko
says 'the kernel did not take the module: Exec format error'
mv kmsg root/dev/kmsg
echo >$core/error
run 1 load good.ko
says 'the kernel did not take the module: Exec format error'

# a module built for tests says so
finished tests.ko -DTESTS
run 0 check tests.ko
tells 'replaces 2 functions; it is built for tests'
run 1 load tests.ko
says 'plugsched: tests.ko is built for tests, which can make its steps fail'
clear_all

# another module came first: it is at work, it is gone again, or there is one each time we look
answers <<'END'
[ "$1" != finit_module ] || { insert scheduler; order scheduler; exit 17; }
END
run 1 load good.ko
says "already loaded: scheduler's scheduler is at work"
called finit_module
there scheduler
clear_all
answers <<'END'
[ "$1" != finit_module ] || [ -e "$beside/once" ] || { : >"$beside/once"; exit 17; }
END
run 0 load good.ko
called finit_module finit_module 'order scheduler'
clear_all
answers <<<'exit 16'
run 1 load good.ko
says 'the kernel did not take the module: Device or resource busy'
[ "$(grep -c '^finit_module ' calls)" -gt 1 ] || fail 'not tried again'
clear_all

# --- without the core
mv $core aside
sed -i /^plugsched/d root/proc/modules
run 0 status
printed 'no replaced scheduler is loaded'
run 0 status --json
printed '{"state":"none","scheduler":"vmlinux","core":false}'
run 0 list
printed 'scheduler  at work  functions  version
vmlinux    yes              -  -'
run 0 list --json
printed '{"schedulers":[{"name":"vmlinux","at_work":true}]}'
run 0 history
printed 'no order was carried out since the core came into the kernel'
run 0 history --json
printed '{"orders":[]}'
run 1 unload
says 'no replaced scheduler is loaded'
run 0 load good.ko # which brings it
called finit_module finit_module 'order scheduler'
rm -r aside
there scheduler
run 0 unload
rm calls

# --- from vmlinux's scheduler and back
run 0 status
printed 'no replaced scheduler is loaded
the core is in the kernel
version: 0.1.0
build_id: 0102030405060708090a0b0c0d0e0f1011121314
the last transition:
  total              2345.7 us
  standstill          987.7 us
  stop                654.3 us
  check                 1.0 us
  tasks                77
  tasks_active         12
  attempts              2
  retries               1'
run 0 load good.ko
printed "loaded in $cost"
silent
called finit_module 'order scheduler'
run 1 load good.ko
says 'already loaded'
[ ! -e calls ] || fail 'the kernel was called'
run 0 status
[ "$(head -n 2 stdout)" = 'the scheduler is replaced
scheduler: scheduler' ] || fail 'other first lines'
tells 'version: 0.1.0'
tells '2345.7 us'
run 0 status --json
json '[.state, .scheduler, .core, .version, .build_id, .total_ns, .tasks_active, .error, .tests]' \
	'["enabled","scheduler",true,"0.1.0","0102030405060708090a0b0c0d0e0f1011121314",2345678,12,null,null]'
: >$core/fault
run 0 status
tells 'built for tests'
run 0 status --json
json .tests true
rm $core/fault
run 0 list
printed 'scheduler  at work  functions  version
vmlinux    no               -  -
scheduler  yes            422  0.1.0'
run 0 list --json
printed '{"schedulers":[{"name":"vmlinux","at_work":false},{"name":"scheduler","at_work":true,"functions":422,"version":"0.1.0"}]}'

# the module stays if vmlinux's scheduler cannot be put back
answers <<<'[ "$1" != order ] || exit 28'
run 1 unload
says "vmlinux's scheduler was not put back, scheduler's goes on: No space left on device"
called 'order vmlinux'
answers <<'END'
[ "$1" != order ] || refused vmlinux 16 'a task sleeps in a function of the module' 'kworker:12 in schedule+0x10'
END
run 1 unload
says "vmlinux's scheduler was not put back, scheduler's goes on: a task sleeps in a function of the module; in the way: kworker:12 in schedule+0x10"
called 'order vmlinux' # which was begun, and so is not tried again
run 0 status
tells 'error: a task sleeps'
tells 'in_the_way: kworker:12'
answers <<<'[ "$1" != order ] || exit 1'
run 1 unload
says "vmlinux's scheduler was not put back, scheduler's goes on: not permitted: CAP_SYS_MODULE is missing"
answers <<<'[ "$1" != order ] || exit 13' # the core's files tell of an order before that
run 1 unload
says "vmlinux's scheduler was not put back, scheduler's goes on: Permission denied"
rm calls

# and goes otherwise, at the second attempt
answers <<'END'
[ "$1" != delete_module ] || [ -e "$beside/busy" ] || { : >"$beside/busy"; exit 11; }
END
run 0 unload
printed "unloaded in $cost"
called 'order vmlinux' 'delete_module scheduler' 'delete_module scheduler'
run 1 unload
says 'no replaced scheduler is loaded'
one_line
[ ! -e calls ] || fail 'the kernel was called'
obeys

# the order is refused: the module goes again
answers <<<'[ "$1" != order ] || refused scheduler 5 "CPU 3 did not stop"'
run 1 load good.ko
says "plugsched: the scheduler was not replaced, vmlinux's goes on: CPU 3 did not stop"
one_line
called finit_module 'order scheduler' 'delete_module scheduler'
there vmlinux

# what the history has of all that
run 0 history
[ "$(sed -n '1p;$p' stdout)" = "time                 from       to         outcome                  standstill  attempts  retries   total
2023-11-14 22:13:20  vmlinux    scheduler  Input/output error         987.7 us         2        1  2.3 ms" ] || fail 'another history'
grep -qx '2023-11-14 22:13:20  scheduler  vmlinux    Device or resource busy    987.7 us         2        1  2.3 ms' stdout ||
	fail 'another line'
[ "$(grep -c ' done ' stdout)" = 4 ] || fail 'not four that were done'
run 0 history --json
json '.orders | length' 6
json '.orders[-1] | [.time, .from, .to, .error, .outcome, .standstill_ns, .check_ns, .tasks_active]' \
	'[1700000000,"vmlinux","scheduler",-5,"Input/output error",987654,1005,12]'
json '.orders[0] | [.error, .outcome]' '[0,"done"]'

# the kernel does not remove it then
answers <<'END'
[ "$1" != order ] || refused scheduler 5 'CPU 3 did not stop'
[ "$1" != delete_module ] || exit 16
END
run 1 load good.ko
says "plugsched: the module scheduler is disabled, but the kernel did not remove it: Device or resource busy; try plugsched unload scheduler again; the scheduler was not replaced, vmlinux's goes on: CPU 3 did not stop"
there vmlinux scheduler
run 1 unload
says 'the module scheduler is disabled, but the kernel did not remove it'
obeys
run 1 load good.ko
says 'already loaded: a disabled scheduler module is there, called scheduler'
run 0 status
tells "a scheduler module is loaded, but disabled: vmlinux's scheduler runs"
run 0 status --json
json '[.state, .scheduler]' '["disabled","vmlinux"]'
run 0 unload
printed 'unloaded: the module was disabled'
there vmlinux

# --- others at the same time
# another order is being carried out: it is waited for, and so is a module that joins
rm calls
answers <<'END'
[ "$1" != order ] || [ -e "$beside/later" ] || { : >"$beside/later"; exit 16; }
END
run 0 load good.ko
printed "loaded in $cost"
called finit_module 'order scheduler' 'order scheduler'
rm later
run 0 unload
called 'order vmlinux' 'order vmlinux' 'delete_module scheduler'
rm later
run 1 load --wait=0 good.ko
says "the scheduler was not replaced, vmlinux's goes on: somebody else is changing it just now"
called finit_module 'order scheduler' 'delete_module scheduler'
answers <<<'[ "$1" != order ] || exit 16'
run 1 load --wait=1 good.ko
says 'somebody else is changing it just now'
rm calls

# somebody else is first with the order: the module stays, as it is that one's
answers <<'END'
[ "$1" != order ] || { order scheduler; exit 114; }
END
run 1 load good.ko
says "plugsched: already loaded: scheduler's scheduler is at work"
one_line
called finit_module 'order scheduler'
there scheduler
clear_all
answers <<'END'
[ "$1" != order ] || { say "$core/state" changing; exit 16; }
[ "$1" != delete_module ] || exit 11
END
run 1 load --wait=0 good.ko
says 'plugsched: already loaded, and the scheduler is being changed just now; try again when that is done'
one_line
[ -e $core/schedulers/scheduler ] || fail "somebody else's module was removed"
obeys
echo disabled >$core/state
clear_all
# somebody removes it
answers <<'END'
[ "$1" != order ] || { delete scheduler; exit 2; }
END
run 1 load good.ko
says "the scheduler was not replaced, vmlinux's goes on: somebody else has removed the module"
clear_all
# somebody else puts vmlinux's scheduler back, or a module's to work, while we unload
run 0 load good.ko
answers <<'END'
[ "$1" != order ] || { order vmlinux; exit 114; }
END
run 0 unload
printed 'unloaded: the module was disabled'
obeys
run 0 load good.ko
answers <<'END'
[ "$1" != delete_module ] || order scheduler
END
run 1 unload
says 'the module scheduler was not removed: somebody else has put its scheduler to work'
there scheduler
clear_all

# --- the user interrupts: the order waits, and the signal ends it
answers <<'END'
if [ "$1" = order ]; then
	say "$core/state" changing
	: >"$beside/waits"
	until [ -e "$beside/signalled" ]; do sleep 0.02; done
	show_state
	rm "$beside/waits"
	refused scheduler 4 ''
fi
END
interrupted() { # SIGNAL STATUS: ends a load that waits like this with the signal
	rm -f signalled
	"$tool" load good.ko >stdout 2>stderr &
	local loader=$! status=0
	until [ -e waits ]; do
		kill -0 $loader || fail 'the load did not wait'
		sleep 0.02
	done
	kill -s "$1" $loader
	: >signalled
	wait $loader || status=$?
	[ "$status" = "$2" ] || fail "exit status $status instead of $2"
	while [ -e waits ]; do sleep 0.02; done
}
for name in INT TERM; do
	interrupted "$name" 1
	says "the scheduler was not replaced, vmlinux's goes on: interrupted"
	there vmlinux
done
# a loader that was killed leaves a disabled module
interrupted KILL 137
run 1 load good.ko
says 'a disabled scheduler module is there'
clear_all

# --- from one module's scheduler to another's
run 0 load good.ko
rm calls
run 0 load --verbose second.ko
printed "loaded in place of scheduler in $cost"
says 'second.ko fits the running kernel'
says 'total_ns'
called finit_module 'order second' 'delete_module scheduler'
there second
run 0 status
tells 'scheduler: second'
# refused: the one before goes on
answers <<<'[ "$1" != order ] || refused scheduler 5 "CPU 3 did not stop"'
run 1 load good.ko
says "plugsched: the scheduler was not replaced, second's goes on: CPU 3 did not stop"
one_line
called finit_module 'order scheduler' 'delete_module scheduler'
there second
answers <<<'[ "$1" != finit_module ] || exit 8'
run 1 load good.ko
there second
rm calls
# the one before is not removed: the load has succeeded
answers <<<'[ "$1 $2" != "delete_module second" ] || exit 11'
run 0 load good.ko
printed "loaded in place of second in $cost"
says 'plugsched: the module second stays in the kernel for now: Resource temporarily unavailable; plugsched unload second removes it'
one_line
there scheduler second
obeys
rm calls
run 0 unload second
printed 'unloaded: the module was disabled'
called 'delete_module second'
there scheduler
# it is the one of which the core says that it was at work
answers <<'END'
[ "$1 $2" != 'order second' ] || { insert third; order third; }
END
run 0 load second.ko
printed "loaded in place of third in $cost"
called finit_module 'order second' 'delete_module third'
there second scheduler
clear_all

# --- by its name: all modules stay
run 0 load good.ko
answers <<<'[ "$1" != finit_module ] || insert third'
run 0 load second.ko
there second third
obeys
rm calls
run 0 load third
printed "loaded in place of second in $cost"
called 'order third'
there third second
run 1 load third
says "already loaded: third's scheduler is at work"
answers <<<'[ "$1" != order ] || refused second 5 "CPU 3 did not stop"'
run 1 load second
says "plugsched: the scheduler was not replaced, third's goes on: CPU 3 did not stop"
called 'order second'
there third second
obeys
run 0 load --via-vmlinux second
printed "loaded in place of third in $cost"
called 'order vmlinux' 'order second'
there second third
answers <<<'[ "$1 $2" != "order third" ] || refused third 5 "CPU 3 did not stop"'
run 1 load --via-vmlinux third
says "plugsched: vmlinux's scheduler is at work now: the scheduler was not replaced, vmlinux's goes on: CPU 3 did not stop"
there vmlinux second third
obeys
run 0 load third
printed "loaded in $cost"

# unload one, or all
rm calls
run 1 load good
run 0 unload third
printed "unloaded in $cost"
called 'order vmlinux' 'delete_module third'
there vmlinux second
run 1 unload third
says 'no scheduler called third is loaded'
run 0 load good.ko
run 0 load second
there second scheduler
rm calls
run 0 unload good.ko # the module that is in that file
printed 'unloaded: the module was disabled'
called 'delete_module scheduler'
there second
run 0 load good.ko
run 0 unload
answers <<<'[ "$1" != finit_module ] || insert third'
run 0 load good.ko
there scheduler third
obeys
rm calls
run 0 unload
printed "unloaded in $cost"
called 'order vmlinux' 'delete_module scheduler' 'delete_module third'
there vmlinux
answers <<<'[ "$1" != order ] || { insert third; refused scheduler 5 no; }
[ "$1" != delete_module ] || exit 16'
run 1 load good.ko
there vmlinux scheduler third
rm calls
answers <<<'[ "$1 $2" != "delete_module scheduler" ] || exit 16'
run 1 unload # one stays, the other goes
says 'the module scheduler is disabled, but the kernel did not remove it'
one_line
there vmlinux scheduler
answers <<<'[ "$1" != order ] || { insert third; refused second 5 no; }
[ "$1" != delete_module ] || exit 16'
run 1 load second.ko
obeys
run 0 unload
printed 'unloaded: the modules were disabled'
there vmlinux

# --- over vmlinux's scheduler
rm -f calls
run 0 load --via-vmlinux good.ko # which is at work anyway
printed "loaded in $cost"
called finit_module 'order scheduler'
run 1 load good.ko
says "already loaded: scheduler's scheduler is at work; build this one under another name (make NAME=...) or use --via-vmlinux"
[ ! -e calls ] || fail 'the kernel was called'
run 0 load --via-vmlinux --verbose good.ko
printed "loaded in place of scheduler in $cost"
says "vmlinux's scheduler is back, in $cost"
called 'order vmlinux' 'delete_module scheduler' finit_module 'order scheduler'
run 0 load --via-vmlinux second.ko
printed "loaded in place of scheduler in $cost"
called 'order vmlinux' 'delete_module scheduler' finit_module 'order second'
there second
# its first half fails
answers <<<'[ "$1" != order ] || refused vmlinux 5 "CPU 3 did not stop"'
run 1 load --via-vmlinux good.ko
says "plugsched: vmlinux's scheduler was not put back, second's goes on: CPU 3 did not stop"
called 'order vmlinux'
there second
# and its second half
answers <<<'[ "$1 $2" != "order scheduler" ] || refused scheduler 5 "CPU 3 did not stop"'
run 1 load --via-vmlinux good.ko
says "plugsched: vmlinux's scheduler is at work now: the scheduler was not replaced, vmlinux's goes on: CPU 3 did not stop"
called 'order vmlinux' 'delete_module second' finit_module 'order scheduler' 'delete_module scheduler'
there vmlinux
obeys
run 0 load second.ko
answers <<<'[ "$1" != finit_module ] || exit 8'
run 1 load --via-vmlinux second.ko
says "plugsched: vmlinux's scheduler is at work now: second.ko: the kernel did not take the module"
there vmlinux
obeys
run 0 load second.ko
answers <<<'[ "$1" != delete_module ] || exit 16'
run 1 load --via-vmlinux good.ko
says "plugsched: vmlinux's scheduler is at work now: the module second is disabled, but the kernel did not remove it: Device or resource busy"
there vmlinux second
# a disabled module of that name is in the way, whichever way
obeys
run 1 load --via-vmlinux second.ko
says 'already loaded: a disabled scheduler module is there, called second'
# somebody else puts another one to work in between
run 0 load good.ko
answers <<<'[ "$1 $2" != "delete_module scheduler" ] || { delete scheduler; insert scheduler; order scheduler; exit 0; }'
run 1 load --via-vmlinux good.ko
says "plugsched: already loaded: scheduler's scheduler is at work"
clear_all

# --- states of others' doing
state() { # WORD TEXT
	run 0 status
	[ "$(head -n 1 stdout)" = "$2" ] || fail "not: $2"
	run 0 status --json
	json .state "\"$1\""
}
echo changing >$core/state
state changing 'the scheduler is being changed just now'
run 1 unload --wait=0
says "somebody's order to /sys/kernel/plugsched/scheduler is being carried out; try again"
echo none >$core/state
cp root/proc/modules kept
sed -i 's/^plugsched .*/plugsched 1 1 second, Live 0x0\nsecond 1 0 - Loading 0x0/' root/proc/modules
state loading 'a scheduler module is being loaded'
run 1 unload --wait=0
says 'a module called second is being loaded; try again'
sed -i 's/ Loading / Unloading /' root/proc/modules
state unloading 'a scheduler module is being removed'
run 1 load --wait=0 good.ko
says 'a module called second is being removed; try again'
cp kept root/proc/modules
echo odd >$core/state
run 1 unload
says 'cannot be read'
run 1 status
says 'cannot be read'
run 1 status --json
json .state '"unknown"'

# an answer that cannot be written is no success
for action in list history; do
	"$tool" $action >/dev/full 2>stderr && fail 'lost output is not noticed'
	says 'cannot be written'
done
echo 'plugsched/changes: all as it should be' >&2
