# SPDX-License-Identifier: GPL-2.0-only
# What the tests of plugsched-graph share. A test is run as NAME.sh TOOL REPORT, with the fixture
# kernel's report.
# shellcheck shell=bash
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../analyze/common.sh"

# shellcheck disable=SC2034,SC2154
report=$kernel

# answers WORD...: asks a question about the report, which must be answered; the answer is in stdout
answers() {
	run 0 "$tool" "$report" "$@"
	[ ! -s stderr ] || fail "answered, but stderr is not empty: $*"
}

# shows TEXT...: each text must be in stdout
shows() {
	local text
	for text; do
		grep -qF -- "$text" "$work/stdout" || fail "\"$text\" is not in: $(cat "$work/stdout")"
	done
}

shows_not() {
	! grep -qF -- "$1" "$work/stdout" || fail "\"$1\" is in stdout"
}

# fails STATUS WORD...: nothing on stdout, and a message from the program
fails() {
	local wanted=$1
	shift
	run "$wanted" "$tool" "$@"
	[ ! -s stdout ] || fail "something on stdout: $*"
	says 'plugsched-graph: '
}
