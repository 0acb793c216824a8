#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Debug information in forms that cannot be read is named, with the option that makes it.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
analyze 0 --kernel tree -o plain.json
cp tree/vmlinux good

# can be read
objcopy --compress-debug-sections=zlib good tree/vmlinux
analyze 0 --kernel tree -o report.json
same plain.json report.json

# libdw may be too old for zstd; then the message says so. 99 stands for what is to come.
if objcopy --compress-debug-sections=zstd good tree/vmlinux 2>/dev/null; then
	status=0
	"$tool" --no-cache --kernel tree -q -o report.json || status=$?
	if [ "$status" = 0 ]; then
		same plain.json report.json
	else
		refuses --kernel tree
		says "$work/tree/vmlinux" 'compressed with zstd' CONFIG_DEBUG_INFO_COMPRESSED_NONE=y 'objcopy --decompress-debug-sections'
	fi
fi
objcopy --compress-debug-sections=zlib good tree/vmlinux
offset=$(readelf -SW tree/vmlinux | sed -n 's/.* \.debug_info *PROGBITS *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
printf '\143\0\0\0' | dd of=tree/vmlinux bs=1 seek=$((0x$offset)) conv=notrunc status=none
refuses --kernel tree
says 'compressed in a way' 'objcopy --decompress-debug-sections'

# split
cp -r "$fixtures/kernel" split
FIXTURE_CFLAGS=-gsplit-dwarf "$fixtures/build.sh" split split
refuses --kernel split
says "$work/split/vmlinux" '.dwo' CONFIG_DEBUG_INFO_SPLIT
FIXTURE_CFLAGS='-gsplit-dwarf -gdwarf-4' "$fixtures/build.sh" split split
refuses --kernel split
says "$work/split/vmlinux" '.dwo' CONFIG_DEBUG_INFO_SPLIT
