#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Appends the seal to a file, as make in an extracted folder does.
set -euo pipefail
digest=$(sha256sum <"$1")
printf '\n~plugsched sha256 %s\n' "${digest%% *}" >>"$1"
