#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What no compiler says of an edit: code under a configuration symbol that this kernel does not have, names of vmlinux's that another
# unit defines, functions that would wait, code and data that are freed too early, and too much data for each CPU. The Makefile runs it
# before and behind the compiler.
#
#	check.sh config KERNEL		KERNEL: where it was built
#	check.sh symbols OBJECT KERNEL	OBJECT: the units linked together
#
# And what signs a module when all is well:
#
#	check.sh sign MODULE KERNEL KEY CERTIFICATE
set -u
export LC_ALL=C

# FILE:LINE:SYMBOL of each condition: #if and its kin with what continues them, and IS_ENABLED() and its kin in code.
conditions()
{
	awk '
	function names(text,	symbol) { # leaves RSTART and RLENGTH changed
		while (match(text, /CONFIG_[A-Za-z0-9_]+/)) {
			symbol = substr(text, RSTART, RLENGTH)
			if (RSTART == 1 || substr(text, RSTART - 1, 1) !~ /[A-Za-z0-9_]/)
				print FILENAME ":" FNR ":" symbol
			text = substr(text, RSTART + RLENGTH)
		}
	}
	FNR == 1 { continues = 0 }
	!continues && !/CONFIG_/ && !/^[ \t]*#/ { next }
	{
		text = $0
		sub(/\/\*.*/, "", text)
		sub(/\/\/.*/, "", text)
	}
	continues || text ~ /^[ \t]*#[ \t]*(el)?if/ {
		names(text)
		continues = text ~ /\\[ \t]*$/
		next
	}
	{
		while (match(text, /IS_(ENABLED|BUILTIN|MODULE|REACHABLE)[ \t]*\([^)]*\)/)) {
			asked = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			names(asked)
		}
	}' "$@"
}

# True if the symbol has a value, is said not to have one, is defined in this folder, or some Kconfig file of the kernel has it.
is_known()
{
	name=${1#CONFIG_}
	plain=${name%_MODULE}
	grep -qs "CONFIG_${plain}[= ]" "$build/.config" ||
		grep -qE "^[[:space:]]*#[[:space:]]*define[[:space:]]+CONFIG_$name\\b" ./*.c ./*.h ||
		grep -qE -e "-DCONFIG_$name\\b" Kbuild Makefile ||
		grep -rqsE --include='Kconfig*' "^[[:space:]]*(menu)?config[[:space:]]+($name|$plain)[[:space:]]*\$" "$source"
}

check_config()
{
	build=$1
	source=$build
	[ -e "$build/Kbuild" ] || source=$build/source
	folder=$(sed -n 's|^include [$](srctree)/\(.*\)/Makefile$|\1|p' Kbuild)
	familiar=$(cat "$source/$folder"/*.c "$source/$folder"/*.h 2>/dev/null | grep -oE 'CONFIG_[A-Za-z0-9_]+' | sort -u)
	found=$(conditions ./*.c ./*.h | sed 's|^\./||' | sort -u)
	wrong=0
	for symbol in $(printf '%s\n' "$found" | sed 's/.*://' | sort -u | grep -vxF "$familiar"); do
		is_known "$symbol" && continue
		printf '%s\n' "$found" | sed -n "s/:$symbol\$//p" | while read -r place; do
			printf '%s: error: plugsched: %s is no symbol of this kernel'\''s Kconfig, so code that it asks for is left ' \
				"$place" "$symbol"
			printf 'out; take the condition off, or add "ccflags-y += -D%s=1" to Kbuild\n' "$symbol"
		done >&2
		wrong=1
	done
	return $wrong
}

# FUNCTION:CALLEE of each call of one of the functions, other than by the runtime. A call of a function of the same unit may show only
# a place in its section.
calls_of()
{
	objdump -dr --no-show-raw-insn "$1" | awk -v list="$2" '
	function number(text,	value, i) {
		for (i = 1; i <= length(text); i++)
			value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
		return value + 0
	}
	function take(callee,	parts) { # a relocation counts from four bytes behind the function
		if (callee ~ /^\.[^+]*\+0x/) {
			split(callee, parts, /\+0x/)
			callee = parts[1] ":" (number(parts[2]) + 4)
		} else {
			sub(/[-+].*/, "", callee)
			sub(/^__vmlinux_/, "", callee)
			sub(/__pos_[0-9]+$/, "", callee)
		}
		callers[count] = caller
		callees[count++] = callee
	}
	pending != "" {
		take($2 ~ /^R_/ ? $3 : pending)
		pending = ""
	}
	/^Disassembly of section / { section = $4; sub(/:$/, "", section) }
	/^[0-9a-f]+ <.*>:$/ {
		caller = $2
		gsub(/[<>:]/, "", caller)
		sub(/\..*/, "", caller)
		names[section ":" number(substr($1, match($1, /[^0]/)))] = caller
	}
	$2 ~ /^callq?$/ { pending = $4; gsub(/[<>]/, "", pending) }
	END {
		if (pending != "")
			take(pending)
		for (split(list, wanted, " "); ++n in wanted;)
			waits[wanted[n]] = 1
		for (n = 0; n < count; n++) {
			if (callees[n] in names)
				callees[n] = names[callees[n]]
			if (callees[n] in waits && callers[n] !~ /^plugsched_/)
				print callers[n] ":" callees[n]
		}
	}' | sort -u
}

# No function of the module may wait, or the module could never be removed. A jump at the end of a function leaves nothing on the stack.
check_waits()
{
	waits=$(sed -n 's/^PLUGSCHED_WAITS(\([A-Za-z0-9_.]*\))$/\1/p' check_end.h | tr '\n' ' ')
	[ -n "$waits" ] || return 0
	command -v objdump >/dev/null || { echo "error: plugsched: objdump is missing; install binutils" >&2; return 1; }
	objdump -h "$1" >/dev/null || { echo "error: plugsched: objdump cannot read $1, so nobody knows whether it waits" >&2; return 1; }
	calls=$(calls_of "$1" "$waits")
	[ -n "$calls" ] || return 0
	printf '%s\n' "$calls" | while IFS=: read -r caller callee; do
		printf 'error: plugsched: %s calls %s, which waits, and does something after it: a task would always be in it, and the ' \
			"$caller" "$callee"
		printf 'module could never be removed; let that call be the last thing that it does\n'
	done >&2
	return 1
}

# Names of vmlinux that are bound for the core alone, used by the object with all units.
check_core_names()
{
	nm "$1" | grep -q ' plugsched_text$' || return 0
	used=$(nm -u "$1" | sed 's/.* //')
	for name in $(printf '%s\n' "$used" | grep -Fx "$(cut -f 2 core.symvers)"); do
		printf 'error: plugsched: %s is used, but vmlinux does not export it and the module has none of that name\n' "$name"
	done | grep . >&2 && return 1
	return 0
}

# Names that stay in vmlinux and that the object defines for all its units.
check_symbols()
{
	wrong=0
	names=$(sed -n 's/^PLUGSCHED_\(STAYS\|LIES\)(\([A-Za-z0-9_]*\)[,)].*/\2/p' check_end.h | sort -u)
	defined=$(nm -g --defined-only "$1" | sed 's/.* //' | sort -u) || return 1
	for name in $(printf '%s\n' "$defined" | grep -Fx "$names"); do
		printf 'error: plugsched: %s stays in vmlinux, and the module defines another one that only it would use; ' "$name" >&2
		printf 'leave it a declaration, or take another name\n' >&2
		wrong=1
	done
	check_core_names "$1" || wrong=1
	check_waits "$1" || wrong=1
	return $wrong
}

# Units with code or data of init sections.
check_init()
{
	wrong=0
	units=$(sed -n 's/^PLUGSCHED_EACH_UNIT(\([A-Za-z0-9_]*\))$/\1/p' units.h)
	for unit in $units; do
		sections=$(objdump -h "$unit.o") || return 1
		printf '%s\n' "$sections" | grep -qE ' \.(init|exit)\.(text|data) +0*[1-9a-f]' || continue
		printf 'error: plugsched: %s.o has code or data of init sections (__init, __initdata), which is freed once the module ' "$unit" >&2
		printf 'is loaded; take the attribute off\n' >&2
		wrong=1
	done
	return $wrong
}

# What all modules together have for each CPU, bytes; empty if the kernel does not say. The least, if that depends on an option.
per_cpu_reserve()
{
	for expression in $(sed -n 's/^#define[[:space:]]*PERCPU_MODULE_RESERVE[[:space:]]*(\([0-9 <*]*\))$/\1/p' \
		"$1/include/linux/percpu.h" "$1/source/include/linux/percpu.h" 2>/dev/null | tr -d ' ' | grep -vx 0); do
		# shellcheck disable=SC2004 # dash does not compute what stands in a variable
		echo $(($expression))
	done | sort -n | head -n 1
}

# More data for each CPU than the kernel has room for.
check_per_cpu()
{
	reserve=$(per_cpu_reserve "$2")
	sections=$(objdump -h "$1") || return 1
	size=0
	for bytes in $(printf '%s\n' "$sections" | sed -n 's/^ *[0-9]* \.data\.\.percpu[^ ]* *\([0-9a-f]*\) .*/0x\1/p'); do
		size=$((size + bytes))
	done
	[ -z "$reserve" ] || [ "$size" -le "$reserve" ] && return 0
	printf 'error: plugsched: the module has %s bytes for each CPU, and all modules together have %s (PERCPU_MODULE_RESERVE); ' \
		"$size" "$reserve" >&2
	printf 'allocate some where it is first used\n' >&2
	return 1
}

# With the program and by the hash of the kernel's own build.
sign()
{
	program=$2/scripts/sign-file
	hash=$(sed -n 's/^CONFIG_MODULE_SIG_HASH="*\([^"]*\)"*$/\1/p' "$2/include/config/auto.conf")
	if [ -z "$hash" ] || [ ! -x "$program" ]; then
		printf 'error: plugsched: the kernel in %s was built without CONFIG_MODULE_SIG, so it has no scripts/sign-file\n' "$2" >&2
		return 1
	fi
	"$program" "$hash" "$3" "$4" "$1" && return 0
	printf 'error: plugsched: %s cannot be signed with %s and %s\n' "$1" "$3" "$4" >&2
	return 1
}

case ${1-} in
config) check_config "$2" ;;
symbols) check_symbols "$2" && check_init && check_per_cpu "$2" "$3" ;;
sign) sign "$2" "$3" "$4" "$5" ;;
*) echo "usage: $0 config KERNEL | symbols OBJECT KERNEL | sign MODULE KERNEL KEY CERTIFICATE" >&2; exit 2 ;;
esac
