# SPDX-License-Identifier: GPL-2.0-only
# What the tests of the Debian package share. The scripts skip themselves (77) if they do not run as
# root, because only root can chroot.
# shellcheck shell=bash
set -euo pipefail

archives=${PLUGSCHED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/plugsched}/debian/archives # see root.sh
# shellcheck disable=SC2034
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ "$(id -u)" != 0 ]; then
	echo "skipped: needs root" >&2
	exit 77
fi

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# inside ROOT COMMAND...: runs the command in the root, with /proc and the cache of downloaded
# packages; nothing stays mounted
inside() {
	local root=$1
	shift
	# shellcheck disable=SC2016
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive TERM=dumb \
		unshare --mount --propagation private /bin/bash -ec '
			mount -t proc proc "$0/proc"
			mount --bind "$1" "$0/var/cache/apt/archives"
			shift
			exec chroot "$0" "$@"' "$root" "$archives" "$@" </dev/null
}

# apt ROOT WORD...: runs apt-get in the root; renews the list of packages if they cannot be
# downloaded with the list in the root
apt() {
	local root=$1 options=(-q -y -o APT::Sandbox::User=root -o Dpkg::Options::=--force-unsafe-io)
	shift
	inside "$root" apt-get "${options[@]}" "$@" >"$root.log" 2>&1 && return
	{ inside "$root" apt-get -q update && inside "$root" apt-get "${options[@]}" "$@"; } >>"$root.log" 2>&1 || {
		tail -n 30 "$root.log" >&2
		fail "apt-get $*: $root.log"
	}
}

# All files of a root with type, mode, owner and, for plain files, size; without the
# records of apt and dpkg.
list_files() {
	(cd "$1" && find . \( -path ./proc -o -path ./sys -o -path ./var/cache/apt -o -path ./var/lib/apt -o -path ./var/log \
		-o -path ./var/lib/dpkg/lock -o -path './var/lib/dpkg/*-old' -o -path './var/lib/dpkg/triggers/*' -o -path ./var/lib/dpkg/status \
		-o -path ./var/cache/debconf -o -path ./var/cache/ldconfig \) -prune -o \
		\( -type f -printf '%p %y %m %U:%G %s\n' \) -o -printf '%p %y %m %U:%G %l\n') | LC_ALL=C sort
}
