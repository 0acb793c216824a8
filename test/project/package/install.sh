#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs the package into a clean Debian, with the packages that apt installs
# for it, and uses it there.
#
#   install.sh DEBFOLDER ROOT REPORT KERNEL EXTRACTED
#
# DEBFOLDER contains the package. ROOT is created, and left for the tests that follow. REPORT is the
# report of the built programs on the fixture kernel KERNEL. EXTRACTED is a kernel from which a
# scheduler can be extracted.
# shellcheck source=test/project/package/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ $# = 5 ] || { echo "usage: install.sh DEBFOLDER ROOT REPORT KERNEL EXTRACTED" >&2; exit 2; }
deb=$(echo "$1"/plugsched_*_amd64.deb) report=$(realpath "$3") kernel=$(realpath "$4") extracted=$(realpath "$5")
root=$2

in_root() {
	inside "$root" "$@"
}

# 1. a copy of the clean root, and a list of what is in it before
clean=$("$here/root.sh")
rm -rf "$root"
cp -a "$clean" "$root"
list_files "$root" >"$root.before"

# 2. the package, with what it needs
cp "$deb" "$root/root/"
apt "$root" install --no-install-recommends "/root/$(basename "$deb")"
rm "$root/root/$(basename "$deb")"
in_root dpkg-query -s plugsched | grep -qx 'Status: install ok installed' || fail "not installed"
in_root dpkg --verify plugsched | grep . >&2 && fail "files are not as the package has them"

# 3. every command runs
version=$(dpkg-deb -f "$deb" Version)
count=0
for program in $(in_root dpkg -L plugsched | grep '/s\?bin/.'); do
	[ "$(in_root "$program" --version)" = "$(basename "$program") $version" ] || fail "$program --version"
	in_root "$program" --help >"$root.help" || fail "$program --help"
	grep -q '^Exit status\|--version' "$root.help" || fail "$program --help says nothing"
	count=$((count + 1))
done
[ "$count" -ge 6 ] || fail "only $count commands"
in_root plugsched status | grep -qx 'no replaced scheduler is loaded' || fail "plugsched status"

# 4. an analysis there gives the same report as one here
mkdir -p "$root/srv$kernel" "$root/srv$extracted"
cp -a "$kernel/." "$root/srv$kernel"
cp -a "$extracted/." "$root/srv$extracted"
in_root plugsched-analyze --no-cache -q --kernel "/srv$kernel" -o /srv/boundary.json
cmp "$root/srv/boundary.json" "$report" >&2 || fail "the report differs"
in_root plugsched-graph /srv/boundary.json why schedule | grep -q '^schedule  ' || fail "plugsched-graph"

# 5. a module's source, with the runtime that is embedded in the program
cp "$here/../../commands/extract/boundary.yaml" "$root/srv"
in_root plugsched-analyze --no-cache -q --kernel "/srv$extracted" -c /srv/boundary.yaml -o /srv/extract.json
in_root plugsched-extract -q --kernel "/srv$extracted" --boundary /srv/extract.json -o /srv/scheduler
for file in "$here"/../../../runtime/{module,core}/*.[ch]; do
	folder=$(basename "$(dirname "$file")")
	cmp "$file" "$root/srv/scheduler/${folder/module/runtime}/$(basename "$file")" >&2 || fail "not the runtime's source"
done

# 6. bash completes it: the completion is loaded by the command's name, as at the first <TAB>
# shellcheck disable=SC2016
offered=$(in_root bash -c '
	. /usr/share/bash-completion/bash_completion
	cd /srv
	_completion_loader plugsched-graph
	COMP_WORDS=(plugsched-graph boundary.json why sched) COMP_CWORD=3 COMP_LINE="plugsched-graph boundary.json why sched" COMP_POINT=39
	_plugsched
	printf "%s\n" "${COMPREPLY[@]}"')
grep -qx schedule <<<"$offered" || fail "bash offers: $offered"
rm -rf "$root/srv"
mkdir "$root/srv"
rm -f "$root.help"
echo "installed and used in $root"
