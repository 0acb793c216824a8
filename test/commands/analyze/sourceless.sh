#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Objects that vmlinux is linked from and that no known command makes: of another language, or there
# before the build. What they refer to counts as used.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

# link NAME: rebuilds the tree with lib/NAME.o
link() {
	FIXTURE_OBJECTS="lib/$1" "$fixtures/build.sh" tree tree
}
# compile_blob FLAG...
compile_blob() {
	(cd tree && gcc -Iinclude -I. -O2 -w -ffreestanding -fno-pie -mcmodel=kernel -fno-asynchronous-unwind-tables -gdwarf-5 "$@" \
		-c -o lib/blob.o ../elsewhere/blob.c)
}
# is NAME CLASS REASON
is() {
	ask report.json "[.functions[], .variables[], .members[] | select(.name == \"$1\" and .scheduler or .name == \"$1\" and .record) |
		[.class, .reason]] == [[\"$2\", \"$3\"]]"
}

copy_kernel tree
analyze 0 --kernel tree -o report.json
is sched_nobody internal unused
is inside_only internal used-inside
is task_struct.on_rq internal used-inside
is rq_is_busy internal callers-inside

# C that was compiled elsewhere: calls a function, reads a variable by an alias, uses a member, has an inlined copy
mkdir elsewhere
cat >elsewhere/blob.c <<'END'
#include "kernel/sched/sched.h"
int sched_nobody(int x);
int blob(struct task_struct *p)
{
	return sched_nobody(p->on_rq) + rq_is_busy(&main_rq);
}
END
compile_blob
link blob
analyze 0 --kernel tree -o report.json
is sched_nobody interface named-by-object
ask report.json '.functions[] | select(.name == "sched_nobody") | .objects == ["lib/blob.o"]'
is task_struct.on_rq external named-by-object
ask report.json '.members[] | select(.name == "task_struct.on_rq") |
	.why == "external: lib/blob.o, whose source is not known, knows the struct"'
is rq_is_busy external inlined-outside
analyze 0 --kernel tree --exhaustive -o exhaustive.json
same report.json exhaustive.json

# without debug information nobody knows which members it uses
compile_blob -g0
link blob
analyze 1 --kernel tree -o report.json
says 'lib/blob.o: is linked into vmlinux, and has neither a source that the build compiled nor debug information'
ask report.json '[.problems[] | [.code, .file]] == [["object-without-source", "lib/blob.o"]]'
is sched_nobody interface named-by-object

# data has no members to use
echo '.data; .quad sched_nobody' | gcc -x assembler -c -o tree/lib/blob.o -
link blob
analyze 0 --kernel tree -o report.json
is sched_nobody interface named-by-object

# a unit of the tree whose command is missing is another matter
compile_blob
link blob
rm tree/lib/.alone.o.cmd
refuses --kernel tree
says '1 were not built' 'lib/alone.c; build the whole kernel'

# unknown code that is in no archive
copy_kernel whole
cp tree/vmlinux whole/vmlinux
refuses --kernel whole
says '1 were not built' 'elsewhere/blob.c'

# a damaged archive
copy_kernel damaged
truncate -s -1 damaged/lib/built-in.a
sed -i '1!s/`/x/' damaged/lib/built-in.a
refuses --kernel damaged
says 'damaged/lib/built-in.a: a damaged archive'

command -v rustc >/dev/null || exit 0
# another language
cat >elsewhere/oxide.rs <<'END'
#![no_std]
#[repr(C)]
pub struct task_struct {
    pub state: i32,
    pub on_rq: i32,
}
extern "C" {
    fn sched_nobody(x: i32) -> i32;
}
#[no_mangle]
pub unsafe extern "C" fn oxide(p: *const task_struct) -> i32 {
    sched_nobody((*p).on_rq)
}
END
rm -rf tree
copy_kernel tree
rustc --edition 2021 --crate-type lib --emit "obj=tree/lib/oxide.o" -C panic=abort -C opt-level=2 -C relocation-model=static -g elsewhere/oxide.rs
rm -rf "${TMPDIR:?}"/*
link oxide
analyze 0 --kernel tree -o report.json
is sched_nobody interface named-by-object
is task_struct.on_rq external named-by-object
