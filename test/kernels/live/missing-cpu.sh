# SPDX-License-Identifier: GPL-2.0-only
# In the guest: one CPU never comes to a meeting of the stop. The others wait for a limited time;
# then the kernel says what each CPU was doing, and panics. run.py gets the expected words.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

needs_tests_core
holds 'the module loads' insmod /stripped.ko
echo stuck >/sys/kernel/plugsched/fault
echo scheduler >/sys/kernel/plugsched/scheduler
wrong 'the order ended'
finish
