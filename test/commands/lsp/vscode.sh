#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds the extension for VS Code as a user does, and runs the packed result in vscode.cjs. Skipped
# (77) if there is no npm, or if the packages are neither in npm's cache nor can be downloaded.
#
#   vscode.sh SERVER KERNEL REPORT    KERNEL: a built fixture kernel, which is not changed
set -euo pipefail
[ $# = 3 ] || { echo "usage: vscode.sh SERVER KERNEL REPORT" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server=$(realpath "$1") kernel=$(realpath "$2") report=$(realpath "$3")
for program in npm unzip; do
	command -v "$program" >/dev/null || { echo "there is no $program here"; exit 77; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/vscode"
cp -r "$here"/../../../editors/vscode/{src,README.md,package.json,package-lock.json,.npmrc,.vscodeignore} "$work/vscode"
cd "$work/vscode"
if ! npm ci --ignore-scripts --prefer-offline >"$work/npm.log" 2>&1; then
	tail -n 20 "$work/npm.log" >&2
	! grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED' "$work/npm.log" || exit 77
	exit 1
fi
npm run package >"$work/package.log" 2>&1 || { tail -n 20 "$work/package.log" >&2; exit 1; }

# the file contains these and nothing else
diff <(unzip -Z1 plugsched.vsix | sort) - <<'END'
[Content_Types].xml
extension.vsixmanifest
extension/out/extension.js
extension/package.json
extension/readme.md
END
unzip -q plugsched.vsix -d "$work/packed"
cp -r "$kernel" "$work/kernel"
cp "$report" "$work/kernel/boundary.json"
node "$here/vscode.cjs" "$work/packed/extension/out/extension.js" "$server" "$work/kernel"
