#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The cache makes the second run fast and changes nothing else, whatever happens to its files.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
analyze 0 --kernel tree -o plain.json
[ ! -e xdg ] || fail '--no-cache made a cache'

# cached [KERNEL]: a run with the cache that must give the same report
cached() {
	run 0 "$tool" --kernel "${1-tree}" --cache cache -o report.json
	same plain.json report.json
}

parsed() {
	sed -nE 's/.*: ([0-9]+) parsed, ([0-9]+) from the cache.*/\1 \2/p' stderr
}

# counts PARSED CACHED
counts() {
	[ "$(parsed)" = "$1 $2" ] || fail "$(parsed) (parsed, from the cache) instead of $1 $2"
}

cached
read -r all none <<<"$(parsed)"
[ "$none" = 0 ] || fail 'the first run found something in the cache'
cached
counts 0 "$all"
files=(cache/*.facts)
[ "${#files[@]}" = "$all" ] || fail "${#files[@]} files in the cache for $all units"

# damaged files count as misses and are replaced
cp -r cache whole
truncate -s 0 "${files[0]}"
truncate -s 100 "${files[1]}"
truncate -s -1 "${files[2]}"
head -c 5000 /dev/urandom >"${files[3]}"
echo garbage >>"${files[4]}"
cached
[ "$(parsed | cut -d' ' -f1)" -ge 4 ] || fail 'damaged files were used'
cached
counts 0 "$all"

# flipped bytes all over the file, one at a time: many change nothing that matters, but none may be
# accepted as valid
python3 - "${files[5]}" "${files[6]}" <<'EOF'
import sys
for path in sys.argv[1:]:
    data = bytearray(open(path, "rb").read())
    for i in range(0, len(data), 97):
        data[i] ^= 0x5a
    open(path, "wb").write(data)
EOF
cached
counts 2 $((all - 2))
for position in 0 1 2 3 4 5 6 7 8 9; do
	python3 - "${files[7]}" "$position" <<'EOF'
import sys
path, position = sys.argv[1], int(sys.argv[2])
data = bytearray(open(path, "rb").read())
data[len(data) * position // 10 + 5] ^= 1 << (position % 8)
open(path, "wb").write(data)
EOF
	cached
	counts 1 $((all - 1))
done
# files swapped
cp "${files[0]}" other
cp "${files[1]}" "${files[0]}"
cp other "${files[1]}"
cached
counts 2 $((all - 2))
rm "${files[2]}"
mkdir "${files[2]}"
cached
rmdir "${files[2]}"
cached

# content counts, not time
find tree -name '*.h' -exec touch {} +
cached
counts 0 "$all"

# a changed header: affects the units that read it and, where headers are precompiled, all that
# begin with these
users=$(grep -l 'include/linux/wait\.h' tree/kernel/sched/.*.cmd tree/lib/.*.cmd tree/kernel/.*.cmd | wc -l)
echo '/* changed */' >>tree/include/linux/wait.h
cached
[ "$(parsed | cut -d' ' -f1)" -ge "$users" ] || fail "$(parsed) instead of $users parsed after wait.h changed"
cached
counts 0 "$all"

# another set of scheduler files: other facts
echo 'sidecar: [lib/x.c]' >config.yaml
run 0 "$tool" --kernel tree --cache cache --config config.yaml -o other.json
[ "$(parsed | cut -d' ' -f1)" -gt 0 ] || fail 'facts of another set of files were used'
analyze 0 --kernel tree --config config.yaml -o uncached.json
same uncached.json other.json

# the tree moves
mkdir elsewhere
mv tree elsewhere/moved
cached elsewhere/moved
counts 0 "$all"

# without a usable folder for the cache
chmod 755 "$work"
cp "$tool" tool
mkdir closed
chmod 555 closed
chmod -R u=rwX,go=rX elsewhere
mkdir open
chmod 777 open
run 0 as_nobody "$work/tool" --kernel elsewhere/moved --cache closed/cache -o open/report.json
same plain.json open/report.json
says 'the cache is not used' "closed/cache" '--cache' '--no-cache'
run 0 as_nobody "$work/tool" --kernel elsewhere/moved --cache closed/cache -q -o open/report.json
[ ! -s stderr ] || fail 'not quiet'
touch file
run 0 "$tool" --kernel elsewhere/moved --cache file/cache -o report.json
says 'the cache is not used'

# the default folder
run 0 "$tool" --kernel elsewhere/moved -o report.json
[ -n "$(ls -A xdg/plugsched/facts)" ] || fail 'nothing in the default cache'
