// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches BPF programs to the functions for which they were loaded, as long as it runs: attach
 * PINNED... Prints "attached" when all are attached; exits with 1 and a message if one cannot be.
 */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

/* The link exists only as long as this process keeps it open. */
static int attach(const char *path)
{
	union bpf_attr program = { .pathname = (uintptr_t)path },
		       link = { .raw_tracepoint = { .name = 0 } };
	int fd = bpf(BPF_OBJ_GET, &program);

	if (fd < 0)
		return -1;
	link.raw_tracepoint.prog_fd = (uint32_t)fd;
	return bpf(BPF_RAW_TRACEPOINT_OPEN, &link);
}

int main(int count, char **paths)
{
	for (int i = 1; i < count; i++) {
		if (attach(paths[i]) < 0) {
			perror(paths[i]);
			return 1;
		}
	}
	puts("attached");
	fflush(stdout);
	for (;;)
		pause();
}
