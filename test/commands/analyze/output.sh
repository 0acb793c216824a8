#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Where the report goes.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

analyze 0 --kernel "$kernel" -o plain.json

# an earlier report is replaced as a whole, by a file with the usual permissions
put_earlier
(umask 027 && analyze 0 --kernel "$kernel" -o reports/boundary.json)
same plain.json reports/boundary.json
[ "$(stat -c %a reports/boundary.json)" = 640 ] || fail "mode $(stat -c %a reports/boundary.json)"
[ "$(ls -A reports)" = boundary.json ] || fail "left behind: $(ls -A reports)"

# without space for temporary files, which only save time
TMPDIR=$work/none analyze 0 --kernel "$kernel" -o report.json
same plain.json report.json

# the folder does not exist; a folder has the report's name
refuses_place() {
	analyze 2 --kernel "$kernel" -o "$1"
	says "$1" 'choose another place with -o'
}
refuses_place nowhere/report.json
mkdir folder
refuses_place folder
[ -z "$(ls -A folder)" ] || fail 'left something in the folder'
for left in folder.* .folder.*; do
	fail "left behind: $left"
done

# a device or pipe is written to or refused, but never replaced
mkfifo pipe
timeout 900 cat pipe >got &
reader=$!
status=0
"$tool" --no-cache --kernel "$kernel" -q -o pipe 2>stderr || status=$?
[ -p pipe ] || {
	kill "$reader"
	fail 'a pipe was replaced by a file; so would be /dev/null'
}
[ "$status" = 0 ] || : >pipe
wait "$reader"
[ "$status" = 2 ] || same plain.json got

# a link to a report stays a link
ln -s boundary.json reports/link.json
echo earlier >reports/boundary.json
analyze 0 --kernel "$kernel" -o reports/link.json
[ -L reports/link.json ] || fail 'the link was replaced by a file'
same plain.json reports/boundary.json
