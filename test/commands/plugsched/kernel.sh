#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Acts for the kernel, and for the core in it, below the false root directory:
#
#   kernel finit_module|init_module FILE
#   kernel delete_module NAME
#   kernel order NAME
#
# The exit status is an error number. Beside the root directory are two files: `calls`, to which each
# call is added, and `answer`, shell code that runs first, and that may exit, or call the functions
# here.
set -euo pipefail
beside=$PLUGSCHED_ROOT/..
core=$PLUGSCHED_ROOT/sys/kernel/plugsched
modules=$PLUGSCHED_ROOT/proc/modules

# Replaces a file as a whole: the kernel's files are never missing or empty for a moment.
say() { # FILE TEXT
	printf '%s\n' "$2" >"$beside/text.$$"
	mv "$beside/text.$$" "$1"
}

at_work() { cat "$core/scheduler"; }
users() { ls "$core/schedulers"; }

show_state() {
	local users
	users=$(users | tr '\n' ,)
	say "$modules" "$(sed "s/^plugsched .*/plugsched 1 0 ${users:--} Live 0x0/" "$modules")"
	if [ "$(at_work)" != vmlinux ]; then
		say "$core/state" enabled
	else
		say "$core/state" "$([ "$users" ] && echo disabled || echo none)"
	fi
}

# NAME=VALUE... of an order
figures() {
	echo total_ns=2345678 standstill_ns=987654 stop_ns=654321 "check_ns=$((1000 + $(wc -l <"$core/history")))" \
		attempts=2 retries=1 tasks=77 tasks_active=12
}

note_order() { # NAME ERROR
	local figure
	for figure in $(figures); do
		say "$core/${figure%=*}" "${figure#*=}"
	done
	say "$core/history" "$(cat "$core/history"; echo "1700000000 from=$(at_work) to=$1 error=$2 $(figures)")"
}

# Ends the order to NAME as one that has failed.
refused() { # NAME ERROR SENTENCE [TASK]
	note_order "$1" "-$2"
	say "$core/error" "$3"
	say "$core/in_the_way" "${4-}"
	exit "$2"
}

insert() { # NAME
	! grep -q "^$1 " "$modules" || exit 17
	if [ "$1" = plugsched ]; then
		mkdir -p "$core/schedulers"
		: >"$core/history"
		: >"$core/error"
		: >"$core/in_the_way"
		say "$core/build_id" 0102030405060708090a0b0c0d0e0f1011121314
		say "$core/version" 0.1.0
		say "$core/total_ns" 0
		say "$core/scheduler" vmlinux
	else
		mkdir "$core/schedulers/$1"
		say "$core/schedulers/$1/functions" 422
		say "$core/schedulers/$1/version" 0.1.0
		say "$core/schedulers/$1/at_work" 0
	fi
	say "$modules" "$(cat "$modules"; echo "$1 1 0 - Live 0x0")"
	show_state
}

delete() { # NAME
	grep -q "^$1 " "$modules" || exit 2
	[ "$(at_work)" != "$1" ] || exit 11
	rm -r "${core:?}/schedulers/$1"
	say "$modules" "$(sed "/^$1 /d" "$modules")"
	show_state
}

order() { # NAME
	local before
	before=$(at_work)
	[ "$before" != "$1" ] || exit 114
	[ "$1" = vmlinux ] || [ -e "$core/schedulers/$1" ] || exit 2
	: >"$core/error"
	: >"$core/in_the_way"
	note_order "$1" 0
	say "$core/scheduler" "$1"
	[ "$before" = vmlinux ] || say "$core/schedulers/$before/at_work" 0
	[ "$1" = vmlinux ] || say "$core/schedulers/$1/at_work" 1
	show_state
}

echo "$*" >>"$beside/calls"
# One call at a time. An order does not wait.
exec 9>"$beside/mutex"
if [ "$1" = order ]; then flock -n 9 || exit 16; else flock 9; fi
[ "$1" != finit_module ] || cp "$2" "$PLUGSCHED_ROOT/image"
# shellcheck disable=SC1091 # a test writes it
[ ! -e "$beside/answer" ] || . "$beside/answer"
case $1 in
finit_module | init_module) insert "$(grep -aoP '(?<=\0name=)\w+' "$PLUGSCHED_ROOT/image" | head -n 1)" ;;
delete_module) delete "$2" ;;
order) order "$2" ;;
esac
