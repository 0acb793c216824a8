#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vmlinux is from another build, damaged, or missing.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

# empty_section NAME FILE OUT: a copy of an ELF file in which the section has a size but no bytes
empty_section() {
	python3 - "$@" <<'END'
import struct
import sys

name, path, out = sys.argv[1:]
data = bytearray(open(path, 'rb').read())
start, = struct.unpack_from('<Q', data, 0x28)
size, count, names = struct.unpack_from('<HHH', data, 0x3a)
strings, = struct.unpack_from('<Q', data, start + names * size + 0x18)
for at in range(start, start + count * size, size):
    begin = strings + struct.unpack_from('<I', data, at)[0]
    if data[begin:data.index(0, begin)].decode() == name:
        struct.pack_into('<I', data, at + 4, 8)  # SHT_NOBITS
open(out, 'wb').write(data)
END
}

copy_kernel tree
cp tree/vmlinux good

cp -r "$fixtures/kernel" another
echo 'int task_more(int *x); int task_more(int *x) { return *x + 1; }' >>another/kernel/sched/swait.c
"$fixtures/build.sh" another another
cp another/vmlinux tree/vmlinux
cp another/kernel/sched/swait.o tree/kernel/sched/swait.o
cp good tree/vmlinux
refuses --kernel tree
says "$work/tree/vmlinux: was not linked from" swait.o task_more 'rebuild the kernel'
cp "$kernel/kernel/sched/swait.o" tree/kernel/sched/swait.o

# the same names, other code
copy_kernel second
sed -i 's/done = 0/done = 0, twice = done * 2/; s/return done/return done + (wait_for_completion(\&twice), twice)/' \
	another/kernel/sched/swait.c
sed -i '/task_more/d' another/kernel/sched/swait.c
"$fixtures/build.sh" another another
cp another/vmlinux second/vmlinux
refuses --kernel second
says "$work/second/vmlinux: was not linked from" 'sched_elsewhere() has another size'

for size in 0 10 64 1000 20000; do
	head -c "$size" good >tree/vmlinux
	refuses --kernel tree
	says "$work/tree/vmlinux"
done
head -c $(($(stat -c %s good) - 100)) good >tree/vmlinux
refuses --kernel tree
says "$work/tree/vmlinux"

echo 'this is no ELF file' >tree/vmlinux
refuses --kernel tree
says "$work/tree/vmlinux" ELF

strip -g -o tree/vmlinux good
refuses --kernel tree
says "$work/tree/vmlinux" DWARF CONFIG_DEBUG_INFO

strip -s -o tree/vmlinux good
refuses --kernel tree
says "$work/tree/vmlinux"

# a section has lost its bytes: what is in them is unknown, not absent
for section in .text .rodata .data .data..percpu; do
	empty_section "$section" good tree/vmlinux
	refuses --kernel tree
	says "$work/tree/vmlinux: the section $section has a size but no bytes"
done
# no table of sections
python3 - good tree/vmlinux <<'END'
import struct
import sys

data = bytearray(open(sys.argv[1], 'rb').read())
struct.pack_into('<Q', data, 0x28, 0)
struct.pack_into('<HHH', data, 0x3a, 0, 0, 0)
open(sys.argv[2], 'wb').write(data)
END
refuses --kernel tree
says "$work/tree/vmlinux" 'build vmlinux again'

cp tree/kernel/sched/core.o tree/vmlinux
refuses --kernel tree
says "$work/tree/vmlinux"

rm tree/vmlinux
analyze 1 --kernel tree -o report.json
says 'The report is incomplete' 'vmlinux: not in the build tree'
ask report.json '.complete == false and .problems[0].code == "no-vmlinux" and .kernel.build_id == null'
ask report.json '[.functions[] | select(.name == "schedule" or .name == "sched_init") | .class] == ["external", "external"]'
