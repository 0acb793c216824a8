#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A signal while units are parsed. A header that is a pipe blocks the parser
# until the signal was sent.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
mv tree/include/linux/wait.h wait.h
mkfifo tree/include/linux/wait.h
for signal in INT TERM HUP; do
	put_earlier
	"$tool" --no-cache -j 1 --kernel tree -o reports/boundary.json >stdout 2>stderr &
	pid=$!
	# opening the pipe succeeds when the parser has opened it for reading
	# shellcheck disable=SC2016 # the inner shell expands
	timeout 900 bash -c 'exec 3>"$1"; kill -s "$2" "$3"; cat "$4" >&3' hold \
		tree/include/linux/wait.h "$signal" "$pid" wait.h || fail 'the parser never came to the header'
	status=0
	wait "$pid" || status=$?
	[ "$status" = 2 ] || fail "exit status $status after SIG$signal"
	says 'plugsched-analyze: interrupted: reports/boundary.json is as it was'
	earlier_is_intact
	[ -z "$(ls -A tmp)" ] || fail "left behind: tmp/$(ls -A tmp)"
done

# a second signal, after the first was handled, ends the program at once
put_earlier
"$tool" --no-cache -j 1 --kernel tree -o reports/boundary.json >stdout 2>stderr &
pid=$!
# shellcheck disable=SC2016
timeout 900 bash -c 'exec 3>"$1"; kill -s INT "$2"
	while grep -q "^ShdPnd:.*[2367abef]$" "/proc/$2/status"; do sleep 0.05; done
	kill -s INT "$2"; while kill -0 "$2" 2>&-; do sleep 0.05; done' hold \
	tree/include/linux/wait.h "$pid" || {
	kill -9 "$pid"
	fail 'the second signal does not end it'
}
status=0
wait "$pid" || status=$?
earlier_is_intact
