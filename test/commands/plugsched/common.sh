# SPDX-License-Identifier: GPL-2.0-only
# For the tests with a false root directory, which source it with the path of the tool: sets $tool
# and $here, goes to a folder of its own, makes the files there, and defines the checks.
# shellcheck shell=bash
tool=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit
touch stdout stderr
export PLUGSCHED_ROOT=$work/root

fail() {
	echo "FAILED: $*" >&2
	sed 's/^/  stdout: /' stdout >&2
	sed 's/^/  stderr: /' stderr >&2
	exit 1
}
# run STATUS ARGUMENT...
run() {
	local wanted=$1 status=0
	shift
	"$tool" "$@" >stdout 2>stderr || status=$?
	[ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}
says() { grep -qF -- "$1" stderr || fail "\"$1\" is not said"; }
tells() { grep -qF -- "$1" stdout || fail "\"$1\" is not told"; }
# compile FILE OPTION...: another module, as the build leaves it
compile() {
	local file=$1
	shift
	gcc -g -c -O1 -fno-pie -mcmodel=kernel "$@" -o "$file" "$here/module.c"
}
# finished FILE OPTION...: the same with its digest
finished() { compile "$@" && "$here/digest.py" "$1"; }
"$here/prepare.sh"
