#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is written does not depend on the locale of whoever writes it. Skipped (77) where no locale with
# a comma in numbers can be made.
#
#   locale.sh ANALYZER EXTRACTOR KERNEL
set -euo pipefail
analyzer=$(realpath "$1") tool=$(realpath "$2") kernel=$(realpath "$3")
here=$(realpath "$(dirname "$0")")
graph=$(dirname "$analyzer")/plugsched-graph
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAILED: $*" >&2
	exit 1
}
command -v localedef >/dev/null || exit 77
mkdir locales
localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8 >/dev/null 2>&1 || exit 77
export LOCPATH=$work/locales
[ "$(LC_ALL=de_DE.UTF-8 bash -c 'printf %.1f 1,5')" = 1,5 ] || exit 77

# in FOLDER: all that can be written, by a user of that locale
write_in() {
	mkdir "$1"
	"$analyzer" --no-cache -k "$kernel" -c "$here/boundary.yaml" -o "$1/boundary.json" 2>"$1/analysis"
	"$tool" -k "$kernel" --boundary "$1/boundary.json" -o "$1/scheduler" 2>"$1/extraction"
	"$graph" "$1/boundary.json" info >"$1/info"
	"$graph" "$1/boundary.json" info --json >"$1/info.json"
	# how long it took is different each time
	sed -i -E '/s of CPU|; [0-9]+[.,][0-9]+ s$/d; s/'"$1"'/FOLDER/g' "$1/analysis" "$1/extraction"
}
LC_ALL=C write_in plain
LC_ALL=de_DE.UTF-8 write_in german
diff -r --exclude=.git plain german >&2 || fail 'the locale shows in what is written'
grep -qE '[0-9]\.[0-9] %' german/scheduler/EXTRACTED.md || fail 'no number to look at'
[ "$(git -C plain/scheduler rev-parse 'HEAD^{tree}')" = "$(git -C german/scheduler rev-parse 'HEAD^{tree}')" ] ||
	fail 'other contents are committed'
echo 'extract/locale: all as it should be' >&2
