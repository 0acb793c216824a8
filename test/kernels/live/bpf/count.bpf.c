// SPDX-License-Identifier: GPL-2.0-only
/*
 * A BPF scheduler (sched_ext) that leaves all decisions to the kernel's defaults (first in, first
 * out) and counts how often it is called.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char _license[] SEC("license") = "GPL";

unsigned long started; /* in the map count.bss */

SEC("struct_ops/running")
void BPF_PROG(count_running, struct task_struct *task)
{
	__sync_fetch_and_add(&started, 1);
}

SEC(".struct_ops")
struct sched_ext_ops count = {
	.running = (void *)count_running,
	.name = "count",
};
