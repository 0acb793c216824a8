#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Prepares a clean Debian root and prints its path. debootstrap makes it from this machine's own
# suites, with systemd, bash-completion and git.
#
#   root.sh [--path]    --path: only print where it is or would be
#
# It is in $PLUGSCHED_CACHE/debian (default: ~/.cache/plugsched/debian), under a key made of the
# suites and its packages, and is made only once. archives/ beside it keeps downloaded packages for
# the tests that install into a copy. Needs root. Progress goes to stderr.
set -euo pipefail

say() { printf 'root: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

path_only=
if [ "${1-}" = --path ]; then path_only=1; shift; fi
[ $# = 0 ] || die "usage: root.sh [--path]"

packages=(systemd systemd-sysv bash-completion git)
cache=${PLUGSCHED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/plugsched}/debian

# This machine's sources of Debian packages, one per line.
sources() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(ORIGIN) deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
		sed -n 's/^Debian //p' | sort -u
}

list=$(sources)
[ -n "$list" ] || die "apt has no lists of Debian's packages: run apt-get update"
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(awk -v suite="$suite" '$3 == suite { print $2; exit }' <<<"$list")
[ -n "$mirror" ] || die "apt has no source of $suite"
root=$cache/$suite-$( { echo "$list"; echo "${packages[@]}"; } | sha256sum | cut -c 1-12)
if [ -n "$path_only" ]; then echo "$root"; exit 0; fi
[ "$(id -u)" = 0 ] || die "must be run as root"

mkdir -p "$cache/archives"
exec 9>"$cache/lock"
flock -n 9 || { say "waiting for another that makes it"; flock 9; }
if [ -e "$root" ]; then echo "$root"; exit 0; fi

say "making a $suite root from $mirror, once"
rm -rf "$root.aside"
debootstrap --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" "$suite" "$root.aside" "$mirror" >"$root.log" 2>&1 ||
	{ tail -n 20 "$root.log" >&2; die "debootstrap failed: $root.log"; }
echo "$list" >"$root.aside/etc/apt/sources.list"
chroot "$root.aside" apt-get -q update >>"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; die "apt-get update failed: $root.log"; }
rm -f "$root.aside"/var/cache/apt/archives/*.deb
mv "$root.aside" "$root"
say "made $root"
echo "$root"
