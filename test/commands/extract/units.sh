# SPDX-License-Identifier: GPL-2.0-only
# How this folder's fixture kernel is built: for test/commands/fixtures/build.sh.
# shellcheck shell=bash
FIXTURE_UNITS=$(printf 'kernel/sched/%s ' core functions variables addresses macros statements formatting options \
	aliases twins shared strings build_policy)'kernel/outside kernel/services'
FIXTURE_CFLAGS="-DCONFIG_SMP=1 -fno-omit-frame-pointer"
export FIXTURE_UNITS FIXTURE_CFLAGS
