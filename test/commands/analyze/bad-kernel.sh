#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The given folder is not a kernel, or the kernel was not built.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

refuses --kernel "$work/nowhere"
says "$work/nowhere: No such file or directory"

touch file
refuses --kernel "$work/file"
says "$work/file" 'directory'

mkdir empty
refuses --kernel "$work/empty"
says "$work/empty: not a kernel's source tree" 'name the top directory'

cp -r "$fixtures/kernel" unbuilt
refuses --kernel unbuilt
says "$work/unbuilt: nothing of kernel/ was built here" 'build the kernel with make'

refuses --kernel unbuilt --build "$work/nowhere"
says "$work/nowhere"

mkdir build
refuses --kernel unbuilt --build build
says "$work/build: nothing of kernel/ was built here"

refuses --kernel unbuilt --build "$work/file"
says "$work/file"

# the build tree of another source tree
ln -s "$work/empty" build/source
refuses --kernel unbuilt --build build
says "$work/build: was built from $work/empty"
