#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The layouts that clang gives are not those of vmlinux; vmlinux was compiled by another compiler.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

# differs TEXT SAYS...: the kernel has TEXT in place of the first member of struct rq
differs() {
	local text=$1
	shift
	rm -rf tree
	cp -r "$fixtures/kernel" tree
	TEXT=$text perl -0pi -e 's/(struct rq \{\n)/$1$ENV{TEXT}\n/' tree/kernel/sched/sched.h
	"$fixtures/build.sh" tree tree
	refuses --kernel tree
	says "$work/tree/vmlinux: clang lays out rq of kernel/sched/sched.h in another way than the compiler that built it" "$@" CONFIG_RANDSTRUCT
}

differs $'#ifdef __clang__\n\tint for_clang;\n#endif' 'it has 32 bytes for clang, and 24 in vmlinux'
differs $'#ifdef __clang__\n\tint one;\n\tint two;\n#else\n\tint two;\n\tint one;\n#endif' 'its member one is at bit 0 for clang, and at 32 in vmlinux'
differs $'#ifdef __clang__\n\tint one;\n#else\n\tint two;\n#endif' "vmlinux's has no member one"
# members of unnamed members, and bit-fields, are found
rm -rf tree
cp -r "$fixtures/kernel" tree
perl -0pi -e 's/(struct rq \{\n)/$1\tconst struct { int one; union { long two; struct { int three:3, four:5; }; }; };\n/' tree/kernel/sched/sched.h
"$fixtures/build.sh" tree tree
analyze 0 --kernel tree -o report.json
ask report.json '[.members[] | select(.name == "rq.four") | .offset_bits] == [67]'

copy_kernel other
LC_ALL=C sed -i 's/GNU C1/clang1/g' other/vmlinux
refuses --kernel other
says "$work/other/vmlinux: kernel/sched/" 'was compiled by clang1' 'only kernels that gcc has compiled'
