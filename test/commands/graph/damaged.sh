#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Reports that cannot be read: exit status 2, and a message that names the file,
# the place and the way out.
# shellcheck source=test/commands/graph/common.sh
. "$(dirname "$0")/common.sh"

# refused FILE TEXT...: one line that contains the texts
refused() {
	local file=$1
	shift
	fails 2 "$file" why do_idle
	[ "$(wc -l <stderr)" = 1 ] || fail "not one line of message: $file"
	says "$file" "$@"
	fails 2 "$report" diff "$file"
	says "$file"
}
refused none.json 'No such file' 'plugsched-analyze'
mkdir folder
refused folder 'directory'
: >empty.json
refused empty.json 'too early'
echo 'not JSON' >text.json
refused text.json 'text.json:1:' 'make it again'
cp "$tool" program.json
refused program.json 'not the JSON of a report'
jq -c '.version = 1' "$report" >old.json
refused old.json 'version 1' 'version 3' 'make the report again'
jq -c '.version = 4' "$report" >new.json
refused new.json 'version 4'
jq -c '.schema = "other"' "$report" >other.json
refused other.json 'not a report'
answers why do_idle --json
cp stdout answer.json
refused answer.json 'not a report'
for size in 1 100 5000 40000 100000; do
	head -c "$size" "$report" >cut.json
	refused cut.json 'too early' 'make it again'
done
sed '100s/"line":[0-9]*/"line":"x"/' "$report" >odd.json
refused odd.json 'odd.json:100: functions[' '"line" is not a whole number'
jq -c '.edges[3].to = "a.c:nobody"' "$report" >dangling.json
refused dangling.json 'edges[3]: "to" names "a.c:nobody"'
cp "$report" closed.json
chmod a-r closed.json
if as_nobody test -x "$work"; then
	as_nobody test -r closed.json || {
		status=0
		as_nobody "$tool" closed.json info >stdout 2>stderr || status=$?
		[ "$status" = 2 ] || fail "exit status $status for a file that may not be read"
	}
fi

# a pipe works like a file
run 0 "$tool" <(cat "$report") why do_idle
shows 'do_idle  external'
