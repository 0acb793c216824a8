# SPDX-License-Identifier: GPL-2.0-only
# Debian packages the project needs, by purpose; sourced by demo.sh, test.sh and
# test/lib/kernel/prepare.sh. packages_install installs those that are missing.
# shellcheck shell=bash

# to build the tools
# shellcheck disable=SC2034
PACKAGES_BUILD=(cmake make gcc libc6-dev pkg-config libclang-19-dev llvm-19-dev libelf-dev libdw-dev
	libcjson-dev libglib2.0-dev libyaml-dev libxxhash-dev libgit2-dev zlib1g-dev git nodejs npm)

# to build a test kernel
# shellcheck disable=SC2034
PACKAGES_KERNEL=(make gcc libc6-dev flex bison bc libelf-dev libssl-dev zlib1g-dev dwarves kmod
	cpio xz-utils rsync perl python3)

# to boot a kernel with something to do
# shellcheck disable=SC2034
PACKAGES_GUEST=(qemu-system-x86 busybox-static cpio patch rt-tests stress-ng util-linux bpftool libbpf-dev clang-19)

# to run the tests
# shellcheck disable=SC2034
PACKAGES_TEST=(jq python3 mandoc valgrind libc6-dbg shellcheck python3-jsonschema clang-19 binutils
	ninja-build libclang-rt-19-dev sparse graphviz python3-networkx libdw1 bash-completion zsh fish
	dpkg-dev lintian debootstrap systemd chromium
	neovim clangd emacs-nox elpa-eglot unzip clang-format clang-tidy flake8)

# to draw what the benches measured
# shellcheck disable=SC2034
PACKAGES_BENCH=(gnuplot-nox)

# packages_has PACKAGE: true if it is installed, or if what it is needed for comes from elsewhere: a
# nodejs that is not Debian's often includes npm and conflicts with Debian's npm
packages_has() {
	case $1 in
	nodejs) command -v node >/dev/null && return 0 ;;
	npm) command -v npm >/dev/null && return 0 ;;
	esac
	dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'
}

packages_install() {
	local missing=() package
	for package in "$@"; do
		packages_has "$package" || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	echo "installing: ${missing[*]}" >&2
	local as_root=()
	[ "$(id -u)" = 0 ] || as_root=(sudo)
	export DEBIAN_FRONTEND=noninteractive
	local lock="${TMPDIR:-/tmp}/plugsched-packages.lock" # apt-get fails while another one runs
	{ "${as_root[@]}" flock "$lock" apt-get -q update &&
		"${as_root[@]}" flock "$lock" apt-get -q install -y --no-install-recommends "${missing[@]}"; } >&2 || {
		echo "could not install ${missing[*]}: install them by hand, then run this again" >&2
		return 1
	}
}
