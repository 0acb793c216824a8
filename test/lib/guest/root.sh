#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Makes a guest's file system: busybox, programs with their libraries, files, and the check of the
# kernel (kernel.sh).
#
#   root.sh ROOT.cpio.gz FILE[=PATH]...
#
# A program found in PATH goes to /bin; a file goes to / under its base name, or to =PATH. /init
# runs the file installed as /run, a script for the guest's busybox.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(realpath "$1")
shift
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

add() { # FILE PATH
	mkdir -p "$root/$(dirname "$2")"
	cp -L "$1" "$root/$2"
}

add_libraries() {
	local library
	for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*'); do
		[ -e "$root/$library" ] || add "$library" "$library"
	done
}

chmod 755 "$root"
mkdir -p "$root"/{bin,proc,sys,dev,tmp}
add "$(command -v busybox)" bin/busybox
add "$here/init" init
chmod +x "$root/init"
add "$here/kernel.sh" kernel.sh
for item in "$@"; do
	file=${item%%=*} path=
	[ "$file" = "$item" ] || path=${item#*=}
	if [ ! -e "$file" ]; then
		file=$(command -v "$file") || { echo "root.sh: no file or program $item" >&2; exit 2; }
		path=${path:-bin/$(basename "$file")}
	fi
	add "$file" "${path:-$(basename "$file")}"
	add_libraries "$file"
done
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$out.aside"
mv "$out.aside" "$out"
