#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What no compiler says of an edit: code under a configuration symbol that this kernel does not have, names of vmlinux's that another
# unit defines, code and data that are freed too early, and too much data for each CPU. The Makefile runs it before and behind the
# compiler.
#
#	check.sh config KERNEL		KERNEL: where it was built
#	check.sh symbols OBJECT KERNEL	OBJECT: the units linked together
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
	return $wrong
}

# Units with code or data of init sections.
check_init()
{
	wrong=0
	units=$(sed -n 's/^PLUGSCHED_EACH_UNIT(\([A-Za-z0-9_]*\))$/\1/p' units.h)
	for unit in $units; do
		objdump -h "$unit.o" | grep -qE ' \.(init|exit)\.(text|data) +0*[1-9a-f]' || continue
		printf 'error: plugsched: %s.o has code or data of init sections (__init, __initdata), which is freed once the module ' "$unit" >&2
		printf 'is loaded; take the attribute off\n' >&2
		wrong=1
	done
	return $wrong
}

# What all modules together have for each CPU, bytes; empty if the kernel does not say.
per_cpu_reserve()
{
	expression=$(sed -n 's/^#define[[:space:]]*PERCPU_MODULE_RESERVE[[:space:]]*(\([0-9 <*]*\))$/\1/p' \
		"$1/include/linux/percpu.h" "$1/source/include/linux/percpu.h" 2>/dev/null | sed '/^0$/d' | head -n 1)
	[ -z "$expression" ] || echo $((expression))
}

# More data for each CPU than the kernel has room for.
check_per_cpu()
{
	reserve=$(per_cpu_reserve "$2")
	size=0
	for bytes in $(objdump -h "$1" | sed -n 's/^ *[0-9]* \.data\.\.percpu[^ ]* *\([0-9a-f]*\) .*/0x\1/p'); do
		size=$((size + bytes))
	done
	[ -z "$reserve" ] || [ "$size" -le "$reserve" ] && return 0
	printf 'error: plugsched: the module has %s bytes for each CPU, and all modules together have %s (PERCPU_MODULE_RESERVE); ' \
		"$size" "$reserve" >&2
	printf 'allocate some where it is first used\n' >&2
	return 1
}

case ${1-} in
config) check_config "$2" ;;
symbols) check_symbols "$2" && check_init && check_per_cpu "$2" "$3" ;;
*) echo "usage: $0 config KERNEL | symbols OBJECT KERNEL" >&2; exit 2 ;;
esac
