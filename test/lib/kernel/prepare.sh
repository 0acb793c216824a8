#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Prepares a built test kernel and prints the path of its tree.
#
#   prepare.sh VERSION [VARIANT]  VERSION: that of a linux-source-VERSION package (6.1, 6.12);
#                                 VARIANT: that of a VARIANT.fragment beside this script (debug,
#                                 kasan, least, most, nohz, preempt, signed)
#   prepare.sh --path VERSION [VARIANT]  only print where it is or would be; builds nothing
#
# The tree lives in $PLUGSCHED_CACHE (default: $XDG_CACHE_HOME/plugsched, that is
# ~/.cache/plugsched), keyed by the package's version, the configuration and the compiler, and is
# built once: a second call only prints the path. Progress and errors go to stderr. A build cut
# short is begun again from the unpacked source.
set -Eeuo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf 'prepare: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }
trap 'say "line $LINENO failed: $BASH_COMMAND"' ERR # never fail silently

path_only=
if [ "${1-}" = --path ]; then path_only=1; shift; fi
[ $# = 1 ] || [ $# = 2 ] || die "usage: prepare.sh [--path] VERSION [VARIANT] (6.1 or 6.12; debug, kasan, least, most, nohz, preempt, signed)"
version=$1
name=$version fragments=("$here/config.fragment")
if [ $# = 2 ]; then
	name=$version-$2
	fragments+=("$here/$2.fragment")
	[ -e "$here/$2.fragment" ] || die "no $here/$2.fragment"
fi
package=linux-source-$version

# shellcheck source=test/lib/packages.sh
. "$here/../packages.sh"
packages_install "$package" "${PACKAGES_KERNEL[@]}"

cache=${PLUGSCHED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/plugsched}
package_version=$(dpkg-query -W -f '${Version}' "$package")
key=$( { echo "$package_version"; cat "${fragments[@]}"; gcc --version | head -n 1; } |
	sha256sum | cut -c 1-12)
tree=$cache/kernel/$name-$key
if [ -n "$path_only" ]; then echo "$tree"; exit 0; fi

mkdir -p "$cache/kernel"
exec 9>"$cache/kernel/$name.lock"
flock -n 9 || { say "waiting for another build of $name"; flock 9; }
if [ -e "$tree/.plugsched-prepared" ]; then echo "$tree"; exit 0; fi

# The options in the fragments that a Kconfig file of this tree defines. A later fragment
# overrides an earlier one.
known_options() {
	local option symbol
	cat "${fragments[@]}" | grep -o '^CONFIG_[A-Z0-9_]*=[^ ]*' | tac | sort -s -u -t = -k 1,1 | while IFS= read -r option; do
		symbol=${option%%=*}
		if ! grep -rqE --include='Kconfig*' "^[[:space:]]*(menu)?config ${symbol#CONFIG_}\$" .; then
			say "$version knows no ${symbol}: left out"
		elif [ "${option#*=}" = n ]; then
			echo "# $symbol is not set"
		else
			echo "$option"
		fi
	done
}

configure() {
	known_options >.config-wanted
	make -s tinyconfig >.config-tiny.log 2>&1
	scripts/kconfig/merge_config.sh -m .config .config-wanted >.config-merge.log
	make -s olddefconfig 2>>.config-merge.log
	local missing
	# an option to be unset may also be missing, if something that it depends on is unset
	missing=$( { grep -vxFf .config .config-wanted || true; } | while IFS= read -r line; do
		symbol=$(expr "$line" : '# \(CONFIG_[A-Z0-9_]*\) is not set' || true)
		[ -n "$symbol" ] && ! grep -q "^$symbol=" .config || echo "$line"
	done)
	[ -z "$missing" ] || die "options that did not stick in $version: $(echo "$missing" | tr '\n' ' ')"
}

# A fragment may also set a variable of the build: "#MAKE NAME=VALUE".
build() {
	local arguments
	mapfile -t arguments < <(sed -n 's/^#MAKE \([^ ]*\).*/\1/p' "${fragments[@]}")
	# a fixed identity, so that the same source gives the same build-id anywhere
	export KBUILD_BUILD_TIMESTAMP='2020-01-01' KBUILD_BUILD_USER=plugsched KBUILD_BUILD_HOST=test
	local start=$SECONDS
	make -j"$(nproc)" "${arguments[@]}" >.build.log 2>&1 || { tail -n 20 .build.log >&2; die "the $name build failed: $tree/.build.log"; }
	echo $((SECONDS - start)) >.build-seconds
}

say "unpacking $package $package_version"
rm -rf "$tree"
mkdir -p "$tree"
tar -C "$tree" --strip-components=1 -xf "/usr/src/$package.tar.xz"
cd "$tree"
configure
say "building $name with gcc on $(nproc) cores: about five minutes, once"
build
touch .plugsched-prepared
say "$name is built"
echo "$tree"
