#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched-facts by itself, and the link of its files when they are not what they should be.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

make_facts=$(dirname "$tool")/plugsched-facts
copy_kernel tree
analyze 0 --kernel tree -o plain.json

# --- one unit, with the command as kbuild wrote it
mapfile -t fork < <(sed -n '1s/^savedcmd_[^ ]* := //p' tree/kernel/.fork.o.cmd | xargs -n 1)
run 0 env -C tree "$make_facts" --kernel . -MD -o "$work/fork.facts" -- "${fork[@]}"
[ ! -s stdout ] || fail 'not silent'
[ ! -s stderr ] || fail 'not silent'
[ -e fork.facts.d ] || fail '-MD made no list'
run 0 "$make_facts" -k tree --directory tree -MF other.d -oother.facts -- "${fork[@]}"
same fork.facts other.facts
[[ $(head -n 1 other.d) == 'other.facts: '? ]] || fail 'odd first line of the list'
grep -qE '^ tree/kernel/fork\.c( |$)' other.d || fail 'the source is not in the list'
[ "$(grep -c 'tree/include/' other.d)" = "$(grep -c ' include/' tree/kernel/.fork.o.cmd)" ] || fail 'the list is not gcc'\''s'
! grep -qF "$work" fork.facts || fail 'facts name an absolute path'

# equal content leaves the file untouched
before=$(stat -c '%i %Y %Z' fork.facts)
run 0 "$make_facts" -k tree --directory tree -o fork.facts -- "${fork[@]}"
[ "$(stat -c '%i %Y %Z' fork.facts)" = "$before" ] || fail 'equal facts were written'

# the build's own files are not needed
mkdir bare
cp -r tree/include tree/kernel bare
find bare -name '*.cmd' -delete
run 0 "$make_facts" -k bare --directory bare -o new/folder/fork.facts -- "${fork[@]}"
same fork.facts new/folder/fork.facts

# --- what it refuses: status 1 like a compiler, and nothing is written
refused() {
	run 1 "$make_facts" "$@"
	[ "$(wc -l <stderr)" = 1 ] || fail "not one line of message: $*"
	[ ! -e no.facts ] || fail "facts were written: $*"
}
refused
says 'plugsched-facts: --kernel DIR is needed' '--help'
refused -k tree -- gcc -c a.c
says '-o FILE is needed'
refused -k tree -o no.facts
says 'after --'
refused -k tree -o no.facts --
says 'after --'
refused -k tree -o no.facts gcc -- gcc -c a.c
says 'begins after --'
refused --nonsense
says '--nonsense'
refused -k nowhere -o no.facts -- "${fork[@]}"
says 'nowhere: No such file'
refused -k tree --directory nowhere -o no.facts -- "${fork[@]}"
says 'nowhere: No such file'
refused -k tree --directory tree -o no.facts -- gcc -c -o kernel/fork.o
says 'compiles no .c file'
refused -k tree --directory tree -o no.facts -- gcc -c -o scripts/x.o scripts/x.c
says 'scripts/x.c: the command compiles no .c file'
refused -k tree --directory tree -o no.facts -- gcc -c -o kernel/nowhere.o kernel/nowhere.c
says 'kernel/nowhere.c'
refused -k tree --directory tree --key 0123 -o no.facts -- "${fork[@]}"
says 'kernel/fork.c' '--key' '--ninja'
refused -k tree --directory tree -c nowhere.yaml -o no.facts -- "${fork[@]}"
says 'nowhere.yaml'
touch file
refused -k tree --directory tree -o file/no.facts -- "${fork[@]}"
says 'file' '-o'
cp fork.facts kept.facts
echo 'int broken(' >>tree/kernel/fork.c
refused -k tree --directory tree -o fork.facts -- "${fork[@]}"
grep -qE '^kernel/fork\.c:[0-9]+:[0-9]+: ' stderr || fail 'no position'
same fork.facts kept.facts
sed -i '$d' tree/kernel/fork.c
run 0 "$make_facts" --version
grep -qxE 'plugsched-facts [0-9]+\.[0-9]+\.[0-9]+' stdout || fail 'odd version'
run 0 "$make_facts" --help
for option in --kernel --build --config --directory --output --depfile --write-depfile --key --version --help \
	-MF -MD -k -b -c -o -h; do
	grep -qE -- "(^|[ ,(])$option\b" stdout || fail "--help does not name $option"
done

# --- the link
run 0 "$tool" --kernel tree --ninja
run 0 ninja
all=$(find facts -name '*.facts' | wc -l)
run 0 "$tool" --kernel tree --facts facts -q -o report.json
same plain.json report.json
run 0 "$tool" --kernel tree --facts facts/ --no-cache -j 3 -q -o report.json
same plain.json report.json
[ ! -e xdg ] || fail 'a cache was made'

# the files may be in any order and have any name
mkdir flat
count=0
for file in $(find facts -name '*.facts' | sort -r); do
	mv "$file" "flat/$((++count)).facts"
done
files=()
for file in flat/*; do
	files+=(--facts "$file")
done
run 0 "$tool" --kernel tree "${files[@]}" -q -o report.json
same plain.json report.json
run 0 "$tool" --kernel tree --facts facts --facts flat -q -o report.json
same plain.json report.json
rm -r facts flat
run 0 ninja

# incomplete UNIT TEXT...: the report is made, and one of its problems names
# the unit with these words
incomplete() {
	local unit=$1 text
	shift
	run 1 "$tool" --kernel tree --facts facts -o report.json
	ask report.json '[.problems[] | [.code, .file]] == [["facts-missing", "'"$unit"'"]] and .complete == false'
	for text; do
		ask report.json '.problems[0].message | contains("'"$text"'")'
		says "$text"
	done
	! grep -qF "$work" report.json || fail 'the report names an absolute path'
}
mv facts/kernel/peek.o.facts .
incomplete kernel/peek.c 'none of the files given holds them' 'plugsched-facts'
says " 0 parsed, $((all - 1)) from the cache"
cp facts/kernel/fork.o.facts facts/kernel/peek.o.facts
incomplete kernel/peek.c 'none of the files given holds them'
for size in 0 5 100 -1; do
	cp peek.o.facts facts/kernel
	truncate -s "$size" facts/kernel/peek.o.facts
	incomplete kernel/peek.c 'kernel/peek.o.facts: cannot be read as facts' 'make it again'
done
rm facts/kernel/peek.o.facts
mkdir facts/kernel/peek.o.facts
incomplete kernel/peek.c 'none of the files given holds them'
rmdir facts/kernel/peek.o.facts
ln -s . facts/loop
ln -s nowhere facts/kernel/peek.o.facts
incomplete kernel/peek.c 'kernel/peek.o.facts: cannot be read'
rm facts/kernel/peek.o.facts facts/loop

# facts made with other arguments, or for other scheduler files
mapfile -t peek < <(sed -n '1s/^savedcmd_[^ ]* := //p' tree/kernel/.peek.o.cmd | xargs -n 1)
run 0 "$make_facts" -k tree --directory tree -o facts/kernel/peek.o.facts -- "${peek[@]}" -DMORE
incomplete kernel/peek.c 'kernel/peek.o.facts: was made with other arguments'
echo 'sidecar: [lib/x.c]' >config.yaml
run 0 "$make_facts" -k tree --directory tree -c config.yaml -o facts/kernel/peek.o.facts -- "${peek[@]}"
incomplete kernel/peek.c 'kernel/peek.o.facts: was made with other arguments' 'other scheduler files'

# contents that have changed since
run 0 "$make_facts" -k tree --directory tree -o facts/kernel/peek.o.facts -- "${peek[@]}"
run 0 "$tool" --kernel tree --facts facts -q -o report.json
same plain.json report.json
cp tree/kernel/peek.c .
echo '/* changed */' >>tree/kernel/peek.c
incomplete kernel/peek.c 'kernel/peek.c changed after its facts were made'
rm tree/kernel/peek.c
cp peek.c tree/kernel
run 0 "$tool" --kernel tree --facts facts -q -o report.json

# no usable facts: no report
unusable() {
	put_earlier
	run 2 "$tool" --kernel tree -o reports/boundary.json "$@"
	[ "$(wc -l <stderr)" = 1 ] || fail 'not one line of message'
	earlier_is_intact
}
unusable --facts nowhere
says 'nowhere' 'make it again'
mkdir empty
unusable --facts empty
says 'empty: holds no *.facts' 'run ninja'
: >empty/x.facts
unusable --facts empty
says 'x.facts: cannot be read as facts'
unusable --facts facts --config config.yaml
says 'no facts of any unit can be used' 'other scheduler files'
unusable --facts facts --cache cache
says '--facts excludes'
[ "$(find facts -name '*.facts' | wc -l)" = "$all" ] || fail 'facts were changed'
