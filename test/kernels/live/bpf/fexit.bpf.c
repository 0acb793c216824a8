// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs at the end of functions that sleep: the trampoline that calls them is on the stack of a
 * task that sleeps there.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char _license[] SEC("license") = "GPL";

unsigned long ended; /* in the map fexit.bss: how many calls have ended */

#define COUNT_ENDS(function)                     \
	SEC("fexit/" #function)                  \
	int BPF_PROG(function##_ended)           \
	{                                        \
		__sync_fetch_and_add(&ended, 1); \
		return 0;                        \
	}

COUNT_ENDS(vfs_read)
COUNT_ENDS(hrtimer_nanosleep)
COUNT_ENDS(schedule_timeout)
COUNT_ENDS(schedule_preempt_disabled)
