#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# eslint over all JavaScript of the project.
#
#   eslint.sh MODULES    MODULES: the folder with node_modules
set -euo pipefail
modules=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
cp "$here/eslint.config.mjs" "$modules"
cd "$here/../../.."
git ls-files '*.js' '*.mjs' | xargs "$modules/node_modules/.bin/eslint" --config "$modules/eslint.config.mjs" --max-warnings 0
