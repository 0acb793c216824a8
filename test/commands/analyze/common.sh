# SPDX-License-Identifier: GPL-2.0-only
# What the command-line tests share. A test is run as NAME.sh TOOL KERNEL, with a built
# fixture kernel that it must not change. It works in $work, a folder of its own, and
# ends at the first failure.
# shellcheck shell=bash
set -euo pipefail
shopt -s nullglob

tool=$(realpath "$1")
kernel=$(realpath "$2")
# shellcheck disable=SC2034
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034
fixtures=$here/../fixtures
work=$(mktemp -d)
cleanup=()

finish() {
	local command
	for command in "${cleanup[@]}"; do
		eval "$command"
	done
	chmod -R u+rwX "$work"
	rm -rf "$work"
}
trap finish EXIT
cd "$work"
export XDG_CACHE_HOME=$work/xdg TMPDIR=$work/tmp
mkdir -m 1777 tmp

fail() {
	echo "FAILED: $*" >&2
	[ ! -s "$work/stderr" ] || sed 's/^/  stderr: /' "$work/stderr" >&2
	exit 1
}

# run STATUS COMMAND...: output goes to the files stdout and stderr; the exit status must be STATUS
run() {
	local wanted=$1 status=0
	shift
	"$@" >"$work/stdout" 2>"$work/stderr" || status=$?
	[ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
	[ ! -d "$TMPDIR" ] || [ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $TMPDIR/$(ls -A "$TMPDIR")"
}

# analyze STATUS OPTION...: runs the tool without a cache; the exit status must be STATUS
analyze() {
	local wanted=$1
	shift
	run "$wanted" "$tool" --no-cache "$@"
}

# says TEXT...: each text must be in stderr
says() {
	local text
	for text; do
		grep -qF -- "$text" "$work/stderr" || fail "\"$text\" is not in stderr"
	done
}

says_not() {
	! grep -qF -- "$1" "$work/stderr" || fail "\"$1\" is in stderr"
}

# same FILE FILE: the files must be equal
same() {
	cmp "$1" "$2" >&2 || fail "$1 and $2 differ"
}

# ask FILE FILTER: the jq filter must give true
ask() {
	jq -e "$2" "$1" >/dev/null || fail "$1: not true: $2"
}

# Puts an earlier report in place. earlier_is_intact checks that it is
# unchanged, with nothing beside it.
put_earlier() {
	mkdir -p reports
	echo earlier >reports/boundary.json
}

earlier_is_intact() {
	local left
	[ "$(cat reports/boundary.json)" = earlier ] || fail "the earlier report was changed"
	for left in reports/* reports/.[!.]*; do
		[ "$left" = reports/boundary.json ] || fail "left behind: $left"
	done
}

# refuses OPTION...: exit status 2, one message, and an earlier report is kept
refuses() {
	put_earlier
	analyze 2 -o reports/boundary.json "$@"
	[ "$(wc -l <"$work/stderr")" = 1 ] || fail "not one line of message"
	says 'plugsched-analyze: '
	earlier_is_intact
}

# copy_kernel NAME: a copy of the built kernel to damage
copy_kernel() {
	cp -a "$kernel" "$1"
}

# as_nobody COMMAND...: runs it without root's rights, because root may read and write everything
as_nobody() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}
