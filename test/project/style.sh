#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How the sources look: clang-format and clang-tidy for C, shellcheck for scripts, flake8 for Python. eslint is a test of its own
# (commands/page/eslint.sh), as it comes with npm.
#
#   style.sh BUILD    BUILD: a build folder, for its compile_commands.json
#
# Prints what is wrong with its place; ends with 1 if something is.
set -euo pipefail
build=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
status=0

# C of the project; fixtures are written to be parsed, each in the form that it is about
sources() { git ls-files "$@" | grep -v '^test/commands/\(fixtures\|extract\)/kernel/\|^test/unit/springboard/fixtures/'; }

sources '*.c' '*.h' | xargs clang-format --dry-run -Werror || status=1
# the module's sources are the kernel's to compile
sources 'base/*.c' 'graph/*.c' 'emit/*.c' 'analyzer/*.c' 'rewriter/*.c' 'tools/*.c' 'runtime/command/*.c' |
	xargs -P "$(nproc)" -n 8 clang-tidy --quiet -p "$build" 2>/dev/null || status=1
git ls-files '*.sh' .ci/run | xargs shellcheck -x || status=1
git ls-files '*.py' | xargs flake8 || status=1
exit $status
