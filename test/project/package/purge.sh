#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Removes and purges the package in the root that install.sh left. Nothing of it may remain.
#
#   purge.sh ROOT
# shellcheck source=test/project/package/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ $# = 1 ] || { echo "usage: purge.sh ROOT" >&2; exit 2; }
root=$1

# as after use: a module to load, an enabled unit, a changed setting
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -sf /lib/systemd/system/plugsched@.service "$root/etc/systemd/system/multi-user.target.wants/plugsched@mine.service"
echo module >"$root/var/lib/plugsched/mine.ko"
echo LOAD_OPTIONS=--verbose >"$root/etc/default/plugsched"

apt "$root" remove plugsched
[ ! -e "$root/usr/sbin/plugsched" ] || fail "the program is still there"
grep -q verbose "$root/etc/default/plugsched" || fail "remove took the setting along"
[ -e "$root/var/lib/plugsched/mine.ko" ] || fail "remove took the module along"
apt "$root" purge plugsched
apt "$root" autoremove --purge
list_files "$root" >"$root.after"
diff "$root.before" "$root.after" >"$root.diff" || head -n 40 "$root.diff" >&2
[ ! -s "$root.diff" ] || fail "< was there before, > is there after"
! inside "$root" dpkg-query -W plugsched 2>/dev/null || fail "dpkg still knows it"
rm -rf "$root" "$root".{before,after,diff,log}
echo "purged: nothing is left"
