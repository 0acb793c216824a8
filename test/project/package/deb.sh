#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds the Debian package from a build folder and checks it, and also an
# installation into a DESTDIR.
#
#   deb.sh BUILD OUT    BUILD: the build folder; OUT: where plugsched_*.deb is left
set -euo pipefail
[ $# = 2 ] || { echo "usage: deb.sh BUILD OUT" >&2; exit 2; }
build=$(realpath "$1")
source=$(cd "$(dirname "$0")/../../.." && pwd)
rm -rf "$2"
mkdir -p "$2"
out=$(realpath "$2")

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# names_no_place FOLDER WORD...: no file contains the path of the sources, of the
# build, or one of the words
names_no_place() {
	local folder=$1 place
	shift
	for place in "$source" "$build" "$@"; do
		! grep -rlF -- "$place" "$folder" >&2 || fail "these name $place"
	done
}

# has_all FOLDER: each program of the build is installed there with its page and its completion
has_all() {
	local program document count=0
	while IFS= read -r program; do
		count=$((count + 1))
		[ -x "$1/bin/$program" ] || [ -x "$1/sbin/$program" ] || fail "$1: no program $program"
		ls "$1/share/man/man1/$program.1"* >/dev/null || fail "$1: no page of $program"
		[ -e "$1/share/bash-completion/completions/$program" ] || fail "$1: bash does not complete $program"
		[ -e "$1/share/fish/vendor_completions.d/$program.fish" ] || fail "$1: fish does not complete $program"
		head -n 1 "$1"/share/zsh/*/_plugsched | grep -qw -- "$program" || fail "$1: zsh does not complete $program"
	done < <(cut -f 1 "$build/packaging/completion/table" | sort -u)
	[ "$count" -ge 6 ] || fail "only $count programs"
	for document in docs/boundary.schema.json examples/wakeup-count/wakeup-count.patch; do
		[ -e "$1/share/doc/plugsched/$document" ] || fail "$1: no $document"
	done
	systemd-analyze verify --man=no "$1/lib/systemd/system/plugsched@.service" 2>&1 | grep -v 'is not executable' >&2 &&
		fail "systemd-analyze complains"
	return 0
}

# 1. an installation into a folder that is not its final place
DESTDIR=$out/installed cmake --install "$build" --prefix /opt/ps >"$out/install.log" || fail "cmake --install: $out/install.log"
has_all "$out/installed/opt/ps"
names_no_place "$out/installed/opt/ps/share" "$out/installed"
grep -q '^ExecStart=/opt/ps/sbin/plugsched load' "$out/installed/opt/ps/lib/systemd/system/plugsched@.service" || fail "the unit starts something else"
grep -q /opt/ps/share/plugsched/completion/complete.sh "$out/installed/opt/ps/share/bash-completion/completions/plugsched" ||
	fail "bash asks something else"

# 2. the package
(cd "$build" && cpack -G DEB -B "$out") >"$out/cpack.log" 2>&1 || { tail "$out/cpack.log" >&2; fail "cpack: $out/cpack.log"; }
deb=$(echo "$out"/plugsched_*_amd64.deb)
[ -e "$deb" ] || fail "no package in $out"
dpkg-deb -x "$deb" "$out/unpacked"
has_all "$out/unpacked/usr"
names_no_place "$out/unpacked" "$out"
for program in "$out"/unpacked/usr/{,s}bin/plugsched*; do
	! readelf -SW "$program" | grep -qE '\.(symtab|debug_info)' || fail "$program is not stripped"
	! readelf -d "$program" | grep -E 'R(UN)?PATH' >&2 || fail "$program has a path of its own to libraries"
done
depends=$(dpkg-deb -f "$deb" Depends)
for library in libc6 libclang1-19 libllvm19 libglib2.0-0 libelf1 libdw1 libyaml-0-2; do
	grep -qw -- "$library" <<<"$depends" || fail "does not depend on $library: $depends"
done
[ "$(dpkg-deb -I "$deb" conffiles)" = /etc/default/plugsched ] || fail "the conffiles"

# 3. lintian reports not even a warning
lintian --allow-root --fail-on error,warning "$deb" >&2 || fail "lintian complains"
echo "$(basename "$deb"): $(stat -c %s "$deb") bytes, $depends"
