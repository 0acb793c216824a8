#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest's part of boot.sh: a service that checks the others once the machine is up. "mine" is
# enabled with a module for this kernel, "other" with another kernel's, "cut" with a part of a
# module, "missing" without a module.
exec >/dev/ttyS0 2>&1
# shellcheck source=test/lib/guest/kernel.sh
. /root/kernel.sh
failures=0

# check WHAT COMMAND...
check() {
	local what=$1
	shift
	if "$@"; then
		echo "ok: $what"
	else
		echo "WRONG: $what"
		failures=$((failures + 1))
	fi
}

state_is() { [ "$(systemctl show -P "$2" "plugsched@$1")" = "$3" ]; }
journal_says() { journalctl -o cat -u "plugsched@$1" | grep -q -- "$2"; }
is_replaced() { [ "$(plugsched status --json | grep -c '"state":"enabled"')" = 1 ]; }
is_not_replaced() { plugsched status | grep -qx 'no replaced scheduler is loaded'; }
# type 1326: a system call that a unit does not allow
is_silent() { kernel_is_silent && ! dmesg | grep 'audit: type=1326'; }

echo "up $(cut -d ' ' -f 1 /proc/uptime) s"
system=$(systemctl is-system-running --wait)
echo "the system is $system after $(cut -d ' ' -f 1 /proc/uptime) s"
[ "$system" = running ] || { systemctl --no-pager --failed; journalctl --no-pager -p warning -o short-monotonic | tail -n 40; }
check "the system is up and nothing has failed" [ "$system" = running ]
check "multi-user is reached" systemctl -q is-active multi-user.target

check "the unit of this kernel's module is active" state_is mine ActiveState active
check "its module's scheduler is at work" is_replaced
check "its load had a lock, by which another one waits" [ -f /run/plugsched/lock ]
check "the journal has what load said" journal_says mine '^loaded in .* ms: the machine stood still for'
check "the journal has the figures that /etc/default asks for" journal_says mine 'total'
journalctl -o cat --no-pager -u plugsched@mine

for name in other cut missing; do
	check "$name is enabled" systemctl -q is-enabled "plugsched@$name"
	check "$name is inactive" state_is "$name" ActiveState inactive
	check "$name has not failed" state_is "$name" Result "$([ "$name" = missing ] && echo success || echo exec-condition)"
	journalctl -o cat --no-pager -u "plugsched@$name"
done
check "the journal says why other is not loaded" journal_says other 'other.ko: made for the kernel with build-id .* but the running one'
check "the journal says why cut is not loaded" journal_says cut 'cut.ko: .*damaged\|cut.ko: truncated'

systemctl stop plugsched@mine
check "stop puts the scheduler back" is_not_replaced
check "and the module is gone" [ ! -e /sys/module/scheduler ]
check "the unit is inactive" state_is mine ActiveState inactive
check "the journal has what unload said" journal_says mine '^unloaded in '
systemctl start plugsched@mine
check "start replaces it again" is_replaced
systemctl restart plugsched@mine
check "restart, too" is_replaced
systemctl start plugsched@other
check "other stays out when it is asked for by hand" state_is other ActiveState inactive
check "mine goes on" is_replaced

systemctl stop plugsched@mine
for number in 1 2 3; do
	(plugsched load /var/lib/plugsched/mine.ko >"/tmp/load.$number" 2>&1 && echo $number >>/tmp/loaded) &
done
wait
cat /tmp/load.?
check "of three loads at once one succeeds" [ "$(wc -l </tmp/loaded)" = 1 ]
check "the others are told that it has" [ "$(cat /tmp/load.? | grep -c ": already loaded: scheduler's scheduler is at work")" = 2 ]
check "a package whose scheduler was loaded by hand is not removed" eval '! dpkg --remove plugsched >/dev/null 2>&1'
check "and stays whole" [ -x /usr/sbin/plugsched ]
plugsched unload
systemctl start plugsched@mine
dpkg --remove plugsched >/dev/null
check "who removes the package has the kernel's own scheduler" [ "$(cat /sys/kernel/plugsched/state)" = none ]
check "and no program" [ ! -e /usr/sbin/plugsched ]
check "the kernel does not complain" is_silent
echo "guest-status $failures"
systemctl poweroff
