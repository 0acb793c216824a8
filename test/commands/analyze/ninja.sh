#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# --ninja: the build file gives exactly the report of a single process, and
# rebuilds only what changed.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
analyze 0 --kernel tree -o plain.json
mkdir out
run 0 "$tool" --kernel tree --ninja out/build.ninja
[ ! -s stdout ] || fail 'not silent'
[ ! -s stderr ] || fail 'not silent'
[ "$(ls out)" = build.ninja ] || fail 'more than the build file was made'

# build FOLDER [ARGUMENT...]: runs ninja there; sets $made to the number of facts made, $linked to
# the number of links
build() {
	local folder=$1
	shift
	run 0 ninja -C "$folder" "$@"
	made=$(grep -c '^\[.*FACTS ' stdout || :)
	linked=$(grep -c '^\[.*LINK ' stdout || :)
}

# builds MADE LINKED [FOLDER]: a build must make that many facts and links
builds() {
	build "${3-out}"
	[ "$made $linked" = "$1 $2" ] || fail "$made made, $linked linked instead of $1 and $2"
}

build out
all=$made
[ "$all" = "$(find tree -name '.*.o.cmd' ! -name '.entry.*' -o -name '.*.s.cmd' | wc -l)" ] || fail "$all facts made"
[ "$linked" = 1 ] || fail 'not linked'
same plain.json out/boundary.json
builds 0 0
! grep -rqF "$work" out/facts || fail 'facts name an absolute path'

# equal content leaves the file untouched
before=$(stat -c '%i %Y %Z' out/build.ninja)
run 0 "$tool" --kernel tree --ninja=out/build.ninja
[ "$(stat -c '%i %Y %Z' out/build.ninja)" = "$before" ] || fail 'an equal build file was written'

# a new time alone changes no facts; new content changes those of the units that read the file
sleep 0.01
touch tree/kernel/fork.c
builds 1 0
builds 0 0
echo '/* changed */' >>tree/kernel/fork.c
builds 1 1
same plain.json out/boundary.json
users=$(grep -l 'include/linux/wait\.h' tree/kernel/.*.cmd tree/*/*/.*.cmd tree/lib/.*.cmd | wc -l)
echo '/* changed */' >>tree/include/linux/wait.h
builds "$users" 1
touch tree/vmlinux
builds 0 1
builds 0 0

# other flags for one unit
sed -i '1s/-D__KERNEL__/-D__KERNEL__ -DMORE/' tree/kernel/.peek.o.cmd
run 0 ninja -C out
run 0 "$tool" --kernel tree --ninja out/build.ninja
builds 1 1
same plain.json out/boundary.json

# another set of scheduler files: all facts
echo 'sidecar: [lib/x.c]' >config.yaml
analyze 0 --kernel tree --config config.yaml -o config.json
run 0 "$tool" --kernel tree --config config.yaml --ninja out/build.ninja -o "$work/out/my report.json"
builds "$all" 1
same config.json 'out/my report.json'

# a launcher in front of each command, from an environment variable
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$1" >>"%s/launched"\nshift\nexec "$@"\n' "$work" >launcher
chmod +x launcher
mkdir launched-out
run 0 "$tool" --kernel tree --ninja launched-out/build.ninja
PLUGSCHED_LAUNCHER="$work/launcher --cpu" build launched-out
[ "$(sort launched | uniq -c | tr -s ' ')" = " $all --cpu" ] || fail 'the launcher did not run each command'
same plain.json launched-out/boundary.json

# a list of commands, as for an array of jobs, and a manual link
rm -r launched-out/facts launched-out/boundary.json
ninja -C launched-out -t commands units >list
(cd launched-out && xargs -P 2 -d '\n' -n 1 sh -c) <list
run 0 "$tool" --kernel tree --facts launched-out/facts -q -o report.json
same plain.json report.json

# a unit with an error: ninja stops, with a message like a compiler's
echo 'int broken(' >>tree/kernel/peek.c
run 1 ninja -C launched-out -k 0
grep -qE '^kernel/peek\.c:[0-9]+:[0-9]+: expected' stdout || fail 'no position'
sed -i '$d' tree/kernel/peek.c
build launched-out
same plain.json launched-out/boundary.json

# a worker elsewhere that has only the files that the commands name
mkdir -p 'far away/bin' near bin
cp "$tool" "$(dirname "$tool")/plugsched-facts" bin
run 0 bin/plugsched-analyze --kernel tree --ninja near/build.ninja
build near
cp bin/plugsched-facts 'far away/bin'
(cd near && ninja -t deps | sed -n 's,^    \.\./,,p' | sort -u) >inputs
tar -cf - -T inputs | tar -C 'far away' -xf -
mkdir 'far away/near'
ninja -C near -t commands units >list
mv tree hidden
(cd 'far away/near' && xargs -d '\n' -n 1 sh -c) <list ||
	fail 'the sources and the command are not enough'
mv hidden tree
diff -r --exclude='*.d' near/facts 'far away/near/facts' >&2 || fail 'facts depend on where they are made'

# built out of tree: below the source, and elsewhere, where flags contain absolute paths
cp -r "$fixtures/kernel" source
for place in source/out elsewhere; do
	"$fixtures/build.sh" source "$place"
	analyze 0 --kernel source --build "$place" -o separate.json
	rm -rf separate
	mkdir separate
	run 0 "$tool" --kernel source --build "$place" --ninja separate/build.ninja
	build separate
	same separate.json separate/boundary.json
	! grep -rqF "$work" separate/facts || fail 'facts name an absolute path'
done

# characters that are special to ninja and the shell, in every path
odd="$work/a b'c\"d\\e \$f (g) #h,:ü-雪&"
mkdir "$odd" "$odd/o \$ut:"
copy_kernel "$odd/tree"
cp config.yaml "$odd/my config.yaml"
run 0 "$tool" --kernel "$odd/tree" --config "$odd/my config.yaml" --ninja "$odd/o \$ut:/build.ninja"
build "$odd/o \$ut:"
analyze 0 --kernel "$odd/tree" --config config.yaml -o config.json
same config.json "$odd/o \$ut:/boundary.json"
builds 0 0 "$odd/o \$ut:"

# the same where paths must name these folders; without characters that ninja
# cannot read in a list of files
odd="$work/a b\\c \$d (e) #f,:ü-雪"
mkdir "$odd"
copy_kernel "$odd/tree"
run 0 "$tool" --kernel "$odd/tree" --ninja odd.ninja -o "$odd/my report.json"
run 0 ninja -f odd.ninja
same plain.json "$odd/my report.json"
run 0 ninja -f odd.ninja
grep -q 'no work to do' stdout || fail 'made again'
echo '/* changed */' >>"$odd/tree/include/linux/wait.h"
run 0 ninja -f odd.ninja
[ "$(grep -c FACTS stdout)" = "$users" ] || fail 'odd paths of headers are not followed'

# what it refuses
mkdir 'a|b'
refuses_ninja() {
	run 2 "$tool" --kernel tree "$@"
	[ "$(wc -l <stderr)" = 1 ] || fail 'not one line of message'
}
refuses_ninja --ninja 'a|b/build.ninja'
says 'a|b' 'ninja cannot'
mkdir "it's"
mv tree "it's/tree"
run 2 "$tool" --kernel "it's/tree" --ninja
says "it's/tree: ninja cannot read ' in a list of files" 'beside the tree'
mv "it's/tree" .
refuses_ninja --ninja nowhere/build.ninja
says 'nowhere' 'make the folder'
refuses_ninja --ninja -o -
says '--ninja'
refuses_ninja --ninja --facts out/facts
says '--facts excludes'
[ ! -e build.ninja ] || fail 'a build file was written'
cd out
run 0 "$tool" --kernel ../tree --ninja
same build.ninja ../launched-out/build.ninja
