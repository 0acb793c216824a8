#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Missing permission: for the report's place, and for each kind of input.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

chmod 755 "$work"
cp "$tool" tool # its folder may be inaccessible to others
copy_kernel tree
chmod -R u=rwX,go=rX tree
mkdir open
chmod 777 open

# unprivileged STATUS OPTION...
unprivileged() {
	local wanted=$1
	shift
	run "$wanted" as_nobody "$work/tool" --no-cache --kernel tree "$@"
}

unprivileged 0 -o open/good.json

# --- the report
mkdir closed
echo earlier >closed/boundary.json
chmod 555 closed
unprivileged 2 -o closed/boundary.json
says closed/boundary.json 'Permission denied' '-o'
[ "$(cat closed/boundary.json)" = earlier ] || fail 'the earlier report was changed'

# --- inputs
for input in vmlinux .config include/config/kernel.release kernel/.fork.o.cmd; do
	mode=$(stat -c %a "tree/$input")
	chmod 000 "tree/$input"
	unprivileged 2 -o open/report.json
	says "$work/tree/$input" 'ermission denied'
	chmod "$mode" "tree/$input"
done
chmod 000 tree
unprivileged 2 -o open/report.json
says 'tree/Makefile: Permission denied' 'Permission denied'
chmod 755 tree

# what is possible without the file is done, and the file is named
chmod 000 tree/kernel/fork.c
unprivileged 1 -o open/report.json
says 'kernel/fork.c: not parsed'
chmod 644 tree/kernel/fork.c
chmod 000 tree/kernel/fork.o
unprivileged 1 -o open/report.json
says 'kernel/fork.o'
chmod 644 tree/kernel/fork.o
chmod 000 tree/include/linux/wait.h
unprivileged 1 -o open/report.json
says 'kernel/sched/wait.c: not parsed' 'wait.h'
chmod 644 tree/include/linux/wait.h

echo 'sidecar: [lib/x.c]' >config.yaml
chmod 000 config.yaml
unprivileged 2 --config config.yaml -o open/report.json
says 'config.yaml' 'Permission denied'

for left in open/*; do
	[[ $left == open/good.json || $left == open/report.json ]] || fail "left behind: $left"
done
