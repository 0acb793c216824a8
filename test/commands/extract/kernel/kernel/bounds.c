// SPDX-License-Identifier: GPL-2.0-only
/* Compiled to assembly for its constants. */
#include <linux/sched.h>

int main(void)
{
	__asm__ volatile("\n.ascii \"->TASK_THREAD_SP %0\"" : : "i"(offsetof(struct task_struct, thread_sp)));
	return 0;
}
