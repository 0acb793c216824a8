# SPDX-License-Identifier: GPL-2.0-only
# In the guest, on another build of the same release: the modules of the first build are refused,
# by the command and by the kernel, before anything of them is applied.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh
last() { dmesg | tail -n 1; }

same 'this release and that of the module' "$(uname -r)" "$(tr '\0' '\n' </scheduler.ko | sed -n 's/^vermagic=\([^ ]*\) .*/\1/p')"
refused 'made for the kernel with build-id .* but the running one' plugsched load /scheduler.ko
insmod /plugsched.ko 2>/dev/null && wrong 'the core came'
holds "the core: $(last)" sh -c 'dmesg | tail -n 1 | grep -q "made for the kernel with build-id .* not the running one"'
insmod /scheduler.ko 2>/dev/null && wrong 'the scheduler came'
holds "the kernel: $(last)" sh -c 'dmesg | tail -n 1 | grep -q "scheduler: Unknown symbol plugsched_[0-9]*_[0-9a-f]* "'
holds 'no module is left' sh -c '! grep -qE "^(plugsched|scheduler) " /proc/modules'
holds 'work goes on' hackbench -g 2 -l 100
finish
