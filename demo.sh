#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# From nothing to the boundary of a real scheduler: installs what is missing, builds the tools,
# prepares a Linux 6.1 kernel (about five minutes, once), analyses it, prints the summary and two answers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# shellcheck source=test/packages.sh
. test/packages.sh
packages_install "${PACKAGES_BUILD[@]}"
mkdir -p build
echo "building the tools" >&2
if ! { cmake -S . -B build/plain && cmake --build build/plain -j"$(nproc)"; } >build/demo.log 2>&1; then
	tail -n 40 build/demo.log >&2
	echo "demo.sh: the build failed: build/demo.log" >&2
	exit 1
fi
kernel=$(test/kernel/prepare.sh 6.1)
echo "analysing $kernel" >&2
build/plain/analyzer/plugsched-analyze --kernel "$kernel" -o build/boundary.json
ask() {
	echo
	echo "$ plugsched-graph build/boundary.json $*"
	build/plain/graph/query/plugsched-graph build/boundary.json "$@"
}
ask why finish_task
ask callees do_balance_callbacks
echo "the report is in build/boundary.json; build/plain/graph/query/plugsched-graph --help tells what else to ask" >&2
