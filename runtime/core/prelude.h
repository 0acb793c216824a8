/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every file of the core includes this first.
 *
 * The core must do no harm on a kernel that it was not made for, before its init has looked at the
 * build-id. The kernel applies a module's jump labels first, so the core has none with a key of
 * vmlinux's: it reads such keys instead.
 *
 * Files that include kernel/sched/sched.h are compiled as parts of vmlinux are, without MODULE
 * (PLUGSCHED_AS_VMLINUX): headers give them what they hide from modules.
 */
#ifndef PLUGSCHED_PRELUDE_H
#define PLUGSCHED_PRELUDE_H

/* The prefix of every line in the log. WARN() and panic() do not use it: write it around their text. */
#define pr_fmt(format) "plugsched: " format

#ifdef PLUGSCHED_AS_VMLINUX
#undef MODULE
#define __DISABLE_EXPORTS
#endif

#include <linux/jump_label.h>

#undef static_branch_likely
#undef static_branch_unlikely
#define static_branch_likely(branch) likely(static_key_enabled(&(branch)->key))
#define static_branch_unlikely(branch) unlikely(static_key_enabled(&(branch)->key))

#endif
