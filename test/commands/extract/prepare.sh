#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Makes DIR a fresh copy of this folder's fixture kernel, built in place.
#
#   prepare.sh DIR
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
fixtures=$here/../fixtures
rm -rf "$1"
cp -r "$here/kernel" "$1"
# what it shares with the other fixture kernel
cp "$fixtures"/kernel/{Makefile,Kconfig,Kbuild,vmlinux.lds} "$1"
cp "$fixtures/kernel/include/linux/compiler.h" "$1/include/linux"
# shellcheck source=test/commands/extract/units.sh
. "$here/units.sh"
# a function that waits at its end is to be on the stack meanwhile
FIXTURE_CFLAGS="${FIXTURE_CFLAGS-} -fno-optimize-sibling-calls" "$fixtures/build.sh" "$1" "$1"
# what modpost would write
nm "$1/vmlinux" | sed -n 's/.* __ksymtab_\(.*\)/0x00000000\t\1\tvmlinux\tEXPORT_SYMBOL\t/p' >"$1/Module.symvers"
