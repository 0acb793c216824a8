#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched-compare on two small files with known differences, and on files that it cannot compare.
#
#   verdicts.sh TOOL
# shellcheck disable=SC2016 # a dollar is an immediate in assembler
set -euo pipefail
tool=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# function_text NAME BODY: one function in assembly
function_text() { printf '\t.globl %s\n\t.type %s, @function\n%s:\n%b\tret\n\t.size %s, . - %s\n\t.balign 16\n' "$1" "$1" "$1" "$2" "$1" "$1"; }

# what both files have: data, one string each, a static object with another number in its name
common() {
	printf '\t.section .rodata.str1.1,"aMS",@progbits,1\n.Lsame:\t.string "same"\n.Lother:\t.string "%s"\n' "$1"
	printf '\t.data\n\t.globl value\n\t.type value, @object\n\t.size value, 4\nvalue:\t.long 7\n'
	printf '\t.bss\n\t.type count.%s, @object\n\t.size count.%s, 4\ncount.%s:\t.zero 4\n\t.text\n' "$2" "$2" "$2"
	function_text callee '\tmovl %edi, %eax\n'
	function_text second '\tmovl %esi, %eax\n'
	function_text same_code "\tmovl value(%rip), %eax\n\tcall callee\n\tmovq \$.Lsame, %rdi\n\taddl count.$2(%rip), %eax\n"
}
{
	common one 1
	function_text other_string '\tmovq $.Lother, %rdi\n'
	function_text other_number '\tmovl $1, %eax\n'
	function_text other_first '\tenter $8, $1\n\tleave\n'
	function_text other_second '\tenter $8, $1\n\tleave\n'
	function_text other_callee '\tcall callee\n'
	function_text other_order '\tmovl $1, %eax\n\tmovl $2, %edx\n'
	printf '\t.globl _start\n_start:\tret\n'
} >vmlinux.S
{
	common two 9
	function_text other_string '\tmovq $.Lother, %rdi\n'
	function_text other_number '\tmovl $2, %eax\n'
	function_text other_first '\tenter $9, $1\n\tleave\n'
	function_text other_second '\tenter $8, $2\n\tleave\n'
	function_text other_callee '\tcall second\n'
	function_text other_order '\tmovl $2, %edx\n\tmovl $1, %eax\n'
	function_text plugsched_own '\tnop\n'
} >module.S
gcc -c vmlinux.S -o vmlinux.o
gcc -c module.S -o module.o
ld -static --build-id -Ttext=0x1000000 -o vmlinux vmlinux.o
status=0
"$tool" --all --json vmlinux module.o >out.json 2>stderr || status=$?
[ "$status" = 1 ] || fail "exit status $status, and not 1 for what is unexplained: $(cat stderr)"

# verdict FUNCTION WANTED: checks its verdict, and its cause if it differs
verdict() {
	local got
	got=$(jq -r --arg name "$1" '.functions[] | select(.name == $name) | .verdict + (if .cause then " " + .cause else "" end)' out.json)
	[ "$got" = "$2" ] || fail "$1 is to be \"$2\", it is \"$got\""
}
verdict callee identical
verdict same_code identical
verdict other_string 'different unexplained'
verdict other_number 'different unexplained'
verdict other_first 'different unexplained'
verdict other_second 'different unexplained'
verdict other_callee 'different unexplained'
verdict other_order 'different order'
verdict plugsched_own only-in-module

# refuses TEXT ARGUMENT...
refuses() {
	local text=$1 status=0
	shift
	"$tool" "$@" >stdout 2>stderr || status=$?
	[ "$status" = 2 ] || fail "exit status $status instead of 2: $*"
	grep -qF -- "$text" stderr || fail "\"$text\" is not said: $(cat stderr)"
}
refuses 'not linked' module.o vmlinux
refuses 'not a module' vmlinux vmlinux
refuses 'No such file' missing module.o
refuses 'not an ELF file' vmlinux stderr
refuses '--help' vmlinux
size=$(stat -c %s module.o)
for ((length = 1; length < size; length += 61)); do
	head -c "$length" module.o >cut.o
	status=0
	"$tool" vmlinux cut.o >stdout 2>stderr || status=$?
	[ "$status" -le 2 ] || fail "exit status $status on a module cut at $length"
done
