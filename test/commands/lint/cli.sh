#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched-lint on good and bad input: its formats, which units files belong to, what it refuses,
# and that it leaves no files behind.
#
#   cli.sh ANALYZER EXTRACTOR LINT KERNEL
set -euo pipefail
analyzer=$(realpath "$1") extractor=$(realpath "$2") tool=$(realpath "$3") kernel=$(realpath "$4")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAILED: $*" >&2
	sed 's/^/  stdout: /' stdout | head -n 20 >&2
	sed 's/^/  stderr: /' stderr >&2
	exit 1
}
# run STATUS COMMAND...
run() {
	local wanted=$1 status=0
	shift
	"$@" >stdout 2>stderr || status=$?
	[ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}
# refuses TEXT ARGUMENT...: exit status 2, one message that contains the text, nothing on stdout
refuses() {
	local text=$1
	shift
	run 2 "$tool" "$@"
	[ "$(wc -l <stderr)" = 1 ] || fail "not one line of message"
	grep -qF -- "$text" stderr || fail "\"$text\" is not said"
	[ ! -s stdout ] || fail 'something is written nevertheless'
}
# units NAME...: the last run must have checked these units
units() {
	[ "$(jq -r '.units | sort | join(" ")' stdout)" = "$*" ] || fail "not the units $*: $(jq -c .units stdout)"
}

"$analyzer" -q --no-cache -k "$kernel" -c "$here/../extract/boundary.yaml" -o boundary.json
"$extractor" -q -k "$kernel" --boundary boundary.json -o folder
cp -r folder untouched

# options
run 0 "$tool" --help
run 0 "$tool" --version
refuses 'FOLDER is needed'
refuses 'exclude each other' --json --sarif folder
refuses '-j takes' -j -1 folder
refuses 'no-such-option' --no-such-option folder

# silent and without writing anything, from any folder
run 0 "$tool" folder
[ ! -s stdout ] || fail 'an unedited folder is not silent'
run 0 env -C folder "$tool" .
run 0 "$tool" -k "$kernel" -r boundary.json "$kernel"
diff -r untouched folder >&2 || fail 'the folder was changed'

# the units to which files belong
run 0 "$tool" --json folder folder/core.c
units core.c
run 0 "$tool" --json folder folder/rt.c
units build_policy.c
run 0 "$tool" --json folder folder/rt.c folder/core.c
units build_policy.c core.c
run 0 "$tool" --json folder folder/features.h
units macros.c
run 0 "$tool" --json folder folder/sched.h
jq -e '.units | length > 5' stdout >/dev/null || fail 'few units include sched.h'
run 0 "$tool" --json folder "$kernel/include/linux/jump_label.h"
jq -e '.units | length > 1' stdout >/dev/null || fail 'no unit includes a header of the kernel'
touch alone.h
run 2 "$tool" --json folder alone.h
jq -e '(.problems | length == 1) and (.problems[0].message | test("part of no unit")) and .units == []' stdout >/dev/null ||
	fail 'a file of no unit is no problem'
# a name of a unit that does not read the file asked for: that unit is parsed a second time
touch only.h
{ cat folder/functions.c; echo 'int another(int x) { return x; }'; } >defines.c
{ cat folder/macros.c; echo '#include "'"$work"'/only.h"'; echo 'int another(int x); int macro_another(int x) { return another(x); }'; } >calls.c
run 0 "$tool" --json --overlay=folder/functions.c=defines.c --overlay=folder/macros.c=calls.c folder only.h
units macros.c

# one error in three formats; the text names the file as the user did
sed 's/^__weak int fn_weak_used(int x)$/__weak long fn_weak_used(int x)/' folder/functions.c >edited.c
line=$(grep -n 'long fn_weak_used' edited.c | cut -d: -f1)
overlay=--overlay=folder/functions.c=edited.c
run 1 "$tool" "$overlay" folder folder/functions.c
grep -q "^folder/functions.c:$line:13: error: fn_weak_used() is entered from vmlinux .*\[interface-signature\]$" stdout || fail 'no line of a compiler'
run 1 "$tool" --json "$overlay" folder folder/functions.c
jq -e --arg file "$work/folder/functions.c" --argjson line "$line" '.schema == "plugsched-lint" and .version == 1 and .problems == [] and
	(.findings | length == 1) and (.findings[0] | .rule == "interface-signature" and .level == "error" and .file == $file and .line == $line and
	.column == 13 and .end_column == 25 and .id == "kernel/sched/functions.c:fn_weak_used" and (.help | length > 0) and
	(.related | length > 0) and (.related[0].line > 0))' stdout >/dev/null || fail 'other JSON than is promised'
run 1 "$tool" --sarif "$overlay" folder folder/functions.c
cp stdout lint.sarif
jq -e --argjson line "$line" '.runs[0] | .results[0].ruleId == "interface-signature" and .originalUriBaseIds.SRCROOT.uri == "file://'"$work"'/folder/" and
	(.results[0].locations[0].physicalLocation | .artifactLocation == {uri: "functions.c", uriBaseId: "SRCROOT"} and .region.startLine == $line)' \
	stdout >/dev/null || fail 'SARIF says something else'
# columns are code points there, and bytes of UTF-8 elsewhere; a byte of another encoding is one
for before in '/* é雪🚀 */ ' $'/* \351\377 */ ' '/* 雪'$'\340\245'' */ '; do
	sed "s|^__weak long fn_weak|$before&|" edited.c >wide.c
	run 1 "$tool" --json --overlay=folder/functions.c=wide.c folder folder/functions.c
	[ "$(jq '.findings[0].column' stdout)" = $((13 + $(printf %s "$before" | wc -c))) ] || fail 'JSON does not count bytes'
	run 1 "$tool" --sarif --overlay=folder/functions.c=wide.c folder folder/functions.c
	points=$(printf %s "$before" | /usr/bin/python3 -c 'import sys; print(len(sys.stdin.buffer.read().decode(errors="surrogateescape")))')
	[ "$(jq -c '.runs[0].results[0].locations[0].physicalLocation.region | [.startColumn, .endColumn]' stdout)" = \
		"[$((13 + points)),$((25 + points))]" ] || fail "SARIF does not count code points behind $before"
done
# the fingerprint stays the same when lines move
sed '1i /* a line more */' edited.c >moved.c
run 1 "$tool" --sarif --overlay=folder/functions.c=moved.c folder folder/functions.c
[ "$(jq '.runs[0].results[0].partialFingerprints' stdout)" = "$(jq '.runs[0].results[0].partialFingerprints' lint.sarif)" ] ||
	fail 'the fingerprint changes with the line'
echo 'int broken(' >>moved.c
run 1 "$tool" --sarif --overlay=folder/functions.c=moved.c folder folder/functions.c
cp stdout problem.sarif
jq -e '.runs[0].invocations[0] | .executionSuccessful == false and (.toolExecutionNotifications | length == 1)' stdout >/dev/null ||
	fail 'SARIF does not tell that a unit does not parse'
/usr/bin/python3 -B "$here/sarif.py" lint.sarif problem.sarif >&2 || fail 'SARIF does not fit its schema'

# output to a file: complete, or not at all
run 1 "$tool" -o out.txt "$overlay" folder folder/functions.c
[ ! -s stdout ] || fail 'written to stdout, too'
grep -q interface-signature out.txt || fail 'not written to the file'
run 2 "$tool" -o nowhere/out.txt folder folder/functions.c

# overlays: a file that does not exist yet, an empty text, a missing text
echo '#include "extra.h"' | cat - folder/core.c >core.c
echo 'int nobody_has(void); static inline int extra(void) { return nobody_has(); }' >extra.h
run 1 "$tool" --json --overlay=folder/core.c=core.c --overlay=folder/extra.h=extra.h folder folder/core.c
jq -e --arg file "$work/folder/extra.h" '.findings | length == 1 and .[0].rule == "unresolved-symbol" and .[0].file == $file' stdout >/dev/null ||
	fail 'a header that is not saved yet is not read'
: >empty
run 1 "$tool" --json --overlay=folder/core.c=empty folder folder/core.c
jq -e '[.findings[] | select(.rule == "interface-signature" and (.message | test("is gone")))] | length > 1' stdout >/dev/null ||
	fail 'an empty text lacks nothing'
refuses 'takes FILE=CONTENT' --overlay=folder/core.c folder
refuses 'takes FILE=CONTENT' --overlay=folder/core.c= folder
refuses 'missing' --overlay=folder/core.c=missing folder
refuses 'no such file' folder folder/missing.c
refuses 'no such file' folder missing.c

# a unit that does not parse
echo 'int broken(' | cat folder/core.c - >broken.c
run 2 "$tool" --json --overlay=folder/core.c=broken.c folder folder/core.c
jq -e '(.findings | map(.rule) == ["does-not-parse"]) and .findings[0].level == "warning" and (.problems | length == 1)' stdout >/dev/null ||
	fail 'a unit that does not parse'
head -c 4096 /dev/urandom >noise
run 2 "$tool" --json --overlay=folder/core.c=noise folder folder/core.c

# a removed file of a unit, which the kernel still has
mv folder/core.c aside.c
run 2 "$tool" --json folder folder/rt.c
jq -e '(.problems | length == 1) and (.problems[0].message | test("is gone"))' stdout >/dev/null || fail 'a removed file is not missed'
run 0 "$tool" --json --overlay=folder/core.c=aside.c folder folder/core.c
units core.c
mv aside.c folder/core.c

# reports, folders and kernels that do not belong together
mv folder/boundary.json aside.json
refuses 'no report there' folder
refuses 'no report there' "$kernel"
head -c 3000 aside.json >cut.json
refuses 'cut.json' -r cut.json folder
jq '.kernel.build_id |= (explode | reverse | implode)' aside.json >other.json
refuses 'is of another kernel' -r other.json folder
refuses 'is of another kernel' -r other.json "$kernel"
jq '.problems = [{code: "unit-not-parsed", file: "x.c", message: "m"}] | .complete = false' aside.json >incomplete.json
refuses 'incomplete' -r incomplete.json folder
refuses 'missing.json' -r missing.json folder
mv aside.json folder/boundary.json
refuses 'name an extracted scheduler' missing
refuses 'missing' -k missing folder
mkdir empty-folder
refuses 'no report there' empty-folder
sed -i '/^KERNEL/d' folder/Makefile
refuses 'name the kernel' folder
run 0 "$tool" -k "$kernel" folder
cp -a "$kernel" changed
echo CONFIG_MORE=y >>changed/.config
refuses 'changed since' -k changed folder
rm changed/vmlinux
refuses 'has no vmlinux' -k changed folder

# interrupted: no partial file, and no temporary file
for delay in 0.01 0.03 0.06 0.1; do
	timeout --foreground -s INT "$delay" "$tool" -k "$kernel" --sarif -o interrupted.sarif folder >stdout 2>stderr || :
	[ ! -e interrupted.sarif ] || jq -e .runs interrupted.sarif >/dev/null || fail 'half a file'
	rm -f interrupted.sarif
	[ -z "$(find . -maxdepth 1 -name 'interrupted*')" ] || fail "left behind: $(ls -a)"
done
echo 'lint/cli: all as it should be' >&2
