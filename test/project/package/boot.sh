#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boots the Debian that install.sh left, with systemd, on a test kernel in QEMU, with
# modules to load at boot.
#
#   boot.sh ROOT MODULE OTHER [SECONDS]    MODULE: scheduler.ko of 6.12-preempt, a
#                                          kernel that can run systemd;
#                                          OTHER: scheduler.ko of another kernel
#
# guest.sh checks it from inside. Packages that the command plugsched does not need are left out to
# save the guest's memory: libclang, LLVM, git, perl, documents.
# shellcheck source=test/project/package/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ $# = 3 ] || [ $# = 4 ] || { echo "usage: boot.sh ROOT MODULE OTHER [SECONDS]" >&2; exit 2; }
root=$(realpath "$1") module=$2 other=$3 seconds=${4:-3000}
kernel=$("$here/../../lib/kernel/prepare.sh" --path 6.12 preempt)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# archive: packs the files whose names are on standard input, in the format that the kernel unpacks
archive() {
	cpio -o -0 -H newc --quiet
}

the_root() {
	cd "$root"
	find . \( -path ./usr/share/doc -o -path ./usr/share/man -o -path ./usr/share/locale -o -path ./usr/share/perl -o -path ./usr/lib/git-core \
		-o -path ./var/cache -o -path ./var/lib/apt -o -path './usr/lib/x86_64-linux-gnu/lib[Lc]L*' -o -path './usr/lib/x86_64-linux-gnu/libclang*' \
		-o -path './usr/lib/x86_64-linux-gnu/perl*' -o -path './usr/lib/x86_64-linux-gnu/gconv' -o -path ./usr/lib/llvm-19 \
		-o -path ./usr/share/git-core -o -path ./usr/bin/git -o -path './usr/bin/perl*' \) -prune -o -print0 | archive
}

# What an administrator adds (modules, enabled units), and the test's own service.
the_rest() {
	mkdir -p "$work"/etc/{default,sysctl.d} "$work/etc/systemd/system/multi-user.target.wants" "$work/var/lib/plugsched" "$work/root"
	cd "$work"
	cp "$module" var/lib/plugsched/mine.ko
	cp "${module%/*}/plugsched.ko" var/lib/plugsched/
	cp "$other" var/lib/plugsched/other.ko
	head -c 100000 "$module" >var/lib/plugsched/cut.ko
	echo LOAD_OPTIONS=--verbose >etc/default/plugsched
	cp "$here/guest.sh" "$here/../../lib/guest/kernel.sh" root/
	cat >etc/systemd/system/guest.service <<-'END'
		[Service]
		ExecStart=/bin/bash /root/guest.sh
	END
	ln -s ../guest.service etc/systemd/system/multi-user.target.wants/
	for name in mine other cut missing; do
		ln -s /lib/systemd/system/plugsched@.service "etc/systemd/system/multi-user.target.wants/plugsched@$name.service"
	done
	# what this small kernel cannot do for Debian: so many process ids (BASE_SMALL), and checks
	# of file systems on disks (no BLOCK)
	ln -s /dev/null etc/sysctl.d/50-pid-max.conf
	ln -s /dev/null etc/systemd/system/e2scrub_reap.service
	find . -mindepth 1 -print0 | archive
}

# the kernel treats two archives in a row as one
{ (the_root) && (the_rest); } >"$work.cpio"
trap 'rm -rf "$work" "$work.cpio"' EXIT
"$here/../../lib/guest/boot.sh" -m 2048 -t "$seconds" -a "rdinit=/sbin/init systemd.getty_auto=no" "$kernel" "$work.cpio"
